"""No table gives a small group of people away: read, subtracted, or laid beside an earlier one."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from campaign.dashboard import breakdowns
from campaign.dashboard.filters import Filters
from campaign.parliament import queries as parliament
from petitions import clock, open_data, presentation
from petitions.domain import counting, withdrawing
from petitions.domain.cells import SMALLEST_CELL, table
from petitions.models import Milestone, Petition, Signature
from tests.factories import petitions as make

_places = st.sampled_from(["AB", "BC", "ON", "QC", "NU", "YT", "abroad"])
_cells = st.dictionaries(_places, st.integers(0, 30))
_number = count(1)


# --- one table -------------------------------------------------------------------------------


@given(_cells)
def test_no_published_cell_is_smaller_than_five(cells: dict[str, int]) -> None:
    shown = table(cells).shown
    assert all(number >= SMALLEST_CELL for number in shown.values())
    assert sum(shown.values()) in {0, sum(cells.values())}
    assert all(shown[cell] == cells[cell] for cell in shown if cell != "other")


@given(_cells)
def test_other_is_never_one_place_and_nothing_is_left_by_subtraction(
    cells: dict[str, int],
) -> None:
    shown = table(cells).shown
    hidden = {cell: number for cell, number in cells.items() if number and cell not in shown}
    left = sum(cells.values()) - sum(shown.values())
    if "other" in shown:
        assert len(hidden) >= 2
        assert (sum(hidden.values()), left) == (shown["other"], 0)
    else:
        assert left == (0 if shown else sum(hidden.values()))
        assert left < SMALLEST_CELL


@given(_cells, st.integers(0, 150))
def test_parts_of_a_known_whole_leave_nobody_or_five(cells: dict[str, int], whole: int) -> None:
    parts = table(cells, whole=whole).shown
    rest = whole - sum(number for cell, number in parts.items() if cell != "other")
    assert not parts or rest == 0 or rest >= SMALLEST_CELL


# --- one after another -----------------------------------------------------------------------


def _small_steps(tables: list[Mapping[str, int]]) -> list[tuple[str, int, int]]:
    """Cells whose number was told twice with a difference of one to four; "other" is no place."""
    last: dict[str, int] = {}
    found = []
    for shown in tables:
        for cell, number in shown.items():
            if cell != "other" and 0 < abs(number - last.get(cell, number)) < SMALLEST_CELL:
                found.append((cell, last[cell], number))
            last[cell] = number
    return found


@given(st.lists(_cells, max_size=8))
def test_a_cell_is_told_anew_only_when_it_has_moved_by_five(days: list[dict[str, int]]) -> None:
    told: dict[str, int] = {}
    tables: list[Mapping[str, int]] = []
    for cells in days:
        made = table(cells, told)
        told = made.told
        tables.append(made.shown)
        assert all(number >= SMALLEST_CELL for number in made.shown.values())
        assert not made.shown or sum(made.shown.values()) == sum(cells.values())
        for cell in made.shown.keys() - {"other"}:
            assert abs(made.shown[cell] - cells[cell]) < SMALLEST_CELL <= cells[cell]
    assert _small_steps(tables) == []


def test_a_cell_that_was_hidden_meanwhile_is_still_known() -> None:
    first = table({"ON": 20, "BC": 6})
    second = table({"ON": 26, "BC": 6, "NU": 2}, first.told)
    third = table({"ON": 26, "BC": 7, "NU": 8}, second.told)
    assert second.shown == {"ON": 26, "other": 8}
    assert third.shown == {"ON": 26, "NU": 8, "other": 7}
    fourth = table({"ON": 26, "BC": 7, "NU": 9, "QC": 5}, third.told)
    assert fourth.shown == {"ON": 26, "NU": 8, "BC": 6, "other": 7}


# --- everything that is shown, day by day ----------------------------------------------------

_RIDINGS = {"59001": "BC", "59002": "BC", "35001": "ON"}
_acts = st.lists(
    st.tuples(
        st.sampled_from(["sign", "sign", "sign", "sign", "withdraw", "erase", "day", "day"]),
        st.sampled_from([*_RIDINGS, "BC", "abroad"]),
        st.integers(1, 7),
    ),
    max_size=14,
)


def _sign(petition: Petition, where: str) -> None:
    """A row that counts from now on, in a riding, or in a province without a known riding."""
    now = clock.db_instant()
    Signature.objects.create(
        petition=petition,
        state="confirmed",
        email_index=next(_number).to_bytes(32),
        language="km",
        residence="abroad" if where == "abroad" else "canada",
        province=_RIDINGS.get(where, "" if where == "abroad" else where),
        riding_id=int(where) if where in _RIDINGS else None,
        riding_method="likely" if where in _RIDINGS else "",
        created_at=now,
        changed_at=now,
        confirmed_at=now,
        counted_at=now,
    )


def _act(petition: Petition, act: str, where: str, number: int) -> None:
    for _turn in range(number):
        if act == "sign":
            _sign(petition, where)
        elif found := Signature.objects.filter(petition=petition).counted().first():
            getattr(withdrawing, act)(found)


def _shown(petition: Petition) -> dict[str, dict[str, int]]:
    """Every table by place of public pages and data, and those of a briefer on the desk."""
    fresh = open_data.with_all(Petition.objects.filter(pk=petition.pk)).get()
    record = open_data.petition_record(fresh)
    page = presentation.provinces(fresh) or {"rows": []}
    counts = parliament.counts(petition, small_cells=False)
    by_data = {row["province"]: row["signature_count"] for row in record["province_signatures"]}
    names = {presentation.place_name(cell): cell for cell in by_data}
    return {
        "data": by_data,
        "page": {names[row["name"]]: int(row["number"]) for row in page["rows"]},
        "desk provinces": counts.provinces,
        "ridings": {str(code): number for code, number in counts.ridings.items()},
        **breakdowns.tables(fresh, Filters(), small_cells=False),
    }


def _left_of_provinces(shown: dict[str, dict[str, int]]) -> Iterator[int]:
    """What a reader gets by subtracting a province's ridings from its number."""
    inside: defaultdict[str, int] = defaultdict(int)
    for code, number in shown["ridings"].items():
        inside[_RIDINGS[code]] += number
    for province, number in inside.items():
        yield shown["data"][province] - number


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=_acts)
@example(acts=[("sign", "59001", 6), ("sign", "BC", 2)])
@example(
    acts=[
        ("sign", "59001", 6),
        ("sign", "35001", 6),
        ("day", "", 1),
        ("sign", "59001", 1),
        ("sign", "35001", 6),
    ]
)
def test_whoever_compares_every_day_sees_no_small_group(acts: list[tuple[str, str, int]]) -> None:
    start = datetime(2027, 3, 1, 10, tzinfo=UTC)
    for code, province in _RIDINGS.items():
        row = make.riding(int(code), f"Riding {code}", fsa=f"V{code[-1]}A")
        row.province = province
        row.save()
    petition = make.open_petition(opens_at=start, closes_at=start + timedelta(days=30))
    days = 0
    seen = [_shown(petition)]
    with pytest.MonkeyPatch.context() as patch:
        for act, where, number in [*acts, ("day", "", 1)]:
            patch.setattr(
                clock,
                "db_instant",
                lambda: start + timedelta(days=days, minutes=1),  # noqa: B023
            )
            if act != "day":
                _act(petition, act, where, number)
                assert _shown(petition) == seen[-1]  # nothing moves while one looks on
                continue
            days += 1
            counting.publish_day(petition)
            seen.append(_shown(petition))
        counting.freeze(petition)
        seen.append(_shown(petition))
    for name in seen[0]:
        tables = [shown[name] for shown in seen]
        assert all(number >= SMALLEST_CELL for shown in tables for number in shown.values()), name
        assert _small_steps(list(tables)) == [], name
    for shown in seen:
        assert all(rest == 0 or rest >= SMALLEST_CELL for rest in _left_of_provinces(shown))


# --- what moves by the second says nothing of places -----------------------------------------


@pytest.mark.django_db
def test_the_live_count_and_its_marks_have_no_places(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "SETTLED", timedelta(seconds=-2))  # nothing is under way here
    Petition.objects.filter(pk=petition.pk).update(threshold=2)
    make.riding()
    for _turn in range(3):
        make.confirmed(petition)
    counting.tally_changed()
    told = json.dumps(presentation.count_json(Petition.objects.get()), cls=DjangoJSONEncoder)
    assert '"confirmed": 3' in told
    assert not [word for word in ("BC", "British Columbia", "Coquitlam", "59008") if word in told]
    assert [mark.number for mark in Milestone.objects.all()] == [2]
    record = open_data.petition_record(Petition.objects.get())
    assert (record["signature_count"], record["province_signatures"]) == (3, [])
