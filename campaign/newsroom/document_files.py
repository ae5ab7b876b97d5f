"""Copies of official texts, each at an address of its own: to be kept, not shown inside this site.

What they hold was written by others. So that none of it ever acts in this site's name, a copy
comes as an attachment, and a browser that shows it all the same puts it into a sandbox.
"""

import logging

from csp.constants import NONE
from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from campaign.errors import error_page
from campaign.newsroom.domain import documents
from campaign.newsroom.models import Document
from petitions.formats import HTML_LANGUAGES

logger = logging.getLogger(__name__)


@require_safe
@csp(  # type: ignore[untyped-decorator]  # django-csp has no types
    {
        "default-src": [NONE],
        "base-uri": [NONE],
        "form-action": [NONE],
        "frame-ancestors": [NONE],
        "sandbox": True,
    }
)
def document(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """The file as it was downloaded, or an error: never one that has changed since."""
    found = get_object_or_404(Document, resolution__slug=slug, language=language)
    etag = f'"{found.sha256}"'
    try:
        response = get_conditional_response(request, etag) or _file(slug, found)
    except documents.DamagedError as error:
        logger.error("%s", error)  # noqa: TRY400 - the place in the code says nothing
        return error_page(500)
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=60"
    return response


def _file(slug: str, found: Document) -> HttpResponse:
    return HttpResponse(
        documents.content_of(found),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{slug}-{found.language}.pdf"',
            "Content-Language": HTML_LANGUAGES[found.language],
        },
    )
