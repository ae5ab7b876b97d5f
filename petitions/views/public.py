"""What anybody reads: the list, a petition, its count."""

import json
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from petitions import fallbacks, formats, presentation
from petitions.models import Clause, Petition
from petitions.views.access import RemovedError, petition_page, public_petition, with_figures
from petitions.views.answers import about


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
        "timeline": presentation.timeline(petition),
        "provinces": presentation.provinces(petition),
        "sign_source": request.GET.get("s", ""),
    }
    return render(request, "petitions/detail.html", context)


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
        content, status = {"status": "removed"}, 410
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
