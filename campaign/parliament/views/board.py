"""The board of meetings: who stands where, and one press that moves a Member."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.parliament import queries, wording
from campaign.parliament.board import Card, Column, columns
from campaign.parliament.domain import contacts
from campaign.parliament.forms import MoveForm, SearchForm
from campaign.parliament.searching import Search
from campaign.parliament.states import ContactState
from petitions import clock
from petitions.models import Member, Petition
from petitions.views.access import chosen


@require_safe
@needs(Permission.MEET_MEMBERS)
def board(request: StaffRequest) -> HttpResponse:
    """Every Member of today by state, with what comes next; filtered by province and state."""
    petitions = list(Petition.objects.signed_here())
    petition = chosen(petitions, request.GET.get("petition", ""))
    form = SearchForm(request.GET)
    counted = queries.counts(petition, small_cells=request.user.may(Permission.SEE_SMALL_CELLS))
    rows = queries.rows(Search(), counted, province=form.asked("province"))
    found, today = columns(rows, only=form.asked("state")), clock.today()
    context = {
        "petition": petition,
        "petitions": petitions,
        "counts_of": counted.as_of,
        "form": form,
        "columns": [_column(column, today) for column in found],
        "back": request.GET.urlencode(),
    }
    return render(request, "parliament/board.html", context)


def _column(column: Column, today: date) -> dict[str, Any]:
    return {"column": column, "cards": [_card(card, today) for card in column.cards]}


def _card(card: Card, today: date) -> dict[str, Any]:
    """One Member, with figures and days in words."""
    planned, step = card.planned, card.step
    return {
        "row": card.row,
        "signers": wording.cell(card.row.signers),
        "planned": planned,
        "is_unrecorded": planned is not None and planned.day < today,
        "step": step,
        "step_due": wording.due(step.next_due, today) if step and step.next_due else "",
        "is_late": bool(step and step.next_due and step.next_due < today),
    }


@require_POST
@needs(Permission.MEET_MEMBERS)
def move(request: StaffRequest, member_id: int) -> HttpResponse:
    """To another state; back to the board as it was filtered."""
    found: Member = get_object_or_404(Member, pk=member_id, left_on=None)
    form = MoveForm(request.POST)
    if form.is_valid():
        _move(request, found, ContactState(form.cleaned_data["seen"]), form.cleaned_data["to"])
    else:
        messages.error(request, gettext("Nothing was changed: press one of the board’s buttons."))
    query = QueryDict(request.POST.get("back", "")).urlencode()
    return HttpResponseRedirect(reverse("parliament:board") + (f"?{query}" if query else ""))


def _move(request: StaffRequest, found: Member, seen: ContactState, to: str) -> None:
    try:
        contacts.move(found, seen=seen, to=ContactState(to), by=request.user)
    except contacts.MovedMeanwhileError:
        text = gettext("%(member)s has been moved meanwhile: nothing was changed. Look again.")
        messages.error(request, text % {"member": found.name})
        return
    text = gettext("%(member)s is now under “%(state)s”.")
    messages.success(request, text % {"member": found.name, "state": ContactState(to).label})
