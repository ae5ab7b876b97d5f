"""The Members of the House, from a list as the House publishes it.

A list is taken whole or not at all. Members are never deleted: whoever is missing from the list
has left, and what was agreed with them stays.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from petitions import clock
from petitions.domain.ridings import DATA, RefusedDataError, Report, differences, read_rows
from petitions.models import Member, Riding

#: The day that the list shipped in `data/` is of; approximate (see the notes there).
SHIPPED = DATA / "members.csv"
SHIPPED_OF = date(2025, 7, 1)

_COLUMNS = {"member_id", "name", "riding_code", "party_en", "party_fr", "province", "honorific"}
_FIELDS = ("name", "honorific", "riding_id", "party_en", "party_fr", "left_on")


class OlderListError(RefusedDataError):
    """The database has a later list than this one."""


@dataclass(frozen=True)
class _Line:
    """One line of the list, with its number in the file."""

    number: int
    cells: dict[str, str]

    def problems(self, provinces: dict[int, str]) -> list[str]:
        """What does not fit in this line alone; `provinces` maps known ridings to theirs."""
        cells = self.cells
        found = [
            f"{column} is empty" for column in ("name", "party_en", "party_fr") if not cells[column]
        ]
        if not cells["member_id"].isdecimal():
            found.append(f"member_id {cells['member_id']!r} is not a number")
        code = cells["riding_code"]
        if not code.isdecimal() or int(code) not in provinces:
            found.append(f"there is no riding {code!r}")
        elif cells["province"] != provinces[int(code)]:
            found.append(f"riding {code} lies in {provinces[int(code)]}, not {cells['province']!r}")
        return [f"line {self.number}: {problem}" for problem in found]


def import_members(path: Path = SHIPPED, *, checked_on: date = SHIPPED_OF) -> Report:
    """Brings the Members in line with a list of the day `checked_on`; safe to repeat.

    Raises `RefusedDataError` with every line that does not fit, and then changes nothing.
    """
    lines = _read(path)
    _check(lines)
    with transaction.atomic():
        latest = Member.objects.aggregate(latest=Max("checked_on"))["latest"]
        if latest is not None and latest > checked_on:
            raise OlderListError(
                [f"The Members are of {latest} already, this list of {checked_on}"]
            )
        return _apply([_member(line, checked_on) for line in lines], checked_on)


def _read(path: Path) -> list[_Line]:
    rows = read_rows(path)
    if not rows:
        raise RefusedDataError(["The list is empty: every Member would have left."])
    missing = sorted(_COLUMNS - rows[0].keys())
    if missing:
        raise RefusedDataError([f"line 1: no column {', '.join(missing)}"])
    return [
        _Line(number, {column: (row[column] or "").strip() for column in _COLUMNS})
        for number, row in enumerate(rows, start=2)
    ]


def _check(lines: list[_Line]) -> None:
    provinces = dict(Riding.objects.values_list("code", "province"))
    problems = [problem for line in lines for problem in line.problems(provinces)]
    for column, what in (("riding_code", "riding"), ("member_id", "Member")):
        times = Counter(line.cells[column] for line in lines)
        problems += [
            f"line {line.number}: {what} {line.cells[column]} stands in the list twice"
            for line in lines
            if times[line.cells[column]] > 1
        ]
    if problems:
        raise RefusedDataError(problems)


def _member(line: _Line, checked_on: date) -> Member:
    cells = line.cells
    texts: dict[str, Any] = {name: cells[name] for name in ("party_en", "party_fr")}
    return Member(
        member_id=int(cells["member_id"]),
        name=cells["name"],
        honorific=cells["honorific"],
        riding_id=int(cells["riding_code"]),
        checked_on=checked_on,
        **texts,
    )


def _apply(members: list[Member], checked_on: date) -> Report:
    stored = Member.objects.in_bulk()
    report = Report()
    new, changed = [], []
    for member in members:
        before = stored.get(member.pk)
        if before is None:
            report.added.append(member.name)
            new.append(member)
            continue
        changes = differences(before, member, _FIELDS)
        report.changed += changes
        report.unchanged += not changes
        if changes:
            changed.append(member)
    _mark_gone(stored, {member.pk for member in members}, report)
    # Two Members may have changed seats: all who move leave first, so that each seat is free.
    Member.objects.filter(pk__in=[member.pk for member in changed]).update(left_on=checked_on)
    Member.objects.bulk_update(
        changed, ["name", "honorific", "riding", "party_en", "party_fr", "left_on"]
    )
    Member.objects.bulk_create(new)
    Member.objects.filter(pk__in=[member.pk for member in members]).update(checked_on=checked_on)
    return report


def _mark_gone(stored: dict[Any, Member], present: set[int], report: Report) -> None:
    gone = [member for pk, member in stored.items() if pk not in present and member.left_on is None]
    today = clock.db_instant().astimezone(clock.TORONTO).date()
    Member.objects.filter(pk__in=[member.pk for member in gone]).update(left_on=today)
    report.gone += [member.name for member in gone]
