"""Sentences of the pages on Members."""

from datetime import date
from typing import Any

from django.utils.translation import gettext, ngettext

from campaign.parliament import seats
from campaign.parliament.domain.brief_texts import Excess, Gap, Part
from campaign.parliament.domain.briefings import (
    BriefingError,
    IncompleteError,
    MemberLeftError,
    OldListError,
)
from campaign.parliament.domain.packs import NobodyError
from campaign.parliament.queries import Cell, is_old, known_on
from petitions import formats
from petitions.domain.ridings import Report
from petitions.domain.text_names import language_name
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


def list_day(checked_on: date | None, *, on: date | None = None) -> dict[str, Any]:
    """What day the House's list is of, and whether that is long ago."""
    if checked_on is None:
        return {"text": gettext("No list of Members has been imported."), "is_old": True}
    return {
        "text": gettext("House list of %(date)s.") % {"date": formats.long_date(checked_on)},
        "is_old": is_old(checked_on, on=on),
    }


def member_day(member: Member, *, on: date | None = None) -> dict[str, Any]:
    """The same of one Member, whom somebody may have looked up since."""
    day = known_on(member)
    if day == member.checked_on:
        return list_day(day, on=on)
    return {
        "text": gettext("Compared with the House’s page on %(date)s.")
        % {"date": formats.long_date(day)},
        "is_old": is_old(day, on=on),
    }


def part_name(part: Part, position: int = 0) -> str:
    """A text of a briefing by its name."""
    names = {
        Part.TITLE: gettext("Title of the petition"),
        Part.ASK: gettext("The ask"),
        Part.FACT: gettext("Fact %(position)s"),
        Part.BACKGROUND: gettext("Background"),
        Part.DECISION: gettext("Decision %(position)s"),
        Part.STATEMENT: gettext("Statement to read out"),
    }
    return names[part] % {"position": position}


def gap(found: Gap) -> str:
    """What somebody has to do before a briefing can be made in its language."""
    names = {"longest": formats.number(found.longest or 0), "position": found.position}
    if found.longest is not None:
        return _too_long(found) % names
    written = {
        Part.TITLE: gettext("Write the title of the petition in this language"),
        Part.ASK: gettext("Write the ask of the petition in this language"),
        Part.FACT: gettext("Write fact %(position)s in this language"),
        Part.BACKGROUND: gettext("Write the background in this language"),
        Part.DECISION: gettext("Write decision %(position)s in this language"),
    }
    return written[found.part] % names


def _too_long(found: Gap) -> str:
    if found.part == Part.STATEMENT:
        return gettext(
            "Shorten the ask: the statement to read out has more than %(longest)s words with it"
        )
    if found.part == Part.ASK:
        return gettext("Shorten the ask to %(longest)s characters")
    if found.part == Part.FACT:
        return gettext("Shorten fact %(position)s to %(longest)s characters, its source included")
    if found.part == Part.DECISION:
        return gettext("Shorten decision %(position)s to %(longest)s characters")
    if found.in_words:
        return gettext("Shorten the background to %(longest)s words")
    return gettext("Shorten the background to %(longest)s characters")


def excess(found: Excess) -> str:
    """The same of a text that was typed just now, with the length that it has."""
    return gettext("%(what)s (%(language)s): it has %(length)s") % {
        "what": gap(found.gap),
        "language": language_name(found.language),
        "length": formats.number(found.length),
    }


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


def pack_refusal(error: BriefingError) -> str:
    """Why no pack was made; the page says of each Member and text what to do."""
    if isinstance(error, NobodyError):
        return gettext("No riding has that many signers: enter a smaller number")
    if isinstance(error, OldListError):
        return gettext("Some of these Members were not looked up for 90 days: see below")
    return refusal(error)


def pack_size(number: int) -> str:
    return ngettext("%(number)s briefing", "%(number)s briefings", number) % {
        "number": formats.number(number)
    }


def overtaken() -> str:
    """Somebody else was faster."""
    return gettext(
        "Somebody else has saved other texts meanwhile: look at them in another window. "
        "Saving again puts yours in their place"
    )
