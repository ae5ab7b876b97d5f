"""The newsroom's texts of every kind as the translation gate looks at them."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext, pgettext

from campaign.newsroom.models import Guide, Happening, Page, Post, Question, Resolution, happenings
from petitions import formats
from petitions.domain import translating
from petitions.domain.translating import Key, Subject

#: What is written in three languages here; a guide has its steps with it, a resolution its points,
#: a post its photographs.
Row = Page | Question | Guide | Resolution | Post | Happening

#: Written first; the other languages are translated from it.
SOURCE = "en"
#: The models by their names in addresses.
KINDS: dict[str, type[Row]] = {
    "page": Page,
    "question": Question,
    "guide": Guide,
    "resolution": Resolution,
    "post": Post,
    "happening": Happening,
}
#: The texts of each that must be written, and those that may be left out.
_REQUIRED = {
    "page": ("title", "body"),
    "question": ("question", "answer"),
    "guide": ("title", "intro"),
    "resolution": ("title", "organization", "kind", "summary", "relation"),
    "post": ("title", "summary", "body"),
    "happening": happenings.REQUIRED,
}
_OPTIONAL = {
    "guide": ("note",),
    "resolution": ("place",),
    "post": ("author",),
    "happening": happenings.OPTIONAL,
}
#: What has rows of its own: the relation, and of each row the texts with the names they go by.
_PARTS = {
    "guide": ("steps", "position", (("step", "title"), ("text", "text"))),
    "resolution": ("points", "number", (("point", "text"),)),
    "post": ("photos", "position", (("alt", "alt"), ("caption", "caption"))),
}
#: Texts of parts that may be left out.
_OPTIONAL_OF_PARTS = {"caption"}


def rows(kind: str) -> QuerySet[Any]:
    """All of a kind with what `subject_of` reads, in as many queries as for one."""
    found: QuerySet[Any] = KINDS[kind].objects.all()
    return found.prefetch_related(_PARTS[kind][0]) if kind in _PARTS else found


def kind_of(row: Row) -> str:
    return next(kind for kind, model in KINDS.items() if isinstance(row, model))


def kind_name(kind: str) -> str:
    return {
        "page": gettext("Pages"),
        "question": gettext("Questions and answers"),
        "guide": gettext("Guides in steps"),
        "resolution": gettext("Resolutions"),
        "post": gettext("News"),
        "happening": gettext("Events"),
    }[kind]


def text_name(name: str) -> str:
    """The label of a text; those of steps, points and photographs are numbered."""
    part, _line, position = name.rpartition("_")
    if position.isdecimal():
        label = {
            "step": gettext("Step %(number)s"),
            "text": gettext("Text of step %(number)s"),
            "point": gettext("Point %(number)s"),
            "alt": gettext("What photograph %(number)s shows"),
            "caption": gettext("Caption of photograph %(number)s"),
        }[part]
        return label % {"number": position}
    return {
        "step": gettext("Steps"),
        "text": gettext("Steps"),
        "point": gettext("Points"),
        "alt": gettext("Photographs"),
        "caption": gettext("Photographs"),
        "title": gettext("Title"),
        "body": pgettext("of a page", "Text"),
        "question": pgettext("in a list of questions", "Question"),
        "answer": pgettext("to a question", "Answer"),
        "intro": gettext("Introduction"),
        "note": gettext("Note"),
        "kind": pgettext("of a resolution", "Kind"),
        "organization": pgettext("of a resolution", "Organization"),
        "place": gettext("Place"),
        "author": pgettext("of news", "Author"),
        "summary": gettext("Summary"),
        "relation": gettext("What it has to do with the petition"),
    }[name]


def subject_of(row: Row) -> Subject:
    """The row's texts, and those of its steps, points or photographs."""
    kind = kind_of(row)
    required = list(_REQUIRED[kind])
    texts = {name: _wording(row, name) for name in [*required, *_OPTIONAL.get(kind, ())]}
    if kind in _PARTS:
        relation, place, fields = _PARTS[kind]
        for part in getattr(row, relation).all():
            for name, field in fields:
                texts[f"{name}_{getattr(part, place)}"] = _wording(part, field)
                if name not in _OPTIONAL_OF_PARTS:
                    required.append(f"{name}_{getattr(part, place)}")
    return Subject(
        label=f"newsroom.{kind}",
        pk=row.pk,
        source=SOURCE,
        texts=texts,
        names=text_name,
        required=required,
    )


def _wording(row: Any, field: str) -> dict[str, str]:
    return {code: getattr(row, f"{field}_{code}") or "" for code in formats.LOCALES}


@transaction.atomic
def record(row: Row, *, by: AbstractBaseUser) -> None:
    """To be called after every save: notes who wrote which text."""
    locked = KINDS[kind_of(row)].objects.select_for_update().get(pk=row.pk)
    translating.record(subject_of(locked), by=by)


@transaction.atomic
def approve(
    row: Row,
    keys: Collection[Key],
    *,
    based_on: str,
    by: AbstractBaseUser,
) -> int:
    """Approves texts of any of these; raises `translating.ApprovalError`."""
    locked = KINDS[kind_of(row)].objects.select_for_update().get(pk=row.pk)
    return translating.approve(subject_of(locked), keys, based_on=based_on, by=by)
