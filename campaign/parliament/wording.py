"""Sentences of the pages on Members."""

from datetime import date
from typing import Any

from django.utils.translation import gettext, ngettext

from campaign.parliament import seats
from campaign.parliament.domain.briefings import (
    BriefingError,
    Gap,
    IncompleteError,
    MemberLeftError,
    OldListError,
    Part,
)
from campaign.parliament.queries import Cell, is_old, known_on
from petitions import formats
from petitions.domain.ridings import Report
from petitions.models import Member, MemberList


def cell(signers: Cell) -> str:
    """A number of signers, or that it is too small to be shown, or would give a small one away.

    Which of the two it is must not be told: that would change with a single person.
    """
    return formats.number(signers.number) if signers.seen else gettext("not shown")


def due(day: date, today: date) -> str:
    """When something is to be done, or how late it is by now."""
    if day == today:
        return gettext("due today")
    if day > today:
        return gettext("by %(date)s") % {"date": formats.long_date(day)}
    days = (today - day).days
    return ngettext("%(days)s day late", "%(days)s days late", days) % {
        "days": formats.number(days)
    }


def list_day(checked_on: date | None) -> dict[str, Any]:
    """What day the House's list is of, and whether that is long ago."""
    if checked_on is None:
        return {"text": gettext("No list of Members has been imported."), "is_old": True}
    return {
        "text": gettext("House list of %(date)s.") % {"date": formats.long_date(checked_on)},
        "is_old": is_old(checked_on),
    }


def member_day(member: Member) -> dict[str, Any]:
    """The same of one Member, whom somebody may have looked up since."""
    day = known_on(member)
    if day == member.checked_on:
        return list_day(day)
    return {
        "text": gettext("Compared with the House’s page on %(date)s.")
        % {"date": formats.long_date(day)},
        "is_old": is_old(day),
    }


def gap(found: Gap) -> str:
    """What somebody has to do before a briefing can be made in its language."""
    if found.longest is not None:
        names = {"longest": formats.number(found.longest), "position": found.position}
        if found.part == Part.ASK:
            return gettext("Shorten the ask to %(longest)s characters") % names
        return (
            gettext("Shorten fact %(position)s to %(longest)s characters, its source included")
            % names
        )
    if found.part == Part.FACT:
        return gettext("Write fact %(position)s in this language") % {"position": found.position}
    if found.part == Part.ASK:
        return gettext("Write the ask of the petition in this language")
    return gettext("Write the title of the petition in this language")


def refusal(error: BriefingError) -> str:
    """Why no briefing was made."""
    if isinstance(error, MemberLeftError):
        return gettext("This person is no longer a Member: choose who holds the riding now")
    if isinstance(error, OldListError):
        return gettext(
            "The list of Members is older than 90 days: compare this one with the House’s page, "
            "then press “They agree”"
        )
    if isinstance(error, IncompleteError):
        return gettext("Complete the texts named below, then download")
    return gettext("Choose a petition that has opened")


def imported(report: Report) -> str:
    """What a list changed, in one sentence."""
    if report.did_nothing:
        return gettext("The list is taken in. It changed nothing.")
    return gettext(
        "The list is taken in: %(added)s new, %(gone)s gone, %(changed)s details changed."
    ) % {
        "added": formats.number(len(report.added)),
        "gone": formats.number(len(report.gone)),
        "changed": formats.number(len(report.changed)),
    }


def changes(row: MemberList) -> dict[str, Any]:
    """The same of a list taken in before, name by name; of the first one only how many."""
    return {
        "is_first": row.is_first,
        "changes": [{"name": name, **_change(*change)} for name, *change in row.changed],
    }


def _change(field: str, old: str, new: str) -> dict[str, str]:
    fields = {
        "name": gettext("Full name"),
        "honorific": gettext("Form of address"),
        "riding_id": gettext("Riding"),
        "party_en": gettext("Party (English)"),
        "party_fr": gettext("Party (French)"),
        "left_on": gettext("Left on"),
    }
    return {"field": fields[field], "old": old or "–", "new": new or "–"}


def seat_history(member: Member) -> list[dict[str, Any]]:
    """What lists said of a Member and of the seat, newest first."""
    return [
        {
            "day": formats.long_date(entry.day),
            "member": entry.member,
            "name": entry.name,
            "event": entry.event.label,
            "changes": [_change(*change) for change in entry.changes],
        }
        for entry in seats.history(member)
    ]
