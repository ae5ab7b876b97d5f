"""Markdown of pages and posts to safe HTML, with this site's names filled in."""

import re
from functools import lru_cache
from html import unescape

import nh3
from django.conf import settings
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext
from markdown_it import MarkdownIt

from petitions import formats
from petitions.domain.lifetimes import PENDING_LIFE
from petitions.domain.list_ends import LIST_LIFE

_TAGS = {"p", "ul", "ol", "li", "strong", "em", "h2", "h3", "br", "a"}
_SCHEMES = {"http", "https", "mailto", "tel"}
#: Signs that turn the direction of text: none of our languages needs one, and a link could show
#: another address than it leads to.
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
#: The page's own heading is the only one of the first rank.
_FIRST_RANK = re.compile(r"(</?h)1>")
_NAME = re.compile(r"\{(\w+)\}")
#: A paragraph that is one bold run from end to end, and nothing else.
_ALL_BOLD = re.compile(r"<p><strong>([^<]*)</strong></p>")

#: Khmer words inside a text of another language; in addresses they are written otherwise.
_KHMER = re.compile(r"[\u1780-\u17ff]+(?: [\u1780-\u17ff]+)*")


@lru_cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


def to_html(text: str, language: str | None = None) -> SafeString:
    """The text as HTML of a few tags; a paragraph that is all bold becomes a heading.

    `language` is the text's own where that is not the page's: the names in it follow the text.
    """
    language = language or formats.current()
    with translation.override(language):
        filled = _fill(text.translate(_TURNS))
    html = _FIRST_RANK.sub(r"\g<1>2>", _markdown().render(filled))
    html = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "*": set()},
        link_rel=None,
        url_schemes=_SCHEMES,
    )
    html = _ALL_BOLD.sub(r"<h2>\1</h2>", html)
    if language != "km":
        html = _KHMER.sub(r'<span lang="km">\g<0></span>', html)
    return mark_safe(html)  # noqa: S308 - cleaned above


def to_text(text: str, language: str) -> str:
    """The words alone, for searching and for excerpts."""
    return plain(to_html(text, language))


def plain(html: str) -> str:
    """The words of what `to_html` made."""
    return unescape(strip_tags(html)).strip()


def _fill(text: str) -> str:
    """The text with `{site_name}` and its like replaced; an unknown name stays as it is."""
    names = _names()

    def value(match: re.Match[str]) -> str:
        name = names.get(match[1], match[0])
        begins_line = match.start() == 0 or text[match.start() - 1] == "\n"
        return capfirst(name) if begins_line else name

    return _NAME.sub(value, text)


def _names() -> dict[str, str]:
    return {
        "site_name": str(settings.PETITIONS_SITE_NAME),
        "organizer_name": settings.ORGANIZER_NAME or gettext("the campaign team"),
        "contact_email": f"<{settings.CONTACT_EMAIL}>",  # Markdown makes it a link
        "pending_days": formats.number(PENDING_LIFE.days),
        "list_days": formats.number(LIST_LIFE.days),
        "retention_months": formats.number(settings.RETENTION_MONTHS),
    }
