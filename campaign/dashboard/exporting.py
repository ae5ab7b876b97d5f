"""Export: the answer to the post that carries the passphrase is the file."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.factors import confirm_url, stale_factor
from campaign.accounts.roles import Permission
from campaign.dashboard.forms import ExportForm, last_settings
from petitions import clock, formats
from petitions.domain import exporting, list_ends, vault
from petitions.models import ExportRecord, Petition, Signature
from petitions.models.exports import ExportField
from petitions.networks import over_limit

#: A record without an end is under way for this long, then interrupted.
_LONGEST = timedelta(minutes=10)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EXPORT_SIGNERS)
def export(request: StaffRequest, slug: str) -> HttpResponseBase:
    """The form and the log; after a right passphrase, the file."""
    petition = Petition.objects.select_related("vault").filter(slug=slug).first()
    if petition is None or not hasattr(petition, "vault"):
        raise Http404
    if request.method != "POST":
        detour = confirm_url(request)
        if detour:
            return HttpResponseRedirect(detour)
        last = ExportRecord.objects.filter(petition=petition, by=request.user).first()
        form = ExportForm(petition=petition, initial=last_settings(last))
        return _show(request, petition, form)
    return _receive(request, petition, ExportForm(request.POST, petition=petition))


def _receive(request: StaffRequest, petition: Petition, form: ExportForm) -> HttpResponseBase:
    if list_ends.erased_at(petition):
        return _show(request, petition, ExportForm(petition=petition), status=410)
    if stale_factor(request):
        form.add_error(
            None, gettext("Your log-in is older than 5 minutes. Confirm it, then export")
        )
        return _show(request, petition, form, status=403)
    if not form.is_valid():
        return _show(request, petition, form, status=422)
    if over_limit(request, "passphrase") is not None:
        form.add_error(None, gettext("Too many tries. Wait 10 minutes and try again."))
        return _show(request, petition, form, status=429)
    try:
        key = exporting.open_list(petition, form.cleaned_data["passphrase"], by=request.user)
    except vault.VaultError:
        form.add_error("passphrase", gettext("This passphrase does not open the vault"))
        return _show(request, petition, form, status=422)
    record = exporting.start(petition, form.settings(), by=request.user)
    name = f"signers-{petition.slug}-{clock.db_instant().astimezone(clock.TORONTO):%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        exporting.stream(record, key),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _show(
    request: StaffRequest, petition: Petition, form: ExportForm, status: int = 200
) -> HttpResponse:
    context = {
        "petition": petition,
        "form": form,
        "confirm_url": confirm_url(request),
        "list_end": list_ends.ends_soon(petition),
        "erased_at": list_ends.erased_at(petition),
        "counted": Signature.objects.filter(petition=petition).counted().count(),
        "records": [_entry(record) for record in ExportRecord.objects.filter(petition=petition)],
    }
    return render(request, "dashboard/export.html", context, status=status)


def _entry(record: ExportRecord) -> dict[str, Any]:
    """One line of the log."""
    under_way = clock.display_now() - record.started_at < _LONGEST
    if record.finished_at:
        outcome = gettext("%(number)s rows") % {"number": formats.number(record.rows or 0)}
    else:
        outcome = gettext("under way") if under_way else gettext("interrupted")
    return {
        "record": record,
        "fields": ", ".join(str(ExportField(field).label) for field in record.fields),
        "outcome": outcome,
    }
