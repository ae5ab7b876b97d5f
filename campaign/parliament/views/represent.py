"""One postal code is asked of Represent, by somebody of the team who presses for it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.parliament import agreeing, letters, queries, represent, wording
from campaign.parliament.letter_forms import PostalCodeForm
from petitions import formats


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MEET_MEMBERS)
def ask(request: StaffRequest) -> HttpResponse:
    """Says first what leaves the house. Posting asks, and lays the answer beside our list."""
    if request.method != "POST" or not represent.is_on():
        return _show(request, PostalCodeForm())
    form = PostalCodeForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    code = form.cleaned_data["postal_code"]
    try:
        rows = agreeing.compare(represent.ask(code), code)
    except represent.UnknownCodeError:
        form.add_error("postal_code", gettext("Represent does not know this postal code"))
        return _show(request, form, status=422)
    except represent.RepresentError as error:
        is_away = isinstance(error, represent.AwayError)
        return _show(
            request, form, problem=_problem(is_away=is_away), status=503 if is_away else 502
        )
    return _show(request, form, code=code, entries=[_entry(row) for row in rows])


def _problem(*, is_away: bool) -> str:
    if is_away:
        return gettext("Represent does not answer now. Try again in a minute.")
    return gettext(
        "Represent answered something that we cannot read. Look at the House’s page instead."
    )


def _entry(row: agreeing.Row) -> dict[str, Any]:
    language = formats.current()
    return {
        "row": row,
        "share": "" if row.share is None else formats.percent(float(row.share)),
        "list_day": wording.member_day(row.ours)["text"] if row.ours else "",
        "house_page": letters.house_page(row.ours, language) if row.ours else "",
    }


def _show(
    request: StaffRequest, form: PostalCodeForm, *, status: int = 200, **found: Any
) -> HttpResponse:
    context = {
        "form": form,
        "is_on": represent.is_on(),
        "list_day": wording.list_day(queries.checked_on()),
        **found,
    }
    return render(request, "parliament/represent.html", context, status=status)
