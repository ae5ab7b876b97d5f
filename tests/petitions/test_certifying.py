"""The count after closing becomes final, and stays so."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from petitions.domain import (
    certifying,
    counting,
    lifecycle,
    list_ends,
    purging,
    withdrawing,
)
from petitions.domain.lifecycle import MoveError
from petitions.models import Outcome, Petition, PetitionEvent, Signature, Tally, TallyDay
from petitions.states import PetitionState
from tests.conftest import SetClock
from tests.factories import outcomes, people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
S = PetitionState


def _state(petition: Petition) -> str:
    return Petition.objects.get(pk=petition.pk).state


def test_certifying_stores_an_exact_count_and_moves() -> None:
    petition = outcomes.closed_petition(signatures=6, threshold=5)
    Tally.objects.update(total=99)
    person = people.person()
    event = certifying.certify(petition, by=person, reason="Counted twice")
    outcome = Outcome.objects.get(petition=petition)
    assert (outcome.certified_total, outcome.certified_provinces) == (6, {"BC": 6})
    assert (event.to_state, event.by, event.happened_at) == (
        S.CERTIFIED,
        person,
        outcome.certified_at,
    )
    assert petition.state == _state(petition) == S.CERTIFIED
    tally = Tally.objects.get(petition=petition)
    assert (tally.total, tally.as_of, tally.provinces) == (6, outcome.certified_at, {"BC": 6})


def test_small_places_are_merged_in_the_certificate_as_on_the_page() -> None:
    petition = outcomes.closed_petition(signatures=5)
    rows = list(Signature.objects.values_list("pk", flat=True))
    Signature.objects.filter(pk__in=rows[:4]).update(province="ON")
    certifying.certify(petition, by=people.person())
    assert Outcome.objects.get().certified_provinces == {"other": 5}


@pytest.mark.parametrize("act", [certifying.certify, certifying.decline_certificate])
def test_nothing_is_frozen_before_the_last_links_stop_counting(
    act: object, set_clock: SetClock
) -> None:
    petition = outcomes.closed_petition(signatures=1)
    assert petition.final_at is not None
    set_clock(petition.final_at - timedelta(seconds=1))
    with pytest.raises(MoveError, match="24 hours"):
        act(petition, by=people.person(), reason="Why")  # type: ignore[operator]
    assert not Outcome.objects.exists()
    assert _state(petition) == S.CLOSED
    set_clock(petition.final_at)
    act(petition, by=people.person(), reason="Why")  # type: ignore[operator]
    assert Outcome.objects.get().certified_total == 1


def test_a_missed_goal_gets_no_certificate_and_its_total_is_frozen_too() -> None:
    petition = outcomes.closed_petition(signatures=1, threshold=2)
    with pytest.raises(MoveError, match=r"1 confirmed signature\. The goal is 2\."):
        certifying.certify(petition, by=people.person())
    assert not Outcome.objects.exists()
    certifying.decline_certificate(petition, by=people.person())
    assert (Outcome.objects.get().certified_total, _state(petition)) == (1, S.NOT_CERTIFIED)


def test_a_reached_goal_is_declined_only_with_a_reason() -> None:
    petition = outcomes.closed_petition()
    with pytest.raises(MoveError, match="say why"):
        certifying.decline_certificate(petition, by=people.person())
    assert (Outcome.objects.exists(), _state(petition)) == (False, S.CLOSED)
    event = certifying.decline_certificate(petition, by=people.person(), reason="False names")
    assert event.reason == "False names"


@pytest.mark.parametrize("to", [S.CERTIFIED, S.NOT_CERTIFIED])
def test_no_bare_move_gets_there(to: PetitionState) -> None:
    petition = outcomes.closed_petition()
    with pytest.raises(MoveError, match="its own page"):
        lifecycle.move(petition, to, by=people.person())
    assert _state(petition) == S.CLOSED


def test_whatever_happens_to_the_rows_the_certified_total_stays(
    settings: Settings, set_clock: SetClock
) -> None:
    """On the page, in count.json, on the desk, after every job that counts."""
    settings.DEMO = True
    petition = outcomes.certified_petition(signatures=5, threshold=5)
    rows = list(Signature.objects.order_by("pk"))
    withdrawing.withdraw(rows[0])
    withdrawing.erase(rows[1])
    Signature.objects.filter(pk=rows[2].pk).delete()
    Tally.objects.update(figures_day=None)
    set_clock(timezone.now() + timedelta(minutes=1))
    counting.tally_changed()
    counting.tally(petition)
    assert counting.recount(petition) == 0
    counting.publish_due_days()
    counting.publish_day(petition)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(list_ends, "retention_end", lambda _petition: timezone.now())
        purging.erase_after_closing()
    assert Signature.objects.counted().count() == 2
    assert counting.live_total(petition) == 5
    assert sum(TallyDay.objects.values_list("counted", flat=True)) == 5
    address = f"/petitions/{petition.slug}/count.json"
    assert Client().get(address).json()["confirmed"] == 5
    page = Client().get(f"/en/petitions/{petition.slug}/").content.decode()
    assert '<p class="number" data-figure="confirmed_text">5</p>' in page
    organizer = people.log_in(people.person())
    desk = organizer.get(f"/desk/?petition={petition.slug}").context["figures"]
    assert (desk.confirmed, sum(day.counted for day in desk.series)) == (5, 5)
    listed = organizer.get("/desk/petitions/").context["rows"]
    assert [row["confirmed"] for row in listed] == [5]


def test_certifying_twice_leaves_one_event() -> None:
    petition = outcomes.certified_petition()
    stale = Petition.objects.get(pk=petition.pk)
    with pytest.raises(MoveError, match="cannot go from “Certified”"):
        certifying.certify(stale, by=people.person())
    assert PetitionEvent.objects.filter(to_state=S.CERTIFIED).count() == 1


def test_who_withdrew_before_is_not_counted() -> None:
    petition = outcomes.closed_petition(signatures=3)
    withdrawing.withdraw(Signature.objects.earliest("pk"))
    certifying.certify(petition, by=people.person())
    assert Outcome.objects.get().certified_total == 2


def test_other_petitions_go_on_being_counted(petition: Petition, set_clock: SetClock) -> None:
    outcomes.certified_petition()
    make.confirmed(petition)
    set_clock(timezone.now() + timedelta(seconds=5))
    assert counting.tally_changed() == 1
    assert Tally.objects.get(petition=petition).total == 1
