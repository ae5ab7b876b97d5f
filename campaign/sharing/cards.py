"""The picture that goes with a shared link: a petition's title and its count of the day.

Everybody may ask for it, and networks ask many times at once. So it is set once for a day's figures
and kept; one is set at a time; and whoever would wait too long gets a plain one, with the site's
name.
"""

import json
import logging
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Sum
from django.utils import translation
from django.utils.translation import gettext

from campaign.parliament import typesetting
from petitions import formats, presentation
from petitions.models import Petition, Tally
from petitions.presentation import FEW
from petitions.states import PetitionKind

logger = logging.getLogger(__name__)

WIDTH, HEIGHT = 1200, 630
#: The picture of `plain_data()`, kept with the code: there it is when typst is at fault.
PLAIN = Path(__file__).resolve().parent / "plain.png"
#: Seconds that somebody waits while others' pictures are made.
_PATIENCE = 2
_KEPT = 24 * 3600
#: One that could not be made is tried again after so many seconds.
_AGAIN = 60
_making = Lock()


def data(petition: Petition, language: str) -> dict[str, Any]:
    """What `documents/card.typ` shows. Its count is of a day: the picture is finer in no time."""
    with translation.override(language):
        return {
            "language": language,
            "site": str(settings.PETITIONS_SITE_NAME),
            "title": petition.title,
            **_figures(petition),
        }


def _figures(petition: Petition) -> dict[str, Any]:
    if petition.kind == PetitionKind.RECORD:
        return {"figure": None, "label": presentation.state_label(petition), "foot": ""}
    goal = {"goal": formats.number(petition.threshold)}
    total = petition.days.aggregate(total=Sum("counted"))["total"] or 0
    tally = Tally.objects.filter(petition=petition).first()
    if total < FEW or tally is None or tally.figures_day is None:
        label = (
            gettext("Be among the first to sign")
            if presentation.is_taking_signatures(petition)
            else presentation.state_label(petition)
        )
        foot = gettext("goal %(goal)s confirmed signatures") % goal
        return {"figure": None, "label": label, "foot": foot}
    return {
        "figure": formats.number(total),
        "label": gettext("confirmed signatures, goal %(goal)s") % goal,
        "part": min(1, total / petition.threshold),
        "foot": gettext("As of %(date)s") % {"date": formats.long_date(tally.figures_day)},
    }


def tag(card: dict[str, Any]) -> str:
    """Another one for other figures, words or day."""
    return sha256(json.dumps(card, sort_keys=True).encode()).hexdigest()[:20]


def picture(card: dict[str, Any]) -> bytes | None:
    """The PNG of `data()`; None when it cannot be made, or not soon enough."""
    key = f"card-{tag(card)}"
    kept: bytes | None = cache.get(key)
    if kept is None and _making.acquire(timeout=_PATIENCE):
        try:
            # Somebody else may have made it while this one waited.
            kept = cache.get(key)
            if kept is None:
                kept = _make(card)
                cache.set(key, kept, _KEPT if kept else _AGAIN)
        finally:
            _making.release()
    return kept or None


def _make(card: dict[str, Any]) -> bytes:
    """The PNG; nothing at all when typst is at fault, so that this, too, is kept for a while."""
    try:
        return typesetting.picture("card", card)
    except typesetting.TypesettingError:
        logger.exception("a picture for shared links could not be made")
        return b""


def plain_data() -> dict[str, Any]:
    """The site's name in three languages, in place of a title."""
    names = []
    for language in ("km", "en", "fr"):
        with translation.override(language):
            names.append({"language": language, "text": str(settings.PETITIONS_SITE_NAME)})
    return {"language": "km", "site": "", "names": names}
