"""The House's list: taken whole or not at all, and telling what it changed."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from petitions.domain.members import SHIPPED_OF, OlderListError, import_members
from petitions.domain.ridings import Change, RefusedDataError, import_ridings
from petitions.models import Member, Riding
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 15)
LATER = date(2026, 2, 15)


@pytest.fixture
def seats() -> list[Riding]:
    return [make.riding(59001, "Abbotsford"), make.riding(59002, "Burnaby")]


def _row(member_id: int, name: str, riding: int, /, **changes: str) -> dict[str, str]:
    return {
        "member_id": str(member_id),
        "name": name,
        "riding_code": str(riding),
        "party_en": "Liberal",
        "party_fr": "Libéral",
        "province": "BC",
        "honorific": "",
        **changes,
    }


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Writes a list and gives its path."""

    def write_rows(*rows: dict[str, str]) -> Path:
        path = tmp_path / "list.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys() if rows else ["member_id"])
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write_rows


ANN, BO = _row(1, "Ann", 59001), _row(2, "Bo", 59002)


def _holders() -> dict[int, str]:
    return dict(Member.objects.filter(left_on=None).values_list("riding", "name"))


def test_the_shipped_list_fills_every_seat_but_the_vacant_one() -> None:
    import_ridings()
    report = import_members()
    assert (len(report.added), report.changed, report.gone) == (342, [], [])
    vacant = Riding.objects.exclude(members__left_on=None, members__isnull=False)
    assert [riding.name for riding in vacant] == ["Battle River—Crowfoot"]
    assert set(Member.objects.values_list("checked_on", flat=True)) == {SHIPPED_OF}


def test_a_second_import_changes_nothing() -> None:
    import_ridings()
    import_members()
    rows = list(Member.objects.order_by("pk").values())
    report = import_members()
    assert (report.did_nothing, report.unchanged) == (True, 342)
    assert list(Member.objects.order_by("pk").values()) == rows


def test_a_later_list_tells_who_came_left_and_changed(seats: list[Riding], write: Any) -> None:
    import_members(write(ANN, BO), checked_on=DAY)
    crossed = {**ANN, "party_en": "Green", "party_fr": "Vert"}
    report = import_members(write(crossed, _row(3, "Cy", 59002)), checked_on=LATER)
    assert (report.added, report.gone, report.unchanged) == (["Cy"], ["Bo"], 0)
    assert report.changed == [
        Change("Ann", "party_en", "Liberal", "Green"),
        Change("Ann", "party_fr", "Libéral", "Vert"),
    ]
    assert _holders() == {59001: "Ann", 59002: "Cy"}
    assert Member.objects.get(name="Bo").left_on is not None
    assert Member.objects.get(name="Bo").checked_on == DAY
    assert Member.objects.get(name="Ann").checked_on == LATER


def test_two_members_may_swap_seats(seats: list[Riding], write: Any) -> None:
    import_members(write(ANN, BO), checked_on=DAY)
    report = import_members(
        write({**ANN, "riding_code": "59002"}, {**BO, "riding_code": "59001"}), checked_on=LATER
    )
    assert _holders() == {59001: "Bo", 59002: "Ann"}
    assert report.changed == [
        Change("Ann", "riding_id", 59001, 59002),
        Change("Bo", "riding_id", 59002, 59001),
    ]


def test_whoever_comes_back_is_a_member_again(seats: list[Riding], write: Any) -> None:
    import_members(write(ANN, BO), checked_on=DAY)
    import_members(write(ANN), checked_on=DAY)
    assert _holders() == {59001: "Ann"}
    report = import_members(write(ANN, BO), checked_on=LATER)
    assert [(change.name, change.field, change.new) for change in report.changed] == [
        ("Bo", "left_on", None)
    ]
    assert _holders() == {59001: "Ann", 59002: "Bo"}


def test_whoever_left_before_is_not_reported_again(seats: list[Riding], write: Any) -> None:
    import_members(write(ANN, BO), checked_on=DAY)
    import_members(write(ANN), checked_on=DAY)
    left_on = Member.objects.get(name="Bo").left_on
    assert import_members(write(ANN), checked_on=LATER).did_nothing
    assert Member.objects.get(name="Bo").left_on == left_on


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (_row(2, "Bo", 99999), "line 3: there is no riding “99999”"),
        (_row(2, "  ", 59002), "line 3: name is empty"),
        (_row(2, "Bo", 59002, party_fr=""), "line 3: party_fr is empty"),
        (_row(2, "Bo", 59002, province="ON"), "line 3: riding 59002 lies in BC, not “ON”"),
        (_row(2, "Bo", 59002, member_id="two"), "line 3: member_id “two” is not a number"),
        (_row(2, "Bo", 59001), "line 3: riding 59001 stands in the list twice"),
        (_row(1, "Bo", 59002), "line 3: Member 1 stands in the list twice"),
    ],
)
def test_one_wrong_line_refuses_the_whole_list(
    seats: list[Riding], write: Any, wrong: dict[str, str], problem: str
) -> None:
    with pytest.raises(RefusedDataError) as refusal:
        import_members(write(ANN, wrong), checked_on=DAY)
    assert problem in refusal.value.problems
    assert not Member.objects.exists()


def test_every_wrong_line_is_named(seats: list[Riding], write: Any) -> None:
    with pytest.raises(RefusedDataError) as refusal:
        import_members(write(_row(1, "", 59001), _row(2, "Bo", 7)), checked_on=DAY)
    assert refusal.value.problems == ["line 2: name is empty", "line 3: there is no riding “7”"]


def test_an_empty_list_does_not_empty_the_house(seats: list[Riding], write: Any) -> None:
    import_members(write(ANN), checked_on=DAY)
    with pytest.raises(RefusedDataError, match="every Member would have left"):
        import_members(write(), checked_on=LATER)
    assert _holders() == {59001: "Ann"}


def test_a_list_without_a_column_is_refused(seats: list[Riding], write: Any) -> None:
    short = {key: value for key, value in ANN.items() if key != "party_fr"}
    with pytest.raises(RefusedDataError, match="no column party_fr"):
        import_members(write(short), checked_on=DAY)


def test_an_older_list_does_not_replace_a_later_one(seats: list[Riding], write: Any) -> None:
    import_members(write(ANN), checked_on=LATER)
    with pytest.raises(OlderListError):
        import_members(write(BO), checked_on=DAY)
    assert _holders() == {59001: "Ann"}


def test_the_command_reports_and_refuses(seats: list[Riding], write: Any) -> None:
    output = StringIO()
    call_command("import_members", str(write(ANN)), "--of", "2026-01-15", stdout=output)
    assert output.getvalue().splitlines() == [
        "+ Ann",
        "Members: 1 added, 0 gone, 0 fields changed, 0 unchanged.",
    ]
    with pytest.raises(CommandError, match="line 2: name is empty"):
        call_command("import_members", str(write({**ANN, "name": ""})), "--of", "2026-01-16")
    with pytest.raises(CommandError, match="needs its day"):
        call_command("import_members", str(write(ANN)))
