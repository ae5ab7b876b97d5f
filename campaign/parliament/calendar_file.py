"""A planned meeting as a file for people's own calendars (RFC 5545)."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext
from icalendar import Calendar, Event

from campaign.parliament.models import Meeting


def calendar_file(meeting: Meeting, *, address: str) -> bytes:
    """One entry for the whole day, without anything private; `address` is the meeting's page.

    Its UID stays, so that a meeting that was moved replaces the former entry.
    """
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{settings.CONTACT_EMAIL.rpartition('@')[2]}")
    event.add("dtstamp", meeting.recorded_at)
    event.add("dtstart", meeting.day)
    event.add("dtend", meeting.day + timedelta(days=1))
    event.add("summary", gettext("Meeting with %(name)s") % {"name": meeting.member.name})
    if meeting.place:
        event.add("location", meeting.place)
    event.add("url", address)
    event.add("class", "PRIVATE")
    calendar = Calendar()
    calendar.add("prodid", "-//petition//meetings//")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file
