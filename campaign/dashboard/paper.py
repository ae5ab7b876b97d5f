"""Sheets of signatures in ink: all of them, a new one, keying in, checking, sending."""

from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard.paper_forms import ClaimForm, CountForm, LinesForm, SentForm, SheetForm
from petitions import presentation
from petitions.domain import paper
from petitions.models import PaperBatch, Petition
from petitions.states import PaperState

#: Lines on one page of the grid: as many as fit a screen without losing the place.
_LINES = 10


def _petition(slug: str) -> Petition:
    petition: Petition = get_object_or_404(Petition.objects.signed_here(), slug=slug)
    return petition


def _sheet(slug: str, sheet: int) -> PaperBatch:
    known = PaperBatch.objects.select_related("petition", "entered_by", "checked_by")
    return get_object_or_404(known, petition__slug=slug, sheet_number=sheet)


@require_safe
@needs(Permission.ENTER_PAPER)
def sheets(request: StaffRequest, slug: str) -> HttpResponse:
    """Every sheet with its state, and the totals, which are never added to each other."""
    petition = _petition(slug)
    rows = petition.paper.select_related("entered_by", "checked_by")
    context = {
        "petition": petition,
        "sheets": rows,
        "counter": presentation.counter(petition),
        "accepted": paper.accepted_total(petition),
        "claimed": rows.aggregate(number=Sum("claimed"))["number"] or 0,
    }
    return render(request, "dashboard/paper/sheets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.ENTER_PAPER)
def new_sheet(request: StaffRequest, slug: str) -> HttpResponse:
    """The sheet first, its lines after it."""
    petition = _petition(slug)
    form = SheetForm(request.POST or None, initial=_next_sheet(petition))
    if request.method == "POST" and form.is_valid():
        try:
            batch = paper.open_sheet(petition, **form.cleaned_data, by=request.user)
        except paper.PaperError as error:
            form.add_error("sheet_number", str(error))
        else:
            return _to(batch)
    status = 422 if form.errors else 200
    context = {"petition": petition, "form": form}
    return render(request, "dashboard/paper/new.html", context, status=status)


def _next_sheet(petition: Petition) -> dict[str, Any]:
    """The next number, and the event of the sheet before: a pile is of one day."""
    last = petition.paper.order_by("-entered_at").first()
    if last is None:
        return {"sheet_number": 1}
    return {
        "sheet_number": max(petition.paper.values_list("sheet_number", flat=True)) + 1,
        "place": last.place,
        "collected_on": last.collected_on,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.ENTER_PAPER)
def sheet(request: StaffRequest, slug: str, sheet: int) -> HttpResponse:
    """One sheet: keyed in while it is open, otherwise what became of it."""
    batch = _sheet(slug, sheet)
    form = LinesForm(_missing(batch))
    if request.method == "POST":
        form = LinesForm(_missing(batch), request.POST)
        if form.is_valid() and (error := _enter(request, batch, form)):
            messages.error(request, error)
        if form.is_valid():
            return _to(batch)
    return _show(request, batch, form, status=422 if form.errors else 200)


def _missing(batch: PaperBatch) -> list[int]:
    """The next lines that nobody has keyed in."""
    entered = set(batch.rows.values_list("position", flat=True))
    return [at for at in range(1, batch.claimed + 1) if at not in entered][:_LINES]


def _enter(request: StaffRequest, batch: PaperBatch, form: LinesForm) -> str:
    """Keeps the lines, and hands the sheet over with the last of them; what kept it from that."""
    try:
        batch = paper.enter(batch, form.lines, by=request.user)
        if not _missing(batch):
            paper.hand_over(batch, by=request.user)
            messages.success(request, gettext("All lines are keyed in: now somebody else checks."))
    except paper.PaperError as error:
        return str(error)
    return ""


def _show(
    request: StaffRequest,
    batch: PaperBatch,
    form: LinesForm,
    *,
    count_form: CountForm | None = None,
    sent_form: SentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    is_own = batch.entered_by_id == request.user.pk
    to_check = batch.state == PaperState.TO_CHECK
    if to_check and not is_own and count_form is None:
        form, count_form = LinesForm(paper.lines_to_check(batch)), CountForm()
    context = {
        "petition": batch.petition,
        "sheet": batch,
        "collector": paper.collector(batch),
        "form": form,
        "count_form": count_form,
        "sent_form": sent_form or SentForm(),
        "rows": list(form.rows()),
        "provinces": LinesForm.provinces(),
        "entered": batch.rows.count(),
        "duplicates": batch.rows.filter(is_duplicate=True).count(),
        "illegible": batch.rows.filter(is_legible=False).count(),
        "claim_form": ClaimForm(initial={"claimed": batch.claimed}),
        "differing": paper.lines_that_differ(batch),
        "is_open": batch.state == PaperState.OPEN,
        "waits_for_another": to_check and is_own,
        "may_reopen": batch.state != PaperState.OPEN and batch.sent_on is None,
        "may_send": batch.state == PaperState.ACCEPTED and batch.sent_on is None,
    }
    return render(request, "dashboard/paper/sheet.html", context, status=status)


@require_POST
@needs(Permission.ENTER_PAPER)
def check(request: StaffRequest, slug: str, sheet: int) -> HttpResponse:
    """What the second person counted and keyed in again."""
    batch = _sheet(slug, sheet)
    form = LinesForm(paper.lines_to_check(batch), request.POST)
    count_form = CountForm(request.POST)
    for position in form.positions:
        if position not in form.errors and all(line.position != position for line in form.lines):
            form.errors[position] = gettext("Enter a name, or mark the row as not legible")
    if not form.is_valid() or not count_form.is_valid():
        return _show(request, batch, form, count_form=count_form, status=422)
    try:
        counted = count_form.cleaned_data["counted"]
        batch = paper.check(batch, counted=counted, lines=form.lines, by=request.user)
    except paper.PaperError as error:
        messages.error(request, str(error))
        return _to(batch)
    if batch.state == PaperState.ACCEPTED:
        messages.success(request, gettext("Both agree: the sheet is accepted."))
    else:
        messages.error(request, gettext("They do not agree: look at the sheet together."))
    return _to(batch)


@require_POST
@needs(Permission.ENTER_PAPER)
def reopen(request: StaffRequest, slug: str, sheet: int) -> HttpResponse:
    """Back to be mended, with the right count."""
    batch = _sheet(slug, sheet)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["claimed"][0]))
        return _to(batch)
    try:
        batch = paper.reopen(batch, claimed=form.cleaned_data["claimed"], by=request.user)
        if not _missing(batch) and batch.state == PaperState.OPEN:
            paper.hand_over(batch, by=request.user)
    except paper.PaperError as error:
        messages.error(request, str(error))
    return _to(batch)


@require_POST
@needs(Permission.ENTER_PAPER)
def send(request: StaffRequest, slug: str, sheet: int) -> HttpResponse:
    """The original left for a Member's office."""
    batch = _sheet(slug, sheet)
    form = SentForm(request.POST)
    if not form.is_valid():
        return _show(request, batch, LinesForm(_missing(batch)), sent_form=form, status=422)
    try:
        paper.send(
            batch, on=form.cleaned_data["sent_on"], to=form.cleaned_data["sent_to"], by=request.user
        )
    except paper.PaperError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("Noted: the sheet has been sent."))
    return _to(batch)


def _to(batch: PaperBatch) -> HttpResponse:
    address = reverse("desk:paper-sheet", args=[batch.petition.slug, batch.sheet_number])
    return HttpResponseRedirect(address)
