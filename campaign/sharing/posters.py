"""The poster: the ask in three languages, a code for the camera, and the five steps."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from campaign.parliament import typesetting
from petitions import clock, formats, qr_codes, share_kit
from petitions.models import Petition, ShareLink
from petitions.presentation import absolute

#: The order of the poster's parts.
LANGUAGES = ("km", "en", "fr")
#: By the name in its address: the paper, and whether strips to tear off stand at its foot.
SHEETS = {
    "letter": ("us-letter", False),
    "letter-strips": ("us-letter", True),
    "a4": ("a4", False),
    "a4-strips": ("a4", True),
}


@dataclass(frozen=True)
class Address:
    """Where the code leads, and the same as it is read off the paper."""

    url: str

    @property
    def text(self) -> str:
        return self.url.partition("://")[2].partition("?")[0].rstrip("/")


def address_of(link: ShareLink) -> Address:
    return Address(absolute(reverse("links:short-link", args=[link.code])))


def general_address(petition: Petition) -> Address:
    """For posters of no place in particular, in the language of whoever scans them."""
    return Address(absolute(reverse("links:petition", args=[petition.slug])) + "?s=poster")


def poster(petition: Petition, address: Address, sheet: str) -> bytes:
    """The PDF; of one day the same bytes, set once and kept for all who ask."""
    today = clock.today()
    data = poster_data(petition, address, sheet, today)
    return _set(json.dumps(data, ensure_ascii=False), today)


@lru_cache(maxsize=24)
def _set(data: str, day: date) -> bytes:
    made_at = datetime.combine(day, time(), clock.TORONTO)
    return typesetting.compile("poster", json.loads(data), made_at=made_at)


def poster_data(petition: Petition, address: Address, sheet: str, today: date) -> dict[str, Any]:
    """What `documents/poster.typ` prints."""
    paper, strips = SHEETS[sheet]
    asks = [(each, getattr(petition, f"title_{each}")) for each in LANGUAGES]
    return {
        "paper": paper,
        "strips": strips,
        "title": petition.title,
        "author": _publisher(),
        "asks": [{"language": each, "text": text} for each, text in asks if text],
        "url": address.url,
        "url_text": address.text,
        "qr": qr_codes.svg(address.url),
        "qr_text": gettext("QR code of the petition's page"),
        "parts": [_part(petition, language, today) for language in LANGUAGES],
    }


def _part(petition: Petition, language: str, today: date) -> dict[str, Any]:
    with translation.override(language):
        return {
            "language": language,
            "site": str(settings.PETITIONS_SITE_NAME),
            "strip": getattr(petition, f"short_title_{language}") or "",
            "scan": gettext("Scan with your phone, or type this address:"),
            "goal": _goal(petition),
            "steps_heading": gettext("How to sign in five steps"),
            "steps": [
                gettext("Scan the code, or type the address"),
                *share_kit.later_steps(),
            ],
            "published": gettext("Published by %(name)s") % {"name": _publisher()},
            "printed": gettext("Printed on %(date)s") % {"date": formats.long_date(today)},
            "notice": gettext(
                "This is a community website. It is not a site of the House of Commons or the "
                "Government of Canada."
            ),
        }


def _goal(petition: Petition) -> str:
    goal = formats.number(petition.threshold)
    if petition.closes_at is None:
        return gettext("Goal: %(goal)s signatures") % {"goal": goal}
    return gettext("Goal: %(goal)s signatures by %(date)s") % {
        "goal": goal,
        "date": formats.long_date(petition.closes_at),
    }


def _publisher() -> str:
    return settings.ORGANIZER_NAME or gettext("the campaign team")
