"""Export: the answer to the post that carries the passphrase is the file."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from nacl.public import PrivateKey

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.factors import confirm_url, stale_factor
from campaign.accounts.roles import Permission
from campaign.dashboard import printed_list
from campaign.dashboard.forms import ExportForm, last_settings
from campaign.parliament.typesetting import TypesettingError
from petitions import clock, formats
from petitions.domain import bundling, exporting, list_ends, vault
from petitions.models import ExportRecord, Petition, Signature
from petitions.models.exports import ExportField
from petitions.networks import over_limit

#: A record without an end is under way for this long, then interrupted.
_LONGEST = timedelta(minutes=10)
#: Ending and type of what leaves.
_CSV = ("csv", "text/csv; charset=utf-8")
_KINDS: dict[str, tuple[str, str]] = {
    ExportRecord.Format.PRINT: ("pdf", "application/pdf"),
    ExportRecord.Format.BUNDLE: ("age", "application/octet-stream"),
}


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EXPORT_SIGNERS)
def export(request: StaffRequest, slug: str) -> HttpResponseBase:
    """The form and the log; after a right passphrase, the file."""
    petition = Petition.objects.select_related("vault").filter(slug=slug).first()
    if petition is None or not hasattr(petition, "vault"):
        raise Http404
    last = exporting.last_of(petition, request.user)
    if request.method != "POST":
        detour = confirm_url(request)
        if detour:
            return HttpResponseRedirect(detour)
        newest = ExportRecord.objects.filter(petition=petition, by=request.user).first()
        form = ExportForm(petition=petition, last=last, initial=last_settings(newest))
        return _show(request, petition, form)
    return _receive(request, petition, ExportForm(request.POST, petition=petition, last=last))


def _receive(request: StaffRequest, petition: Petition, form: ExportForm) -> HttpResponseBase:
    if list_ends.erased_at(petition):
        empty = ExportForm(petition=petition, last=None)
        return _show(request, petition, empty, status=410)
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
    return _file(request, petition, form, key)


def _file(
    request: StaffRequest, petition: Petition, form: ExportForm, key: PrivateKey
) -> HttpResponseBase:
    """The record, and the answer that it is about. A document that cannot be set leaves it open:
    names were read for it.
    """
    record = exporting.start(petition, form.settings(), by=request.user)
    try:
        pieces = _pieces(record, key, form.age_key())
    except TypesettingError:
        reason = gettext("A name is written in letters that the printed list lacks. Choose a CSV")
        form.add_error("file_format", reason)
        return _show(request, petition, form, status=422)
    ending, content_type = _KINDS.get(record.file_format, _CSV)
    name = f"{petition.slug}-{record.serial}.{ending}"
    return StreamingHttpResponse(
        pieces,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _pieces(record: ExportRecord, key: PrivateKey, age_key: str) -> Iterator[bytes]:
    match record.file_format:
        case ExportRecord.Format.PRINT:
            rows = list(exporting.rows(record, key))
            document = printed_list.render(record, rows)
            return printed_list.stream(record, document, rows=len(rows))
        case ExportRecord.Format.BUNDLE:
            return bundling.stream(record, key, age_key)
    return exporting.stream(record, key)


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
