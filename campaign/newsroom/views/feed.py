"""The news for feed readers, one feed a language."""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from campaign.newsroom.models import Post
from campaign.newsroom.presentation import TEXTS, updated_at
from petitions import formats
from petitions.licence import OPEN_DATA

#: The year in the feed's names, which never change: see RFC 4151.
_YEAR = 2026
_ENTRIES = 20


class _Feed(Atom1Feed):
    """Atom has no word for a licence but a link of that kind (RFC 4946)."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("link", "", {"rel": "license", "href": OPEN_DATA.url})

    def latest_post_date(self) -> datetime:
        """A feed without entries does not change by itself."""
        return super().latest_post_date() if self.items else datetime(_YEAR, 1, 1, tzinfo=UTC)


@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """Only what is written in the feed's language: an entry cannot say that it borrows."""
    language = formats.current()
    written = {f"{name}_{language}__gt": "" for name in TEXTS}
    posts = Post.objects.public().filter(**written).prefetch_related("tags", "corrections")
    content = _feed(posts[:_ENTRIES], language).writeString("utf-8").encode()
    etag = f'"{sha256(content).hexdigest()[:20]}"'
    made = HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
    response = get_conditional_response(request, etag, response=made) or made
    response["ETag"] = etag
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _feed(posts: Iterable[Post], language: str) -> _Feed:
    feed = _Feed(
        title=gettext("%(site)s: news") % {"site": settings.PETITIONS_SITE_NAME},
        link=_absolute(reverse("news")),
        feed_url=_absolute(reverse("feed")),
        feed_guid=_name("news", language),
        language=formats.HTML_LANGUAGES[language],
        description="",
        author_name=_organizer(),
        feed_copyright=gettext("Titles and summaries: %(licence)s") % {"licence": OPEN_DATA.name},
    )
    for post in posts:
        feed.add_item(
            title=post.title,
            link=_absolute(reverse("article", args=[post.slug])),
            description=escape(post.summary, quote=False),
            unique_id=_name(f"news/{post.pk}", language),
            pubdate=post.published_at,
            updateddate=updated_at(post),
            author_name=post.author or _organizer(),
            categories=[tag.name for tag in post.tags.all()],
        )
    return feed


def _organizer() -> str:
    return str(settings.ORGANIZER_NAME or settings.PETITIONS_SITE_NAME)


def _absolute(path: str) -> str:
    return f"{settings.PUBLIC_BASE_URL}{path}"


def _name(what: str, language: str) -> str:
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname
    return f"tag:{host},{_YEAR}:{what}/{language}"
