"""The official e-petition on the desk: its number, and what the House's page showed on a day."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard.official_forms import OfficialCountForm, OfficialNumberForm
from petitions import formats
from petitions.domain import editing, official
from petitions.models import Petition


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MOVE_PETITIONS)
def official_counts(request: StaffRequest, slug: str) -> HttpResponse:
    """Enters a count, takes one back, or corrects the number, as the button says."""
    petition = get_object_or_404(Petition, slug=slug)
    if not official.has_official(petition):
        raise Http404
    if request.method != "POST":
        return _show(request, petition)
    act = request.POST.get("act", "")
    if act == "number":
        return _set_number(request, petition)
    if act.startswith("remove-"):
        return _take_back(request, petition, act.removeprefix("remove-"))
    return _enter(request, petition)


def _enter(request: StaffRequest, petition: Petition) -> HttpResponse:
    form = OfficialCountForm(request.POST)
    if not form.is_valid():
        return _show(request, petition, count_form=form)
    try:
        official.record_count(petition, **form.cleaned_data, by=request.user)
    except official.CountError as error:
        form.refuse(error)
        asks = isinstance(error, official.FallingCountError)
        return _show(request, petition, count_form=form, asks=asks)
    messages.success(request, gettext("The count is kept, and shown on the petition’s page."))
    return _back(petition)


def _take_back(request: StaffRequest, petition: Petition, count: str) -> HttpResponse:
    if count.isdecimal() and official.take_back(petition, count=int(count), by=request.user):
        messages.success(request, gettext("The count is taken back."))
    return _back(petition)


def _set_number(request: StaffRequest, petition: Petition) -> HttpResponse:
    form = OfficialNumberForm(request.POST)
    if not form.is_valid():
        return _show(request, petition, number_form=form)
    try:
        official.set_number(petition, number=form.cleaned_data["house_number"], by=request.user)
    except editing.FrozenError as error:
        form.add_error(None, str(error))
        return _show(request, petition, number_form=form)
    messages.success(request, gettext("The official number is saved."))
    return _back(petition)


def _show(
    request: StaffRequest,
    petition: Petition,
    *,
    count_form: OfficialCountForm | None = None,
    number_form: OfficialNumberForm | None = None,
    asks: bool = False,
) -> HttpResponse:
    """The page; with a form that was refused its status says so."""
    number = petition.house_number
    context = {
        "petition": petition,
        "count_form": count_form or OfficialCountForm.fresh(),
        "number_form": number_form or OfficialNumberForm(initial={"house_number": number}),
        "asks_whether_it_fell": asks or "may_fall" in request.POST,
        "may_be_written": editing.may_be_written(petition),
        "house_url": official.house_url(number, formats.current()) if number else "",
        "counts": [
            {"count": count, "source": official.source_text(count)}
            for count in petition.official_counts.all()
        ],
    }
    refused = count_form is not None or number_form is not None
    return render(
        request, "dashboard/petitions/official.html", context, status=422 if refused else 200
    )


def _back(petition: Petition) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:official-counts", args=[petition.slug]))
