"""The calendar of the House: its sitting days, which decide when a response is due."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard.outcome_forms import DaysForm
from petitions import formats
from petitions.domain import sitting
from petitions.models import SittingDay


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MOVE_PETITIONS)
def calendar(request: StaffRequest) -> HttpResponse:
    """Enters days or takes them out, as the button says; all of a list, or none of it."""
    if request.method != "POST":
        return _show(request, DaysForm())
    form = DaysForm(request.POST)
    if not form.is_valid():
        return _show(request, form)
    try:
        days = sitting.read_days(form.cleaned_data["days"])
    except sitting.CalendarError as error:
        for problem in error.problems[:10]:
            form.add_error("days", problem)
        return _show(request, form)
    if request.POST.get("act") == "remove":
        messages.success(request, _removed(sitting.remove_days(days, by=request.user)))
    else:
        messages.success(request, _added(sitting.add_days(days, by=request.user)))
    return HttpResponseRedirect(reverse("desk:calendar"))


def _added(number: int) -> str:
    if not number:
        return gettext("These days were in the calendar already.")
    return ngettext(
        "%(number)s day is new in the calendar.", "%(number)s days are new in the calendar.", number
    ) % {"number": formats.number(number)}


def _removed(number: int) -> str:
    if not number:
        return gettext("None of these days was in the calendar.")
    return ngettext(
        "%(number)s day is out of the calendar.", "%(number)s days are out of the calendar.", number
    ) % {"number": formats.number(number)}


def _show(request: StaffRequest, form: DaysForm) -> HttpResponse:
    context = {"form": form, "months": _months()}
    status = 422 if form.errors else 200
    return render(request, "dashboard/calendar.html", context, status=status)


def _months() -> list[dict[str, object]]:
    """The days by month, the newest month first."""
    by_month: dict[str, list[str]] = {}
    for row in SittingDay.objects.order_by("day"):
        by_month.setdefault(f"{row.day:%Y-%m}", []).append(f"{row.day:%d}")
    return [
        {"name": month, "days": days, "number": len(days)}
        for month, days in sorted(by_month.items(), reverse=True)
    ]
