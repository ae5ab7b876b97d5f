"""Every number of days that the desk shows, each with its definition.

A day is a day in Toronto. Only days that are over count as full. Where numbers come from:
`breakdowns.py`; the steps before a signature: `funnel.py`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import floor
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Count, Func, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.sql.compiler import SQLCompiler

from campaign.dashboard.filters import Filters
from petitions import clock
from petitions.domain import reminding
from petitions.domain.lifetimes import LONGEST_LIFE
from petitions.models import Delivery, Milestone, Outcome, PaperBatch, Petition, Signature
from petitions.states import DeliveryState, PaperState, PetitionState, SignatureState

#: A pace is the mean of this many full days; with fewer there is none.
PACE_DAYS = 7


@dataclass(frozen=True)
class Day:
    """Signatures that began to count on one day, and all that counted by its end."""

    day: date
    counted: int
    total: int


@dataclass(frozen=True)
class Spell:
    """Some days in a row.

    counted   signatures that began to count on these days
    before    the same for as many days before; None when the petition was not open on all of them,
              or when the last day is not over
    """

    days: int
    counted: int
    before: int | None

    @property
    def a_day(self) -> float:
        return self.counted / self.days

    @property
    def change(self) -> float | None:
        """Against the days before, as a fraction (0.12 = 12 % more)."""
        return self.counted / self.before - 1 if self.before else None


@dataclass(frozen=True)
class Overview:
    """The figures of one petition at one instant.

    confirmed      signatures that count now; once certified or not, those that counted then
    pending        sent, and not confirmed yet; of the chosen rows
    bounced        pending, and the mail server refused the address
    to_remind      pending, and may be reminded now (`petitions/domain/reminding.py`)
    on_paper       accepted on sheets; in no other number
    crossed_at     when the threshold was reached first, also when the count has fallen since
    series         every day from the opening on, without gaps
    part           the same of the chosen rows alone; `series` itself when none is chosen
    week           the last seven full days; None before there are seven
    days_left      days until closing, today included as a part; 0 when not open
    """

    petition: Petition
    filters: Filters
    confirmed: int
    pending: int
    bounced: int
    to_remind: int
    on_paper: int
    crossed_at: datetime | None
    now: datetime
    series: list[Day]
    part: list[Day]
    today: date
    days_left: float

    @property
    def is_part(self) -> bool:
        return bool(self.filters.rows)

    @property
    def part_confirmed(self) -> int:
        """Of the chosen rows, the signatures that count now."""
        if not self.is_part:
            return self.confirmed
        return self.part[-1].total if self.part else 0

    @property
    def to_go(self) -> int:
        return max(0, self.petition.threshold - self.confirmed)

    @property
    def week(self) -> Spell | None:
        return self._week(self.series)

    @property
    def part_week(self) -> Spell | None:
        return self._week(self.part)

    def _week(self, series: list[Day]) -> Spell | None:
        first = self.today - timedelta(days=PACE_DAYS)
        last = self.today - timedelta(days=1)
        return spell(series, first, last, today=self.today) if _has(series, first, last) else None

    @property
    def spell(self) -> Spell | None:
        """The chosen days of the chosen rows; None when all days are chosen."""
        first, last = self.filters.first, self.filters.last
        if first is None or last is None:
            return None
        return spell(self.part, first, last, today=self.today)

    @property
    def days(self) -> list[Day]:
        """The chosen days of the chosen rows, as the chart shows them."""
        first, last = self.filters.first or date.min, self.filters.last or date.max
        return [each for each in self.part if first <= each.day <= last]

    @property
    def pace(self) -> float | None:
        """Signatures a day: the mean of the last seven full days."""
        return self.week.a_day if self.week else None

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


def overview(petition: Petition, filters: Filters | None = None) -> Overview:
    """The figures of all days and rows, or of those that `filters` choose."""
    filters = filters or Filters(petition.slug)
    numbers = _numbers(petition, filters)
    today = clock.day_of(numbers["now"])
    outcome: Outcome | None = getattr(petition, "outcome", None)
    certified = outcome.certified_total if outcome and outcome.certified_at else None
    whole, part = _by_day(petition, filters, is_final=certified is not None)
    series = _series(petition, today, whole)
    return Overview(
        petition=petition,
        filters=filters,
        confirmed=sum(whole.values()) if certified is None else certified,
        **numbers,
        series=series,
        part=_series(petition, today, part) if filters.rows else series,
        today=today,
        days_left=_days_left(petition, numbers["now"]),
    )


def answers(petition: Petition, **questions: Any) -> dict[str, Any]:
    """What several tables say, in one query."""
    rows = Petition.objects.annotate(**questions).values(*questions)
    found: dict[str, Any] = rows.get(pk=petition.pk)
    return found


def number_of(rows: QuerySet[Any]) -> Subquery:
    """How many rows, as one of the questions."""
    # A plain one: that of a translated model takes no expressions for its values.
    plain: QuerySet[Any] = QuerySet(rows.model, query=rows.order_by().query)
    return Subquery(plain.values(number=Func("pk", function="COUNT")))


def _paper(petition: Petition) -> Coalesce:
    accepted = PaperBatch.objects.filter(petition=petition, state=PaperState.ACCEPTED)
    total = accepted.order_by().values(number=Func("accepted", function="SUM"))
    return Coalesce(Subquery(total), 0)


def _numbers(petition: Petition, filters: Filters) -> dict[str, Any]:
    # Found by the index of what is not confirmed: SQLite would look through the whole petition.
    young = Signature.objects.filter(
        confirmed_at=None, created_at__gt=clock.db_now() - LONGEST_LIFE
    ).values("pk")
    pending = Signature.objects.filter(
        petition=petition, state=SignatureState.PENDING, pk__in=young
    )
    refused = Delivery.objects.filter(
        state=DeliveryState.BOUNCED, signature__in=pending, petition=petition
    )
    crossed = Milestone.objects.filter(petition=petition, number=petition.threshold)
    return answers(
        petition,
        now=clock.db_now(),
        pending=number_of(pending.filter(filters.of_rows())),
        bounced=number_of(pending.filter(pk__in=refused.values("signature"))),
        to_remind=number_of(reminding.due(petition).filter(pk__in=young)),
        on_paper=_paper(petition),
        crossed_at=Subquery(crossed.values("reached_at")),
    )


def _days_left(petition: Petition, now: datetime) -> float:
    if petition.state != PetitionState.OPEN or petition.closes_at is None:
        return 0.0
    return max(0.0, (petition.closes_at - now) / timedelta(days=1))


def spell(series: list[Day], first: date, last: date, *, today: date) -> Spell:
    days = (last - first).days + 1
    earlier = (first - timedelta(days=days), first - timedelta(days=1))
    is_known = last < today and _has(series, *earlier)
    return Spell(days, _sum(series, first, last), _sum(series, *earlier) if is_known else None)


def _sum(series: list[Day], first: date, last: date) -> int:
    return sum(each.counted for each in series if first <= each.day <= last)


def _has(series: list[Day], first: date, last: date) -> bool:
    return bool(series) and series[0].day <= first and last <= series[-1].day


def _series(petition: Petition, today: date, by_day: Mapping[date, int]) -> list[Day]:
    """Every day from the opening to today, without gaps."""
    if petition.opens_at is None:
        return []
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


class _UtcHour(Func):
    """The hour of an instant as text, "2026-11-20 17".

    Django's own truncation runs through Python on SQLite, for every row: a second for 100,000.
    """

    output_field = CharField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="SUBSTR(%(expressions)s, 1, 13)", **extra)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, Any]:
        template = "TO_CHAR(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"
        return self.as_sql(compiler, connection, template=template, **extra)


def _by_day(
    petition: Petition, filters: Filters, *, is_final: bool
) -> tuple[Mapping[date, int], Mapping[date, int]]:
    """Signatures that count, by the day on which they began to: all, and of the chosen rows."""
    whole: Counter[date] = Counter()
    part: Counter[date] = Counter()
    rows = Signature.objects.filter(petition=petition).in_the_count().order_by()
    if is_final:
        whole.update(dict(petition.days.values_list("day", "counted")))
        if not filters.rows:
            return whole, part
    hours = rows.annotate(hour=_UtcHour("counted_at")).values("hour")
    for hour, number, chosen in hours.annotate(
        number=Count("pk"), chosen=Count("pk", filter=filters.of_rows())
    ).values_list("hour", "number", "chosen"):
        day = clock.day_of(datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC))
        part[day] += chosen
        if not is_final:
            whole[day] += number
    return whole, part
