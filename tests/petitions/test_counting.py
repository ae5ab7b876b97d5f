"""The public figures: the total is the rows that count, and small cells never show."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.accounts.models import User
from petitions import clock
from petitions.domain import addresses, counting, signing, withdrawing
from petitions.models import Delivery, Milestone, Petition, Signature, Tally
from petitions.states import DeliveryKind
from tests.conftest import SetClock
from tests.factories import people
from tests.factories import petitions as make

SLACK = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _tally(petition: Petition, set_clock: SetClock, *, after: timedelta = timedelta(0)) -> int:
    """Counts as the worker does, two seconds later by a clock set by hand."""
    set_clock(timezone.now() + timedelta(seconds=2) + after)
    counting.tally_changed()
    return Tally.objects.get(petition=petition).total


def _act(petition: Petition, act: str) -> None:
    rows = Signature.objects.filter(petition=petition).order_by("pk")
    match act:
        case "sign":
            make.submitted(petition)
        case "confirm":
            pending = rows.filter(state="pending").first()
            if pending:
                signing.confirm(pending)
        case "hold":
            rows.filter(state="pending").update(held_at=clock.db_now(), held_rule="test")
        case "withdraw" | "erase":
            counted = rows.counted().first()
            if counted:
                getattr(withdrawing, act)(counted)


@pytest.mark.django_db
@SLACK
@given(
    acts=st.lists(
        st.sampled_from(["sign", "sign", "confirm", "confirm", "hold", "withdraw", "erase"]),
        max_size=12,
    )
)
def test_whatever_happens_the_total_is_the_rows_that_count(
    petition: Petition, acts: list[str]
) -> None:
    other = make.open_petition()
    for act in acts:
        _act(other, act)
        counted = Signature.objects.filter(petition=other).counted().count()
        assert counting.live_total(other) == counted
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "SETTLED", timedelta(seconds=-2))  # nothing is under way here
        counting.tally(other)
    assert Tally.objects.get(petition=other).total == counting.live_total(other)


@pytest.mark.django_db
def test_a_tally_names_the_instant_it_is_of(petition: Petition, set_clock: SetClock) -> None:
    make.confirmed(petition)
    now = timezone.now() + timedelta(seconds=5)
    set_clock(now)
    counting.tally_changed()
    row = Tally.objects.get(petition=petition)
    assert (row.total, row.as_of) == (1, now - counting.SETTLED)


@pytest.mark.django_db
def test_without_a_change_nothing_is_counted_again(petition: Petition, set_clock: SetClock) -> None:
    make.confirmed(petition)
    _tally(petition, set_clock)
    set_clock(timezone.now() + timedelta(minutes=1))
    counting.tally_changed()
    set_clock(timezone.now() + timedelta(minutes=2))
    assert counting.tally_changed() == 0


@pytest.mark.django_db
def test_an_older_result_never_replaces_a_newer_one(
    petition: Petition, set_clock: SetClock
) -> None:
    make.confirmed(petition)
    _tally(petition, set_clock, after=timedelta(minutes=1))
    Tally.objects.update(total=7)
    set_clock(timezone.now())
    counting.tally(petition)
    assert Tally.objects.get(petition=petition).total == 7


@pytest.mark.django_db
def test_a_recount_mends_and_reports(
    petition: Petition, set_clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    make.confirmed(petition)
    _tally(petition, set_clock)
    Tally.objects.update(total=4, as_of=timezone.now() + timedelta(hours=1))
    assert counting.recount(petition) == 3
    assert Tally.objects.get(petition=petition).total == 1
    assert "off by +3" in caplog.text


@pytest.mark.django_db
def test_reaching_the_goal_is_recorded_and_mailed_once(
    petition: Petition, set_clock: SetClock
) -> None:
    organizer = people.person(language="km")
    User.objects.create_user("supporter@example.org", "x")
    Petition.objects.filter(pk=petition.pk).update(threshold=2)
    first = make.confirmed(petition)
    make.confirmed(petition)
    assert _tally(petition, set_clock) == 2
    withdrawing.withdraw(first)
    assert _tally(petition, set_clock, after=timedelta(seconds=10)) == 1
    make.confirmed(petition)
    assert _tally(petition, set_clock, after=timedelta(seconds=20)) == 2
    assert Milestone.objects.get(petition=petition, number=2)
    mails = Delivery.objects.filter(kind=DeliveryKind.GOAL)
    assert [mail.language for mail in mails] == ["km"]
    assert addresses.unlock(bytes(mails[0].address)) == organizer.email


@pytest.mark.django_db
def test_figures_by_place_are_published_once_a_day(petition: Petition, set_clock: SetClock) -> None:
    for _turn in range(5):
        make.confirmed(petition)
    set_clock(timezone.now() + timedelta(seconds=2))
    assert counting.publish_due_days() == 1
    make.confirmed(petition)
    assert counting.publish_due_days() == 0
    assert Tally.objects.get(petition=petition).provinces == {"BC": 5}
    set_clock(timezone.now() + timedelta(days=1, seconds=2))
    assert counting.publish_due_days() == 1
    assert Tally.objects.get(petition=petition).provinces == {"BC": 6}


_places = st.sampled_from(["AB", "BC", "ON", "QC", "NU", "YT", "abroad"])


@given(st.dictionaries(_places, st.integers(0, 30)))
def test_no_published_cell_is_smaller_than_five(cells: dict[str, int]) -> None:
    shown = counting.merge_small_cells(Counter(cells))
    assert all(number >= counting.SMALLEST_CELL for number in shown.values())
    assert sum(shown.values()) in {0, sum(cells.values())}
    assert all(shown[cell] == cells[cell] for cell in shown if cell != "other")
