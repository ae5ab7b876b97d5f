"""The sources of a post: written while it is a draft, and afterwards told of by a note."""

from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import date
from hashlib import sha256
from json import dumps

from django.db import transaction
from django.utils.translation import gettext

from campaign.newsroom.domain import posts
from campaign.newsroom.domain.posts import StaleError, StateError, TextError
from campaign.newsroom.models import Post, PostSource
from petitions import formats

#: More would be a list of links, and no text that somebody checks.
MOST = 20
#: How many characters may be typed.
LIMITS = {"title": 200, "publisher": 120, "url": 500}


@dataclass(frozen=True)
class Source:
    """One of them as it is typed: the title as its publisher has it, in its own `language`."""

    title: str
    publisher: str
    language: str
    url: str
    published_on: date | None


def of(post: Post) -> list[Source]:
    return [
        Source(row.title, row.publisher, row.language, row.url, row.published_on)
        for row in post.sources.all()
    ]


def digest(post: Post) -> str:
    """What a change names as the sources that it was made to."""
    rows = dumps([astuple(source) for source in of(post)], default=str)
    return sha256(rows.encode()).hexdigest()[:20]


@transaction.atomic
def save(post: Post, sources: Sequence[Source], *, based_on: str) -> Post:
    """Stores all of them in this order; what is not among them is gone.

    Of a published post readers see the change at once. Raises `StaleError`, `StateError` or
    `TextError`.
    """
    locked = posts.lock(post)
    if digest(locked) != based_on:
        raise StaleError(
            gettext("Somebody else changed the sources meanwhile: look at them before you save")
        )
    reason = posts.reason_against_writing(locked)
    if reason:
        raise StateError(reason)
    if len(sources) > MOST:
        raise TextError(
            gettext("A post has %(limit)s sources at most") % {"limit": formats.number(MOST)}
        )
    locked.sources.all().delete()
    PostSource.objects.bulk_create(
        PostSource(post=locked, position=position, **asdict(source))
        for position, source in enumerate(sources, start=1)
    )
    return locked
