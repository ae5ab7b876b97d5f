"""Where the signatures that count come from: by province, language and source."""

from collections import Counter
from datetime import date

from django.db.models import Count

from campaign.dashboard.filters import FIELDS, Filters
from petitions.models import Petition, Signature, Tally

Tables = dict[str, dict[str, int]]


def tables(petition: Petition, filters: Filters, *, small_cells: bool) -> Tables:
    """The three tables, largest first.

    Of the chosen days and rows; a table whose own row is chosen shows the others too, so that
    another can be pressed. Without `small_cells` these are the tables of the day, those under five
    together as "other": the same as on public pages, whatever is chosen, so that nothing can be
    subtracted and no single signature moves them.
    """
    return _of_now(petition, filters) if small_cells else _of_the_day(petition)


def _of_the_day(petition: Petition) -> Tables:
    tally = _tally(petition)
    shown = {"province": tally.provinces} | {
        field: tally.desk.get(field, {}) for field in FIELDS if field != "province"
    }
    return {
        field: dict(sorted(cells.items(), key=lambda item: (item[0] == "other", -item[1], item[0])))
        for field, cells in shown.items()
    }


def _of_now(petition: Petition, filters: Filters) -> Tables:
    rows = Signature.objects.filter(filters.within("counted_at"), petition=petition).in_the_count()
    found: dict[str, Counter[str]] = {field: Counter() for field in FIELDS}
    for *values, number in rows.order_by().values_list(*FIELDS).annotate(number=Count("pk")):
        cells = dict(zip(FIELDS, values, strict=True))
        for field, counter in found.items():
            if filters.takes(cells, but=field):
                counter[cells[field]] += number
    return {field: dict(counter.most_common()) for field, counter in found.items()}


def day_of_tables(petition: Petition) -> date | None:
    """The day of the tables for whoever may not see small cells; None before there are any."""
    return _tally(petition).provinces_day


def _tally(petition: Petition) -> Tally:
    return getattr(petition, "tally", None) or Tally()
