"""Moving and pausing a petition: first a page that says what will happen, then the button."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.factors import confirm_url
from campaign.accounts.roles import Permission
from campaign.dashboard import petition_wording as wording
from campaign.dashboard.petition_forms import ReasonForm
from petitions.domain import certifying, lifecycle, scheduling, supporting
from petitions.models import Petition
from petitions.states import PetitionState


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MOVE_PETITIONS)
def move(request: StaffRequest, slug: str, to: str) -> HttpResponse:
    """Sends the petition to another state, after saying in words what that means."""
    petition = get_object_or_404(Petition, slug=slug)
    if to == petition.state or (to, petition.state) == (
        PetitionState.SCHEDULED,
        PetitionState.OPEN,
    ):
        # Pressed twice, or done meanwhile by somebody else.
        return _to_petition(petition)
    if to not in wording.offered(petition):
        raise Http404
    target = PetitionState(to)
    must = wording.needs_reason(petition, target)
    if request.method != "POST":
        detour = _detour(request, petition, target)
        if detour:
            return HttpResponseRedirect(detour)
        return _show_move(request, petition, target, ReasonForm(must=must))
    return _do_move(request, petition, target, ReasonForm(request.POST, must=must))


#: Moves that are more than a move.
_STEPS: dict[PetitionState, Callable[..., object]] = {
    PetitionState.SCHEDULED: scheduling.schedule,
    PetitionState.DRAFT: supporting.take_back,
    PetitionState.CERTIFIED: certifying.certify,
    PetitionState.NOT_CERTIFIED: certifying.decline_certificate,
}


def _detour(request: StaffRequest, petition: Petition, to: PetitionState) -> str:
    """Where to confirm the log-in first: ending an open petition cannot be taken back."""
    is_grave = (petition.state, to) == (PetitionState.OPEN, PetitionState.WITHDRAWN)
    return confirm_url(request) if is_grave else ""


def _do_move(
    request: StaffRequest, petition: Petition, to: PetitionState, form: ReasonForm
) -> HttpResponse:
    if _detour(request, petition, to):
        form.add_error(
            None, gettext("Your log-in is older than 5 minutes. Confirm it, then withdraw")
        )
        return _show_move(request, petition, to, form, status=403)
    if not form.is_valid():
        return _show_move(request, petition, to, form, status=422)
    reason = form.cleaned_data["reason"]
    try:
        step = _STEPS.get(to)
        if step is not None:
            step(petition, by=request.user, reason=reason)
        else:
            lifecycle.move(petition, to, by=request.user, reason=reason)
    except lifecycle.MoveError as error:
        petition.refresh_from_db()
        form.add_error(None, str(error))
        return _show_move(request, petition, to, form, status=422)
    petition.refresh_from_db()
    messages.success(request, wording.state(petition))
    return _to_petition(petition)


def _show_move(
    request: StaffRequest,
    petition: Petition,
    to: PetitionState,
    form: ReasonForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        "petition": petition,
        "form": form,
        "label": wording.move_label(petition, to),
        "consequences": wording.consequences(petition, to),
        # A refused post says it in the box of errors already.
        "reasons": [] if form.errors else wording.reasons_against(petition, to),
        "is_end": wording.is_end(to),
        "confirm_url": _detour(request, petition, to),
    }
    return render(request, "dashboard/petitions/move.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MOVE_PETITIONS)
def pause(request: StaffRequest, slug: str) -> HttpResponse:
    """Stops the taking of new signatures for a while, or goes on with it.

    The button names which of both: a press sent twice does not undo itself.
    """
    petition = get_object_or_404(Petition, slug=slug, state=PetitionState.OPEN)
    if request.method != "POST":
        return _show_pause(request, petition, ReasonForm(must=petition.paused_at is None))
    is_resuming = request.POST.get("act") == "resume"
    form = ReasonForm(request.POST, must=not is_resuming)
    if not form.is_valid():
        return _show_pause(request, petition, form, status=422)
    change = lifecycle.resume if is_resuming else lifecycle.pause
    try:
        change(petition, by=request.user, reason=form.cleaned_data["reason"])
    except lifecycle.PauseError as error:
        petition.refresh_from_db()
        form.add_error(None, str(error))
        return _show_pause(request, petition, form, status=422)
    messages.success(request, wording.state(petition))
    return _to_petition(petition)


def _show_pause(
    request: StaffRequest, petition: Petition, form: ReasonForm, status: int = 200
) -> HttpResponse:
    context = {"petition": petition, "form": form, "is_paused": petition.paused_at is not None}
    return render(request, "dashboard/petitions/pause.html", context, status=status)


def _to_petition(petition: Petition) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:petition", args=[petition.slug]))
