"""Announced events: halls where many sign from one address."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard.review_forms import EventForm
from petitions import clock
from petitions.domain import events as announced
from petitions.models import EventNetwork
from petitions.networks import visitor


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.REVIEW_SIGNATURES)
def events(request: StaffRequest) -> HttpResponse:
    """What is announced, and a form for one more."""
    if request.method != "POST":
        today = f"{clock.today():%Y-%m-%d}"
        return _show(request, EventForm(initial={"day": today, "ceiling": "500"}))
    form = EventForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        announced.announce(**form.event(), by=request.user)
    except announced.EventError as error:
        form.add_error("ends", str(error))
        return _show(request, form, status=422)
    messages.success(request, gettext("The event is announced."))
    return HttpResponseRedirect(reverse("desk:events"))


def _show(request: StaffRequest, form: EventForm, status: int = 200) -> HttpResponse:
    now = clock.db_instant()
    rows: list[dict[str, Any]] = [
        {"event": row, "is_over": row.ends_at <= now, "is_on": row.begins_at <= now < row.ends_at}
        for row in EventNetwork.objects.all()
    ]
    context = {"form": form, "events": rows, "own_address": visitor(request)}
    return render(request, "dashboard/review/events.html", context, status=status)


@require_POST
@needs(Permission.REVIEW_SIGNATURES)
def end(request: StaffRequest, event: int) -> HttpResponse:
    """Ends an event before its time, or takes one back that has not begun."""
    if announced.end_now(get_object_or_404(EventNetwork, pk=event)):
        messages.success(request, gettext("The event is ended."))
    else:
        messages.error(request, gettext("This event is over"))
    return HttpResponseRedirect(reverse("desk:events"))
