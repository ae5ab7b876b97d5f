"""Three languages in step: of each text how far it is, who wrote it and who approved it.

One place for all that is written in three languages: petitions, pages, questions. A text is
approved by somebody who did not write it. What is stored is never trusted alone: a text that has
changed since, or whose source has, is not approved (`states`).
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from json import dumps
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext

from petitions import clock, formats
from petitions.domain import parity
from petitions.domain.text_names import language_name
from petitions.models import TranslationState
from petitions.states import TextStatus

#: A text's name and its language.
Key = tuple[str, str]


class ApprovalError(Exception):
    """Nothing was approved; the text says why."""


@dataclass(frozen=True)
class Subject:
    """Something written in three languages, as it stands now.

    label     its model, such as `petitions.petition`
    source    the language that the others are translated from
    texts     name → language → text, "" while it is not written
    names     what the texts are called on pages
    required  what must be written; another text must once it is begun in any language
    """

    label: str
    pk: int
    source: str
    texts: dict[str, dict[str, str]]
    names: Callable[[str], str]
    required: Collection[str]

    def due(self) -> list[str]:
        """The names of the texts that must be approved in every language."""
        return [
            name
            for name, wording in self.texts.items()
            if name in self.required or any(wording.values())
        ]

    def digest(self) -> str:
        """What an approval names as the texts that it was given to."""
        return _digest(dumps(self.texts, sort_keys=True))


@dataclass(frozen=True)
class TextState:
    """One text in one language: how far it is, and through whom."""

    name: str
    language: str
    status: TextStatus
    written_by: AbstractBaseUser | None = None
    written_at: datetime | None = None
    approved_by: AbstractBaseUser | None = None
    approved_at: datetime | None = None


@dataclass(frozen=True)
class Unmet:
    """What keeps a subject from being shown to everybody: the very text, and why in a sentence."""

    name: str
    language: str
    is_missing: bool
    text: str


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:24]


def _rows(label: str) -> QuerySet[TranslationState]:
    return TranslationState.objects.filter(subject=label)


# --- states ----------------------------------------------------------------------------------


def states(subject: Subject) -> dict[Key, TextState]:
    """Every text that is due, in each language."""
    return states_of_all([subject])[subject.pk]


def states_of_all(subjects: Collection[Subject]) -> dict[int, dict[Key, TextState]]:
    """The same of many subjects of one model, in one query."""
    stored: dict[int, dict[Key, TranslationState]] = {each.pk: {} for each in subjects}
    if subjects:
        rows = _rows(next(iter(subjects)).label).filter(subject_id__in=stored)
        for row in rows.select_related("written_by", "approved_by"):
            stored[row.subject_id][row.field, row.language] = row
    return {
        each.pk: {
            (name, language): _state(each, name, language, stored[each.pk].get((name, language)))
            for name in each.due()
            for language in formats.LOCALES
        }
        for each in subjects
    }


def _state(subject: Subject, name: str, language: str, row: TranslationState | None) -> TextState:
    text = subject.texts[name][language]
    if not text:
        return TextState(name, language, TextStatus.MISSING)
    if row is None or row.digest != _digest(text):
        # Written where nobody looked: it is a draft, and whose is not known.
        return TextState(name, language, TextStatus.DRAFT)
    status = TextStatus(row.status)
    if row.source_digest != _digest(subject.texts[name][subject.source]):
        status = TextStatus.STALE
    return TextState(
        name,
        language,
        status,
        written_by=row.written_by,
        written_at=row.written_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
    )


def last_written(subject: Subject) -> datetime | None:
    """When somebody last changed a text of it."""
    rows = _rows(subject.label).filter(subject_id=subject.pk)
    found: datetime | None = rows.aggregate(last=Max("written_at"))["last"]
    return found


def unmet(subject: Subject) -> list[Unmet]:
    """Every text that is not approved or says something else than its source; the worst first."""
    differing = differences(subject)
    found = [
        (_rank(state, differing), state)
        for key, state in states(subject).items()
        if state.status != TextStatus.APPROVED or key in differing
    ]
    return [
        Unmet(
            state.name,
            state.language,
            is_missing=state.status == TextStatus.MISSING,
            text=_told(subject, state, differing),
        )
        for _place, state in sorted(found, key=lambda each: each[0])
    ]


def differences(subject: Subject) -> dict[Key, str]:
    """The texts that say something else than their source, and what."""
    found: dict[Key, str] = {}
    for each in parity.findings(subject.texts, subject.source):
        if each.is_blocking and each.name in subject.texts:
            before = found.get((each.name, each.language))
            found[each.name, each.language] = f"{before}; {each.text}" if before else each.text
    return found


def _rank(state: TextState, differing: dict[Key, str]) -> int:
    if state.status == TextStatus.MISSING:
        return 0
    if (state.name, state.language) in differing:
        return 1
    return 2 if state.status == TextStatus.STALE else 3


def _told(subject: Subject, state: TextState, differing: dict[Key, str]) -> str:
    """One sentence that names the text."""
    difference = differing.get((state.name, state.language))
    if difference:
        sentence = gettext("%(text)s in %(language)s: %(reason)s.")
    else:
        sentence = {
            TextStatus.MISSING: gettext("%(text)s in %(language)s is missing."),
            TextStatus.STALE: gettext(
                "%(text)s in %(language)s needs another look: its source has changed."
            ),
        }.get(state.status, gettext("%(text)s in %(language)s is not approved yet."))
    return sentence % {
        "text": subject.names(state.name),
        "language": language_name(state.language),
        "reason": difference,
    }


# --- writing ---------------------------------------------------------------------------------


@transaction.atomic
def record(subject: Subject, *, by: AbstractBaseUser | None) -> None:
    """Notes who wrote what since the last time; to be called after every save.

    A changed text becomes a draft of `by`; one whose source changed without it becomes stale.
    """
    now = clock.db_instant()
    stored = {
        (row.field, row.language): row for row in _rows(subject.label).filter(subject_id=subject.pk)
    }
    moved = _moved(subject, stored)
    made: list[TranslationState] = []
    changed: list[TranslationState] = []
    for name, language in _keys(subject):
        row = stored.pop((name, language), None) or TranslationState(
            subject=subject.label, subject_id=subject.pk, field=name, language=language
        )
        before = {column: getattr(row, column) for column in _WRITTEN}
        for column, value in moved.get((name, language), {}).items():
            setattr(row, column, value)
        if row.written_at is None or row.digest != _digest(subject.texts[name][language]):
            _write(row, subject, by=by, now=now)
        elif _lags(row, subject):
            row.status = TextStatus.STALE
        if row.pk is None:
            made.append(row)
        elif before != {column: getattr(row, column) for column in _WRITTEN}:
            changed.append(row)
    TranslationState.objects.bulk_create(made, ignore_conflicts=True)
    TranslationState.objects.bulk_update(changed, _WRITTEN)
    TranslationState.objects.filter(pk__in=[row.pk for row in stored.values()]).delete()


def _moved(subject: Subject, stored: dict[Key, TranslationState]) -> dict[Key, dict[str, Any]]:
    """What is stored of clauses that stand in another place now: an approval goes with them."""

    def was(name: str) -> tuple[str, ...]:
        rows = [stored.get((name, language)) for language in formats.LOCALES]
        return tuple(row.digest if row else "" for row in rows)

    places = {(_kind(name), was(name)): name for name, _language in stored}
    found = {}
    for name, language in _keys(subject):
        digests = tuple(_digest(subject.texts[name][code]) for code in formats.LOCALES)
        origin = places.get((_kind(name), digests))
        if origin and was(name) != digests:
            row = stored[origin, language]
            found[name, language] = {column: getattr(row, column) for column in _WRITTEN}
    return found


def _kind(name: str) -> str:
    """`whereas` of `whereas_2`: only numbered texts change places."""
    kind, _line, position = name.rpartition("_")
    return kind if position.isdecimal() else name


#: The columns that a save may change.
_WRITTEN = [
    "status",
    "digest",
    "source_digest",
    "written_by",
    "written_at",
    "approved_by",
    "approved_at",
]


def _keys(subject: Subject) -> Iterator[Key]:
    for name in subject.texts:
        for language in formats.LOCALES:
            yield name, language


def _lags(row: TranslationState, subject: Subject) -> bool:
    """Whether the source has changed since a translation was written or approved."""
    is_written = row.status not in {TextStatus.MISSING, TextStatus.STALE}
    return is_written and row.source_digest != _digest(subject.texts[row.field][subject.source])


def _write(
    row: TranslationState, subject: Subject, *, by: AbstractBaseUser | None, now: datetime
) -> None:
    text = subject.texts[row.field][row.language]
    row.status = TextStatus.DRAFT if text else TextStatus.MISSING
    row.digest = _digest(text)
    row.source_digest = _digest(subject.texts[row.field][subject.source])
    row.written_by = by  # type: ignore[assignment]  # the user model is the project's
    row.written_at = now
    row.approved_by, row.approved_at = None, None


# --- approving -------------------------------------------------------------------------------


def reason_against(state: TextState, differing: dict[Key, str], *, by: AbstractBaseUser) -> str:
    """Why somebody may not approve this text; "" when they may. `differing`: see above."""
    if state.status == TextStatus.MISSING:
        return gettext("It is not written yet.")
    if state.written_by is not None and state.written_by.pk == by.pk:
        return gettext("You wrote it: somebody else approves it.")
    difference = differing.get((state.name, state.language))
    return f"{difference}." if difference else ""


def may_be_approved(subject: Subject, *, by: AbstractBaseUser) -> list[Key]:
    """Every text that somebody may approve now, and that is not approved yet."""
    differing = differences(subject)
    return [
        key
        for key, state in states(subject).items()
        if state.status != TextStatus.APPROVED and not reason_against(state, differing, by=by)
    ]


@transaction.atomic
def approve(subject: Subject, keys: Collection[Key], *, based_on: str, by: AbstractBaseUser) -> int:
    """Approves texts as they stand, all or none; returns how many.

    `based_on` is the digest of the texts that were read. The caller holds the subject's row, so
    that nobody writes meanwhile. Raises `ApprovalError`.
    """
    if based_on != subject.digest():
        raise ApprovalError(
            gettext("Somebody changed these texts meanwhile. Read them again, then approve")
        )
    found = states(subject)
    if not keys or not set(keys) <= set(found):
        raise ApprovalError(gettext("Nothing is left here that you may approve"))
    differing = differences(subject)
    for key in keys:
        reason = reason_against(found[key], differing, by=by)
        if reason:
            raise ApprovalError(_refusal(subject, found[key], reason))
    # A text that nobody's save has noted yet gets its row; it belongs to nobody.
    record(subject, by=None)
    now = clock.db_instant()
    for name, language in keys:
        _rows(subject.label).filter(subject_id=subject.pk, field=name, language=language).update(
            status=TextStatus.APPROVED,
            source_digest=_digest(subject.texts[name][subject.source]),
            approved_by=by,
            approved_at=now,
        )
    return len(keys)


def _refusal(subject: Subject, state: TextState, reason: str) -> str:
    return gettext("%(text)s in %(language)s: %(reason)s") % {
        "text": subject.names(state.name),
        "language": language_name(state.language),
        "reason": reason,
    }
