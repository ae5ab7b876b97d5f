"""The site's own texts in three languages: pages, questions, guides, and who approved them.

News have a list of their own; their texts are approved here.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard import translation_table
from campaign.dashboard.gate import approved_text
from campaign.dashboard.note_forms import ApproveForm
from campaign.dashboard.translation_table import Asked
from campaign.newsroom import texts
from campaign.newsroom.domain import posts
from campaign.newsroom.models import Post, Question
from campaign.newsroom.texts import Row
from petitions.domain import parity, translating


@require_safe
@needs(Permission.WRITE_PETITIONS)
def text_list(request: StaffRequest) -> HttpResponse:
    """Everything that the newsroom has, with how far each language is."""
    groups = [
        {"label": texts.kind_name(kind), "rows": _rows(kind)}
        for kind in texts.KINDS
        if kind != "post" and texts.rows(kind).exists()
    ]
    return render(request, "dashboard/texts/list.html", {"groups": groups})


def _rows(kind: str) -> list[dict[str, Any]]:
    found = list(texts.rows(kind))
    subjects = {row.pk: texts.subject_of(row) for row in found}
    states = translating.states_of_all(list(subjects.values()))
    return [
        {
            "row": row,
            "title_field": _title_field(row),
            "url": reverse("desk:text-subject", args=[kind, row.pk]),
            "bars": translation_table.bars(subjects[row.pk], states[row.pk]),
        }
        for row in found
    ]


def _title_field(row: Row) -> str:
    return "question" if isinstance(row, Question) else "title"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WRITE_PETITIONS)
def text_subject(request: StaffRequest, kind: str, pk: int) -> HttpResponse:
    """One of them: the same table as a petition's, and the same approval."""
    if kind not in texts.KINDS:
        raise Http404
    row: Row = get_object_or_404(texts.rows(kind), pk=pk)
    if request.method != "POST":
        return _show(request, row, ApproveForm())
    if not request.user.may(Permission.APPROVE_TEXTS):
        raise PermissionDenied
    form = ApproveForm(request.POST)
    if not form.is_valid():
        return _show(request, row, form, status=422)
    keys = form.keys(texts.subject_of(row), by=request.user)
    try:
        number = texts.approve(row, keys, based_on=form.cleaned_data["based_on"], by=request.user)
    except translating.ApprovalError as error:
        form.add_error(None, str(error))
        return _show(request, row, form, status=422)
    messages.success(request, approved_text(number))
    return HttpResponseRedirect(request.get_full_path())


def _show(request: StaffRequest, row: Row, form: ApproveForm, status: int = 200) -> HttpResponse:
    subject = texts.subject_of(row)
    is_post = isinstance(row, Post)
    may_be_written = isinstance(row, Post) and not posts.reason_against_writing(row)
    admin_url = reverse(f"admin:newsroom_{texts.kind_of(row)}_change", args=[row.pk])
    context = {
        "row": row,
        "title_field": _title_field(row),
        "kind_name": texts.kind_name(texts.kind_of(row)),
        "form": form,
        "admin_url": admin_url if request.user.is_superuser and not is_post else "",
        "is_post": is_post,
        "may_approve": request.user.may(Permission.APPROVE_TEXTS),
        "table": translation_table.context(
            subject,
            parity.findings(subject.texts, subject.source),
            asked=Asked.by(request.GET),
            reader=request.user,
            edit_url=reverse("desk:news-text", args=[row.pk]) if may_be_written else "",
        ),
    }
    return render(request, "dashboard/texts/subject.html", context, status=status)
