"""The overview of the organizers' desk."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard import breakdowns, filters, queries, wording
from campaign.dashboard.chart import SHAPES, Chart, chart
from campaign.dashboard.filters import PERIODS, DaysForm, Filters
from campaign.dashboard.funnel import funnel
from campaign.dashboard.marks import marks
from campaign.dashboard.todo import todo
from petitions import clock, formats, presentation
from petitions.domain import sharing
from petitions.models import Petition
from petitions.views.access import chosen


@require_safe
@needs(Permission.SEE_OVERVIEW)
def overview(request: StaffRequest) -> HttpResponse:
    """Will we reach the threshold, and what do we do today?"""
    petitions = list(Petition.objects.signed_here().select_related("tally", "outcome", "vault"))
    petition = chosen(petitions, request.GET.get("petition", ""))
    if petition is None:
        return render(request, "dashboard/empty.html")
    small_cells = request.user.may(Permission.SEE_SMALL_CELLS)
    today = clock.day_of(clock.display_now())
    asked = filters.read(request.GET, petition=petition.slug, today=today, may_press=small_cells)
    figures = queries.overview(petition, asked)
    happened = marks(petition)
    drawn = chart(figures, happened)
    to_do = todo(figures, happened, user=request.user)
    context = {
        "petition": petition,
        "figures": figures,
        "answer": wording.answer(figures),
        "tiles": wording.tiles(figures),
        "filters": _filters(asked, petitions, DaysForm(request.GET, today=today)),
        "todo": to_do,
        "refused_text": wording.refused_text(to_do.refused),
        "chart": drawn,
        "legend": _legend(drawn) if drawn else [],
        "happened": _happened(drawn) if drawn else [],
        "pace_text": wording.pace_text(figures),
        "steps": _steps(asked, petition),
        "may_export": request.user.may(Permission.EXPORT_SIGNERS) and hasattr(petition, "vault"),
        "tables_of": None if small_cells else breakdowns.day_of_tables(petition),
        "breakdowns": _breakdowns(petition, asked, small_cells=small_cells),
    }
    return render(request, "dashboard/overview.html", context)


def _filters(asked: Filters, petitions: list[Petition], form: DaysForm) -> dict[str, Any]:
    """The links of the bar above the figures, and what is chosen."""
    return {
        "petitions": petitions if len(petitions) > 1 else [],
        "periods": [
            {
                "name": wording.days_text(asked.with_period(period)),
                "url": asked.with_period(period).address(),
                "current": period == asked.period,
            }
            for period in (*PERIODS, "")
        ],
        "days_text": wording.days_text(asked),
        "is_custom": asked.period == "days",
        "chosen": [
            {
                "name": _cell_names(field, [cell])[cell],
                "url": asked.with_row(field, cell).address(),
            }
            for field, cell in asked.rows.items()
        ],
        "form": form,
        "hidden": asked.hidden(),
        "clear_url": Filters(asked.petition).address() if asked.is_narrow else "",
    }


def _legend(drawn: Chart) -> list[dict[str, str]]:
    return [
        {"name": wording.mark_name(kind), "kind": kind.value, "shape": SHAPES[kind]}
        for kind in drawn.kinds
    ]


def _happened(drawn: Chart) -> list[dict[str, Any]]:
    return [{"day": mark.day, "text": wording.mark_text(mark)} for mark in reversed(drawn.marks)]


def _steps(asked: Filters, petition: Petition) -> list[dict[str, Any]]:
    steps = funnel(petition, asked)
    largest = max((step.number for step in steps), default=0) or 1
    return [
        {
            "name": wording.step_name(step.name),
            "meaning": wording.step_meaning(step.name),
            "number": formats.number(step.number),
            "share": "" if step.share is None else formats.percent(step.share),
            "length": round(1000 * step.number / largest),
        }
        for step in steps
    ]


def _breakdowns(petition: Petition, asked: Filters, *, small_cells: bool) -> list[dict[str, Any]]:
    headings = {
        "province": gettext("By province"),
        "language": gettext("By language"),
        "source": gettext("By source"),
    }
    tables = breakdowns.tables(petition, asked, small_cells=small_cells)
    return [
        {"heading": headings[field], "rows": _rows(field, cells, asked if small_cells else None)}
        for field, cells in tables.items()
    ]


def _rows(field: str, cells: dict[str, int], asked: Filters | None) -> list[dict[str, Any]]:
    """The rows of a table; with `asked`, each is a link that chooses it."""
    largest = max(cells.values(), default=1)
    names = _cell_names(field, cells)
    return [
        {
            "name": names[cell],
            "number": formats.number(number),
            "length": round(1000 * number / largest),
            "url": asked.with_row(field, cell).address() if asked else "",
            "current": asked is not None and asked.rows.get(field) == cell,
        }
        for cell, number in cells.items()
    ]


def _cell_names(field: str, cells: Iterable[str]) -> dict[str, str]:
    """What stands for each cell; a source that we do not know may be the code of a short link."""
    names = {cell: _cell_name(field, cell) for cell in cells}
    if field != "source":
        return names
    unknown = [cell for cell, name in names.items() if cell == name]
    return names | (sharing.places(unknown) if unknown else {})


def _cell_name(field: str, cell: str) -> str:
    if cell == "other":
        return gettext("Others, and changes under 5")
    if field == "province":
        return presentation.place_name(cell or "abroad")
    if field == "language":
        return dict(settings.LANGUAGES)[cell]
    names = {
        "": gettext("Direct"),
        "fb": "Facebook",
        "me": "Messenger",
        "wa": "WhatsApp",
        "tg": "Telegram",
        "mail": gettext("E-mail"),
        "sms": "SMS",
        "share": gettext("Shared from a phone"),
        "qr": gettext("Code shown to a friend"),
        "poster": gettext("Poster of no place"),
        "guide": gettext("The five steps"),
        "paper": gettext("On paper"),
    }
    return names.get(cell, cell)
