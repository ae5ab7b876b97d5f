"""One's own account beside allauth's pages: where one is signed in, and the summary by mail."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.access import StaffRequest
from campaign.accounts.domain import sessions
from campaign.accounts.forms import DigestForm
from campaign.accounts.models import DeskSession
from petitions import formats


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own_sessions(request: StaffRequest) -> HttpResponse:
    """Every browser that is signed in; a POST ends one of them, or all."""
    if request.method != "POST":
        return render(request, "accounts/sessions.html", {"rows": _rows(request)})
    ended = request.POST.get("session", "")
    if ended == "all":
        sessions.end_all(request.user, by=request.user)
        return HttpResponseRedirect(reverse("account_login"))
    number = int(ended) if ended.isdecimal() and len(ended) < 19 else 0
    row = get_object_or_404(DeskSession, pk=number, person=request.user, ended_at=None)
    sessions.end(row, by=request.user)
    messages.success(request, gettext("That browser is signed out."))
    return HttpResponseRedirect(reverse("own-sessions"))


def _rows(request: StaffRequest) -> list[dict[str, Any]]:
    here = request.session.get("desk_session")
    return [
        {"session": row, "since": formats.moment(row.began_at), "is_here": row.pk == here}
        for row in sessions.going_on(request.user)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def digest(request: StaffRequest) -> HttpResponse:
    """How often the summary comes by mail. Petitioners are mailed of each step instead."""
    if not request.user.is_staff:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = DigestForm(data, initial={"digest": request.user.digest})
    if data is None or not form.is_valid():
        return render(
            request, "accounts/digest.html", {"form": form}, status=200 if data is None else 422
        )
    request.user.digest = form.cleaned_data["digest"]
    request.user.save(update_fields=["digest"])
    messages.success(request, gettext("Saved."))
    return HttpResponseRedirect(reverse("own-digest"))


@require_safe
def awake(request: HttpRequest) -> HttpResponse:
    """For a page on which somebody is writing: the request alone keeps the session going."""
    return HttpResponse(status=204 if request.user.is_authenticated else 401)
