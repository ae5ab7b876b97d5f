"""Dissolution of Parliament: one page, a fresh log-in and a typed word, for all petitions."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.factors import confirm_url
from campaign.accounts.roles import Permission
from campaign.dashboard import outcome_wording
from campaign.dashboard.outcome_forms import DissolutionForm
from petitions import clock, formats, presentation
from petitions.domain import dissolving
from petitions.models import Petition


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MOVE_PETITIONS)
def dissolution(request: StaffRequest) -> HttpResponse:
    """Which petitions would end; posting ends them."""
    petitions = list(dissolving.affected())
    if request.method != "POST":
        stale = confirm_url(request)
        if petitions and stale:
            return HttpResponseRedirect(stale)
        return _show(request, petitions, DissolutionForm.fresh(clock.today()))
    return _do(request, petitions, DissolutionForm(request.POST))


def _do(request: StaffRequest, petitions: list[Petition], form: DissolutionForm) -> HttpResponse:
    if confirm_url(request):
        form.add_error(
            None, gettext("Your log-in is older than 5 minutes. Confirm it, then press again")
        )
        return _show(request, petitions, form, status=403)
    if not form.is_valid():
        return _show(request, petitions, form, status=422)
    try:
        ended = dissolving.dissolve(
            form.cleaned_data["day"],
            by=request.user,
            reason=form.cleaned_data["reason"],
            of=form.cleaned_data["looked_at"],
        )
    except dissolving.DissolutionError as error:
        form.add_error("day" if isinstance(error, dissolving.DayError) else None, str(error))
        return _show(request, list(dissolving.affected()), form, status=422)
    text = ngettext(
        "%(number)s petition has ended.", "%(number)s petitions have ended.", len(ended)
    )
    messages.success(request, text % {"number": formats.number(len(ended))})
    return HttpResponseRedirect(reverse("desk:petitions"))


def _show(
    request: StaffRequest, petitions: list[Petition], form: DissolutionForm, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        # What is shown now is what the next press is about, also after a refusal.
        "looked_at": " ".join(str(each.pk) for each in petitions),
        "rows": [
            {"petition": each, "state_label": presentation.state_label(each)} for each in petitions
        ],
        "consequences": outcome_wording.of_dissolution(petitions),
        "confirm_url": confirm_url(request),
    }
    return render(request, "dashboard/dissolution.html", context, status=status)
