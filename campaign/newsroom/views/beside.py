"""What stands beside a piece of news or an event: the petition, and the ways to pass it on."""

from typing import Any

from petitions import presentation
from petitions.views.access import leading_petitions


def beside(path: str, title: str) -> dict[str, Any]:
    """For `newsroom/_beside.html`; the petition is the one that leads the home page."""
    context: dict[str, Any] = {"share": presentation.share_page(path, title)}
    petition = next(iter(leading_petitions()), None)
    if petition is not None:
        context |= {
            "petition": petition,
            "counter": presentation.counter(petition),
            "official": presentation.official_petition(petition),
        }
    return context
