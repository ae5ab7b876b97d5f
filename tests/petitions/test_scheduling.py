"""Opening, days and closing: computed on Toronto's clock, final once scheduled."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from petitions import clock
from petitions.domain import lifecycle, scheduling, vault
from petitions.domain.editing import FrozenError
from petitions.domain.lifecycle import MoveError
from petitions.domain.scheduling import DatesError
from petitions.models import KeySlot, Petition, PetitionEvent
from petitions.models.petition import DURATIONS
from petitions.states import PetitionState
from tests.conftest import SetClock
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
S = PetitionState


def _toronto(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=clock.TORONTO)  # type: ignore[misc,arg-type]


def _ready(**fields: object) -> Petition:
    """In translation, complete, with a proved vault."""
    petition = make.approved(make.open_petition(**fields))
    Petition.objects.filter(pk=petition.pk).update(state=S.IN_TRANSLATION)
    return Petition.objects.get(pk=petition.pk)


@pytest.mark.parametrize(
    ("opens_at", "days", "closes_at"),
    [
        (_toronto(2026, 6, 26, 9), 120, _toronto(2026, 10, 24, 9)),
        # Over the end of summer time, and over its beginning.
        (_toronto(2026, 9, 1, 14, 40), 90, _toronto(2026, 11, 30, 14, 40)),
        (_toronto(2027, 1, 15, 23, 30), 60, _toronto(2027, 3, 16, 23, 30)),
    ],
)
def test_the_closing_is_at_the_same_local_time(
    opens_at: datetime, days: int, closes_at: datetime, set_clock: SetClock
) -> None:
    set_clock(_toronto(2026, 1, 1))
    petition = make.draft_petition()
    scheduling.set_dates(petition, opens_at=opens_at, days=days, threshold=700, by=people.person())
    petition.refresh_from_db()
    assert (petition.opens_at, petition.closes_at) == (opens_at, closes_at)
    assert petition.threshold == 700
    assert scheduling.days_of(petition) == days


def test_an_opening_in_the_past_is_refused() -> None:
    petition = make.draft_petition()
    before = petition.opens_at
    with pytest.raises(DatesError, match="has passed"):
        scheduling.set_dates(
            petition, opens_at=timezone.now(), days=30, threshold=500, by=people.person()
        )
    assert Petition.objects.get().opens_at == before


def test_only_the_houses_durations_are_taken() -> None:
    with pytest.raises(DatesError, match="how many days"):
        scheduling.set_dates(
            make.draft_petition(), opens_at=None, days=31, threshold=500, by=people.person()
        )


@pytest.mark.parametrize("state", [S.SCHEDULED, S.OPEN, S.CLOSED])
def test_dates_and_goal_are_final_once_scheduled(state: PetitionState) -> None:
    petition = make.draft_petition()
    Petition.objects.filter(pk=petition.pk).update(state=state)
    with pytest.raises(FrozenError):
        scheduling.set_dates(petition, opens_at=None, days=30, threshold=1, by=people.person())
    assert Petition.objects.get().threshold == 500


def test_scheduling_for_later_leaves_the_opening_to_the_clock(set_clock: SetClock) -> None:
    opens_at = timezone.now() + timedelta(days=2)
    petition = _ready(opens_at=opens_at, closes_at=opens_at + timedelta(days=30))
    scheduling.schedule(petition, by=people.person())
    petition.refresh_from_db()
    assert (petition.state, petition.opens_at) == (S.SCHEDULED, opens_at)
    set_clock(opens_at)
    lifecycle.advance_by_clock()
    petition.refresh_from_db()
    assert petition.state == S.OPEN


def test_scheduling_after_the_opening_opens_at_once_for_all_its_days(set_clock: SetClock) -> None:
    pressed_at = _toronto(2026, 9, 10, 16, 5)
    petition = _ready(opens_at=_toronto(2026, 9, 1, 9), closes_at=_toronto(2026, 12, 30, 9))
    set_clock(pressed_at)
    organizer = people.person()
    scheduling.schedule(petition, by=organizer, reason="Ready")
    petition.refresh_from_db()
    assert petition.state == S.OPEN
    assert (petition.opens_at, petition.closes_at) == (pressed_at, _toronto(2027, 1, 8, 16, 5))
    steps = PetitionEvent.objects.order_by("pk").values_list("to_state", "by", "reason")
    assert list(steps) == [(S.SCHEDULED, organizer.pk, "Ready"), (S.OPEN, organizer.pk, "Ready")]


def test_opening_at_once_waits_for_the_vault_and_changes_nothing() -> None:
    petition = _ready()
    KeySlot.objects.filter(kind=KeySlot.Kind.RECOVERY).update(proved_at=None)
    assert not vault.is_proved(petition)
    (reason,) = scheduling.reasons_against(petition)
    assert reason.startswith("The vault has not been proved")
    before = (petition.opens_at, petition.closes_at)
    with pytest.raises(MoveError, match="vault"):
        scheduling.schedule(petition, by=people.person())
    petition.refresh_from_db()
    assert (petition.state, petition.opens_at, petition.closes_at) == (S.IN_TRANSLATION, *before)
    assert not PetitionEvent.objects.exists()


def test_scheduling_for_later_does_not_wait_for_the_vault() -> None:
    petition = _ready(opens_at=timezone.now() + timedelta(days=2))
    KeySlot.objects.update(proved_at=None)
    assert scheduling.reasons_against(petition) == []
    scheduling.schedule(petition, by=people.person())
    petition.refresh_from_db()
    assert petition.state == S.SCHEDULED


# --- twenty years of clock changes -----------------------------------------------------------

#: Midnight, the hour that is skipped in spring and told twice in autumn, and e-1746's own.
HOURS = (time(0, 0), time(1, 30), time(2, 30), time(17, 25))
FIRST = date(2018, 1, 1)


@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize("days", DURATIONS)
def test_for_twenty_years_it_closes_at_the_same_time_of_day(hour: time, days: int) -> None:
    """Whatever the clock change between; only the hour that spring skips is told one later."""
    hours, odd = set(), []
    for number in range(20 * 365):
        opens_at = datetime.combine(FIRST + timedelta(days=number), hour, clock.TORONTO)
        # As the database gives it back.
        opened = opens_at.astimezone(UTC)
        closed = scheduling.closing(opened, days).astimezone(UTC)
        local, end = opened.astimezone(clock.TORONTO), closed.astimezone(clock.TORONTO)
        hours.add((closed - opened) - timedelta(days=days))
        assert end.date() - local.date() == timedelta(days=days)
        if end.time() != local.time():
            odd.append((local, end))
    assert hours <= {timedelta(0), timedelta(hours=1), timedelta(hours=-1)}
    assert len(hours) == 3
    # Skipped hours: at the opening (told one later from the start) or at the closing.
    assert all(end.time() == time(3, 30) and hour == time(2, 30) for _local, end in odd)
    assert len(odd) <= 20


def test_e_1746_closed_120_days_later_at_the_same_time() -> None:
    opened = datetime(2018, 6, 26, 17, 25, tzinfo=clock.TORONTO)
    assert scheduling.closing(opened, 120) == datetime(2018, 10, 24, 17, 25, tzinfo=clock.TORONTO)
