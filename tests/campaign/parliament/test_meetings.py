"""Meetings carry their Member forwards, never back; what is half said is refused."""

from datetime import timedelta

import pytest

from campaign.accounts.models import User
from campaign.accounts.roles import Role
from campaign.parliament.domain import meetings
from campaign.parliament.domain.contacts import set_contact
from campaign.parliament.domain.meetings import Details
from campaign.parliament.models import Contact, Meeting
from campaign.parliament.states import ContactState, MeetingState
from petitions import clock
from petitions.models import Member
from tests.factories import parliament, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    return parliament.member()


@pytest.fixture
def briefer() -> User:
    return people.person(Role.BRIEFER)


def _details(days: int = 0, **fields: object) -> Details:
    return Details(day=clock.today() + timedelta(days=days), **fields)  # type: ignore[arg-type]


def _state(member: Member) -> str:
    return Contact.objects.get(member=member).state


def test_planning_books_and_recording_meets(member: Member, briefer: User) -> None:
    meeting = meetings.plan(Meeting(member=member), _details(3, place="Ottawa"), by=briefer)
    assert (meeting.state, meeting.place, meeting.recorded_by) == ("planned", "Ottawa", briefer)
    assert _state(member) == ContactState.BOOKED
    meetings.record(meeting, _details(), by=briefer)
    assert (Meeting.objects.get().state, _state(member)) == (MeetingState.HELD, ContactState.MET)
    assert Contact.objects.get().changed_by == briefer


def test_a_promise_is_more_than_a_meeting(member: Member, briefer: User) -> None:
    meetings.record(Meeting(member=member), _details(promise="I will ask"), by=briefer)
    assert _state(member) == ContactState.PROMISED


@pytest.mark.parametrize("state", [ContactState.PROMISED, ContactState.DONE])
def test_nothing_goes_backwards_by_itself(
    member: Member, briefer: User, state: ContactState
) -> None:
    set_contact(member, state=state, language="fr", email="", phone="", by=briefer)
    meeting = meetings.plan(Meeting(member=member), _details(3), by=briefer)
    meetings.record(meeting, _details(), by=briefer)
    other = meetings.plan(Meeting(member=member), _details(5), by=briefer)
    meetings.cancel(other, by=briefer)
    assert _state(member) == state
    assert Contact.objects.get().language == "fr"


def test_a_person_may_set_any_state(member: Member, briefer: User) -> None:
    for state in (ContactState.DONE, ContactState.TO_CONTACT):
        set_contact(member, state=state, language="", email="", phone="", by=briefer)
        assert _state(member) == state


def test_nobody_has_met_tomorrow(member: Member, briefer: User) -> None:
    with pytest.raises(meetings.HeldInFutureError):
        meetings.record(Meeting(member=member), _details(1), by=briefer)
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("missing", ["next_step", "next_by", "next_due"])
def test_a_step_has_a_person_and_a_day(member: Member, briefer: User, missing: str) -> None:
    step = {"next_step": "Call", "next_by": "Dara", "next_due": clock.today()}
    step[missing] = None if missing == "next_due" else ""
    with pytest.raises(meetings.StepIncompleteError):
        meetings.plan(Meeting(member=member), _details(**step), by=briefer)
    assert not Meeting.objects.exists()
    assert not Contact.objects.exists()


def test_only_a_planned_meeting_is_cancelled(member: Member, briefer: User) -> None:
    meeting = meetings.plan(Meeting(member=member), _details(3), by=briefer)
    assert meetings.cancel(meeting, by=briefer).state == MeetingState.CANCELLED
    held = meetings.record(Meeting(member=member), _details(), by=briefer)
    for done in (meeting, held):
        with pytest.raises(meetings.NotPlannedError):
            meetings.cancel(done, by=briefer)
    held.refresh_from_db()
    assert held.state == MeetingState.HELD


def test_a_step_is_done_once(member: Member, briefer: User) -> None:
    step = {"next_step": "Call", "next_by": "Dara", "next_due": clock.today()}
    meeting = meetings.record(Meeting(member=member), _details(**step), by=briefer)
    first = meetings.finish_step(meeting, by=briefer).next_done_at
    assert first is not None
    assert meetings.finish_step(meeting, by=people.person()).next_done_at == first
    assert Meeting.objects.get().recorded_by == briefer


def test_without_a_step_nothing_is_done(member: Member, briefer: User) -> None:
    meeting = meetings.record(Meeting(member=member), _details(), by=briefer)
    assert meetings.finish_step(meeting, by=briefer).next_done_at is None


def test_another_step_is_not_done_yet_and_the_same_one_stays_done(
    member: Member, briefer: User
) -> None:
    step = {"next_step": "Call", "next_by": "Dara", "next_due": clock.today()}
    meeting = meetings.record(Meeting(member=member), _details(**step), by=briefer)
    meetings.finish_step(meeting, by=briefer)
    meetings.record(meeting, _details(**step, place="Ottawa"), by=briefer)
    assert meeting.next_done_at is not None
    meetings.record(meeting, _details(**{**step, "next_step": "Write"}), by=briefer)
    assert meeting.next_done_at is None
