"""Writing a petition: its texts in three languages, its goal and its dates."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard import petition_wording as wording
from campaign.dashboard import text_history, translation_table
from campaign.dashboard.petition_forms import DatesForm
from campaign.dashboard.text_form import TextsForm
from petitions.domain import editing, scheduling, translating
from petitions.models import Petition


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WRITE_PETITIONS)
def text(request: StaffRequest, slug: str) -> HttpResponse:
    """Three languages side by side. Buttons at clauses rearrange what was typed and store nothing;
    once the text is final the page is for reading."""
    petition = get_object_or_404(Petition, slug=slug)
    if request.method != "POST":
        return _show_text(request, petition, TextsForm.stored(petition))
    act = request.POST.get("act", "save")
    if act != "save":
        form = TextsForm.rearranged(request.POST, act)
        return _show_text(request, petition, form, is_unsaved=True)
    return _save_text(request, petition, TextsForm.posted(request.POST))


def _save_text(request: StaffRequest, petition: Petition, form: TextsForm) -> HttpResponse:
    if not form.is_valid():
        return _show_text(request, petition, form, status=422)
    based_on = form.cleaned_data["based_on"]
    try:
        editing.save_texts(petition, texts=form.texts(), based_on=based_on, by=request.user)
    except editing.EditError as error:
        if isinstance(error, editing.StaleError):
            form = TextsForm.overtaken(request.POST, petition)
        form.add_error(None, str(error))
        return _show_text(request, petition, form, status=422)
    messages.success(request, gettext("The texts are saved."))
    return HttpResponseRedirect(reverse("desk:text", args=[petition.slug]))


def _show_text(
    request: StaffRequest,
    petition: Petition,
    form: TextsForm,
    *,
    status: int = 200,
    is_unsaved: bool = False,
) -> HttpResponse:
    sections = form.sections()
    # What was typed may not be lost by a look at a page where it can no longer be saved.
    may_be_written = editing.may_be_written(petition) or form.is_bound or is_unsaved
    context = {
        "petition": petition,
        "form": form,
        "sections": sections,
        "may_be_written": may_be_written,
        "is_unsaved": is_unsaved,
        "progress": _progress(petition),
        "rows_to_check": [row for section in sections for row in section["rows"] if row.warnings],
    }
    return render(request, "dashboard/petitions/text.html", context, status=status)


def _progress(petition: Petition) -> list[dict[str, Any]]:
    """By language how many texts are written, and how many of them are approved."""
    subject = editing.subject_of(petition)
    bars = translation_table.bars(subject, translating.states(subject))
    written = editing.texts_of(petition).progress()
    return [{**bar, "written": wording.progress_text(*written[bar["code"]])} for bar in bars]


@require_safe
@needs(Permission.WRITE_PETITIONS)
def versions(request: StaffRequest, slug: str) -> HttpResponse:
    """Earlier versions of the texts, with what each changed."""
    petition = get_object_or_404(Petition, slug=slug)
    context = text_history.context(petition)
    return render(request, "dashboard/petitions/history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WRITE_PETITIONS)
def dates(request: StaffRequest, slug: str) -> HttpResponse:
    """The goal, the opening and the days; the closing is computed."""
    petition = get_object_or_404(Petition, slug=slug)
    if request.method != "POST":
        return _show_dates(request, petition, DatesForm.stored(petition))
    form = DatesForm(request.POST)
    if not form.is_valid():
        return _show_dates(request, petition, form, status=422)
    data = form.cleaned_data
    try:
        scheduling.set_dates(
            petition,
            opens_at=data["opens_at"],
            days=data["days"],
            threshold=data["threshold"],
            by=request.user,
        )
    except editing.EditError as error:
        form.add_error("date" if isinstance(error, scheduling.DatesError) else None, str(error))
        return _show_dates(request, petition, form, status=422)
    messages.success(request, gettext("Goal and dates are saved."))
    return HttpResponseRedirect(reverse("desk:petition", args=[petition.slug]))


def _show_dates(
    request: StaffRequest, petition: Petition, form: DatesForm, status: int = 200
) -> HttpResponse:
    context = {
        "petition": petition,
        "form": form,
        "may_be_written": editing.may_be_written(petition) or form.is_bound,
        "dates_text": wording.dates(petition),
    }
    return render(request, "dashboard/petitions/dates.html", context, status=status)
