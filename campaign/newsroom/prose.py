"""Markdown of pages to safe HTML, with this site's names filled in."""

from functools import lru_cache

import nh3
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from markdown_it import MarkdownIt

from petitions import formats
from petitions.domain.lifetimes import PENDING_LIFE

_TAGS = {"p", "ul", "ol", "li", "strong", "em", "h2", "h3", "br", "a"}


@lru_cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


def to_html(text: str) -> SafeString:
    """The text as HTML of a few tags; a paragraph that is all bold becomes a heading."""
    filled = text
    for name, value in _names().items():
        filled = filled.replace("{" + name + "}", value)
    html = _markdown().render(filled)
    html = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, link_rel=None)
    return mark_safe(_headings(html))  # noqa: S308 - cleaned above


def _headings(html: str) -> str:
    return html.replace("<p><strong>", "<h2>").replace("</strong></p>", "</h2>")


def _names() -> dict[str, str]:
    return {
        "site_name": str(settings.PETITIONS_SITE_NAME),
        "organizer_name": settings.ORGANIZER_NAME or gettext("the campaign team"),
        "contact_email": settings.CONTACT_EMAIL,
        "pending_days": formats.number(PENDING_LIFE.days),
        "retention_months": formats.number(settings.RETENTION_MONTHS),
    }
