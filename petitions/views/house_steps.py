"""Mailed links of the House's steps: one of the first five, and a Member's office.

A GET changes nothing; the token is the capability, as in `confirming.py`.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from petitions import fallbacks
from petitions.domain import authorizing, notifying, supporting, tokens
from petitions.house_forms import OfficeForm, SupportForm
from petitions.models import Clause, MPRequest, Petition, Supporter
from petitions.views.access import mailed_link


@sensitive_post_parameters()
@mailed_link
@require_http_methods(["GET", "HEAD", "POST"])
def support(request: HttpRequest, token: str) -> HttpResponse:
    """The text, what supporting means, and the form of somebody who was asked."""
    try:
        supporter = supporting.find(tokens.read_support_token(token))
    except tokens.BadTokenError:
        supporter = None
    if supporter is None:
        return render(request, "petitions/link_unknown.html", status=404)
    _speak(request, supporter.language)
    if request.method != "POST":
        return _show_support(request, supporter, supporting.look(supporter), SupportForm())
    if request.POST.get("act") == "decline":
        return _show_support(request, supporter, supporting.decline(supporter), SupportForm())
    form = SupportForm(request.POST)
    if not form.is_valid():
        return _show_support(request, supporter, supporting.look(supporter), form)
    standing = supporting.support(supporter, form.declared())
    return _show_support(request, supporter, standing, SupportForm())


def _speak(request: HttpRequest, language: str) -> None:
    translation.activate(language)
    request.LANGUAGE_CODE = language


def _show_support(
    request: HttpRequest,
    supporter: Supporter,
    standing: supporting.Standing,
    form: SupportForm,
) -> HttpResponse:
    is_ready = standing == supporting.Standing.READY
    context = {
        "standing": standing.value,
        "form": form,
        "expires": supporter.invited_at + supporting.LINK_LIFE,
        **(_submitted(supporter.petition) if is_ready else {"petition": supporter.petition}),
    }
    status = 422 if is_ready and form.errors else 200
    return render(request, "petitions/support.html", context, status=status)


@sensitive_post_parameters()
@mailed_link
@require_http_methods(["GET", "HEAD", "POST"])
def office(request: HttpRequest, token: str) -> HttpResponse:
    """The text, who asks, and the answer of a Member's office."""
    try:
        asked = authorizing.find(tokens.read_office_token(token))
    except tokens.BadTokenError:
        asked = None
    if asked is None:
        return render(request, "petitions/link_unknown.html", status=404)
    _speak(request, asked.language)
    if request.method != "POST":
        return _show_office(request, asked, OfficeForm())
    form = OfficeForm(request.POST)
    act = request.POST.get("act")
    if act not in {"authorize", "decline"} or not form.is_valid():
        return _show_office(request, asked, form)
    try:
        if act == "authorize":
            authorizing.authorize(asked, may_be_named=form.cleaned_data["may_be_named"])
        else:
            authorizing.decline(asked, note=form.cleaned_data["note"])
    except authorizing.AuthorizeError:
        # Answered, taken back or over meanwhile: the page says which.
        asked.refresh_from_db()
    return _show_office(request, asked, OfficeForm())


def _show_office(request: HttpRequest, asked: MPRequest, form: OfficeForm) -> HttpResponse:
    standing = authorizing.look(asked)
    is_ready = standing == authorizing.Standing.READY
    context = {
        "standing": standing.value,
        "asked": asked,
        "form": form,
        **(_submitted(asked.petition) if is_ready else {"petition": asked.petition}),
    }
    status = 422 if is_ready and form.errors else 200
    return render(request, "petitions/office.html", context, status=status)


#: What is shown of a text before it is public.
_SHOWN = ("title", "summary", "addressee")


def _submitted(petition: Petition) -> dict[str, Any]:
    """The text as it was submitted; it may not be translated yet, and then says so."""
    clauses = list(petition.clauses.all())
    return {
        "petition": petition,
        "petitioner_name": notifying.petitioner_name(petition),
        "whereas": [clause for clause in clauses if clause.kind == Clause.Kind.WHEREAS],
        "requests": [clause for clause in clauses if clause.kind == Clause.Kind.REQUEST],
        "borrowed": any(fallbacks.lang(petition, field) for field in _SHOWN)
        or any(fallbacks.lang(clause, "text") for clause in clauses),
    }
