"""The House's list of Members: taken in from a file, and what each list changed."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.parliament import queries, wording
from campaign.parliament.forms import ListForm
from petitions.domain.members import import_text
from petitions.domain.ridings import RefusedDataError
from petitions.models import MemberList

#: Lists of so many imports are shown; older ones stay in the database.
_SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MEET_MEMBERS)
def member_list(request: StaffRequest) -> HttpResponse:
    """A new list, taken whole or refused with every line that does not fit."""
    if request.method != "POST":
        return _show(request, ListForm())
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        report = import_text(
            form.cleaned_data["file"], checked_on=form.cleaned_data["day"], by=request.user
        )
    except RefusedDataError as error:
        form.add_error("file", gettext("Nothing was changed: the list has lines that do not fit"))
        return _show(request, form, problems=error.problems, status=422)
    messages.success(request, wording.imported(report))
    return HttpResponseRedirect(reverse("parliament:member-list"))


def _show(
    request: StaffRequest,
    form: ListForm,
    *,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    lists = MemberList.objects.select_related("imported_by")[:_SHOWN]
    context = {
        "form": form,
        "problems": problems,
        "lists": [{"row": row, **wording.changes(row)} for row in lists],
        "list_day": wording.list_day(queries.checked_on()),
    }
    return render(request, "parliament/member_list.html", context, status=status)
