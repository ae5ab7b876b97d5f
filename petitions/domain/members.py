"""The Members of the House, from a list as the House publishes it.

A list is taken whole or not at all. Members are never deleted: whoever is missing from the list
has left, and what was agreed with them stays.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from petitions import clock
from petitions.domain import auditing
from petitions.domain.ridings import (
    DATA,
    RefusedDataError,
    Report,
    differences,
    parse_rows,
    read_rows,
)
from petitions.models import Member, MemberList, Riding

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
            gettext("%(column)s is empty") % {"column": column}
            for column in ("name", "party_en", "party_fr")
            if not cells[column]
        ]
        if not cells["member_id"].isdecimal():
            found.append(
                gettext("member_id “%(text)s” is not a number") % {"text": cells["member_id"]}
            )
        code = cells["riding_code"]
        if not code.isdecimal() or int(code) not in provinces:
            found.append(gettext("there is no riding “%(code)s”") % {"code": code})
        elif cells["province"] != provinces[int(code)]:
            names = {"code": code, "right": provinces[int(code)], "wrong": cells["province"]}
            found.append(gettext("riding %(code)s lies in %(right)s, not “%(wrong)s”") % names)
        return [_at(self.number, problem) for problem in found]


def _at(number: int, problem: str) -> str:
    return gettext("line %(number)s: %(problem)s") % {"number": number, "problem": problem}


def import_members(path: Path = SHIPPED, *, checked_on: date = SHIPPED_OF) -> Report:
    """Brings the Members in line with a list of the day `checked_on`; safe to repeat.

    Raises `RefusedDataError` with every line that does not fit, and then changes nothing.
    """
    return _import(read_rows(path), checked_on, by=None)


def import_text(text: str, *, checked_on: date, by: AbstractBaseUser) -> Report:
    """The same of a list as text, brought by somebody."""
    return _import(parse_rows(text), checked_on, by=by)


def _import(rows: list[dict[str, str]], checked_on: date, *, by: AbstractBaseUser | None) -> Report:
    lines = _read(rows)
    _check(lines)
    with transaction.atomic():
        latest = Member.objects.aggregate(latest=Max("checked_on"))["latest"]
        if latest is not None and latest > checked_on:
            raise OlderListError(
                [
                    gettext("The Members are of %(latest)s already, this list of %(day)s")
                    % {"latest": latest, "day": checked_on}
                ]
            )
        report = _apply([_member(line, checked_on) for line in lines], checked_on)
        _record(report, checked_on, by)
        if by is not None:
            auditing.record(auditing.Kind.MEMBERS, by=by, day=checked_on.isoformat())
        return report


def _record(report: Report, of_day: date, by: AbstractBaseUser | None) -> None:
    """Keeps what the list changed; riding codes are told by the riding's English name.

    A list that was taken in before and changes nothing leaves no trace.
    """
    if report.did_nothing and MemberList.objects.filter(of_day=of_day).exists():
        return
    ridings = dict(Riding.objects.values_list("code", "name_en"))
    changed = [
        [
            each.name,
            each.field,
            *(_told(each.field, value, ridings) for value in (each.old, each.new)),
        ]
        for each in report.changed
    ]
    MemberList.objects.create(
        of_day=of_day,
        imported_by=by,  # type: ignore[misc]  # the user model is the project's
        added=report.added,
        gone=report.gone,
        changed=changed,
        unchanged=report.unchanged,
    )


def _told(field: str, value: Any, ridings: dict[int, str]) -> str:
    if value is None:
        return ""
    return ridings[value] if field == "riding_id" else str(value)


def _read(rows: list[dict[str, str]]) -> list[_Line]:
    if not rows:
        raise RefusedDataError([gettext("The list is empty: every Member would have left.")])
    missing = sorted(_COLUMNS - rows[0].keys())
    if missing:
        raise RefusedDataError(
            [gettext("line 1: no column %(names)s") % {"names": ", ".join(missing)}]
        )
    return [
        _Line(number, {column: (row[column] or "").strip() for column in _COLUMNS})
        for number, row in enumerate(rows, start=2)
    ]


def _check(lines: list[_Line]) -> None:
    provinces = dict(Riding.objects.values_list("code", "province"))
    problems = [problem for line in lines for problem in line.problems(provinces)]
    twice = {
        "riding_code": gettext("riding %(code)s stands in the list twice"),
        "member_id": gettext("Member %(code)s stands in the list twice"),
    }
    for column, problem in twice.items():
        times = Counter(line.cells[column] for line in lines)
        problems += [
            _at(line.number, problem % {"code": line.cells[column]})
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
    today = clock.today()
    Member.objects.filter(pk__in=[member.pk for member in gone]).update(left_on=today)
    report.gone += [member.name for member in gone]
