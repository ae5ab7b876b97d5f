"""What was agreed with a Member, on one page for the team: the log without private notes.

Printed in the language of whoever asks. No number of signers stands on it: it leaves the desk.
"""

from typing import Any

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext

from campaign.parliament import typesetting, wording
from campaign.parliament.models import Contact, Meeting
from campaign.parliament.states import ContactState
from petitions import clock, formats
from petitions.models import Member


def render(member: Member) -> bytes:
    """The PDF: Letter. The oldest meetings are left out, and counted, if one page is too small."""
    return typesetting.compile("record", sheet(member), made_at=clock.db_instant())


def filename(member: Member) -> str:
    """meetings-levis-lotbiniere-2026-11-24.pdf"""
    # An em dash parts the names of places in a riding's name; slugify would drop it.
    riding = slugify(str(member.riding.name_en).replace("—", "-"))  # type: ignore[attr-defined]
    return f"meetings-{riding}-{clock.today()}.pdf"


def sheet(member: Member) -> dict[str, Any]:
    """Every word of the page; `left_out[n]` says that the n oldest meetings are not on it."""
    rows = list(member.meetings.defer("private_notes"))
    today = formats.long_date(clock.today())
    return {
        "language": formats.current(),
        "title": gettext("Meetings with %(name)s") % {"name": member.name},
        "author": settings.ORGANIZER_NAME or gettext("the campaign team"),
        "kind": gettext("Meetings"),
        "date": today,
        "name": f"{member.honorific} {member.name}".strip(),
        # Nunavut and Yukon are both riding and territory.
        "riding": " · ".join({member.riding.name: 1, formats.province(member.riding.province): 1}),
        "facts": _pairs(_facts(member, getattr(member, "contact", None))),
        "meetings": [_meeting(row) for row in rows],
        "none": gettext("No meeting yet."),
        "left_out": ["", *(_left_out(number) for number in range(1, len(rows) + 1))],
        "notice": gettext("For the team. Private notes are never printed."),
    }


def _facts(member: Member, contact: Contact | None) -> list[tuple[str, str]]:
    offices = [contact.email, contact.phone] if contact else []
    state = ContactState(contact.state) if contact else ContactState.TO_CONTACT
    return [
        (gettext("Party"), str(member.party)),
        (gettext("Office"), " · ".join(filter(None, offices))),
        (gettext("Language"), contact.get_language_display() if contact else ""),
        (gettext("State"), str(state.label)),
        (gettext("Checked"), str(wording.member_day(member)["text"])),
        (gettext("Left"), formats.long_date(member.left_on) if member.left_on else ""),
    ]


def _meeting(row: Meeting) -> dict[str, Any]:
    return {
        "day": formats.long_date(row.day),
        "state": row.get_state_display(),
        "facts": _pairs(
            [
                (gettext("Place"), row.place),
                (gettext("Who took part"), row.participants),
                (gettext("What was asked"), row.asked),
            ]
        ),
        "promise_label": gettext("Answer or promise"),
        "promise": row.promise,
        "step_label": gettext("Next step"),
        "step": _step(row),
    }


def _step(row: Meeting) -> str:
    if not row.next_step or row.next_due is None:
        return ""
    when = wording.due(row.next_due, clock.today())
    if row.next_done_at:
        done = row.next_done_at.astimezone(clock.TORONTO)
        when = gettext("done on %(date)s") % {"date": formats.long_date(done)}
    return f"{row.next_step} · {row.next_by} · {when}"


def _left_out(number: int) -> str:
    return ngettext(
        "%(number)s earlier meeting is in the log on the desk.",
        "%(number)s earlier meetings are in the log on the desk.",
        number,
    ) % {"number": formats.number(number)}


def _pairs(facts: list[tuple[str, str]]) -> list[dict[str, str]]:
    """Those that are known."""
    return [{"name": name, "text": text} for name, text in facts if text]
