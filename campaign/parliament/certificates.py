"""The campaign's certificate of a petition, in English or French: text, total, dates."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from campaign.parliament import typesetting
from petitions import clock, formats, presentation
from petitions.models import Clause, Outcome, Petition
from petitions.presentation import absolute
from petitions.states import PetitionState

#: The House's languages.
LANGUAGES = ("en", "fr")


def is_certified(petition: Petition) -> bool:
    """A total is frozen also where the goal was missed: no certificate goes with that."""
    outcome: Outcome | None = getattr(petition, "outcome", None)
    if outcome is None or outcome.certified_at is None:
        return False
    return petition.state != PetitionState.NOT_CERTIFIED


def render(petition: Petition, language: str) -> bytes:
    """The PDF: Letter, the same whenever it is asked for."""
    outcome = petition.outcome
    return typesetting.compile(
        "certificate",
        sheet(petition, language),
        made_at=outcome.certified_at or clock.db_instant(),
    )


def sheet(petition: Petition, language: str) -> dict[str, Any]:
    """Every word of the page."""
    with translation.override(language):
        title = str(petition.title)
        return {
            "language": language,
            "title": gettext("Certificate: %(petition)s") % {"petition": title},
            "author": settings.ORGANIZER_NAME or gettext("the campaign team"),
            "kind": gettext("Campaign certificate"),
            "petition": title,
            "not_the_clerk": gettext(
                "This is the campaign’s own certificate: not the Clerk of Petitions’ certificate. "
                "It counts campaign signatures, gathered by a community website."
            ),
            **_numbers(petition),
            **_text(petition),
            **_foot(petition),
        }


def _numbers(petition: Petition) -> dict[str, Any]:
    outcome = petition.outcome
    facts = [
        (gettext("Open for signature"), _moment(petition.opens_at)),
        (gettext("Closed for signature"), _moment(petition.closes_at)),
        (gettext("Certified"), _moment(outcome.certified_at)),
        (gettext("Goal"), formats.number(petition.threshold)),
    ]
    if petition.house_number:
        facts.append((gettext("Official number"), petition.house_number))
    places = sorted(
        outcome.certified_provinces.items(), key=lambda item: (item[0] == "other", -item[1])
    )
    return {
        "total": formats.number(outcome.certified_total or 0),
        "total_label": gettext("confirmed signatures"),
        "facts": [{"name": name, "text": text} for name, text in facts if text],
        "places_heading": gettext("Where the signatures come from"),
        "places": [
            {"name": presentation.place_name(cell), "number": formats.number(number)}
            for cell, number in places
        ],
        "places_note": gettext(
            "Places with fewer than 5 are counted together, and so is any change by fewer than 5 "
            "since the last public figures."
        ),
    }


def _moment(instant: Any) -> str:
    return formats.moment(instant) if instant else ""


def _text(petition: Petition) -> dict[str, Any]:
    clauses = list(petition.clauses.all())
    return {
        "addressee_heading": gettext("Addressed to"),
        "addressee": str(petition.addressee),
        "whereas_heading": str(petition.grievances_heading) or gettext("Whereas:"),
        "whereas": [str(each.text) for each in clauses if each.kind == Clause.Kind.WHEREAS],
        "requests_heading": str(petition.requests_heading) or gettext("What we ask"),
        "requests": [str(each.text) for each in clauses if each.kind == Clause.Kind.REQUEST],
    }


def _foot(petition: Petition) -> dict[str, Any]:
    url = absolute(reverse("petitions:detail", args=[petition.slug]))
    return {
        "url": url,
        "url_text": url.partition("://")[2].rstrip("/"),
        "email": settings.CONTACT_EMAIL,
        "notice": gettext(
            "Campaign signatures, gathered by a community website; not a House of Commons petition."
        ),
    }
