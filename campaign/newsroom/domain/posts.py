"""The life of a piece of news: begun, written, published, corrected, withdrawn.

Whatever everybody can read was approved in three languages before. What changes afterwards is told
by a dated note.
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from campaign.newsroom import texts
from campaign.newsroom.domain import searching
from campaign.newsroom.models import Photo, Post, PostCorrection, Tag
from campaign.newsroom.states import STEPS, PostState
from petitions import clock, formats
from petitions.domain import auditing, translating
from petitions.domain.editing import Wording, propose_slug, tidy

#: How many characters each text may have; those of a photograph by its part of their name.
LIMITS = {
    "title": 120,
    "summary": 400,
    "body": 20_000,
    "author": 120,
    "alt": 240,
    "caption": 240,
}

_INDENT = re.compile(r"[ \t]*")
_GAP = re.compile(r"\n{3,}")


class PostError(Exception):
    """The change was refused and nothing is stored; the text says why."""


class AddressError(PostError):
    """The address cannot be that of this post."""


class StateError(PostError):
    """The post is not where that can be done."""


class StaleError(PostError):
    """The texts are not the ones that the change was made to."""


class TextError(PostError):
    """A text is missing, or there is too much of it."""


class InstantError(PostError):
    """Nothing can appear then."""


class UnreadyError(PostError):
    """Texts are missing or not approved: `reasons` names each, in a sentence."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def lock(post: Post) -> Post:
    """The post as it stands, held until the end of the transaction."""
    return Post.objects.select_for_update().get(pk=post.pk)


def is_public(post: Post) -> bool:
    """Whether anybody may read it now, by the database's clock."""
    found: bool = Post.objects.public().filter(pk=post.pk).exists()
    return found


def is_scheduled(post: Post) -> bool:
    return PostState(post.state) == PostState.PUBLISHED and not is_public(post)


# --- writing ---------------------------------------------------------------------------------


def create(*, title: str, language: str, slug: str, by: AbstractBaseUser) -> Post:
    """A draft with a title in one language; without a slug the title gives one.

    Raises `AddressError`.
    """
    slug = slug or propose_slug(title)
    if not slug:
        raise AddressError(gettext("Enter an address in Latin letters, like free-elections"))
    try:
        with transaction.atomic():
            post = Post.objects.create(
                slug=slug,
                **{f"title_{each}": title if each == language else "" for each in formats.LOCALES},
            )
            texts.record(post, by=by)
            searching.index(post)
    except IntegrityError as error:
        raise _taken(slug) from error
    return post


def _taken(slug: str) -> AddressError:
    return AddressError(
        gettext("The address “%(slug)s” is taken: enter another one") % {"slug": slug}
    )


@transaction.atomic
def save_details(post: Post, *, slug: str, tags: Collection[Tag]) -> Post:
    """Its address, until it has been published, and its tags. Raises `AddressError`, `StateError`.

    A post keeps the address that people may have shared.
    """
    locked = lock(post)
    if slug != locked.slug:
        if locked.state != PostState.DRAFT:
            raise StateError(gettext("The address of a published post stays as it is"))
        if Post.objects.filter(slug=slug).exists():
            raise _taken(slug)
        locked.slug = slug
        locked.save(update_fields=["slug"])
    locked.tags.set(tags)
    searching.index(locked)
    return locked


@transaction.atomic
def save_texts(
    post: Post, *, wordings: Mapping[str, Wording], based_on: str, by: AbstractBaseUser
) -> Post:
    """Stores all texts at once, those of photographs as well; the names are `texts.subject_of`'s.

    `based_on` is the digest of the texts that were changed. Of a published post readers see the
    change at once. Raises `StaleError`, `StateError` or `TextError`.
    """
    locked = lock(post)
    if texts.subject_of(locked).digest() != based_on:
        raise StaleError(
            gettext(
                "Somebody else saved these texts meanwhile. Yours are kept below, and where the "
                "saved one differs it stands beside yours. Compare them, then save again"
            )
        )
    reason = reason_against_writing(locked)
    if reason:
        raise StateError(reason)
    _store(locked, wordings)
    texts.record(locked, by=by)
    searching.index(locked)
    _check_whole(locked)
    return locked


def reason_against_writing(post: Post) -> str:
    """Why its texts cannot be changed; "" when they can."""
    if post.state == PostState.WITHDRAWN:
        return gettext("A withdrawn post stays as it is")
    if is_scheduled(post):
        return gettext("It is scheduled as it was approved: take it back before you change it")
    return ""


def _store(post: Post, wordings: Mapping[str, Wording]) -> None:
    photos = {photo.position: photo for photo in post.photos.all()}
    rows: list[Post | Photo] = [post, *photos.values()]
    for name, wording in wordings.items():
        part, _line, position = name.rpartition("_")
        row, field = (photos[int(position)], part) if position.isdecimal() else (post, name)
        for language in formats.LOCALES:
            setattr(row, f"{field}_{language}", tidy_text(field, wording[language]))
    for each in rows:
        each.save()


def _check_whole(post: Post) -> None:
    """Of what everybody reads, nothing may go missing."""
    if post.state == PostState.PUBLISHED:
        for each in translating.unmet(texts.subject_of(post)):
            if each.is_missing:
                raise TextError(each.text)


def tidy_text(name: str, text: str) -> str:
    """As it is stored: one paragraph, or for a body Markdown with its lines and indents."""
    if name != "body":
        return tidy(text)
    lines = (_INDENT.match(line)[0] + tidy(line) for line in text.splitlines())  # type: ignore[index]
    return _GAP.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


# --- steps -----------------------------------------------------------------------------------


@transaction.atomic
def publish(post: Post, *, at: datetime | None, by: AbstractBaseUser) -> Post:
    """Shows it to everybody from that instant on, or from now.

    Raises `StateError`, `UnreadyError` or `InstantError`.
    """
    locked = lock(post)
    _check_step(locked, PostState.PUBLISHED)
    reasons = reasons_against(locked)
    if reasons:
        raise UnreadyError(reasons)
    now = clock.db_instant()
    if at is not None and at <= now:
        raise InstantError(gettext("Enter a day and a time that are still to come"))
    _move(locked, PostState.PUBLISHED, at=at or now)
    auditing.record(auditing.Kind.POST_PUBLISHED, by=by, post=locked.slug)
    return locked


def reasons_against(post: Post) -> list[str]:
    """Every text that keeps it from everybody, in a sentence each."""
    return [each.text for each in translating.unmet(texts.subject_of(post))]


@transaction.atomic
def take_back(post: Post, *, by: AbstractBaseUser) -> Post:
    """A scheduled one is a draft again; raises `StateError` once anybody may have read it."""
    locked = lock(post)
    _check_step(locked, PostState.DRAFT)
    if is_public(locked):
        raise StateError(gettext("It has appeared. Correct it by a note, or withdraw it"))
    _move(locked, PostState.DRAFT, at=None)
    auditing.record(auditing.Kind.POST_BACK, by=by, post=locked.slug)
    return locked


@transaction.atomic
def withdraw(post: Post, *, by: AbstractBaseUser) -> Post:
    """Takes away what people have read; its address says so for good. Raises `StateError`."""
    locked = lock(post)
    _check_step(locked, PostState.WITHDRAWN)
    if not is_public(locked):
        raise StateError(gettext("It has not appeared yet: take it back instead"))
    _move(locked, PostState.WITHDRAWN, at=locked.published_at)
    auditing.record(auditing.Kind.POST_WITHDRAWN, by=by, post=locked.slug)
    return locked


def _check_step(post: Post, to: PostState) -> None:
    if to not in STEPS[PostState(post.state)]:
        raise StateError(
            gettext("This is not possible: the post is now “%(state)s”")
            % {"state": PostState(post.state).label}
        )


def _move(post: Post, to: PostState, *, at: datetime | None) -> None:
    post.state, post.published_at = to, at
    post.save(update_fields=["state", "published_at"])


@transaction.atomic
def correct(post: Post, *, note: Wording, by: AbstractBaseUser) -> PostCorrection:
    """Says with today's date what was changed. Raises `StateError` or `TextError`."""
    locked = lock(post)
    if not is_public(locked):
        raise StateError(gettext("Only what everybody reads is corrected by a note"))
    wording = {f"text_{language}": tidy(note[language]) for language in formats.LOCALES}
    if not all(wording.values()):
        raise TextError(gettext("Write the note in all three languages"))
    auditing.record(auditing.Kind.POST_CORRECTED, by=by, post=locked.slug)
    return PostCorrection.objects.create(post=locked, noted_on=clock.today(), **wording)
