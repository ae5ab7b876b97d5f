"""The numbers of a briefing: one instant, and no small group of people in any difference."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from campaign.accounts.roles import Role
from campaign.parliament.domain import brief_texts, briefings
from campaign.parliament.domain.brief_texts import Gap, Part
from campaign.parliament.models import Briefing
from petitions.domain import counting
from petitions.models import Member, Petition, Signature, Tally
from petitions.states import PetitionKind, PetitionState
from tests.conftest import SetClock
from tests.factories import parliament, people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 19, 40, tzinfo=UTC)
#: Toronto's midnight that begins the day of NOW.
TODAY = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


@pytest.fixture
def member() -> Member:
    """The Member for Coquitlam, whose postal codes begin with V3B."""
    return parliament.member(make.riding())


def _sign(petition: Petition, count: int, **changes: str) -> None:
    for _turn in range(count):
        make.confirmed(petition, **changes)


ELSEWHERE = {"postal_code": "V6T 1Z4"}  # in the province, in no riding known here
ONTARIO = {"province": "ON", "postal_code": "M5V 1A1"}


def _numbers(petition: Petition, member: Member) -> dict[str, int | str]:
    """The numbers on the day on which the tables were made."""
    counting.publish_day(petition)
    stored = briefings.numbers(petition, member).stored()
    stored.pop("places_on", None)
    return stored


# --- who is counted --------------------------------------------------------------------------


def test_numbers_are_of_signatures_that_count(petition: Petition, member: Member) -> None:
    _sign(petition, 6)
    _sign(petition, 5, **ELSEWHERE)
    _sign(petition, 7, **ONTARIO)
    make.submitted(petition)
    _sign(make.open_petition(), 8)
    assert _numbers(petition, member) == {"total": 18, "province": 11, "riding": 6}


@pytest.mark.parametrize(
    ("signed", "shown"),
    [
        ((5, 5, 5), {"province", "riding"}),
        ((5, 0, 5), {"province", "riding"}),
        # Under five, and nothing beside it that gives it away.
        ((4, 6, 5), {"province"}),
        ((0, 6, 5), {"province"}),
        ((4, 0, 9), set()),
        # Province less riding would be one to four people; so would total less province.
        ((6, 1, 5), {"province"}),
        ((6, 4, 5), {"province"}),
        ((6, 5, 1), set()),
        ((6, 5, 4), set()),
    ],
)
def test_no_number_and_no_difference_is_one_to_four_people(
    petition: Petition, member: Member, signed: tuple[int, int, int], shown: set[str]
) -> None:
    for count, where in zip(signed, ({}, ELSEWHERE, ONTARIO), strict=True):
        _sign(petition, count, **where)
    numbers = _numbers(petition, member)
    assert numbers.keys() - {"total"} == shown
    figures = [numbers["total"], numbers.get("province"), numbers.get("riding")]
    known = [int(figure) for figure in figures if figure is not None] + [0]
    for larger, smaller in pairwise(known):
        assert larger - smaller not in range(1, 5)


def test_a_difference_is_small_also_where_people_name_another_province(
    petition: Petition, member: Member
) -> None:
    """Three say British Columbia and write a postal code of Toronto: the rest of the province."""
    toronto = make.riding(35110, "Spadina—Harbourfront", fsa="M5V")
    toronto.province = "ON"
    toronto.save()
    _sign(petition, 6)
    _sign(petition, 3, province="BC", postal_code="M5V 1A1")
    _sign(petition, 6, **ONTARIO)
    assert _numbers(petition, member) == {"total": 15, "province": 9}


def test_the_total_is_of_now_and_places_are_of_the_days_tables(
    petition: Petition, member: Member, set_clock: SetClock
) -> None:
    _sign(petition, 6)
    counting.publish_day(petition)
    set_clock(NOW)
    Tally.objects.update(provinces_at=TODAY - timedelta(seconds=1))
    _sign(petition, 1)
    numbers = briefings.numbers(petition, member)
    assert (numbers.total, numbers.province, numbers.riding) == (7, 6, 6)
    assert (numbers.as_of, numbers.places_on) == (NOW, date(2026, 11, 23))


def test_two_pages_of_one_office_do_not_tell_who_signed_between(
    petition: Petition, member: Member
) -> None:
    _sign(petition, 6)
    before = _numbers(petition, member)
    _sign(petition, 1)
    _sign(petition, 9, **ELSEWHERE)
    after = _numbers(petition, member)
    assert (before["riding"], after["riding"], after["province"]) == (6, 6, 16)


def test_before_the_first_tables_places_are_not_shown(petition: Petition, member: Member) -> None:
    _sign(petition, 6)
    assert briefings.numbers(petition, member).stored() == {"total": 6}


# --- the last week ---------------------------------------------------------------------------


def _week(petition: Petition, set_clock: SetClock, *counted_at: datetime) -> int | None:
    for instant in counted_at:
        signature = make.confirmed(petition)
        Signature.objects.filter(pk=signature.pk).update(counted_at=instant)
    set_clock(NOW)
    return briefings.numbers(petition, parliament.member()).last_week


def test_the_last_week_is_seven_full_days_in_toronto(set_clock: SetClock) -> None:
    petition = make.open_petition(
        opens_at=TODAY - timedelta(days=30), closes_at=TODAY + timedelta(days=30)
    )
    second = timedelta(seconds=1)
    week = timedelta(days=7)
    inside = (TODAY - second, TODAY - week)
    outside = (TODAY, TODAY - week - second)
    assert _week(petition, set_clock, *inside, *outside) == 2


@pytest.mark.parametrize(
    ("opens", "closes", "known"),
    [
        (timedelta(days=-7), timedelta(0), True),
        (timedelta(days=-7, seconds=1), timedelta(0), False),
        (timedelta(days=-7), timedelta(seconds=-1), False),
    ],
)
def test_there_is_no_last_week_unless_signing_was_open_all_of_it(
    set_clock: SetClock, opens: timedelta, closes: timedelta, *, known: bool
) -> None:
    petition = make.open_petition(opens_at=TODAY + opens, closes_at=TODAY + closes)
    set_clock(NOW)
    week = briefings.numbers(petition, parliament.member()).last_week
    assert week == (0 if known else None)


# --- what is missing -------------------------------------------------------------------------


def test_a_petition_with_ask_and_three_facts_lacks_nothing(petition: Petition) -> None:
    parliament.facts(petition)
    assert brief_texts.gaps(petition, "en") == brief_texts.gaps(petition, "fr") == []


def test_texts_of_another_language_do_not_fill_gaps(petition: Petition) -> None:
    parliament.facts(petition, text_fr="")
    petition.title_fr = petition.ask_fr = ""
    assert brief_texts.gaps(petition, "en") == []
    assert brief_texts.gaps(petition, "fr") == [Gap(Part.TITLE), Gap(Part.ASK), Gap(Part.FACT, 1)]


def test_facts_that_are_not_written_are_gaps(petition: Petition) -> None:
    petition.facts.create(position=4, text_en="The only one.")
    assert brief_texts.gaps(petition, "en") == [Gap(Part.FACT, 2), Gap(Part.FACT, 3)]


def test_a_fourth_fact_is_not_needed(petition: Petition) -> None:
    parliament.facts(petition)
    petition.facts.create(position=4, text_en="")
    assert brief_texts.gaps(petition, "en") == []


def test_texts_that_the_page_cannot_hold_are_gaps(petition: Petition) -> None:
    source = "s" * 20
    parliament.facts(petition, text_en="f" * (brief_texts.LONGEST_FACT - 20), source=source)
    petition.ask_en = "a" * brief_texts.LONGEST_ASK
    assert brief_texts.gaps(petition, "en") == []
    petition.facts.filter(position=1).update(source=source + "s")
    petition.ask_en += "a"
    assert brief_texts.gaps(petition, "en") == [
        Gap(Part.ASK, longest=brief_texts.LONGEST_ASK),
        Gap(Part.FACT, 1, longest=brief_texts.LONGEST_FACT),
    ]


# --- making one ------------------------------------------------------------------------------


def test_a_briefing_keeps_numbers_instant_and_maker(petition: Petition, member: Member) -> None:
    parliament.facts(petition)
    _sign(petition, 5)
    counting.publish_day(petition)
    day = Tally.objects.get().provinces_day
    assert day
    user = people.person(Role.BRIEFER)
    made = briefings.make_briefing(member, petition=petition, language="fr", by=user)
    kept = Briefing.objects.get()
    assert kept == made
    assert kept.numbers == {
        "total": 5,
        "province": 5,
        "riding": 5,
        "places_on": day.isoformat(),
    }
    assert (kept.member, kept.petition, kept.language, kept.made_by) == (
        member,
        petition,
        "fr",
        user,
    )
    assert kept.as_of == made.as_of


def test_half_a_page_is_not_made(petition: Petition, member: Member) -> None:
    with pytest.raises(briefings.IncompleteError):
        briefings.make_briefing(member, petition=petition, language="en", by=people.person())
    assert not Briefing.objects.exists()


def test_whoever_has_left_is_not_briefed(petition: Petition, member: Member) -> None:
    parliament.facts(petition)
    member.left_on = parliament.CHECKED_ON
    with pytest.raises(briefings.MemberLeftError):
        briefings.make_briefing(member, petition=petition, language="en", by=people.person())
    assert not Briefing.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": PetitionKind.RECORD},
        {"state": PetitionState.IN_TRANSLATION},
        {"state": PetitionState.WITHDRAWN},
        {"opens_at": NOW + timedelta(seconds=1)},
    ],
)
def test_petitions_without_numbers_of_their_own_are_not_offered(
    petition: Petition, member: Member, changes: dict[str, object], set_clock: SetClock
) -> None:
    set_clock(NOW)
    Petition.objects.update(opens_at=NOW, closes_at=NOW + timedelta(days=10))
    assert briefings.petitions_to_brief() == [petition]
    Petition.objects.update(**changes)
    parliament.facts(petition)
    assert briefings.petitions_to_brief() == []
    with pytest.raises(briefings.NotOfferedError):
        briefings.make_briefing(member, petition=petition, language="en", by=people.person())


def test_open_petitions_are_offered_first(petition: Petition) -> None:
    closed = make.open_petition(opens_at=petition.opens_at + timedelta(hours=1))
    Petition.objects.filter(pk=closed.pk).update(state=PetitionState.CLOSED)
    assert briefings.petitions_to_brief() == [petition, closed]
