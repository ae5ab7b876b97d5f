"""Addresses without a language, for paper and for the mouth: they lead to the petition's page.

A poster does not know who reads it, the reader's phone does. Looking counts nothing: where a
signature came from is told by its own form.
"""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from petitions.domain import sharing
from petitions.views.access import accepted_language, petition_page, public_petition

#: For phones that ask for none of ours: who scans a poster of this community and reads neither
#: English nor French most likely reads Khmer, and the other two stand at the top of the page.
_OTHERWISE = "km"


@require_safe
@petition_page
def short_link(request: HttpRequest, code: str) -> HttpResponse:
    """From the code on a poster to its petition, the code going along unless it is retired."""
    link = sharing.find(code)
    if link is None:
        raise Http404
    return _to_page(request, link.petition.slug, source="" if link.retired_at else link.code)


@require_safe
@petition_page
def any_language(request: HttpRequest, slug: str) -> HttpResponse:
    """From the petition's address without a language."""
    return _to_page(request, slug, source=request.GET.get("s", ""))


def _to_page(request: HttpRequest, slug: str, *, source: str) -> HttpResponse:
    petition = public_petition(slug)
    with translation.override(accepted_language(request) or _OTHERWISE):
        path = reverse("petitions:detail", args=[petition.slug])
    query = f"?{urlencode({'s': source})}" if source else ""
    return HttpResponseRedirect(f"{path}{query}")
