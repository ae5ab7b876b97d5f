"""Meetings with Members: planned, recorded as they went, cancelled; and the step that follows."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction

from campaign.accounts.models import User
from campaign.parliament.domain.contacts import advance
from campaign.parliament.models import Meeting
from campaign.parliament.states import ContactState, MeetingState
from petitions import clock


class MeetingError(ValueError):
    """A meeting that cannot be so."""


class HeldInFutureError(MeetingError):
    """A meeting cannot have been held on a day to come."""


class StepIncompleteError(MeetingError):
    """A next step needs what is done, the person who does it and the day."""


class NotPlannedError(MeetingError):
    """Only a meeting that is still planned can be cancelled."""


@dataclass(frozen=True)
class Details:
    """What is written of a meeting; `private_notes` are for the team alone."""

    day: date
    place: str = ""
    participants: str = ""
    asked: str = ""
    promise: str = ""
    next_step: str = ""
    next_by: str = ""
    next_due: date | None = None
    private_notes: str = ""


def is_future(day: date) -> bool:
    """Whether a day has not begun in Toronto."""
    return day > clock.today()


def plan(meeting: Meeting, details: Details, *, by: User) -> Meeting:
    """A meeting that is to come, new or moved; its Member now has one booked."""
    return _write(meeting, details, MeetingState.PLANNED, by=by)


def record(meeting: Meeting, details: Details, *, by: User) -> Meeting:
    """A meeting that took place, planned before or not; its Member is met, or has promised."""
    if is_future(details.day):
        raise HeldInFutureError
    return _write(meeting, details, MeetingState.HELD, by=by)


@transaction.atomic
def _write(meeting: Meeting, details: Details, state: MeetingState, *, by: User) -> Meeting:
    step = (details.next_step, details.next_by, details.next_due)
    if any(step) and not all(step):
        raise StepIncompleteError
    if step != (meeting.next_step, meeting.next_by, meeting.next_due):
        meeting.next_done_at = None  # another step: what was done is not this one
    for name, value in asdict(details).items():
        setattr(meeting, name, value)
    meeting.state = state
    meeting.recorded_at, meeting.recorded_by = clock.db_instant(), by
    meeting.save()
    advance(meeting.member, to=_reached(meeting), by=by)
    return meeting


def _reached(meeting: Meeting) -> ContactState:
    if meeting.state == MeetingState.PLANNED:
        return ContactState.BOOKED
    return ContactState.PROMISED if meeting.promise else ContactState.MET


def cancel(meeting: Meeting, *, by: User) -> Meeting:
    """It will not take place. How far the Member is stays as it was said."""
    planned = Meeting.objects.filter(pk=meeting.pk, state=MeetingState.PLANNED)
    if not planned.update(state=MeetingState.CANCELLED, recorded_at=clock.db_now(), recorded_by=by):
        raise NotPlannedError
    meeting.refresh_from_db()
    return meeting


def finish_step(meeting: Meeting, *, by: User) -> Meeting:
    """The next step is done; a second press changes nothing."""
    undone = Meeting.objects.filter(pk=meeting.pk, next_done_at=None).exclude(next_step="")
    undone.update(next_done_at=clock.db_now(), recorded_at=clock.db_now(), recorded_by=by)
    meeting.refresh_from_db()
    return meeting
