"""What a petitioner reads of where the petition stands."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext

from campaign.dashboard import petition_wording
from petitions.models import Petition
from petitions.states import PetitionState

_P = PetitionState

#: The way of a petition in the order that a petitioner goes it, each step with its states.
_STEPS: tuple[tuple[Callable[[], str], frozenset[PetitionState]], ...] = (
    (lambda: gettext("You write the text"), frozenset({_P.DRAFT})),
    (lambda: gettext("Five people support it"), frozenset({_P.GATHERING_SUPPORTERS})),
    (lambda: gettext("A Member of Parliament authorizes it"), frozenset({_P.AWAITING_MP})),
    (lambda: gettext("Form and content are examined"), frozenset({_P.IN_EXAMINATION})),
    (lambda: gettext("It is translated"), frozenset({_P.IN_TRANSLATION, _P.SCHEDULED})),
    (lambda: gettext("People sign"), frozenset({_P.OPEN, _P.CLOSED})),
    (lambda: gettext("The total is certified"), frozenset({_P.CERTIFIED})),
    (
        lambda: gettext("It is presented, and the Government answers"),
        frozenset({_P.PRESENTED, _P.RESPONSE_OVERDUE, _P.RESPONSE_TABLED}),
    ),
)


def steps(petition: Petition) -> list[dict[str, Any]]:
    """The whole way, with what is done and where the petition is; empty when it has ended."""
    state = PetitionState(petition.state)
    here = next((at for at, (_text, states) in enumerate(_STEPS) if state in states), None)
    if here is None:
        return []
    return [
        {"text": text(), "is_done": at < here, "is_here": at == here}
        for at, (text, _states) in enumerate(_STEPS)
    ]


def state(petition: Petition) -> str:
    """What the petitioner has to do now, what others do, or what became of it."""
    said = _HERE.get(_P(petition.state))
    return said() if said else petition_wording.state(petition)


_HERE: dict[PetitionState, Callable[[], str]] = {
    _P.DRAFT: lambda: gettext("It is a draft. Only you and the campaign team can read it."),
    _P.GATHERING_SUPPORTERS: lambda: gettext(
        "Supporters have been asked. Text and days are frozen from here on."
    ),
    _P.AWAITING_MP: lambda: gettext(
        "Five people support it. Now a Member of Parliament is asked to authorize it."
    ),
    _P.IN_TRANSLATION: lambda: gettext("It has passed the examination and is being translated."),
    _P.SCHEDULED: lambda: gettext("It is complete, and opens soon."),
}


def undersigned(petition: Petition) -> str:
    """The line before the requests, as the House prints it; in the language that is active."""
    return gettext("We, the undersigned, call upon %(addressee)s to:") % {
        "addressee": petition.addressee or "…"
    }
