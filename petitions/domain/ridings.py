"""From a postal code to a riding, while the code is still readable: at signing."""

import csv
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from petitions import validators
from petitions.models import PostalPrefix, Riding
from petitions.models.signature import RidingMethod

DATA = Path(__file__).resolve().parent.parent / "data"
#: The Representation Order (by its year) that the ridings in `data/` are those of.
BOUNDARIES = "2023"
#: From this share of a prefix's postal codes on, its riding is called likely.
LIKELY = Decimal("0.90")
_RIDING_FIELDS = ("name_en", "name_fr", "province")


@dataclass(frozen=True)
class RidingGuess:
    """The riding with the largest share of a postal prefix, and how sure that is."""

    riding_id: int
    method: RidingMethod


@dataclass(frozen=True)
class Place:
    """Where a postal prefix lies: its ridings with their share of its codes, the largest first.

    `certainty` is that of the first riding; None where the data knows no riding at all.
    """

    shares: dict[int, Decimal]
    certainty: RidingMethod | None


def riding_of(postal_code: str) -> RidingGuess | None:
    """The riding of a canonical postal code's first three characters; None when unknown."""
    place = locate(postal_code[:3])
    if place.certainty is None:
        return None
    return RidingGuess(next(iter(place.shares)), place.certainty)


def locate(fsa: str) -> Place:
    """The ridings that a postal prefix may lie in.

    Certain is only a territory, which is one riding. Likely needs points of single postal codes:
    shares that were taken with borders of another name, or from one centre, stay estimates
    however large they are (see the notes in `data/`).
    """
    rows = PostalPrefix.objects.filter(fsa=fsa).order_by("-share", "riding_id")
    found = list(rows.values_list("riding", "share", "method"))
    shares = {riding: share for riding, share, _method in found}
    if not found:
        return Place(shares, None)
    _riding, share, method = found[0]
    if method == "territory":
        return Place(shares, RidingMethod.CERTAIN)
    is_likely = method == "points" and share >= LIKELY
    return Place(shares, RidingMethod.LIKELY if is_likely else RidingMethod.ESTIMATED)


def near(fsa: str) -> dict[int, Riding]:
    """Every riding of the provinces that the post gives this prefix's first letter to."""
    rows = Riding.objects.filter(province__in=validators.POSTAL_PROVINCES[fsa[0]])
    return {row.pk: row for row in rows}


def prefix_in(text: str) -> str:
    """The first three characters of a postal code typed whole or as those three; else ""."""
    for typed in (text, f"{text} 1A1"):
        try:
            return validators.postal_code(typed)[:3]
        except ValidationError:
            continue
    return ""


@lru_cache
def _places() -> dict[str, str]:
    return {row["fsa"]: row["place"] for row in read_rows(DATA / "fsa.csv")}


def place_of(fsa: str) -> str:
    """The place that the post names a prefix after; "" when unknown."""
    return _places().get(fsa, "")


# --- import ----------------------------------------------------------------------------------


class RefusedDataError(ValueError):
    """A list that does not fit: `problems` says what and in which line. Nothing was changed."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Change:
    """One field of a row that an import changed."""

    name: str
    field: str
    old: Any
    new: Any


@dataclass
class Report:
    """What an import did, by the names of the rows."""

    added: list[str] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unchanged: int = 0

    @property
    def did_nothing(self) -> bool:
        return not (self.added or self.changed or self.gone)


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a comma-separated file with a heading."""
    return parse_rows(path.read_text(encoding="utf-8-sig"))


def parse_rows(text: str) -> list[dict[str, str]]:
    """The rows of comma-separated text with a heading; raises `RefusedDataError` for no CSV."""
    try:
        return list(csv.DictReader(StringIO(text, newline="")))
    except csv.Error as error:
        raise RefusedDataError([str(error)]) from error


@transaction.atomic
def import_ridings() -> Report:
    """Loads ridings and postal prefixes from `data/`; safe to repeat. Reports on ridings."""
    ridings = [
        Riding(
            code=int(row["code"]),
            name_en=row["name_en"],
            name_fr=row["name_fr"],
            province=row["province"],
        )
        for row in read_rows(DATA / "ridings.csv")
    ]
    report = _compare(ridings)
    Riding.objects.bulk_create(
        ridings,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=_RIDING_FIELDS,
    )
    _import_prefixes()
    return report


def _compare(ridings: list[Riding]) -> Report:
    stored = Riding.objects.in_bulk()
    report = Report()
    for riding in ridings:
        before = stored.get(riding.code)
        if before is None:
            report.added.append(str(riding.name_en))  # type: ignore[attr-defined]
            continue
        changes = differences(before, riding, _RIDING_FIELDS)
        report.changed += changes
        report.unchanged += not changes
    return report


def differences(before: Any, after: Any, fields: tuple[str, ...]) -> list[Change]:
    """The fields in which two rows of a model differ."""
    return [
        Change(str(before), name, getattr(before, name), getattr(after, name))
        for name in fields
        if getattr(before, name) != getattr(after, name)
    ]


def _import_prefixes() -> None:
    prefixes = [
        PostalPrefix(
            fsa=row["fsa"],
            riding_id=int(row["riding_code"]),
            share=Decimal(row["share"]),
            method=row["method"],
        )
        for row in read_rows(DATA / "fsa_ridings.csv")
    ]
    PostalPrefix.objects.bulk_create(
        prefixes,
        update_conflicts=True,
        unique_fields=["fsa", "riding"],
        update_fields=["share", "method"],
    )
    pairs = {(prefix.fsa, prefix.riding_id) for prefix in prefixes}
    stored = PostalPrefix.objects.values_list("pk", "fsa", "riding_id")
    stale = [pk for pk, fsa, riding_id in stored if (fsa, riding_id) not in pairs]
    PostalPrefix.objects.filter(pk__in=stale).delete()
