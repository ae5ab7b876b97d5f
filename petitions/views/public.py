"""What anybody reads: the list, a petition, its count."""

import json
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from petitions import (
    fallbacks,
    formats,
    open_data,
    outcomes,
    presentation,
    removals,
    share_kit,
    structured,
)
from petitions.domain import gate
from petitions.models import Clause, Petition, ResponseFile
from petitions.states import PetitionKind
from petitions.views.access import RemovedError, petition_page, public_petition, with_figures
from petitions.views.answers import about

#: What programs are told of a petition that everybody had seen before it was removed.
_REMOVED_CONTENT = {"status": "removed"}
_ALL_LANGUAGES = ", ".join(formats.LOCALES)


@require_safe
def petition_list(request: HttpRequest) -> HttpResponse:
    rows = [presentation.row(petition) for petition in with_figures(Petition.objects.public())]
    return render(request, "petitions/list.html", {"rows": rows})


@require_safe
@petition_page
def petition_detail(request: HttpRequest, slug: str) -> HttpResponse:
    petition = public_petition(slug)
    clauses = list(petition.clauses.all())
    context = {
        **about(petition),
        "is_open": presentation.is_taking_signatures(petition),
        "borrowed": _is_borrowed(petition, clauses),
        "whereas": [clause for clause in clauses if clause.kind == clause.Kind.WHEREAS],
        "requests": [clause for clause in clauses if clause.kind == clause.Kind.REQUEST],
        "outcome": outcomes.panel(petition),
        "response_files": outcomes.response_files(petition),
        "response_caution": outcomes.caution(petition),
        "notes": gate.public_notes(petition),
        "timeline": presentation.timeline(petition),
        "provinces": presentation.provinces(petition),
        "removed": removals.told(petition),
        "paper_text": presentation.paper_text(petition),
        "sign_source": request.GET.get("s", ""),
        "structured": _structured(petition),
    }
    return render(request, "petitions/detail.html", context)


def _structured(petition: Petition) -> list[structured.Thing]:
    path = reverse("petitions:detail", args=[petition.slug])
    steps = [
        (str(settings.PETITIONS_SITE_NAME), reverse("home")),
        (gettext("Petitions"), reverse("petitions:list")),
        (petition.short_title, path),
    ]
    return [structured.petition_work(petition), structured.breadcrumbs(steps)]


@require_safe
@petition_page
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything to pass on: texts to copy, the code for a friend, pictures, posters."""
    petition = public_petition(slug)
    if petition.kind == PetitionKind.RECORD:
        raise Http404
    context = {
        **about(petition),
        "is_open": presentation.is_taking_signatures(petition),
        "language": formats.current(),
        "texts": share_kit.texts(petition),
        "code": share_kit.code(petition),
    }
    return render(request, "petitions/share.html", context)


@require_safe
@petition_page
def official_guide(request: HttpRequest, slug: str) -> HttpResponse:
    """How to sign the official petition on the House's site, before the way there."""
    petition = public_petition(slug)
    if petition.kind != PetitionKind.COMPANION or not petition.house_number:
        raise Http404
    return render(request, "petitions/official.html", about(petition))


#: Texts that the page shows as they stand; each says its language where it is not the page's.
_SHOWN = (
    "title",
    "summary",
    "addressee",
    "why_now",
    "notice",
    "response_summary",
    "response_caution",
)


def _is_borrowed(petition: Petition, clauses: list[Clause]) -> bool:
    """Whether any text of the page is shown in another language for want of its own."""
    return any(fallbacks.lang(petition, field) for field in _SHOWN) or any(
        fallbacks.lang(clause, "text") for clause in clauses
    )


@require_safe
def count_json(request: HttpRequest, slug: str) -> HttpResponse:
    """The public count, for anybody's page: `?lang=` chooses the language of the texts."""
    language = request.GET.get("lang", "en")
    language = language if language in formats.LOCALES else "en"
    status = 200
    try:
        with translation.override(language):
            content = presentation.count_json(public_petition(slug))
    except RemovedError:
        content, status = _REMOVED_CONTENT, 410
    return _for_programs(request, content, language=language, status=status)


@require_safe
def petition_json(request: HttpRequest, slug: str) -> HttpResponse:
    """One petition with its texts in three languages, for anybody's program."""
    try:
        content = open_data.petition_record(public_petition(slug))
    except RemovedError:
        return _for_programs(request, _REMOVED_CONTENT, status=410)
    return _for_programs(request, content)


@require_safe
def petitions_json(request: HttpRequest) -> HttpResponse:
    """Every public petition, in the order of the list."""
    found = open_data.with_all(Petition.objects.public())
    content = {"petitions": [open_data.petition_record(petition) for petition in found]}
    return _for_programs(request, content)


@require_safe
@petition_page
def response_file(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """The government's response as it was tabled, to be kept, not shown inside this site."""
    files = public_petition(slug).response_files.defer("content")
    file = files.filter(language=language).first()
    if file is None:
        raise Http404
    etag = f'"{file.digest[:20]}"'
    response = get_conditional_response(request, etag) or _pdf(slug, file)
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=60"
    return response


def _pdf(slug: str, file: ResponseFile) -> HttpResponse:
    name = f"{slug}-response-{file.language}.pdf"
    return HttpResponse(
        bytes(file.content),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _for_programs(
    request: HttpRequest,
    content: dict[str, Any],
    *,
    language: str = _ALL_LANGUAGES,
    status: int = 200,
) -> HttpResponse:
    """JSON that any page may read, with a tag that changes only when it does."""
    etag = '"' + sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:20] + '"'
    response: HttpResponse = JsonResponse(
        content, status=status, json_dumps_params={"ensure_ascii": False}
    )
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=1"
    response = get_conditional_response(request, etag, response=response) or response
    response["Access-Control-Allow-Origin"] = "*"
    response["Content-Language"] = language
    return response
