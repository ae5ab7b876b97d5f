"""Dissolution: every petition not yet presented ends, as the House has it."""

import logging
from collections.abc import Iterable
from datetime import date, datetime, time

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models.functions import Least
from django.utils.translation import gettext

from petitions import clock
from petitions.domain import lifecycle
from petitions.models import Petition
from petitions.models.petition import PetitionQuerySet
from petitions.states import ENDED_BY_DISSOLUTION, PetitionKind, PetitionState

logger = logging.getLogger(__name__)


class DissolutionError(Exception):
    """Nothing was ended; the text says why."""


class DayError(DissolutionError):
    """The day has not come."""


class ListChangedError(DissolutionError):
    """Other petitions would end than those that were looked at."""


def affected() -> PetitionQuerySet:
    """The petitions that a dissolution ends now, the oldest first."""
    return (
        Petition.objects.filter(state__in=ENDED_BY_DISSOLUTION)
        .exclude(kind=PetitionKind.RECORD)
        .order_by("pk")
    )


@transaction.atomic
def dissolve(
    on: date, *, by: AbstractBaseUser, reason: str, of: Iterable[int] | None = None
) -> list[Petition]:
    """Ends all of them in one transaction, each with its event and its mails; returns them.

    `of` names the petitions that were looked at: when others would end, nothing does
    (`ListChangedError`). Raises `DissolutionError` for a day to come, or when there is none.
    """
    if on > clock.today():
        raise DayError(gettext("Date must not be in the future"))
    petitions = list(affected().select_for_update())
    if of is not None and {each.pk for each in petitions} != set(of):
        raise ListChangedError(
            gettext("The list has changed meanwhile: look at it again, then press once more")
        )
    if not petitions:
        raise DissolutionError(gettext("There is no petition that a dissolution would end"))
    noon = datetime.combine(on, time(12), clock.TORONTO)
    for petition in petitions:
        _end(petition, noon, by=by, reason=reason)
    logger.info("dissolution: %d petitions ended by person %s", len(petitions), by.pk)
    return petitions


def _end(petition: Petition, noon: datetime, *, by: AbstractBaseUser, reason: str) -> None:
    """Links mailed before are good for the usual day more, as after any closing."""
    now = clock.db_instant()
    if petition.state == PetitionState.OPEN:
        Petition.objects.filter(pk=petition.pk).update(closes_at=Least("closes_at", now))
        petition.refresh_from_db(fields=["closes_at"])
    latest = petition.events.order_by("-happened_at").values_list("happened_at", flat=True).first()
    lifecycle.move(
        petition,
        PetitionState.CLOSED_ON_DISSOLUTION,
        by=by,
        reason=reason,
        at=min(max(noon, latest) if latest else noon, now),
    )
