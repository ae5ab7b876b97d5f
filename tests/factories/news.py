"""News and events to come, for tests."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from campaign.newsroom.domain import searching
from campaign.newsroom.models import Guide, GuideStep, Happening, Post, Tag
from campaign.newsroom.states import PostState

_number = count(1)


def in_three(*fields: str) -> dict[str, str]:
    return {f"{field}_{code}": f"{field} {code}" for field in fields for code in ("en", "fr", "km")}


def tag(slug: str, **names: str) -> Tag:
    return Tag.objects.create(slug=slug, **{**in_three("name"), **names})


def post(*, days_ago: int = 1, tags: list[Tag] | None = None, **fields: Any) -> Post:
    """One that everybody may read."""
    number = next(_number)
    at = timezone.now() - timedelta(days=days_ago)
    defaults: dict[str, Any] = {
        "slug": f"post-{number}",
        "state": PostState.PUBLISHED,
        "published_at": at,
        **in_three("title", "summary", "body", "author"),
    }
    row = Post.objects.create(**{**defaults, **fields})
    row.tags.set(tags or [])
    searching.index(row)
    return row


def happening(*, starts_at: datetime, hours: int = 2, **fields: Any) -> Happening:
    defaults = {
        "slug": f"event-{next(_number)}",
        "ends_at": starts_at + timedelta(hours=hours),
        **in_three("title", "place"),
    }
    return Happening.objects.create(starts_at=starts_at, **{**defaults, **fields})


def guide(slug: str = "this-site", *, steps: int = 5, **fields: Any) -> Guide:
    """In three languages, a step's number in its title."""
    row = Guide.objects.create(slug=slug, **{**in_three("title", "intro", "note"), **fields})
    for position in range(1, steps + 1):
        titles = {f"title_{code}": f"step {position} {code}" for code in ("en", "fr", "km")}
        GuideStep.objects.create(guide=row, position=position, **titles, **in_three("text"))
    return row
