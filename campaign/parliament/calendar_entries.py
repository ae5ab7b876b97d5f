"""A planned meeting for people's own calendars."""

from datetime import timedelta

from django.utils.translation import gettext

from campaign.calendar_file import Entry, calendar_file
from campaign.parliament.models import Meeting


def meeting_file(meeting: Meeting, *, address: str) -> bytes:
    """One entry for the whole day, without anything private; `address` is the meeting's page."""
    entry = Entry(
        name=f"meeting-{meeting.pk}",
        changed_at=meeting.recorded_at,
        starts=meeting.day,
        ends=meeting.day + timedelta(days=1),
        title=gettext("Meeting with %(name)s") % {"name": meeting.member.name},
        place=meeting.place,
        address=address,
        is_private=True,
    )
    return calendar_file(entry, maker="meetings")
