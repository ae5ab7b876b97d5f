"""Moving a petition from state to state: `move()` is the only code that does."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext, ngettext

from petitions import clock, formats
from petitions.domain.vault import is_proved
from petitions.models import Clause, Petition, PetitionEvent, Signature
from petitions.models.petition import REQUIRED_TEXTS
from petitions.states import MOVES, PetitionKind, PetitionState

logger = logging.getLogger(__name__)

LANGUAGES = ("en", "fr", "km")


class MoveError(Exception):
    """The petition may not go to that state now; the text says why."""


@transaction.atomic
def move(
    petition: Petition,
    to: PetitionState,
    *,
    by: AbstractBaseUser | None,
    reason: str = "",
    at: datetime | None = None,
) -> PetitionEvent:
    """Moves a petition and appends the event; `by` is None for the clock.

    `at` dates a step that happened earlier (a letter's date). Raises `MoveError`, and changes
    nothing, when the table or a guard forbids the move.
    """
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    origin = PetitionState(locked.state)
    if to not in MOVES[origin] or _skips_the_house(locked, to):
        raise MoveError(
            gettext("A petition cannot go from “%(origin)s” to “%(to)s”.")
            % {"origin": origin.label, "to": PetitionState(to).label}
        )
    _guard(locked, to)
    changed = Petition.objects.filter(pk=locked.pk, state=origin).update(state=to)
    if not changed:
        raise MoveError(gettext("Somebody else moved this petition at the same moment."))
    petition.state = to
    return PetitionEvent.objects.create(
        petition=locked,
        happened_at=at or clock.db_instant(),
        from_state=origin,
        to_state=to,
        by=by,  # type: ignore[misc]  # the user model is the project's
        reason=reason,
    )


def _skips_the_house(petition: Petition, to: PetitionState) -> bool:
    """The short way, from the draft to the translation, is for a campaign's own petitions."""
    is_short_way = (petition.state, to) == (PetitionState.DRAFT, PetitionState.IN_TRANSLATION)
    return is_short_way and petition.kind != PetitionKind.CAMPAIGN


def _guard(petition: Petition, to: PetitionState) -> None:
    """Raises `MoveError` with the first reason against a move that the table allows."""
    for check in (_no_record, *_GUARDS.get(to, ())):
        reason = check(petition)
        if reason:
            raise MoveError(reason)


def _no_record(petition: Petition) -> str:
    """A record's steps are imported with their dates (`domain/records.py`)."""
    return gettext("A record takes no signatures.") if petition.kind == PetitionKind.RECORD else ""


def _has_dates(petition: Petition) -> str:
    dated = petition.opens_at and petition.closes_at
    return "" if dated else gettext("The opening and closing instants are not set.")


def _has_all_texts(petition: Petition) -> str:
    missing = missing_texts(petition)
    if not missing:
        return ""
    return gettext("Not complete in three languages: %(texts)s") % {"texts": ", ".join(missing)}


def _has_proved_vault(petition: Petition) -> str:
    if is_proved(petition):
        return ""
    return gettext(
        "The vault has not been proved: open its challenge once with a passphrase and once with "
        "the recovery sheet."
    )


def _opening_has_come(petition: Petition) -> str:
    return _not_before(petition.opens_at, gettext("The opening instant has not come."))


def _closing_has_come(petition: Petition) -> str:
    return _not_before(petition.closes_at, gettext("The closing instant has not come."))


def _grace_is_over(petition: Petition) -> str:
    return _not_before(
        petition.final_at, gettext("Links mailed before closing still count for 24 hours.")
    )


def _threshold_is_met(petition: Petition) -> str:
    counted = Signature.objects.filter(petition=petition).counted().count()
    if counted >= petition.threshold:
        return ""
    return ngettext(
        "There is now %(number)s confirmed signature. The goal is %(goal)s.",
        "There are now %(number)s confirmed signatures. The goal is %(goal)s.",
        counted,
    ) % {"number": formats.number(counted), "goal": formats.number(petition.threshold)}


def _not_before(instant: datetime | None, reason: str) -> str:
    return reason if instant is None or clock.db_instant() < instant else ""


#: What must hold, besides the table, before a petition enters a state.
_GUARDS: dict[PetitionState, tuple[Callable[[Petition], str], ...]] = {
    PetitionState.SCHEDULED: (_has_dates, _has_all_texts),
    PetitionState.OPEN: (_has_dates, _opening_has_come, _has_proved_vault),
    PetitionState.CLOSED: (_closing_has_come,),
    PetitionState.CERTIFIED: (_grace_is_over, _threshold_is_met),
    PetitionState.NOT_CERTIFIED: (_grace_is_over,),
}


def missing_texts(petition: Petition) -> list[str]:
    """Required texts not written yet, as `field_language`; clauses as `whereas 2_km`."""
    missing = [
        f"{field}_{language}"
        for field in REQUIRED_TEXTS
        for language in LANGUAGES
        if not getattr(petition, f"{field}_{language}")
    ]
    clauses = list(Clause.objects.filter(petition=petition))
    missing += [
        f"{clause.kind} {clause.position}_{language}"
        for clause in clauses
        for language in LANGUAGES
        if not getattr(clause, f"text_{language}")
    ]
    if not any(clause.kind == Clause.Kind.REQUEST for clause in clauses):
        missing.append("request")
    return missing


def advance_by_clock() -> int:
    """Opens and closes what is due by the database's clock; returns how many petitions moved.

    One that may not open (its vault is not proved) is logged and holds up no other.
    """
    now = clock.db_now()
    due = [
        *_due(PetitionState.SCHEDULED, PetitionState.OPEN, opens_at__lte=now),
        *_due(PetitionState.OPEN, PetitionState.CLOSED, closes_at__lte=now),
    ]
    moved = 0
    with translation.override("en"):
        for petition, to in due:
            try:
                move(petition, to, by=None, reason="by the clock")
            except MoveError as error:
                logger.error("petition %s stays: %s", petition.pk, error)  # noqa: TRY400 - no trace
            else:
                moved += 1
    return moved


def _due(
    state: PetitionState, to: PetitionState, **condition: object
) -> list[tuple[Petition, PetitionState]]:
    return [(row, to) for row in Petition.objects.filter(state=state, **condition)]
