"""The board of meetings: every Member under how far the team is with them, the next first."""

from dataclasses import dataclass
from datetime import date

from campaign.parliament.models import Meeting
from campaign.parliament.queries import Row
from campaign.parliament.states import ContactState, MeetingState

#: A column shows so many; the rest stand in the list of Members, which has pages.
SHOWN = 20


@dataclass(frozen=True)
class Card:
    """A Member on the board.

    planned   the meeting that is to come, or was not recorded: the first of several
    step      the meeting whose next step is undone: the one due first
    """

    row: Row
    planned: Meeting | None
    step: Meeting | None

    @property
    def day(self) -> date:
        """When somebody has to do something for this Member; `date.max` when nobody has."""
        days = [self.planned.day if self.planned else None, self.step and self.step.next_due]
        return min((day for day in days if day), default=date.max)


@dataclass(frozen=True)
class Column:
    state: ContactState
    cards: list[Card]
    number: int

    @property
    def is_cut(self) -> bool:
        return self.number > len(self.cards)


def columns(rows: list[Row], *, only: str = "") -> list[Column]:
    """The five states, or the one asked for; in each what is due first, then most signers.

    `rows` come most signers first (`queries.rows`), with small numbers counted as none.
    """
    planned, steps = _planned(), _steps()
    states = [state for state in ContactState if only in ("", state)]
    found = []
    for state in states:
        cards = [
            Card(row, planned.get(row.member.pk), steps.get(row.member.pk))
            for row in rows
            if row.member and row.state == state
        ]
        cards.sort(key=lambda card: card.day)
        found.append(Column(state, cards[:SHOWN], len(cards)))
    return found


def _planned() -> dict[int, Meeting]:
    """The first planned meeting of each Member; private notes are not read."""
    rows = Meeting.objects.filter(state=MeetingState.PLANNED).defer("private_notes")
    return {meeting.member_id: meeting for meeting in rows.order_by("-day", "-pk")}


def _steps() -> dict[int, Meeting]:
    """The meeting whose next step is due first, of each Member."""
    rows = Meeting.objects.filter(next_done_at=None).exclude(next_step="").defer("private_notes")
    return {meeting.member_id: meeting for meeting in rows.order_by("-next_due", "-pk")}
