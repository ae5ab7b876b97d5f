"""The organizers' desk."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard import queries, wording
from campaign.dashboard.chart import chart
from campaign.parliament import queries as members
from campaign.parliament.queries import Late
from petitions import clock, formats, presentation
from petitions.domain import bounces, list_ends, purging, reviewing, sharing
from petitions.models import Petition
from petitions.states import DeliveryKind, NewsState
from petitions.views.access import chosen


@require_safe
@needs(Permission.SEE_OVERVIEW)
def overview(request: StaffRequest) -> HttpResponse:
    """Will we reach the threshold, and what do we do today?"""
    petitions = list(Petition.objects.signed_here())
    petition = chosen(petitions, request.GET.get("petition", ""))
    if petition is None:
        return render(request, "dashboard/empty.html")
    figures = queries.overview(petition)
    small_cells = request.user.may(Permission.SEE_SMALL_CELLS)
    context = {
        "petition": petition,
        "petitions": petitions,
        "figures": figures,
        "answer": wording.answer(figures),
        "tiles": wording.tiles(figures),
        "chart": chart(figures),
        "to_remind": figures.to_remind and request.user.may(Permission.SEND_REMINDERS),
        "last_reminders": petition.mailings.filter(kind=DeliveryKind.REMIND).first(),
        "late": _late(request),
        "purge_is_late": purging.is_late(),
        "refused_text": wording.refused_text(bounces.refused()),
        "to_review": _to_review(request, petition),
        "news_drafts": _news_drafts(request, petition),
        "may_export": request.user.may(Permission.EXPORT_SIGNERS) and hasattr(petition, "vault"),
        "list_end": request.user.may(Permission.EXPORT_SIGNERS) and list_ends.ends_soon(petition),
        "pace_text": wording.pace_text(figures),
        "tables_of": None if small_cells else queries.tables_of(petition),
        "breakdowns": [
            {
                "heading": heading,
                "rows": _rows(petition, field, small_cells=small_cells),
            }
            for field, heading in (
                ("province", gettext("By province")),
                ("language", gettext("By language")),
                ("source", gettext("By source")),
            )
        ],
    }
    return render(request, "dashboard/overview.html", context)


def _to_review(request: StaffRequest, petition: Petition) -> int:
    """How many signatures are held, for those who decide about them."""
    if not request.user.may(Permission.REVIEW_SIGNATURES):
        return 0
    return reviewing.held(petition).count()


def _news_drafts(request: StaffRequest, petition: Petition) -> int:
    """How much news is written and not sent, for those who may send it."""
    if not request.user.may(Permission.SEND_NEWS):
        return 0
    return petition.news_mails.filter(state=NewsState.DRAFT).count()


def _late(request: StaffRequest) -> list[Late]:
    """What is late with Members, for those who meet them."""
    if not request.user.may(Permission.MEET_MEMBERS):
        return []
    return members.late_steps(clock.today())


def _rows(petition: Petition, field: str, *, small_cells: bool) -> list[dict[str, Any]]:
    cells = queries.by_field(petition, field, small_cells=small_cells)
    places = sharing.places(cells) if field == "source" else {}
    largest = max(cells.values(), default=1)
    return [
        {
            "name": places.get(cell) or _cell_name(field, cell),
            "number": formats.number(number),
            "length": round(1000 * number / largest),
        }
        for cell, number in cells.items()
    ]


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
