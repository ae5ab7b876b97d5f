"""The demonstration's news, and events that are always to come."""

from datetime import datetime, time, timedelta
from typing import Any

from campaign.accounts.models import User
from campaign.newsroom import texts
from campaign.newsroom.domain import searching
from campaign.newsroom.models import Happening, Post, PostSource, Tag
from campaign.newsroom.states import PostState
from petitions import clock, formats
from petitions.domain import translating

#: When a post of the demonstration appears on its day.
_MORNING = time(9)


def load_news(content: dict[str, Any]) -> None:
    """What is not there yet; whatever was written instead stays."""
    for tag in content["tags"]:
        Tag.objects.get_or_create(slug=tag["slug"], defaults=_texts(tag, "name"))
    for post in content["posts"]:
        if not Post.objects.filter(slug=post["slug"]).exists():
            _load_post(post)
    for happening in content["happenings"]:
        if not Happening.objects.filter(slug=happening["slug"]).exists():
            _load_happening(happening)


def approve_news(*, by: User) -> None:
    """The texts of what everybody reads, as the desk would have asked for before."""
    rows: list[texts.Row] = [*Post.objects.filter(is_demo=True), *Happening.objects.all()]
    for row in rows:
        subject = texts.subject_of(row)
        keys = translating.may_be_approved(subject, by=by)
        if keys:
            texts.approve(row, keys, based_on=subject.digest(), by=by)


def _load_post(content: dict[str, Any]) -> None:
    post = Post.objects.create(
        slug=content["slug"],
        is_demo=True,
        **_texts(content, "title", "summary", "body", "author"),
    )
    post.tags.set(Tag.objects.filter(slug__in=content["tags"]))
    PostSource.objects.bulk_create(
        PostSource(post=post, position=position, **source)
        for position, source in enumerate(content.get("sources", []), start=1)
    )
    searching.index(post)
    _publish(post, datetime.combine(content["date"], _MORNING, clock.TORONTO))


def _publish(post: Post, at: datetime) -> None:
    """At an instant long past, which nobody can choose on the desk."""
    Post.objects.filter(pk=post.pk).update(state=PostState.PUBLISHED, published_at=at)


def _load_happening(content: dict[str, Any]) -> None:
    day = clock.today() + timedelta(days=content["in_days"])
    starts_at = datetime.combine(day, time.fromisoformat(content["starts"]), clock.TORONTO)
    Happening.objects.create(
        slug=content["slug"],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=content["hours"]),
        **_texts(content, "title", "place", "note", "body"),
    )


def _texts(content: dict[str, Any], *names: str) -> dict[str, str]:
    return {
        f"{name}_{language}": content[name][language]
        for name in names
        if name in content
        for language in formats.LOCALES
    }
