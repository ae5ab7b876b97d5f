"""Counting events on the way to a signature: how many, never whose.

Told are a day, a step and a language; no address, no cookie and no time of the day.
"""

import time
from collections import Counter
from collections.abc import Mapping
from datetime import date
from threading import Lock
from typing import NamedTuple

from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncDate

from petitions import clock
from petitions.models import Signature, VisitDay
from petitions.states import VisitStep

#: Seconds between two writings of a process. Signing waits for no crowd that only looks.
PAUSE = 5.0


class Event(NamedTuple):
    petition_id: int
    day: date
    step: str
    language: str


class Batch:
    """Events of this process that are not written yet.

    The first one after a pause takes along what has come since. A process that is killed loses
    what came within `PAUSE` of its last writing: of pages that were looked at, nothing more.
    """

    def __init__(self) -> None:
        self._events: Counter[Event] = Counter()
        self._due = 0.0
        self._lock = Lock()

    def note(self, event: Event) -> None:
        with self._lock:
            self._events[event] += 1
            if time.monotonic() < self._due:
                return
            self._due = time.monotonic() + PAUSE
            events, self._events = self._events, Counter()
        add(events)


def add(events: Mapping[Event, int]) -> None:
    """Adds to the days' numbers, whoever else does at the same time."""
    for event, number in sorted(events.items()):
        row, _created = VisitDay.objects.get_or_create(**event._asdict())
        VisitDay.objects.filter(pk=row.pk).update(count=F("count") + number)


def keep_numbers(rows: QuerySet[Signature]) -> None:
    """What is known of signatures that are about to be deleted: how many were sent, and mailed."""
    days = rows.annotate(day=TruncDate("created_at", tzinfo=clock.TORONTO)).order_by()
    events = {}
    for *key, sent, mailed in days.values_list("petition_id", "day", "language").annotate(
        Count("pk"), Count("first_mail_at")
    ):
        petition_id, day, language = key
        events[Event(petition_id, day, VisitStep.SUBMITTED, language)] = sent
        events[Event(petition_id, day, VisitStep.MAILED, language)] = mailed
    add({event: number for event, number in events.items() if number})
