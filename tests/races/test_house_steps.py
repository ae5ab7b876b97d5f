"""Several people at once at the House's steps: each place once, each step once."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from petitions.domain import authorizing, supporting
from petitions.domain.authorizing import AuthorizeError
from petitions.domain.supporting import Standing
from petitions.models import Delivery, MPRequest, Supporter
from petitions.states import PetitionState
from tests.conftest import SetClock
from tests.factories import house, parliament
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)
S = PetitionState


def test_two_supporters_at_once_for_the_fifth_place() -> None:
    petition = house.supported(by=4, number=10)
    Delivery.objects.all().delete()
    rows = list(Supporter.objects.select_related("petition")[4:])
    outcomes = Counter(race(*(partial(supporting.support, row, house.ANSWERS) for row in rows)))
    assert outcomes == {Standing.SUPPORTED: 1, Standing.FULL: 5}
    places = Supporter.objects.exclude(place=None).values_list("place", flat=True)
    assert sorted(places) == [1, 2, 3, 4, 5]
    assert petition.events.filter(to_state=S.AWAITING_MP).count() == 1
    assert Delivery.objects.count() == 6


def test_an_office_that_presses_both_buttons_at_once_gives_one_answer() -> None:
    asked = house.member_asked()
    rows = [authorizing.find(asked.public_id) for _turn in range(2)]

    def answer(row: MPRequest, act: str) -> str:
        try:
            if act == "yes":
                authorizing.authorize(row, may_be_named=True)
            else:
                authorizing.decline(row)
        except AuthorizeError:
            return "refused"
        return act

    outcomes = race(partial(answer, rows[0], "yes"), partial(answer, rows[1], "no"))
    assert outcomes.count("refused") == 1
    petition = asked.petition
    petition.refresh_from_db()
    is_authorized = "yes" in outcomes
    assert petition.state == (S.IN_EXAMINATION if is_authorized else S.AWAITING_MP)
    assert bool(petition.sponsor_name) == is_authorized


def test_two_people_who_ask_at_once_ask_one_member() -> None:
    petition = house.supported()
    members = [parliament.member(), parliament.member()]

    def ask(place: int) -> bool:
        try:
            house.member_asked(petition, member=members[place])
        except AuthorizeError:
            return False
        return True

    assert sorted(race(partial(ask, 0), partial(ask, 1))) == [False, True]
    assert MPRequest.objects.count() == 1


def test_two_workers_remind_an_office_once(set_clock: SetClock) -> None:
    asked = house.member_asked()
    before = Delivery.objects.count()
    set_clock(asked.asked_at + timedelta(days=16))
    assert sum(race(*[authorizing.remind_offices] * 8)) == 1
    assert Delivery.objects.count() == before + 1


def test_two_workers_take_silence_for_one_no(set_clock: SetClock) -> None:
    asked = house.member_asked()
    before = Delivery.objects.count()
    set_clock(asked.answer_by)
    assert sum(race(*[authorizing.expire_requests] * 8)) == 1
    assert Delivery.objects.count() == before + 1
