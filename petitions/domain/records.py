"""Records of official petitions: archived with their dated events, never through `move()`.

What a file says is read by `record_files.py`; here it is brought into the database, whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from petitions import clock
from petitions.domain.ridings import Change, RefusedDataError, Report
from petitions.models import Clause, Outcome, Petition, PetitionEvent
from petitions.states import PetitionKind, PetitionState

_LANGUAGES = ("en", "fr", "km")


@dataclass(frozen=True)
class Record:
    """An official petition that has ended, as a file tells it; never with a total of signatures.

    fields    columns of the petition
    steps     what happened when, the oldest first; the last one is its state
    outcome   columns of `Outcome`

    Every column is named each time, so that what a newer file leaves out is emptied.
    """

    slug: str
    fields: dict[str, Any]
    whereas: Sequence[dict[str, str]]
    requests: Sequence[dict[str, str]]
    steps: Sequence[tuple[datetime, PetitionState]]
    outcome: dict[str, Any] = field(default_factory=dict)


def write_clauses(petition: Petition, kind: Clause.Kind, texts: Sequence[dict[str, str]]) -> None:
    """The clauses of one kind, in order, each a map of the three languages."""
    for position, text in enumerate(texts, start=1):
        Clause.objects.update_or_create(
            petition=petition,
            kind=kind,
            position=position,
            defaults={f"text_{language}": text[language] for language in _LANGUAGES},
        )


@transaction.atomic
def import_record(record: Record) -> Report:
    """Brings the archive in line with the file; safe to repeat. Reports every field that changed.

    Raises `RefusedDataError`, and changes nothing, where a petition of this site has the address.
    """
    report = Report()
    petition = Petition.objects.select_for_update().filter(slug=record.slug).first()
    if petition is None:
        petition = Petition(slug=record.slug, kind=PetitionKind.RECORD)
        report.added.append(record.slug)
    elif petition.kind != PetitionKind.RECORD:
        raise RefusedDataError([f"slug: “{record.slug}” is a petition of this site, not a record"])
    before = {} if report.added else _stored(petition, like=record)
    after = _told(record)
    names = list(dict.fromkeys([*before, *after]))
    changes = [
        Change(record.slug, name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    ]
    if changes:
        _write(petition, record)
    if not report.added:
        report.changed += changes
        report.unchanged += len(names) - len(changes)
    return report


def _write(petition: Petition, record: Record) -> None:
    columns = {**record.fields, "state": record.steps[-1][1]}
    for name, value in columns.items():
        setattr(petition, name, value)
    petition.save()
    for kind, texts in (
        (Clause.Kind.WHEREAS, record.whereas),
        (Clause.Kind.REQUEST, record.requests),
    ):
        write_clauses(petition, kind, texts)
        petition.clauses.filter(kind=kind, position__gt=len(texts)).delete()
    if list(_steps(petition)) != list(record.steps):
        _write_steps(petition, record.steps)
    Outcome.objects.update_or_create(petition=petition, defaults=record.outcome)


def _write_steps(petition: Petition, steps: Sequence[tuple[datetime, PetitionState]]) -> None:
    """All anew: of a record's history the file is the source, and nobody here took these steps."""
    petition.events.all().delete()
    origin = ""
    for happened_at, state in steps:
        PetitionEvent.objects.create(
            petition=petition, happened_at=happened_at, from_state=origin, to_state=state
        )
        origin = state


# --- comparing -------------------------------------------------------------------------------


def _told(record: Record) -> dict[str, Any]:
    """Everything that the file says, by name, in its order."""
    return {
        **record.fields,
        **_named("whereas", record.whereas),
        **_named("request", record.requests),
        **{state: _moment(happened_at) for happened_at, state in record.steps},
        **record.outcome,
    }


def _stored(petition: Petition, *, like: Record) -> dict[str, Any]:
    """What the database has of the same, by the same names."""
    outcome = Outcome.objects.filter(petition=petition).first() or Outcome()
    clauses = list(petition.clauses.all())
    return {
        **{name: _column(petition, name, value) for name, value in like.fields.items()},
        **_named("whereas", _wordings(clauses, Clause.Kind.WHEREAS)),
        **_named("request", _wordings(clauses, Clause.Kind.REQUEST)),
        **{state: _moment(happened_at) for happened_at, state in _steps(petition)},
        **{name: _column(outcome, name, value) for name, value in like.outcome.items()},
    }


def _column(row: Petition | Outcome, name: str, told: Any) -> Any:
    """A translated column that nobody has written is null: the same as an empty text."""
    stored = getattr(row, name)
    return "" if stored is None and told == "" else stored


def _named(kind: str, texts: Sequence[dict[str, str]]) -> dict[str, str]:
    return {
        f"{kind}_{position}_{language}": text[language]
        for position, text in enumerate(texts, start=1)
        for language in _LANGUAGES
    }


def _wordings(clauses: Sequence[Clause], kind: Clause.Kind) -> list[dict[str, str]]:
    return [
        {language: getattr(each, f"text_{language}") or "" for language in _LANGUAGES}
        for each in clauses
        if each.kind == kind
    ]


def _steps(petition: Petition) -> Iterator[tuple[datetime, PetitionState]]:
    for event in petition.events.order_by("happened_at", "pk"):
        yield event.happened_at, PetitionState(event.to_state)


def _moment(instant: datetime) -> str:
    return instant.astimezone(clock.TORONTO).isoformat()
