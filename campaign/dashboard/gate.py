"""The translation gate of a petition: approving its texts, and the notes that everybody reads."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation as languages
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard import petition_wording as wording
from campaign.dashboard import translation_table
from campaign.dashboard.note_forms import ApproveForm, NoteForm
from campaign.dashboard.translation_table import Asked
from petitions import formats, presentation
from petitions.domain import editing, gate, lifecycle, scheduling, translating
from petitions.models import Petition
from petitions.states import PetitionKind, PetitionState


def _written_here(slug: str) -> Petition:
    """A record has its texts from elsewhere."""
    petition: Petition = get_object_or_404(
        Petition.objects.exclude(kind=PetitionKind.RECORD), slug=slug
    )
    return petition


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WRITE_PETITIONS)
def translation(request: StaffRequest, slug: str) -> HttpResponse:
    """Three columns, a status for each text; buttons approve what somebody else has written."""
    petition = _written_here(slug)
    if request.method != "POST":
        return _show(request, petition, ApproveForm())
    if not request.user.may(Permission.APPROVE_TEXTS):
        raise PermissionDenied
    form = ApproveForm(request.POST)
    if not form.is_valid():
        return _show(request, petition, form, status=422)
    keys = form.keys(editing.subject_of(petition), by=request.user)
    try:
        number = gate.approve(
            petition, keys, based_on=form.cleaned_data["based_on"], by=request.user
        )
    except translating.ApprovalError as error:
        form.add_error(None, str(error))
        return _show(request, petition, form, status=422)
    messages.success(request, approved_text(number))
    return HttpResponseRedirect(request.get_full_path())


def approved_text(number: int) -> str:
    return ngettext("%(number)s text is approved.", "%(number)s texts are approved.", number) % {
        "number": formats.number(number)
    }


def _show(
    request: StaffRequest, petition: Petition, form: ApproveForm, status: int = 200
) -> HttpResponse:
    subject = editing.subject_of(petition)
    may_be_written = editing.may_be_written(petition)
    context = {
        "petition": petition,
        "form": form,
        "may_be_written": may_be_written,
        "may_approve": request.user.may(Permission.APPROVE_TEXTS),
        "reason": gate.reason_against(petition) if may_be_written else "",
        "may_override": _may_override(request, petition),
        "previews": [
            (wording.language(code), f"{reverse('desk:preview', args=[petition.slug])}?lang={code}")
            for code in editing.LANGUAGES
        ],
        "table": translation_table.context(
            subject,
            gate.findings(petition),
            asked=Asked.by(request.GET),
            reader=request.user,
            edit_url=reverse("desk:text", args=[petition.slug]) if may_be_written else "",
        ),
    }
    return render(request, "dashboard/petitions/translation.html", context, status=status)


def _may_override(request: StaffRequest, petition: Petition) -> bool:
    """Whether to offer the way past the gate; it is never open while a text is missing."""
    if petition.state != PetitionState.IN_TRANSLATION:
        return False
    unmet = translating.unmet(editing.subject_of(petition))
    is_whole = bool(unmet) and not any(each.is_missing for each in unmet)
    return is_whole and request.user.may(Permission.MOVE_PETITIONS)


@require_safe
@needs(Permission.WRITE_PETITIONS)
def preview(request: StaffRequest, slug: str) -> HttpResponse:
    """The text as everybody will read it in one language, and what a shared link shows."""
    petition = _written_here(slug)
    language = request.GET.get("lang", "")
    language = language if language in editing.LANGUAGES else petition.original_language
    texts = editing.texts_of(petition)
    context = {
        "petition": petition,
        "tabs": [
            {"code": code, "label": wording.language(code), "is_current": code == language}
            for code in editing.LANGUAGES
        ],
        "html_lang_shown": formats.HTML_LANGUAGES[language],
        "texts": {name: text[language] for name, text in texts.fields.items()},
        "whereas": [clause[language] for clause in texts.whereas],
        "requests": [clause[language] for clause in texts.requests],
        **_in(language, petition),
    }
    return render(request, "dashboard/petitions/preview.html", context)


def _in(language: str, petition: Petition) -> dict[str, Any]:
    """The public page's own words, in the language that is shown."""
    with languages.override(language):
        return {
            "asks_heading": gettext("What we ask"),
            "text_heading": gettext("Read the full text"),
            "whereas_heading": gettext("Whereas:"),
            "why_heading": gettext("Why now"),
            "card_title": gettext("Sign the petition: %(title)s")
            % {"title": editing.texts_of(petition).fields["title"][language]},
            "card_address": presentation.absolute(
                reverse("petitions:detail", args=[petition.slug])
            ),
        }


# --- notes for everybody ---------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MOVE_PETITIONS)
def override(request: StaffRequest, slug: str) -> HttpResponse:
    """Past the gate with a note that everybody reads; a small team has no other way."""
    petition = _written_here(slug)
    if petition.state in {PetitionState.SCHEDULED, PetitionState.OPEN}:
        # Pressed twice, or done meanwhile by somebody else.
        return _to_petition(petition)
    if petition.state != PetitionState.IN_TRANSLATION:
        raise Http404
    if request.method != "POST":
        if not _may_override(request, petition):
            return HttpResponseRedirect(reverse("desk:translation", args=[petition.slug]))
        return _show_override(request, petition, NoteForm())
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show_override(request, petition, form, status=422)
    try:
        scheduling.schedule_anyway(petition, note=form.note(), by=request.user)
    except (editing.EditError, lifecycle.MoveError) as error:
        form.add_error(None, str(error))
        return _show_override(request, petition, form, status=422)
    petition.refresh_from_db()
    messages.success(request, wording.state(petition))
    return _to_petition(petition)


def _show_override(
    request: StaffRequest, petition: Petition, form: NoteForm, status: int = 200
) -> HttpResponse:
    texts_reason = gate.reason_against(petition)
    others = [reason for reason in scheduling.reasons_against(petition) if reason != texts_reason]
    context = {
        "petition": petition,
        "form": form,
        "label": wording.move_label(petition, PetitionState.SCHEDULED),
        "texts_reason": texts_reason,
        "consequences": wording.consequences(petition, PetitionState.SCHEDULED),
        # A refused post keeps what was typed, and says it in the box of errors.
        "reasons": [] if form.is_bound else others,
    }
    return render(request, "dashboard/petitions/override.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MOVE_PETITIONS)
def correction(request: StaffRequest, slug: str) -> HttpResponse:
    """A dated note under a text that can no longer be changed."""
    petition = _written_here(slug)
    if not gate.may_be_corrected(petition):
        raise Http404
    if request.method != "POST":
        return _show_correction(request, petition, NoteForm())
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show_correction(request, petition, form, status=422)
    try:
        gate.correct(petition, note=form.note(), by=request.user)
    except editing.EditError as error:
        form.add_error(None, str(error))
        return _show_correction(request, petition, form, status=422)
    messages.success(request, gettext("The note stands on the public page."))
    return _to_petition(petition)


def _show_correction(
    request: StaffRequest, petition: Petition, form: NoteForm, status: int = 200
) -> HttpResponse:
    context = {"petition": petition, "form": form, "notes": gate.public_notes(petition)}
    return render(request, "dashboard/petitions/correction.html", context, status=status)


def _to_petition(petition: Petition) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:petition", args=[petition.slug]))
