"""Papers to print and to collect signatures on, for everybody."""

import json
from hashlib import sha256
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from campaign.parliament import sheets
from petitions.models import Petition
from petitions.states import PetitionKind
from petitions.views.access import petition_page, public_petition


@require_safe
@petition_page
def sheet(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """The House's sheet in English or French."""
    petition = _petition(slug)
    if language not in sheets.LANGUAGES:
        raise Http404
    try:
        data = sheets.sheet_data(petition, language)
    except sheets.MissingTextError as error:
        raise Http404 from error
    return _answer(request, petition, "sheet", data, f"petition-{slug}-{language}.pdf")


@require_safe
@petition_page
def cover(request: HttpRequest, slug: str) -> HttpResponse:
    """What goes with the sheets, in three languages."""
    petition = _petition(slug)
    return _answer(request, petition, "cover", sheets.note_data(petition), f"note-{slug}.pdf")


def _petition(slug: str) -> Petition:
    petition = public_petition(slug)
    if petition.kind == PetitionKind.RECORD:
        raise Http404
    return petition


def _answer(
    request: HttpRequest, petition: Petition, template: str, data: dict[str, Any], name: str
) -> HttpResponse:
    etag = '"' + sha256(json.dumps([template, data]).encode()).hexdigest()[:20] + '"'
    unchanged = get_conditional_response(request, etag)
    if unchanged is not None:
        return unchanged
    return HttpResponse(
        sheets.pdf(template, data, petition),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "ETag": etag},
    )
