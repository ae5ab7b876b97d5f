"""Counts that single nobody out, and what is late."""

from datetime import date, timedelta

import pytest

from campaign.parliament import queries, wording
from campaign.parliament.states import MeetingState
from petitions import clock
from petitions.domain import counting
from petitions.models import Petition, Riding
from tests.factories import parliament
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
YESTERDAY = TODAY - timedelta(days=1)


def _sign(petition: Petition, number: int, fsa: str, province: str = "BC") -> None:
    for _turn in range(number):
        make.confirmed(petition, province=province, postal_code=f"{fsa} 1A1")


def _in_alberta(fsa: str) -> Riding:
    riding = make.riding(48001, "Calgary", fsa)
    riding.province = "AB"
    riding.save()
    return riding


@pytest.fixture
def ridings(petition: Petition) -> list[str]:
    """Three ridings of British Columbia, with 7, 6 and 4 signers; and 9 in Alberta."""
    for code, fsa, number in ((59001, "V1A", 7), (59002, "V1B", 6), (59003, "V1C", 4)):
        make.riding(code, f"Riding {code}", fsa)
        _sign(petition, number, fsa)
    _in_alberta("T1A")
    _sign(petition, 9, "T1A", "AB")
    return ["59001", "59002", "59003"]


def _counts_of_the_day(petition: Petition) -> queries.Counts:
    counting.publish_day(petition)
    return queries.counts(petition, small_cells=False)


def _texts(petition: Petition, *, small_cells: bool) -> list[str]:
    counting.publish_day(petition)
    counted = queries.counts(petition, small_cells=small_cells)
    found = {riding.pk: riding for riding in Riding.objects.all()}
    return [wording.cell(counted.riding(found[pk])) for pk in (59001, 59002, 59003)]


def test_who_may_see_small_cells_sees_every_number(petition: Petition, ridings: list[str]) -> None:
    assert _texts(petition, small_cells=True) == ["7", "6", "4"]


def test_a_small_riding_cannot_be_worked_out_from_its_province(
    petition: Petition, ridings: list[str]
) -> None:
    """17 less 7 less 6 would tell the 4: the next smallest is hidden with it."""
    assert _texts(petition, small_cells=False) == ["7", "not shown", "not shown"]


def test_a_riding_of_nobody_is_not_shown_either(petition: Petition) -> None:
    riding = make.riding()
    for small_cells, text in ((True, "0"), (False, "not shown")):
        counted = queries.counts(petition, small_cells=small_cells)
        assert wording.cell(counted.riding(riding)) == text


@pytest.mark.parametrize(("number", "text"), [(4, "not shown"), (5, "5")])
def test_five_is_the_smallest_number_shown(petition: Petition, number: int, text: str) -> None:
    riding = make.riding(fsa="V1A")
    _sign(petition, number, "V1A")
    counted = _counts_of_the_day(petition)
    assert wording.cell(counted.riding(riding)) == text
    assert wording.cell(counted.province("BC")) == text


def test_a_small_province_hides_another_and_the_ridings_in_it(petition: Petition) -> None:
    """The total is public: 6 + 5 + 2 less what is shown must not leave the 2."""
    vancouver = make.riding(59001, "Vancouver", "V1A")
    calgary = _in_alberta("T1A")
    _sign(petition, 6, "V1A")
    _sign(petition, 5, "T1A", "AB")
    _sign(petition, 2, "C1A", "PE")
    counted = _counts_of_the_day(petition)
    provinces = [wording.cell(counted.province(code)) for code in ("BC", "AB", "PE")]
    assert provinces == ["6", "not shown", "not shown"]
    assert wording.cell(counted.riding(vancouver)) == "6"
    assert wording.cell(counted.riding(calgary)) == "not shown"


def test_hidden_numbers_do_not_show_by_their_place(petition: Petition, ridings: list[str]) -> None:
    counted = _counts_of_the_day(petition)
    rows = queries.rows(queries.Search(), counted, province="BC")
    assert [row.riding.pk for row in rows] == [59001, 59002, 59003]
    make.riding(59000, "Nobody's", "V1D")
    rows = queries.rows(queries.Search(), counted, province="BC")
    assert [row.riding.pk for row in rows] == [59001, 59000, 59002, 59003]


def test_numbers_stand_still_while_one_looks_on(petition: Petition, ridings: list[str]) -> None:
    assert _texts(petition, small_cells=False)[0] == "7"
    _sign(petition, 5, "V1A")
    counted = queries.counts(petition, small_cells=False)
    riding = Riding.objects.get(pk=59001)
    assert (counted.riding(riding).number, counted.province("BC").number) == (7, 17)
    assert queries.counts(petition, small_cells=True).riding(riding).number == 12
    assert _counts_of_the_day(petition).riding(riding).number == 12


def test_only_signatures_that_count_are_counted(petition: Petition) -> None:
    riding = make.riding(fsa="V3B")
    make.submitted(petition)
    make.confirmed(make.open_petition())
    make.confirmed(petition)
    assert queries.counts(petition, small_cells=True).riding(riding).number == 1


# --- the list --------------------------------------------------------------------------------


def test_a_vacant_seat_is_shown_as_one() -> None:
    left = parliament.member(left_on=YESTERDAY)
    (row,) = queries.rows(queries.Search(), queries.Counts())
    assert (row.riding, row.member) == (left.riding, None)


def test_a_search_finds_whoever_left() -> None:
    left = parliament.member(name="Ann Once", left_on=YESTERDAY)
    parliament.member(left.riding, name="Bo Now")
    found = queries.rows(queries.Search(words=["once"]), queries.Counts())
    assert [row.member for row in found] == [left]


def test_the_last_contact_is_the_last_meeting_held() -> None:
    member = parliament.member()
    for state, day in (
        (MeetingState.HELD, 3),
        (MeetingState.HELD, 5),
        (MeetingState.PLANNED, 9),
        (MeetingState.CANCELLED, 7),
    ):
        parliament.meeting(member, state=state, day=date(2026, 11, day))
    (row,) = queries.rows(queries.Search(), queries.Counts())
    assert row.last_contact == date(2026, 11, 5)


@pytest.mark.parametrize(("age", "is_old"), [(90, False), (91, True)])
def test_a_list_is_old_after_ninety_days(*, age: int, is_old: bool) -> None:
    day = wording.list_day(clock.today() - timedelta(days=age))
    assert day["is_old"] is is_old


# --- what is late ----------------------------------------------------------------------------


def _step(due: date, **fields: object) -> queries.Meeting:
    return parliament.meeting(
        parliament.member(),
        **{
            "state": MeetingState.HELD,
            "day": date(2026, 11, 1),
            "next_step": "Send the letter",
            "next_by": "Dara",
            "next_due": due,
            **fields,
        },
    )


def test_a_step_due_today_is_not_late_and_one_of_yesterday_is() -> None:
    _step(TODAY)
    late = _step(YESTERDAY)
    found = queries.late_steps(TODAY)
    assert [(each.meeting, each.due, each.is_step) for each in found] == [(late, YESTERDAY, True)]


def test_a_step_that_is_done_is_not_late() -> None:
    _step(YESTERDAY, next_done_at="2026-11-18T12:00Z")
    assert queries.late_steps(TODAY) == []


def test_a_planned_meeting_of_yesterday_waits_to_be_recorded() -> None:
    member = parliament.member()
    parliament.meeting(member, day=TODAY)
    parliament.meeting(member, day=YESTERDAY, state=MeetingState.CANCELLED)
    parliament.meeting(member, day=YESTERDAY, state=MeetingState.HELD)
    late = parliament.meeting(member, day=YESTERDAY)
    found = queries.late_steps(TODAY)
    assert [(each.meeting, each.is_step) for each in found] == [(late, False)]


def test_a_meeting_can_be_late_twice_and_the_oldest_stands_first() -> None:
    step = TODAY - timedelta(days=3)
    meeting = _step(step, state=MeetingState.PLANNED, day=YESTERDAY)
    assert [(each.due, each.is_step) for each in queries.late_steps(TODAY)] == [
        (step, True),
        (YESTERDAY, False),
    ]
    assert queries.late_steps(TODAY, member=parliament.member()) == []
    assert len(queries.late_steps(TODAY, member=meeting.member)) == 2
