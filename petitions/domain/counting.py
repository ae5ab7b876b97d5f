"""The public figures: the total, days, provinces, marks reached.

Nothing is incremented. A tally counts the rows that counted at one instant, slightly past, and
stores the number with that instant; what happened since can then be added exactly. When a
petition is certified, or is not, its figures are frozen: from then on nothing is counted.
"""

import logging
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from petitions import clock
from petitions.domain import cells, milestones
from petitions.domain.cells import SMALLEST_CELL
from petitions.models import Milestone, Outcome, Petition, Review, Signature, Tally, TallyDay
from petitions.signals import threshold_reached
from petitions.states import PetitionKind, PetitionState, ReviewAct

logger = logging.getLogger(__name__)

#: A confirming transaction takes milliseconds. By the time it is this old, a tally sees it.
SETTLED = timedelta(seconds=1)
#: Changes this much older than the last tally make it count again, should one have been late.
OVERLAP = timedelta(seconds=5)


def _counted_at(instant: datetime) -> Q:
    """Rows whose time in the count includes `instant`."""
    return Q(counted_at__lte=instant) & (Q(uncounted_at=None) | Q(uncounted_at__gt=instant))


def tally_changed() -> int:
    """Tallies every petition with changes since its last tally; returns how many there were."""
    done = 0
    for petition in Petition.objects.filter(outcome__certified_at=None).order_by("pk"):
        row, _created = Tally.objects.get_or_create(petition=petition)
        changed = Signature.objects.filter(petition=petition)
        if row.as_of is not None:
            changed = changed.filter(changed_at__gt=row.as_of - OVERLAP)
        if changed.exists():
            tally(petition)
            done += 1
    return done


@transaction.atomic
def tally(petition: Petition) -> None:
    """Counts one petition and stores the total with its instant; single-flight.

    A tally under way elsewhere is left alone (`skip_locked`), and an older result never replaces
    a newer one.
    """
    row = (
        Tally.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(petition=petition)
        .first()
    )
    if row is not None:
        _advance(row, petition)


def _advance(row: Tally, petition: Petition) -> None:
    """A locked tally brought up to date, unless it is final."""
    if is_frozen(petition):
        return
    instant = clock.db_instant() - SETTLED
    if row.as_of is not None and instant <= row.as_of:
        return
    total = _count(petition, instant)
    Tally.objects.filter(pk=row.pk).update(total=total, as_of=instant)
    _record_marks(petition, total, instant)


def _count(petition: Petition, instant: datetime) -> int:
    return Signature.objects.filter(_counted_at(instant), petition=petition).count()


def _record_marks(petition: Petition, total: int, instant: datetime) -> None:
    """Each mark once, on the day it was first reached; the threshold is announced then."""
    known = set(petition.milestones.values_list("number", flat=True))
    for number in milestones.marks(petition.threshold):
        if number in known or number > total:
            continue
        _row, created = Milestone.objects.get_or_create(
            petition=petition, number=number, defaults={"reached_at": instant}
        )
        if created and number == petition.threshold:
            threshold_reached.send(
                sender=Petition, petition=petition, total=total, reached_at=instant
            )


def live_total(petition: Petition) -> int:
    """The stored total plus what joined and less what left since: includes a press just made.

    The petition may have been read a moment ago: whatever total it carries has its own instant.
    """
    row: Tally | None = getattr(petition, "tally", None)
    rows = Signature.objects.filter(petition=petition)
    if row is None or row.as_of is None:
        return rows.counted().count()
    # One that is open has nothing frozen.
    if petition.state != PetitionState.OPEN and is_frozen(petition):
        return row.total
    joined, left = _moves_since(petition, row.as_of)
    return row.total + joined - left


def _moves_since(petition: Petition, instant: datetime) -> tuple[int, int]:
    """How many joined the count since, and how many of those counted at the instant left it."""
    since = Signature.objects.filter(petition=petition, changed_at__gt=instant).aggregate(
        joined=Count("pk", filter=Q(counted_at__gt=instant, uncounted_at=None)),
        left=Count("pk", filter=Q(counted_at__lte=instant, uncounted_at__gt=instant)),
    )
    return since["joined"], since["left"]


@transaction.atomic
def recount(petition: Petition) -> int:
    """Counts again, stores the truth, and returns by how much the stored total was off (0).

    The stored total is compared at its own instant, before a newer one replaces it unseen.
    """
    Tally.objects.get_or_create(petition=petition)
    row = Tally.objects.select_for_update(of=("self",)).get(petition=petition)
    drift = 0
    if row.as_of is not None and not is_frozen(petition):
        truth = _count(petition, row.as_of)
        drift = row.total - truth
        if drift:
            logger.error("petition %s: stored total was off by %+d, mended", petition.pk, drift)
            Tally.objects.filter(pk=row.pk).update(total=truth)
    _advance(row, petition)
    return drift


# --- once and for all ------------------------------------------------------------------------


@dataclass(frozen=True)
class Total:
    """The figures of a certificate: how many counted at one instant, and where they live."""

    number: int
    provinces: dict[str, int]
    at: datetime


def is_frozen(petition: Petition) -> bool:
    """Whether the figures are final, whatever becomes of the rows."""
    return Outcome.objects.filter(petition=petition, certified_at__isnull=False).exists()


def exact_total(petition: Petition) -> int:
    """How many count at this instant; once the figures are final, how many counted then."""
    outcome = Outcome.objects.filter(petition=petition).first()
    if outcome is not None and outcome.certified_total is not None:
        return outcome.certified_total
    return Signature.objects.filter(petition=petition).counted().count()


@transaction.atomic
def freeze(petition: Petition) -> Total:
    """Counts every row for the last time and stores that as the public figures.

    They stay as they are once `Outcome` has them too, in the same transaction (`certifying.py`).
    """
    Tally.objects.get_or_create(petition=petition)
    row = Tally.objects.select_for_update(of=("self",)).get(petition=petition)
    at = clock.db_instant()
    counted = Signature.objects.filter(petition=petition).counted()
    _write_days(petition, counted)
    row.total, row.as_of = _write_tables(row, counted, at), at
    row.figures_day = clock.day_of(at)
    _write_removed(row, petition)
    row.save()
    _record_marks(petition, row.total, at)
    return Total(row.total, row.provinces, at)


# --- once a day ------------------------------------------------------------------------------


def publish_due_days() -> int:
    """Publishes the daily figures of petitions that have none of today; returns how many."""
    today = clock.today()
    due = (
        Petition.objects.exclude(kind=PetitionKind.RECORD)
        .filter(outcome__certified_at=None)
        .exclude(tally__figures_day=today)
    )
    for petition in due:
        publish_day(petition)
    return len(due)


@transaction.atomic
def publish_day(petition: Petition) -> None:
    """The figures that change once a day: signatures by day, and by province with merged cells."""
    Tally.objects.get_or_create(petition=petition)
    row = Tally.objects.select_for_update(of=("self",)).get(petition=petition)
    if is_frozen(petition):
        return
    now = clock.db_instant()
    counted = Signature.objects.filter(petition=petition).counted()
    _write_days(petition, counted)
    if _tables_are_due(row, counted.count()):
        _write_tables(row, counted, now)
    row.figures_day = clock.day_of(now)
    _write_removed(row, petition)
    fields = ("provinces", "desk", "told", "provinces_at", "provinces_day", "figures_day")
    row.save(update_fields=[*fields, "removed"])


def _write_removed(row: Tally, petition: Petition) -> None:
    """How many signatures were rejected after review, by reason, small cells merged."""
    rejected = Review.objects.filter(petition=petition, act=ReviewAct.REJECT, undone_at=None)
    numbers = rejected.values("reason").annotate(number=Count("pk"))
    found = Counter(dict(numbers.values_list("reason", "number")))
    made = cells.table(found, row.told.get("removed"))
    row.removed = made.shown
    if made.told:
        row.told = {**row.told, "removed": made.told}


def _write_days(petition: Petition, counted: QuerySet[Signature]) -> None:
    by_day = (
        counted.annotate(day=TruncDate("counted_at", tzinfo=clock.TORONTO))
        .values("day")
        .annotate(number=Count("pk"))
        .values_list("day", "number")
    )
    TallyDay.objects.filter(petition=petition).delete()
    TallyDay.objects.bulk_create(
        TallyDay(petition=petition, day=day, counted=number) for day, number in by_day
    )


def _tables_are_due(row: Tally, total: int) -> bool:
    """Whether new tables may follow those of before.

    The total is public to the second. Where one person signed between two tables, a cell that is
    new in the second would name the place of that second: so a total that has moved by fewer than
    `SMALLEST_CELL` waits for another day, also when the count is final.
    """
    if not row.provinces or not row.desk:
        return True
    published: int = sum(row.provinces.values())
    return abs(total - published) >= SMALLEST_CELL


def _write_tables(row: Tally, counted: QuerySet[Signature], at: datetime) -> int:
    """Every table of places, languages and sources as of one instant; returns the total then.

    Told numbers are kept as they were where a cell has moved by fewer than `SMALLEST_CELL`.
    """
    by_province = _by(counted, "province")
    by_province = {place or "abroad": number for place, number in by_province.items()}
    provinces = cells.table(by_province, row.told.get("province"))
    tables = {
        "province": provinces,
        "riding": _ridings(counted, row.told.get("riding", {}), provinces.shown),
        **{
            field: cells.table(_by(counted, field), row.told.get(field))
            for field in ("language", "source")
        },
    }
    row.provinces, row.provinces_at, row.provinces_day = provinces.shown, at, clock.day_of(at)
    row.desk = {name: table.shown for name, table in tables.items() if name != "province"}
    row.told = {**row.told, **{name: table.told for name, table in tables.items()}}
    return sum(by_province.values())


def _by(counted: QuerySet[Signature], field: str) -> dict[str, int]:
    rows = counted.order_by().values(field).annotate(number=Count("pk"))
    return dict(rows.values_list(field, "number"))


def _ridings(
    counted: QuerySet[Signature], told: dict[str, int], provinces: dict[str, int]
) -> cells.Table:
    """The ridings of each province that is shown, as parts of its number; without "other"."""
    inside: defaultdict[str, dict[str, int]] = defaultdict(dict)
    rows = counted.order_by().exclude(riding=None).values("riding", "riding__province")
    for riding, province, number in rows.annotate(number=Count("pk")).values_list(
        "riding", "riding__province", "number"
    ):
        inside[province][str(riding)] = number
    shown: dict[str, int] = {}
    for province in inside.keys() & provinces.keys():
        table = cells.table(inside[province], told, whole=provinces[province])
        shown |= {cell: number for cell, number in table.shown.items() if cell != "other"}
    return cells.Table(shown, {**told, **shown})
