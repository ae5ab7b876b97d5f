"""The file for calendars, as RFC 5545 has it."""

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar
from pytest_django import Settings

from campaign.calendar_file import Entry, calendar_file
from petitions import clock


def _entry(**fields: object) -> Entry:
    defaults: dict[str, object] = {
        "name": "event-1",
        "changed_at": datetime(2026, 6, 1, tzinfo=UTC),
        "starts": datetime(2026, 7, 1, 18, 30, tzinfo=clock.TORONTO),
        "ends": datetime(2026, 7, 1, 20, 30, tzinfo=clock.TORONTO),
        "title": "A title",
        "place": "A place",
        "address": "https://petition.example.org/en/events/an-event/",
    }
    return Entry(**{**defaults, **fields})  # type: ignore[arg-type]  # as they are named


def _lines(entry: Entry) -> list[str]:
    return calendar_file(entry, maker="events").decode().split("\r\n")


def test_it_has_what_a_calendar_must_have(settings: Settings) -> None:
    settings.CONTACT_EMAIL = "contact@petition.example.org"
    lines = _lines(_entry())
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    assert {
        "VERSION:2.0",
        "PRODID:-//petition//events//",
        "UID:event-1@petition.example.org",
        "DTSTAMP:20260601T000000Z",
        "SUMMARY:A title",
    } <= set(lines)


def test_an_instant_needs_no_zone_and_a_day_has_no_hour() -> None:
    assert {"DTSTART:20260701T223000Z", "DTEND:20260702T003000Z"} <= set(_lines(_entry()))
    days = _lines(_entry(starts=date(2026, 7, 1), ends=date(2026, 7, 2)))
    assert {"DTSTART;VALUE=DATE:20260701", "DTEND;VALUE=DATE:20260702"} <= set(days)


@pytest.mark.parametrize("title", ["ជួយចុះហត្ថលេខា " * 9, "One; two, three\nfour \\ five"])
def test_any_text_comes_out_as_it_went_in(title: str) -> None:
    content = calendar_file(_entry(title=title, language="km"), maker="events")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert str(event["summary"]) == title
    assert event["summary"].params["language"] == "km"


def test_only_what_is_known_and_private_is_said_so() -> None:
    public = _lines(_entry(place=""))
    assert not [line for line in public if line.startswith(("LOCATION", "DESCRIPTION", "CLASS"))]
    assert "CLASS:PRIVATE" in _lines(_entry(is_private=True))
