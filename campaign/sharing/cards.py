"""The picture that goes with a shared link: a petition's title and its count of the day."""

from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils import translation
from django.utils.translation import gettext

from petitions import formats, presentation
from petitions.models import Petition, Tally
from petitions.presentation import FEW
from petitions.states import PetitionKind

WIDTH, HEIGHT = 1200, 630


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


def plain_data() -> dict[str, Any]:
    """The site's name in three languages, in place of a title."""
    names = []
    for language in ("km", "en", "fr"):
        with translation.override(language):
            names.append({"language": language, "text": str(settings.PETITIONS_SITE_NAME)})
    return {"language": "km", "site": "", "names": names}
