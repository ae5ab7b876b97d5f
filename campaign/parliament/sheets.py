"""Papers to collect signatures in ink: the House's sheet, and the note that goes with it."""

import json
import re
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, pgettext

from campaign.parliament import typesetting
from campaign.parliament.domain.brief_texts import in_language
from petitions import clock, qr_codes
from petitions.models import Clause, Petition
from petitions.presentation import absolute

#: Two sheets' worth: the first holds the whole text and at least three lines.
LINES = 18
#: The House takes petitions in these languages alone.
LANGUAGES = ("en", "fr")
#: Article → the offices that have it, in English and French.
_ARTICLES = {
    "the": "(?:House|Government|Minister|Prime Minister|Parliament)",
    "la": "Chambre",
    "le": "(?:gouvernement|ministre|premier ministre|Parlement)",
}
#: The order of the note's parts.
_NOTE_LANGUAGES = ("km", "en", "fr")


class MissingTextError(Exception):
    """The petition is not written in that language: no sheet is made of a half."""


def sheet_data(petition: Petition, language: str) -> dict[str, Any]:
    """What `documents/sheet.typ` prints; raises `MissingTextError`."""
    clauses = [(each.kind, getattr(each, f"text_{language}") or "") for each in _clauses(petition)]
    title, addressee = (in_language(petition, name, language) for name in ("title", "addressee"))
    if not title or not addressee or not clauses or not all(text for _kind, text in clauses):
        raise MissingTextError
    with translation.override(language):
        names = {"addressee": _with_article(addressee)}
        return {
            "language": language,
            "title": title,
            "author": _author(),
            "heading": gettext("Petition: %(addressee)s") % {"addressee": addressee},
            "subject": title,
            "whereas_heading": gettext("Whereas:"),
            "whereas": [text for kind, text in clauses if kind == Clause.Kind.WHEREAS],
            "requests_heading": gettext(
                "We, the undersigned, citizens and residents of Canada, call upon %(addressee)s to:"
            )
            % names,
            "requests": [text for kind, text in clauses if kind == Clause.Kind.REQUEST],
            "signature": pgettext("column", "Signature, in ink and by your own hand"),
            "address": pgettext("column", "Address, or city and province"),
            "lines": LINES,
        }


def _with_article(addressee: str) -> str:
    """ "the House …", "la Chambre …": as it stands within a sentence; names of people alone."""
    for article, office in _ARTICLES.items():
        found = re.match(rf"(?:{article} )?({office}\b.*)", addressee, re.IGNORECASE)
        if found:
            return f"{article} {found[1]}"
    return addressee


def note_data(petition: Petition) -> dict[str, Any]:
    """What `documents/cover.typ` prints."""
    url = absolute(f"{_page(petition)}?s=paper")
    return {
        "title": gettext("Cover note: %(title)s") % {"title": petition.title},
        "author": _author(),
        "heading": " · ".join(_titles(petition)),
        "url": url,
        "url_text": absolute(_page(petition)).partition("://")[2].rstrip("/"),
        "qr": qr_codes.svg(url),
        "qr_text": gettext("QR code of the petition's page"),
        "parts": [_part(language) for language in _NOTE_LANGUAGES],
    }


def _titles(petition: Petition) -> list[str]:
    titles = [in_language(petition, "short_title", language) for language in _NOTE_LANGUAGES]
    return [title for title in titles if title] or [petition.title]


def _page(petition: Petition) -> str:
    with translation.override("en"):
        return reverse("petitions:detail", args=[petition.slug])


def _part(language: str) -> dict[str, Any]:
    with translation.override(language):
        return {
            "language": language,
            "heading": gettext("Signing on paper"),
            "lines": [
                gettext("Citizens and residents of Canada may sign, at any age, once."),
                gettext("Sign in ink, by your own hand, and write where you live."),
                gettext("Add nothing to the sheet: no picture, no mark, no other text."),
                gettext("Send the originals. Copies, photographs and scans do not count."),
                gettext("To send the sheets, ask %(contact)s for the postal address.")
                % {"contact": settings.CONTACT_EMAIL},
                gettext(
                    "The sheet goes to a Member of Parliament and becomes a record of the House. "
                    "This site keeps no name from it."
                ),
                gettext("A signature on paper and one online are counted apart."),
            ],
        }


def _clauses(petition: Petition) -> list[Clause]:
    return list(petition.clauses.all())


def _author() -> str:
    return settings.ORGANIZER_NAME or gettext("the campaign team")


def pdf(template: str, data: dict[str, Any], petition: Petition) -> bytes:
    """The same data give the same bytes, set once and kept: everybody may ask for them."""
    made_at = petition.opens_at or petition.created_at
    return _set(template, json.dumps(data, ensure_ascii=False), made_at.astimezone(clock.TORONTO))


@lru_cache(maxsize=24)
def _set(template: str, data: str, made_at: Any) -> bytes:
    return typesetting.compile(template, json.loads(data), made_at=made_at)
