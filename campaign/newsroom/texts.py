"""The newsroom's pages, questions and guides as the translation gate looks at them."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext, pgettext

from campaign.newsroom.models import Guide, Page, Question
from petitions import formats
from petitions.domain import translating
from petitions.domain.translating import Key, Subject

#: What is written in three languages here; a guide has its steps with it.
Row = Page | Question | Guide

#: Written first; the other languages are translated from it.
SOURCE = "en"
#: The models by their names in addresses.
KINDS: dict[str, type[Row]] = {
    "page": Page,
    "question": Question,
    "guide": Guide,
}
#: The texts of each that must be written, and those that may be left out.
_REQUIRED = {
    "page": ("title", "body"),
    "question": ("question", "answer"),
    "guide": ("title", "intro"),
}
_OPTIONAL = {"guide": ("note",)}


def rows(kind: str) -> QuerySet[Any]:
    """All of a kind with what `subject_of` reads, in as many queries as for one."""
    found: QuerySet[Any] = KINDS[kind].objects.all()
    return found.prefetch_related("steps") if kind == "guide" else found


def kind_of(row: Row) -> str:
    return next(kind for kind, model in KINDS.items() if isinstance(row, model))


def kind_name(kind: str) -> str:
    return {
        "page": gettext("Pages"),
        "question": gettext("Questions and answers"),
        "guide": gettext("Guides in steps"),
    }[kind]


def text_name(name: str) -> str:
    """The label of a text; those of a guide's steps are numbered."""
    part, _line, position = name.rpartition("_")
    if position.isdecimal():
        label = gettext("Text of step %(number)s") if part == "text" else gettext("Step %(number)s")
        return label % {"number": position}
    if name in {"step", "text"}:
        return gettext("Steps")
    return {
        "title": gettext("Title"),
        "body": pgettext("of a page", "Text"),
        "question": pgettext("in a list of questions", "Question"),
        "answer": pgettext("to a question", "Answer"),
        "intro": gettext("Introduction"),
        "note": gettext("Note"),
    }[name]


def subject_of(row: Row) -> Subject:
    """The row's texts; of a guide those of its steps too."""
    kind = kind_of(row)
    required = list(_REQUIRED[kind])
    texts = {name: _wording(row, name) for name in [*required, *_OPTIONAL.get(kind, ())]}
    if isinstance(row, Guide):
        for step in row.steps.all():
            for name, field in (("step", "title"), ("text", "text")):
                texts[f"{name}_{step.position}"] = _wording(step, field)
                required.append(f"{name}_{step.position}")
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
    """Approves texts of a page, a question or a guide; raises `translating.ApprovalError`."""
    locked = KINDS[kind_of(row)].objects.select_for_update().get(pk=row.pk)
    return translating.approve(subject_of(locked), keys, based_on=based_on, by=by)
