"""After the certificate: the presentation in the House, and the government's response."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard import outcome_wording, petition_wording
from campaign.dashboard.outcome_forms import (
    MissingFilesForm,
    PresentationForm,
    ResponseForm,
)
from campaign.parliament import certificates
from petitions.domain import presenting
from petitions.domain.lifecycle import MoveError
from petitions.models import MPRequest, Petition
from petitions.states import MPRequestState, PetitionKind, PetitionState

_P = PetitionState


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MOVE_PETITIONS)
def presentation(request: StaffRequest, slug: str) -> HttpResponse:
    """Records that a Member presented the petition."""
    petition = _ours(slug)
    if petition.state != _P.CERTIFIED:
        return _not_now(request, petition, gettext("Record the presentation"))
    if request.method != "POST":
        return _show_presentation(request, petition, PresentationForm(initial=_usual(petition)))
    form = PresentationForm(request.POST)
    if not form.is_valid():
        return _show_presentation(request, petition, form)
    return _record(
        request,
        petition,
        form,
        lambda: presenting.present(petition, **form.presented(), by=request.user),
        _show_presentation,
    )


def _ours(slug: str) -> Petition:
    """A record's steps are imported, not taken here."""
    return get_object_or_404(Petition.objects.exclude(kind=PetitionKind.RECORD), slug=slug)


def _usual(petition: Petition) -> dict[str, Any]:
    """Most often the Member who authorized it presents it."""
    authorized = MPRequest.objects.filter(
        petition=petition, state=MPRequestState.AUTHORIZED
    ).first()
    return {
        "member": authorized.member_id if authorized else "",
        "may_be_named": authorized.may_be_named if authorized else False,
    }


def _show_presentation(
    request: StaffRequest, petition: Petition, form: PresentationForm
) -> HttpResponse:
    context = {
        "petition": petition,
        "form": form,
        "consequences": outcome_wording.of_presenting(petition),
    }
    status = 422 if form.errors else 200
    return render(request, "dashboard/petitions/presentation.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MOVE_PETITIONS)
def response(request: StaffRequest, slug: str) -> HttpResponse:
    """Records the government's response; afterwards adds a file that was missing then."""
    petition = _ours(slug)
    if petition.state == _P.RESPONSE_TABLED:
        return _add_files(request, petition)
    if petition.state not in {_P.PRESENTED, _P.RESPONSE_OVERDUE}:
        return _not_now(request, petition, gettext("Record the response"))
    if request.method != "POST":
        return _show_response(request, petition, ResponseForm())
    form = ResponseForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show_response(request, petition, form)
    return _record(request, petition, form, lambda: _table(request, petition, form), _show_response)


def _table(request: StaffRequest, petition: Petition, form: ResponseForm) -> None:
    presenting.table_response(
        petition,
        on=form.cleaned_data["day"],
        minister=form.cleaned_data["minister"],
        summary=form.summary(),
        files=form.pdfs(),
        by=request.user,
    )


def _show_response(request: StaffRequest, petition: Petition, form: ResponseForm) -> HttpResponse:
    context = {
        "petition": petition,
        "form": form,
        "due_text": outcome_wording.due(petition),
        "consequences": outcome_wording.of_response(petition),
    }
    status = 422 if form.errors else 200
    return render(request, "dashboard/petitions/response.html", context, status=status)


def _record(
    request: StaffRequest,
    petition: Petition,
    form: Any,
    act: Callable[[], object],
    show: Callable[[StaffRequest, Petition, Any], HttpResponse],
) -> HttpResponse:
    """One act of the domain, then the petition's page; a refusal at the field that can mend it."""
    try:
        act()
    except (presenting.OutcomeError, MoveError) as error:
        petition.refresh_from_db()
        form.refuse(error)
        return show(request, petition, form)
    messages.success(request, petition_wording.state(petition))
    return _to_petition(petition)


def _add_files(request: StaffRequest, petition: Petition) -> HttpResponse:
    if request.method != "POST":
        return _show_files(request, petition, MissingFilesForm(petition=petition))
    form = MissingFilesForm(request.POST, request.FILES, petition=petition)
    if not form.is_valid():
        return _show_files(request, petition, form)
    presenting.add_files(petition, files=form.pdfs(), by=request.user)
    messages.success(request, gettext("The file is on the petition’s page."))
    return _to_petition(petition)


def _show_files(request: StaffRequest, petition: Petition, form: MissingFilesForm) -> HttpResponse:
    context = {"petition": petition, "form": form}
    status = 422 if form.errors else 200
    return render(request, "dashboard/petitions/response_files.html", context, status=status)


def _not_now(request: StaffRequest, petition: Petition, label: str) -> HttpResponse:
    """The step has been taken already, or cannot be taken yet: where the petition stands."""
    context = {
        "petition": petition,
        "label": label,
        "reasons": [petition_wording.state(petition)],
    }
    return render(request, "dashboard/petitions/move.html", context)


def _to_petition(petition: Petition) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:petition", args=[petition.slug]))


# --- the certificate -------------------------------------------------------------------------


@require_safe
@needs(Permission.SEE_OVERVIEW)
def certificate(request: StaffRequest, slug: str, language: str) -> HttpResponse:
    """The campaign's certificate as a PDF, in English or French."""
    petition = get_object_or_404(Petition, slug=slug)
    if language not in certificates.LANGUAGES or not certificates.is_certified(petition):
        raise Http404
    name = f"{petition.slug}-certificate-{language}.pdf"
    return HttpResponse(
        certificates.render(petition, language),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
