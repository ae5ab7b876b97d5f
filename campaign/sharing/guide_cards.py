"""The five steps of signing here as pictures to pass on: one for each, and all of them on one."""

import re
from html import unescape
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import Model
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext

from campaign.newsroom import guide_pictures
from campaign.newsroom.models import Guide, GuideStep
from campaign.newsroom.prose import to_html
from campaign.sharing.posters import Address
from petitions import fallbacks, formats
from petitions.presentation import absolute

#: By the name in its address: pixels across and down, and the number of the only step on it.
NAMES: dict[str, tuple[int, int, int | None]] = {
    **{f"step-{step}": (1080, 1350, step) for step in range(1, guide_pictures.STEPS + 1)},
    "steps": (1080, 1350, None),
    "card": (1200, 630, None),
}
_BOLD = re.compile(r"<strong>(.*?)</strong>", re.DOTALL)
#: Not all white space: French has some that never breaks.
_SPACES = re.compile(r"[ \n]+")


def data(name: str) -> dict[str, Any] | None:
    """What `documents/guide.typ` shows under a name; None while the guide lacks its five steps."""
    guide = Guide.objects.filter(slug=guide_pictures.GUIDE).prefetch_related("steps").first()
    if guide is None or not guide_pictures.has_pictures(guide):
        return None
    width, height, only = NAMES[name]
    steps = enumerate(guide.steps.all(), start=1)
    return {
        "name": name,
        "width": width,
        "height": height,
        "language": formats.current(),
        "site": str(settings.PETITIONS_SITE_NAME),
        "title": _words(guide, "title"),
        "address": Address(absolute(reverse("how-to-sign"))).text,
        "mind": gettext("Your signature is not counted until you press the button in the e-mail."),
        "steps": [_step(row, place) for place, row in steps if only in {None, place}],
    }


def _step(row: GuideStep, place: int) -> dict[str, Any]:
    found = str(finders.find(guide_pictures.name(formats.current(), place)))
    return {
        "number": place,
        "title": _words(row, "title"),
        "text": _words(row, "text"),
        "picture": Path(found).read_bytes(),
    }


def _words(row: Model, field: str) -> dict[str, Any]:
    """The field's text in the language that it really speaks, in runs of which some are bold."""
    language = fallbacks.spoken(row, field)
    html = to_html(getattr(row, field), language)
    runs = [
        {"text": _plain(run), "bold": place % 2 == 1}
        for place, run in enumerate(_BOLD.split(html.strip()))
    ]
    return {"language": language, "runs": [run for run in runs if run["text"]]}


def _plain(html: str) -> str:
    return _SPACES.sub(" ", unescape(strip_tags(html)))
