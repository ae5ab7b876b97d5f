"""What happened beside signing, as the chart marks it: days, and nobody's name."""

from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, IntegerField, TextChoices, Value
from django.db.models.functions import TruncDate

from campaign.parliament.models import Meeting
from campaign.parliament.states import MeetingState
from petitions import clock
from petitions.models import EventNetwork, Mailing, Milestone, Petition

_NOTHING = Value(0, IntegerField())


class MarkKind(TextChoices):
    MILESTONE = "milestone"
    MAIL = "mail"
    MEETING = "meeting"
    EVENT = "event"


@dataclass(frozen=True)
class Mark:
    """Something on one day.

    number   of a milestone the signatures, of a mail the people it went to
    detail   of a mail its kind
    """

    day: date
    kind: MarkKind
    number: int
    detail: str


def marks(petition: Petition) -> list[Mark]:
    """Oldest first. Meetings and events are the campaign's, whichever petition is shown."""
    instants = (
        (MarkKind.MILESTONE, Milestone.objects.filter(petition=petition), "reached_at", "number"),
        (MarkKind.MAIL, Mailing.objects.filter(petition=petition), "started_at", "recipients"),
        (MarkKind.EVENT, EventNetwork.objects.all(), "begins_at", _NOTHING),
    )
    meetings = Meeting.objects.filter(state=MeetingState.HELD).order_by()
    found = meetings.values_list("day", _text(MarkKind.MEETING), _NOTHING, _text("")).union(
        *(
            rows.order_by().values_list(
                TruncDate(column, tzinfo=clock.TORONTO),
                _text(kind),
                number,
                "kind" if kind == MarkKind.MAIL else _text(""),
            )
            for kind, rows, column, number in instants
        ),
        all=True,
    )
    return sorted(
        (Mark(day, MarkKind(kind), number, detail) for day, kind, number, detail in found),
        key=lambda mark: (mark.day, mark.kind, mark.number),
    )


def _text(value: str) -> Value:
    return Value(value, CharField())
