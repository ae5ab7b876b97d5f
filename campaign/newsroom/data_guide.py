"""`/open-data/`: what programs are given, field by field, and what may be reused.

A test compares the names with the answers themselves, so that neither grows without the other.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from petitions import formats, presentation, structured
from petitions.licence import OPEN_DATA
from petitions.models import Petition
from petitions.states import PetitionKind
from petitions.views.access import with_figures


@dataclass(frozen=True)
class Fields:
    """Some fields of one answer that are told of together."""

    names: tuple[str, ...]
    meaning: Promise


LICENCE = Fields(
    ("licence", "licence_url"),
    _("The licence, by its short name and its address; null for a petition made elsewhere."),
)
#: One petition of `/petitions.json`, which is also the whole of `/petitions/{slug}.json`.
PETITION = (
    Fields(
        ("id", "slug", "type"),
        _("An id that never changes, the name in addresses, and campaign, companion or record."),
    ),
    Fields(
        ("petition_number", "parliamentary_number", "parliament", "session"),
        _("Numbers that the House of Commons gave; null where it gave none."),
    ),
    Fields(
        (
            "title",
            "keywords",
            "original_language",
            "addressee",
            "summary",
            "grievances",
            "prayer",
        ),
        _("The text in en, fr and km; null where one is not written. The prayer is what is asked."),
    ),
    Fields(
        ("status", "status_name", "status_reached_date_time", "is_paused"),
        _("How far the petition is, since when, and whether signing rests for now."),
    ),
    Fields(
        ("petitioner", "sponsor"),
        _("Only people whom the petition's page names, who agreed to it."),
    ),
    Fields(
        (
            "signature_opening_date_time",
            "signature_closing_date_time",
            "certification_date_time",
        ),
        _("Instants, in universal time."),
    ),
    Fields(("presented_date", "government_response_date"), _("Days.")),
    Fields(
        (
            "threshold",
            "signature_count",
            "signature_count_as_of",
            "signature_count_is_final",
        ),
        _("The goal, and the signatures confirmed on this site; final once certified."),
    ),
    Fields(
        ("province_signatures", "province_signatures_as_of"),
        _("Signatures by province, once a day; small groups are merged."),
    ),
    Fields(
        ("removed_signatures",),
        _("How many signatures were rejected after review, by reason; small groups are merged."),
    ),
    Fields(
        ("official_signature_count",),
        _("What the House of Commons page showed last, with day and source. It is in no total."),
    ),
    Fields(("response",), _("The government's response in our summary; null while there is none.")),
    Fields(("pages", "house_pages"), _("Addresses of the pages, by language.")),
    LICENCE,
)
#: `/petitions/{slug}/count.json`.
COUNT = (
    Fields(
        ("confirmed", "threshold", "paper"),
        _("Signatures confirmed on this site, the goal, and signatures accepted on paper apart."),
    ),
    Fields(("as_of",), _("When they were counted.")),
    Fields(
        ("status", "paused", "closes_at"),
        _("How far the petition is, whether signing rests, and when it closes."),
    ),
    Fields(
        ("confirmed_text", "left_text", "as_of_text", "percent_max"),
        _("The same in words of the language asked for by ?lang=, and where the bar ends."),
    ),
    LICENCE,
)


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """The addresses, their fields, and the count of one petition as it is answered now."""
    counted = Petition.objects.public().exclude(kind=PetitionKind.RECORD)
    first = with_figures(counted).first()
    context = {
        "code": formats.current(),
        "petition_fields": PETITION,
        "count_fields": COUNT,
        "example": _example(first) if first else None,
        "licence": OPEN_DATA,
        "structured": [_dataset()],
    }
    return render(request, "newsroom/open_data.html", context)


def _dataset() -> structured.Thing:
    return structured.dataset(
        gettext("%(site)s: open data") % {"site": settings.PETITIONS_SITE_NAME},
        gettext(
            "The petitions and their counts for programs: "
            "addresses, fields, and what may be reused."
        ),
        page=reverse("open-data"),
        file=reverse("links:petitions-json"),
    )


def _example(petition: Petition) -> dict[str, Any]:
    """In English on every page, as the names of the fields are."""
    address = reverse("links:count", args=[petition.slug])
    with translation.override("en"):
        content = presentation.count_json(petition)
    return {
        "url": presentation.absolute(f"{address}?lang=en"),
        "text": json.dumps(content, ensure_ascii=False, indent=2),
        "code": reverse("petitions:embed-code", args=[petition.slug]),
    }
