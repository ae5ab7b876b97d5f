"""What views of one petition end with: its page's content, and the way to the next page."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from petitions import presentation
from petitions.domain.signing import Outcome
from petitions.models import Petition, Signature
from petitions.views.kept import petition_of


class SeeOther(HttpResponseRedirect):
    """After a post: the browser gets the next page, and reloading it posts nothing."""

    status_code = 303


def about(petition: Petition) -> dict[str, Any]:
    """What every page about one petition needs."""
    return {
        "petition": petition,
        "state_label": presentation.state_label(petition),
        "is_paused": presentation.is_paused(petition),
        "counter": presentation.counter(petition),
        "official": presentation.official_petition(petition),
        "share": presentation.share(petition),
    }


def to_thanks(signature: Signature, outcome: Outcome) -> HttpResponse:
    path = reverse("petitions:thanks", args=[petition_of(signature).slug])
    return SeeOther(f"{path}?held" if outcome == Outcome.HELD else path)
