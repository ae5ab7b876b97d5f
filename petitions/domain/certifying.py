"""The certificate: the count after closing becomes final, whether or not the goal was reached.

It is the campaign's own, and says so: the Clerk of Petitions certifies only what was signed on
the House's site or in ink.
"""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext

from petitions.domain import counting, lifecycle
from petitions.models import Outcome, Petition, PetitionEvent
from petitions.states import PetitionState


@transaction.atomic
def certify(petition: Petition, *, by: AbstractBaseUser, reason: str = "") -> PetitionEvent:
    """Freezes the total and certifies it; raises `MoveError`, and freezes nothing, when the goal
    is missed or links still count."""
    return _end_counting(petition, PetitionState.CERTIFIED, by=by, reason=reason)


@transaction.atomic
def decline_certificate(
    petition: Petition, *, by: AbstractBaseUser, reason: str = ""
) -> PetitionEvent:
    """Freezes the total without a certificate; raises `MoveError`, and freezes nothing, while
    links still count, or when the goal is reached and no reason says why it is declined."""
    event = _end_counting(petition, PetitionState.NOT_CERTIFIED, by=by, reason=reason)
    if (petition.outcome.certified_total or 0) >= petition.threshold and not reason:
        raise lifecycle.MoveError(gettext("The goal is reached: say why it is not certified."))
    return event


def _end_counting(
    petition: Petition, to: PetitionState, *, by: AbstractBaseUser, reason: str
) -> PetitionEvent:
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    total = counting.freeze(locked)
    petition.outcome, _created = Outcome.objects.update_or_create(
        petition=locked,
        defaults={
            "certified_at": total.at,
            "certified_total": total.number,
            "certified_provinces": total.provinces,
        },
    )
    return lifecycle.move(petition, to, by=by, reason=reason, at=total.at)
