"""The card of a petition for other people's sites, and the page that gives its code.

The card is the only page that another site may frame. It has no form, no script and no cookie:
nobody is to learn to type personal data on a site that is not ours.
"""

import re
from typing import Any
from urllib.parse import urlencode

from csp.constants import NONE, SELF
from csp.decorators import csp, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from petitions import fallbacks, formats, presentation
from petitions.models import Petition
from petitions.views.access import RemovedError, petition_page, public_petition
from petitions.views.answers import about

#: Pixels that the card takes at 300 to 600 of width: Khmer needs more, for its tall letters.
HEIGHTS = {"en": 220, "fr": 220, "km": 260}
_WIDEST = 600
#: As long as a source may be (`petitions.forms`).
_SOURCE_LENGTH = 32


def source_of(site: str) -> str:
    """The source of signatures that begin on a site: `embed-` and its name, as a source may be."""
    host = re.sub(r"^[a-z]+://|^www\.|[/:?#].*", "", site.strip().lower())
    host = re.sub(r"[^a-z0-9]+", "-", host.removeprefix("www.")).strip("-")
    return f"embed-{host}"[:_SOURCE_LENGTH].rstrip("-")


@require_safe
@xframe_options_exempt
@csp(  # type: ignore[untyped-decorator]  # django-csp has no types
    {
        "default-src": [NONE],
        "style-src": [SELF],
        "font-src": [SELF],
        "base-uri": [NONE],
        "form-action": [NONE],
        "frame-ancestors": ["*"],
    }
)
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """`?lang=` chooses its language; `?from=` names the site it stands on, which nothing else does.

    The page's own address tells no more than the site's code says: no referrer is looked at.
    """
    language = _language(request.GET.get("lang", ""))
    translation.activate(language)
    request.LANGUAGE_CODE = language
    try:
        context, status = _card(public_petition(slug), request.GET.get("from", "")), 200
    except RemovedError:
        context, status = {}, 410
    except Http404:
        context, status = {}, 404
    response = render(request, "petitions/embed.html", context, status=status)
    # Also into pages that ask everything they load for its leave.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _language(asked: str) -> str:
    return asked if asked in formats.LOCALES else "en"


def _card(petition: Petition, site: str) -> dict[str, Any]:
    return {
        "petition": petition,
        "state_label": presentation.state_label(petition),
        "is_open": presentation.is_taking_signatures(petition),
        "counter": presentation.counter(petition),
        "page": _page(petition, site),
    }


@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[untyped-decorator]
@petition_page
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """The code to copy, for the language and the site asked for, and what it shows."""
    petition = public_petition(slug)
    language = request.GET.get("lang", formats.current())
    site = request.GET.get("from", "")[:200]
    with translation.override(_language(language)):
        language = formats.current()
        frame, link = _frame(petition, site), _link(petition, site)
        preview = f"{reverse('links:embed', args=[slug])}?lang={language}"
    context = about(petition) | {
        "card_language": language,
        "site": site,
        "frame_code": frame,
        "link_code": link,
        "preview": preview,
        "height": HEIGHTS[language],
        "choices": settings.LANGUAGES,
    }
    return render(request, "petitions/embed_code.html", context)


def _page(petition: Petition, site: str) -> str:
    """The petition's page in the active language, with the source that the card stands for."""
    path = reverse("petitions:detail", args=[petition.slug])
    return f"{presentation.absolute(path)}?s={source_of(site)}"


def _frame(petition: Petition, site: str) -> str:
    """In the active language."""
    query = {"lang": formats.current()} | ({"from": site} if site else {})
    address = presentation.absolute(reverse("links:embed", args=[petition.slug]))
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"'
        ' style="max-width:{}px;border:0"></iframe>',
        f"{address}?{urlencode(query)}",
        petition.title,
        HEIGHTS[formats.current()],
        _WIDEST,
    )


def _link(petition: Petition, site: str) -> str:
    """A link that looks like a card, for sites that allow no frames; in the active language."""
    text = petition.title
    if presentation.is_taking_signatures(petition):
        text = gettext("Sign the petition: %(title)s") % {"title": petition.title}
    return format_html(
        '<a href="{}" lang="{}" target="_blank" rel="noopener" style="display:block;'
        "max-width:{}px;padding:16px;border:1px solid #0b5563;border-left-width:6px;"
        'color:#0b5563;font:bold 18px/1.8 sans-serif;text-decoration:none">{}</a>',
        _page(petition, site),
        formats.HTML_LANGUAGES[fallbacks.spoken(petition, "title")],
        _WIDEST,
        text,
    )
