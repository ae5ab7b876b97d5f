"""A file with one entry for people's own calendars (RFC 5545)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from icalendar import Calendar, Event, vText


@dataclass(frozen=True)
class Entry:
    """What stands in a calendar.

    name         stays whatever else changes, so that what was moved replaces the former entry
    starts, ends days where it lasts whole days, the last one not counted; else instants
    language     of title, place and note, as HTML names it; "" where they are of several
    """

    name: str
    changed_at: datetime
    starts: date
    ends: date
    title: str
    place: str
    address: str
    note: str = ""
    language: str = ""
    is_private: bool = False
    is_cancelled: bool = False


def calendar_file(entry: Entry, *, maker: str) -> bytes:
    """`maker` is the part of this site that made it."""
    event = Event()
    event.add("uid", f"{entry.name}@{settings.CONTACT_EMAIL.rpartition('@')[2]}")
    event.add("dtstamp", entry.changed_at)
    event.add("dtstart", _universal(entry.starts))
    event.add("dtend", _universal(entry.ends))
    texts = {"summary": entry.title, "location": entry.place, "description": entry.note}
    parameters = {"language": entry.language} if entry.language else {}
    for name, text in texts.items():
        if text:
            event.add(name, vText(text), parameters=parameters)
    event.add("url", entry.address)
    if entry.is_private:
        event.add("class", "PRIVATE")
    if entry.is_cancelled:
        event.add("status", "CANCELLED")
    calendar = Calendar()
    calendar.add("prodid", f"-//petition//{maker}//")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file


def _universal(value: date) -> date:
    """A zone by its name would need its rules in the file; universal time needs none."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value
