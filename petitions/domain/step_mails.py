"""What the mail about a petition's new step says: its template, and what the template is told."""

from collections.abc import Callable
from typing import Any

from petitions import clock
from petitions.domain.sitting import response_due
from petitions.models import Outcome, Petition, PetitionEvent, Tally
from petitions.states import PetitionState


def template(event: PetitionEvent) -> str:
    """The folder of `templates/emails/` for a step."""
    return f"step_{event.to_state}"


def is_over(event: PetitionEvent) -> bool:
    """Whether it would be no news: an invitation to sign that has waited too long."""
    if event.to_state != PetitionState.OPEN:
        return False
    return not Petition.objects.signable().filter(pk=event.petition_id).exists()


def content(event: PetitionEvent) -> dict[str, Any]:
    """What the mail's template needs besides the petition's name and page."""
    petition = event.petition
    tell = _CONTENT.get(PetitionState(event.to_state))
    everywhere = {"is_public": petition.is_public, "threshold": petition.threshold}
    return everywhere | (tell(petition) if tell else {})


def _of_opening(petition: Petition) -> dict[str, Any]:
    return {"closes_at": petition.closes_at}


def _of_closing(petition: Petition) -> dict[str, Any]:
    """While links still count, the number is not the last one."""
    tally = Tally.objects.filter(petition=petition).first()
    final_at = petition.final_at
    is_final = final_at is None or clock.db_instant() >= final_at
    return {
        "closed_at": petition.closes_at,
        "count": tally.total if tally else 0,
        "final_at": None if is_final else final_at,
    }


def _of_certificate(petition: Petition) -> dict[str, Any]:
    return {"count": _outcome(petition).certified_total or 0}


def _of_presentation(petition: Petition) -> dict[str, Any]:
    outcome = _outcome(petition)
    return {
        "presented_on": outcome.presented_on,
        "presenter": outcome.presenter_name,
        "number": petition.parliamentary_number,
        "due": response_due(petition),
    }


def _of_response(petition: Petition) -> dict[str, Any]:
    return {"tabled_on": _outcome(petition).response_on, "anchor": "#response"}


def _outcome(petition: Petition) -> Outcome:
    return Outcome.objects.filter(petition=petition).first() or Outcome(petition=petition)


_CONTENT: dict[PetitionState, Callable[[Petition], dict[str, Any]]] = {
    PetitionState.OPEN: _of_opening,
    PetitionState.CLOSED: _of_closing,
    PetitionState.CERTIFIED: _of_certificate,
    PetitionState.NOT_CERTIFIED: _of_certificate,
    PetitionState.PRESENTED: _of_presentation,
    PetitionState.RESPONSE_TABLED: _of_response,
}
