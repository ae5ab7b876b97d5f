"""An event as others are told of it: calendars and search engines, in the active language."""

from django.conf import settings

from campaign.calendar_file import Entry, calendar_file
from campaign.newsroom.models import Happening
from campaign.newsroom.prose import to_text
from petitions import clock, formats, presentation, structured


def event_file(happening: Happening) -> bytes:
    """For people's own calendars; the same event in another language is the same entry."""
    entry = Entry(
        name=f"event-{happening.pk}",
        changed_at=happening.changed_at,
        starts=happening.starts_at,
        ends=happening.ends_at,
        title=happening.title,
        place=happening.place,
        address=presentation.absolute(happening.get_absolute_url()),
        note=happening.note,
        language=formats.HTML_LANGUAGES[formats.current()],
        is_cancelled=happening.is_cancelled,
    )
    return calendar_file(entry, maker="events")


def event(happening: Happening) -> structured.Thing:
    """As schema.org has it. That the place is the address, too, is all that is known of it."""
    organizer = structured.organization()
    if settings.ORGANIZER_NAME:
        organizer["name"] = settings.ORGANIZER_NAME
    status = "EventCancelled" if happening.is_cancelled else "EventScheduled"
    return {
        "@type": "Event",
        "name": happening.title,
        "description": description(happening),
        "inLanguage": formats.HTML_LANGUAGES[formats.current()],
        "url": presentation.absolute(happening.get_absolute_url()),
        "startDate": happening.starts_at.astimezone(clock.TORONTO).isoformat(),
        "endDate": happening.ends_at.astimezone(clock.TORONTO).isoformat(),
        "eventStatus": f"https://schema.org/{status}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {"@type": "Place", "name": happening.place, "address": happening.place},
        "organizer": organizer,
    }


def description(happening: Happening) -> str:
    """Its note, else what it says at length, else where and when it is."""
    text = happening.note or to_text(happening.body, formats.current())
    return text or f"{formats.full_date(happening.starts_at)} · {happening.place}"
