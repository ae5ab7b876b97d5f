"""Every number that the desk shows, each with its definition.

A day is a day in Toronto. Only days that are over count as full.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor

from django.db.models import Count
from django.db.models.functions import TruncDate

from petitions import clock
from petitions.domain import counting, reminding
from petitions.models import Delivery, Petition, Signature, Tally
from petitions.states import DeliveryState, PetitionState, SignatureState

#: A pace is the mean of this many full days; with fewer there is none.
PACE_DAYS = 7


@dataclass(frozen=True)
class Day:
    """Signatures that began to count on one day, and all that counted by its end."""

    day: date
    counted: int
    total: int


@dataclass(frozen=True)
class Overview:
    """The figures of one petition at one instant.

    confirmed      signatures that count now; once certified or not, those that counted then
    pending        sent, and not confirmed yet
    bounced        of these, the ones whose mail server refused the address
    to_remind      of these, the ones that may be reminded now (`petitions/domain/reminding.py`)
    last_week      began to count on the last seven full days; None before there are seven
    week_before    the same for the seven days before; None before there are fourteen
    days_left      days until closing, today included as a part; 0 when not open
    """

    petition: Petition
    confirmed: int
    pending: int
    bounced: int
    to_remind: int
    series: list[Day]
    last_week: int | None
    week_before: int | None
    days_left: float

    @property
    def to_go(self) -> int:
        return max(0, self.petition.threshold - self.confirmed)

    @property
    def pace(self) -> float | None:
        """Signatures a day: the mean of the last seven full days."""
        return None if self.last_week is None else self.last_week / PACE_DAYS

    @property
    def needed_a_day(self) -> float | None:
        """(threshold - confirmed) / days left; None when there is nothing to go or no day left."""
        return self.to_go / self.days_left if self.to_go and self.days_left else None

    @property
    def forecast(self) -> int | None:
        """confirmed + pace x days left, rounded down; None without a pace or when not open."""
        if self.pace is None or not self.days_left:
            return None
        return floor(self.confirmed + self.pace * self.days_left)

    @property
    def change(self) -> float | None:
        """last_week against week_before, as a fraction (0.12 = 12 % more)."""
        if self.last_week is None or not self.week_before:
            return None
        return self.last_week / self.week_before - 1


def overview(petition: Petition) -> Overview:
    rows = Signature.objects.filter(petition=petition)
    now = clock.db_instant()
    today = clock.day_of(now)
    is_final = counting.is_frozen(petition)
    series = _series(petition, today, is_final=is_final)
    pending = rows.filter(state=SignatureState.PENDING)
    is_open = petition.state == PetitionState.OPEN and petition.closes_at is not None
    left = (petition.closes_at - now) / timedelta(days=1) if is_open and petition.closes_at else 0.0
    return Overview(
        petition=petition,
        confirmed=counting.exact_total(petition) if is_final else rows.counted().count(),
        pending=pending.count(),
        bounced=_bounced(petition),
        to_remind=reminding.due(petition).count(),
        series=series,
        last_week=_week(series, ending=today),
        week_before=_week(series, ending=today - timedelta(days=PACE_DAYS)),
        days_left=max(0.0, left),
    )


def _bounced(petition: Petition) -> int:
    refused = Delivery.objects.filter(
        petition=petition,
        state=DeliveryState.BOUNCED,
        signature__state=SignatureState.PENDING,
    )
    return refused.values("signature").distinct().count()


def _series(petition: Petition, today: date, *, is_final: bool) -> list[Day]:
    """Every day from the opening to today, without gaps."""
    if petition.opens_at is None:
        return []
    by_day = _by_day(petition, is_final=is_final)
    closes = clock.day_of(petition.closes_at) if petition.closes_at else today
    # Links mailed before closing still count on the day after.
    last = min(today, closes + timedelta(days=1))
    day, total, series = clock.day_of(petition.opens_at), 0, []
    while day <= last:
        counted = by_day.get(day, 0)
        total += counted
        series.append(Day(day, counted, total))
        day += timedelta(days=1)
    return series


def _by_day(petition: Petition, *, is_final: bool) -> dict[date, int]:
    if is_final:
        return dict(petition.days.values_list("day", "counted"))
    counted = Signature.objects.filter(petition=petition).counted()
    return dict(
        counted.annotate(day=TruncDate("counted_at", tzinfo=clock.TORONTO))
        .values_list("day")
        .annotate(number=Count("pk"))
    )


def _week(series: list[Day], *, ending: date) -> int | None:
    """The signatures of the seven full days before `ending`; None if not all are in the series."""
    first = ending - timedelta(days=PACE_DAYS)
    days = [each.counted for each in series if first <= each.day < ending]
    return sum(days) if len(days) == PACE_DAYS else None


# --- where they come from --------------------------------------------------------------------


def by_field(petition: Petition, field: str, *, small_cells: bool) -> dict[str, int]:
    """Counted signatures by province, language or source, largest first.

    Without `small_cells` these are the tables of the day, those under five together as "other":
    the same as on public pages, which no single signature moves.
    """
    if not small_cells:
        tally = Tally.objects.filter(petition=petition).first() or Tally()
        shown = tally.provinces if field == "province" else tally.desk.get(field, {})
        return dict(sorted(shown.items(), key=lambda item: (item[0] == "other", -item[1], item[0])))
    rows = Signature.objects.filter(petition=petition).counted()
    cells = Counter(dict(rows.values_list(field).annotate(number=Count("pk"))))
    return dict(cells.most_common())


def tables_of(petition: Petition) -> date | None:
    """The day of the tables for whoever may not see small cells; None before there are any."""
    return Tally.objects.filter(petition=petition).values_list("provinces_day", flat=True).first()
