"""When a petition is open: the opening, the days from then on, and the goal.

The closing instant is computed: so many days later, at the same local time in Toronto.
"""

from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext

from petitions import clock, formats
from petitions.domain import auditing, gate, lifecycle
from petitions.domain.editing import EditError, Wording, lock
from petitions.models import Petition, PetitionEvent
from petitions.models.petition import DURATIONS
from petitions.states import PetitionState


class DatesError(EditError):
    """These dates cannot be; the text says why."""


def closing(opens_at: datetime, days: int) -> datetime:
    """So many days later by the clock on the wall, also across the change to summer time."""
    return opens_at.astimezone(clock.TORONTO) + timedelta(days=days)


def days_of(petition: Petition) -> int | None:
    """How many days the petition is or will be open; None while that is not set."""
    if petition.opens_at is None or petition.closes_at is None:
        return petition.duration
    opening, end = (clock.day_of(instant) for instant in (petition.opens_at, petition.closes_at))
    return (end - opening).days


@transaction.atomic
def set_dates(
    petition: Petition,
    *,
    opens_at: datetime | None,
    days: int,
    threshold: int,
    by: AbstractBaseUser,
) -> Petition:
    """Stores goal and dates; `opens_at` None means as soon as it is scheduled.

    Raises `FrozenError` when they are final, `DatesError` when the opening has passed.
    """
    locked = lock(petition)
    now = clock.db_instant()
    if opens_at is not None and opens_at <= now:
        raise DatesError(
            gettext("This moment has passed: enter a later one, or choose as soon as possible")
        )
    if days not in DURATIONS:
        raise DatesError(gettext("Select how many days it is open"))
    # An opening that has come by the time of scheduling is the moment of scheduling (below).
    locked.opens_at = opens_at or now
    locked.closes_at = closing(locked.opens_at, days)
    locked.duration = days
    locked.threshold = threshold
    locked.save(update_fields=["opens_at", "closes_at", "duration", "threshold"])
    auditing.record(auditing.Kind.DATES, by=by, petition=locked, days=days, threshold=threshold)
    return locked


def opens_at_once(petition: Petition) -> bool:
    """Whether scheduling would open the petition there and then."""
    return petition.opens_at is not None and petition.opens_at <= clock.db_instant()


def reasons_against(petition: Petition) -> list[str]:
    """Every reason why `schedule()` would be refused now."""
    reasons = lifecycle.reasons_against(petition, PetitionState.SCHEDULED)
    if opens_at_once(petition):
        reasons += lifecycle.reasons_against(
            petition, PetitionState.OPEN, after=PetitionState.SCHEDULED
        )
    return list(dict.fromkeys(reasons))


@transaction.atomic
def schedule(petition: Petition, *, by: AbstractBaseUser, reason: str = "") -> PetitionEvent:
    """Makes texts and dates final and the page public; opens at once when the moment has come.

    Then the petition is given all its days from now on. Raises `MoveError`, and changes nothing,
    when a guard forbids either step.
    """
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    days = days_of(locked)
    if not opens_at_once(locked) or days is None:
        return lifecycle.move(locked, PetitionState.SCHEDULED, by=by, reason=reason)
    lifecycle.move(locked, PetitionState.SCHEDULED, by=by, reason=reason)
    locked.opens_at = clock.db_instant()
    locked.closes_at = closing(locked.opens_at, days)
    locked.save(update_fields=["opens_at", "closes_at"])
    return lifecycle.move(locked, PetitionState.OPEN, by=by, reason=reason)


@transaction.atomic
def schedule_anyway(petition: Petition, *, note: Wording, by: AbstractBaseUser) -> PetitionEvent:
    """Schedules a petition whose texts are not all approved; everybody reads the note.

    Raises `gate.NoteError` or `MoveError`, and then publishes no note.
    """
    gate.override(petition, note=note, by=by)
    return schedule(petition, by=by, reason=note[formats.current()])
