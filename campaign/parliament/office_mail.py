"""Mail to a Member's office, drafted for the team's own mail program: a request, and thanks."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from campaign.parliament.letters import Letter
from campaign.parliament.models import Meeting
from petitions import formats
from petitions.models import Member, Petition


def ask_for_meeting(member: Member, petition: Petition, *, language: str) -> Letter:
    """A short request for half an hour, to go with the briefing."""
    with translation.override(language):
        names = {**_names(member), "title": petition.title, "ask": petition.ask}
        parts = [
            gettext("Dear %(member)s,") % names,
            gettext("I am writing about the petition “%(title)s”. %(ask)s") % names,
            gettext(
                "May two or three people of your riding, %(riding)s, meet you or your staff for "
                "half an hour? Our briefing note of one page is attached."
            )
            % names,
            _closing(names),
        ]
        subject = gettext("Request for a meeting: %(riding)s") % names
    return Letter(subject, "\n\n".join(parts) + "\n", to=_address(member))


def thank(meeting: Meeting, *, language: str) -> Letter:
    """Thanks after a meeting, with what was promised as it was said."""
    with translation.override(language):
        names = {
            **_names(meeting.member),
            "day": formats.long_date(meeting.day),
            "promise": meeting.promise,
        }
        promise = gettext(
            "We have noted what you said: “%(promise)s”. We would be glad to know when it is done."
        )
        parts = [
            gettext("Dear %(member)s,") % names,
            gettext("Thank you for meeting us on %(day)s.") % names,
            promise % names if meeting.promise else "",
            gettext("If your office needs anything more, please write to %(contact)s.") % names,
            _closing(names),
        ]
        subject = gettext("Thank you for meeting us on %(day)s") % names
    body = "\n\n".join(part for part in parts if part) + "\n"
    return Letter(subject, body, to=_address(meeting.member))


def _names(member: Member) -> dict[str, str]:
    return {
        "member": member.name,
        "riding": member.riding.name,
        "contact": settings.CONTACT_EMAIL,
        "sender": settings.ORGANIZER_NAME or gettext("the campaign team"),
    }


def _closing(names: dict[str, str]) -> str:
    return "\n".join([gettext("Yours sincerely,"), names["sender"], names["contact"]])


def _address(member: Member) -> str:
    contact = getattr(member, "contact", None)
    return contact.email if contact else ""
