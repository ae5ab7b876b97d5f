"""The review of held signatures: groups, decisions with the number first, and undoing them.

No name and no address is shown: the server cannot open them. Of a burst from one small domain the
domain is shown while an address of it is still kept.
"""

from collections import Counter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard.review_forms import MOST_ROWS, ReviewForm
from petitions import formats
from petitions.domain import counting, reviewing
from petitions.domain.reviewing import Group, ReviewError
from petitions.models import Petition, Signature
from petitions.states import RejectReason, ReviewAct


def _petition(slug: str) -> Petition:
    petition: Petition = get_object_or_404(Petition.objects.signed_here(), slug=slug)
    return petition


@require_safe
@needs(Permission.REVIEW_SIGNATURES)
def queue(request: StaffRequest, slug: str) -> HttpResponse:
    """What is held, by rule and mark, and what was decided in the last days."""
    petition = _petition(slug)
    groups = reviewing.groups(petition)
    context = {
        "petition": petition,
        "groups": groups,
        "held": sum(each.number for each in groups),
        "is_final": counting.is_frozen(petition),
        "batches": [
            {"batch": each, "reason": _reason(each.reason)} for each in reviewing.batches(petition)
        ],
    }
    return render(request, "dashboard/review/queue.html", context)


def _reason(reason: str) -> str:
    return str(RejectReason(reason).label) if reason else ""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.REVIEW_SIGNATURES)
def group(request: StaffRequest, slug: str, group: str) -> HttpResponse:
    """One group; a decision is shown with its number, and carried out when that is affirmed."""
    petition = _petition(slug)
    found = reviewing.group_of(petition, group)
    if found is None:
        messages.info(request, gettext("Nothing of this group is held any more."))
        return _to_queue(petition)
    if request.POST.get("act") == ReviewAct.HOLD:
        chosen = reviewing.alike(petition, found)
        return _decide(request, petition, found, chosen, act=ReviewAct.HOLD)
    form = ReviewForm(request.POST or None, rows=_first(petition, found))
    if request.method != "POST" or not form.is_valid():
        return _show(request, petition, found, form)
    act, reason = ReviewAct(form.cleaned_data["act"]), form.cleaned_data["reason"]
    chosen = form.chosen(petition, found)
    return _decide(request, petition, found, chosen, act=act, reason=reason)


def _first(petition: Petition, found: Group) -> list[Signature]:
    return list(reviewing.rows(petition, found).select_related("riding")[:MOST_ROWS])


def _decide(
    request: StaffRequest,
    petition: Petition,
    found: Group,
    chosen: QuerySet[Signature],
    *,
    act: ReviewAct,
    reason: str = "",
) -> HttpResponse:
    """Asks once more, with the number; with that number sent back, decides."""
    told = request.POST.get("number", "")
    if not told.isdecimal():
        context = {
            "petition": petition,
            "group": found,
            "act": act,
            "number": chosen.count(),
            "reason": reason,
            "reason_text": _reason(reason),
            "scope": request.POST.get("scope", ""),
            "rows": request.POST.getlist("rows"),
        }
        return render(request, "dashboard/review/sure.html", context)
    try:
        reviewing.decide(
            petition, chosen, act, number=int(told[:9]), reason=reason, by=request.user
        )
    except ReviewError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("desk:review-group", args=[petition.slug, found.key]))
    messages.success(request, gettext("Decided: %(told)s.") % {"told": reviewing.told(int(told))})
    return _to_queue(petition)


def _to_queue(petition: Petition) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:review", args=[petition.slug]))


def _show(
    request: StaffRequest, petition: Petition, found: Group, form: ReviewForm
) -> HttpResponse:
    rows = _first(petition, found)
    languages = dict(settings.LANGUAGES)
    context = {
        "petition": petition,
        "group": found,
        "form": form,
        "domain": reviewing.domain(petition, found),
        "alike": reviewing.alike(petition, found).count(),
        "is_final": counting.is_frozen(petition),
        "by_language": _most_first(languages[row.language] for row in rows),
        "by_province": _most_first(_place(row) for row in rows),
        "rows": [_row(row, form) for row in rows],
        "is_cut": found.number > len(rows),
    }
    status = 422 if form.errors else 200
    return render(request, "dashboard/review/group.html", context, status=status)


def _row(row: Signature, form: ReviewForm) -> dict[str, Any]:
    return {
        "row": row,
        "language": dict(settings.LANGUAGES)[row.language],
        "place": _place(row),
        "is_ticked": str(row.pk) in (form["rows"].value() or []),
    }


def _place(row: Signature) -> str:
    return formats.province(row.province) if row.province else gettext("Outside Canada")


def _most_first(names: Any) -> str:
    """ "Ontario 12 · Quebec 3" """
    cells = Counter(names).most_common()
    return " · ".join(f"{name} {formats.number(number)}" for name, number in cells)


@require_POST
@needs(Permission.REVIEW_SIGNATURES)
def undo(request: StaffRequest, slug: str, batch: UUID) -> HttpResponse:
    """Takes one decision back."""
    petition = _petition(slug)
    try:
        number = reviewing.undo(petition, batch, by=request.user)
    except ReviewError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("Undone: %(told)s.") % {"told": reviewing.told(number)})
    return _to_queue(petition)
