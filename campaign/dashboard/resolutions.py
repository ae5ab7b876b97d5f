"""Decisions of others on the desk: which copies of official texts are kept, added, removed.

Their texts are written in the back office and approved at the translation gate: whatever is saved
of a decision is public, and it has no draft that somebody else could publish.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard.document_forms import DocumentForm
from campaign.newsroom import library
from campaign.newsroom.domain import documents
from campaign.newsroom.models import Document, Resolution
from petitions import formats
from petitions.domain.text_names import language_name


@require_safe
@needs(Permission.WRITE_NEWS)
def resolution_list(request: StaffRequest) -> HttpResponse:
    rows = Resolution.objects.prefetch_related("documents")
    context = {"rows": [library.entry(row) for row in rows]}
    return render(request, "dashboard/resolutions/list.html", context)


@require_safe
@needs(Permission.WRITE_NEWS)
def resolution_page(request: StaffRequest, resolution: int) -> HttpResponse:
    """One of them, with a place for a copy in each language of the official text."""
    row = get_object_or_404(Resolution, pk=resolution)
    context = {
        "resolution": row,
        "slots": _slots(row),
        "may_publish": request.user.may(Permission.PUBLISH_NEWS),
    }
    return render(request, "dashboard/resolutions/resolution.html", context)


def _slots(resolution: Resolution) -> list[dict[str, Any]]:
    """For each language of the official text, and for what was kept while there were others."""
    kept = {each.language: library.named(each) for each in resolution.documents.all()}
    return [
        {"code": code, "language": language_name(code), "kept": kept.get(code)}
        for code in formats.LOCALES
        if code in resolution.languages or code in kept
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PUBLISH_NEWS)
def document(request: StaffRequest, resolution: int, language: str) -> HttpResponse:
    """A copy in that language: the first one, or one in place of what is kept now."""
    row = get_object_or_404(Resolution, pk=resolution)
    if language not in row.languages:
        raise Http404
    if request.method != "POST":
        return _show(request, row, language, DocumentForm.fresh(row, _kept(row, language)))
    form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, row, language, form, status=422)
    try:
        documents.keep(row, form.copy_in(language), by=request.user)
    except documents.DocumentError as error:
        is_of_day = isinstance(error, documents.DayError)
        form.add_error("retrieved_on" if is_of_day else "file", str(error))
        return _show(request, row, language, form, status=422)
    messages.success(request, gettext("The copy is kept. Everybody can download it now."))
    return _to(row)


def _kept(resolution: Resolution, language: str) -> Document | None:
    found: Document | None = resolution.documents.filter(language=language).first()
    return found


def _show(
    request: StaffRequest,
    resolution: Resolution,
    language: str,
    form: DocumentForm,
    status: int = 200,
) -> HttpResponse:
    kept = _kept(resolution, language)
    context = {
        "resolution": resolution,
        "kept": library.named(kept) if kept else None,
        "heading": gettext("Official text in %(language)s") % {"language": language_name(language)},
        "form": form,
    }
    return render(request, "dashboard/resolutions/document.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PUBLISH_NEWS)
def remove(request: StaffRequest, resolution: int, language: str) -> HttpResponse:
    """After a page that says what it means."""
    row = get_object_or_404(Resolution, pk=resolution)
    found = _kept(row, language)
    if found is None:
        # Pressed twice, or done meanwhile by somebody else.
        return _to(row)
    if request.method != "POST":
        words = {"language": language_name(language)}
        context = {
            "resolution": row,
            "kept": library.named(found),
            "heading": gettext("Remove the copy in %(language)s") % words,
        }
        return render(request, "dashboard/resolutions/remove.html", context)
    documents.remove(found, by=request.user)
    messages.success(request, gettext("The copy is removed."))
    return _to(row)


def _to(resolution: Resolution) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:resolution", args=[resolution.pk]))
