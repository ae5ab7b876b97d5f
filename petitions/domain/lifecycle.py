"""Moving a petition from state to state: `move()` is the only code that does."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext, ngettext

from petitions import clock, formats
from petitions.domain import auditing, gate, house_rules
from petitions.domain.announcing import announce
from petitions.domain.sitting import response_due
from petitions.domain.vault import is_proved
from petitions.models import Outcome, Petition, PetitionEvent, Signature
from petitions.states import MOVES, PetitionKind, PetitionState

logger = logging.getLogger(__name__)

#: The stored reason of a move by the clock. Pages say it in their own words.
BY_THE_CLOCK = "by the clock"


class MoveError(Exception):
    """The petition may not go to that state now; the text says why."""


class PauseError(Exception):
    """Signing cannot be paused or resumed now; the text says why."""


@transaction.atomic
def move(
    petition: Petition,
    to: PetitionState,
    *,
    by: AbstractBaseUser | None,
    reason: str = "",
    at: datetime | None = None,
) -> PetitionEvent:
    """Moves a petition, appends the event and queues its mails; `by` is None for the clock.

    `at` dates a step that happened earlier (a letter's date). Raises `MoveError`, and changes
    nothing, when the table or a guard forbids the move.
    """
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    origin = PetitionState(locked.state)
    reason_against = next(_reasons_against(locked, origin, to), "")
    if reason_against:
        raise MoveError(reason_against)
    if not _is_stored(locked, to):
        raise MoveError(gettext("What belongs to this step is missing: record it on its own page."))
    changed = Petition.objects.filter(pk=locked.pk, state=origin).update(state=to)
    if not changed:
        raise MoveError(gettext("Somebody else moved this petition at the same moment."))
    petition.state = locked.state = to
    event = PetitionEvent.objects.create(
        petition=locked,
        happened_at=at or clock.db_instant(),
        from_state=origin,
        to_state=to,
        by=by,  # type: ignore[misc]  # the user model is the project's
        reason=reason,
    )
    auditing.record(auditing.Kind.MOVED, by=by, petition=locked, origin=origin, to=to)
    announce(event)
    return event


def reasons_against(
    petition: Petition, to: PetitionState, *, after: PetitionState | None = None
) -> list[str]:
    """Every reason why the petition may not go to that state now; none when it may.

    `after` looks a step ahead: as if the petition had come to that state already.
    """
    return list(_reasons_against(petition, after or PetitionState(petition.state), to))


def _reasons_against(petition: Petition, origin: PetitionState, to: PetitionState) -> Iterator[str]:
    """The table's reason alone, or else those of the guards, each looked at when asked for."""
    if to not in MOVES[origin] or _skips_the_house(petition, origin, to):
        yield gettext("A petition cannot go from “%(origin)s” to “%(to)s”.") % {
            "origin": origin.label,
            "to": PetitionState(to).label,
        }
        return
    for check in (_no_record, *_GUARDS.get(to, ())):
        reason = check(petition)
        if reason:
            yield reason


def _skips_the_house(petition: Petition, origin: PetitionState, to: PetitionState) -> bool:
    """The short way, from the draft to the translation, is for a campaign's own petitions, and for
    companions: the official petition has gone through the House's steps itself."""
    is_short_way = (origin, to) == (PetitionState.DRAFT, PetitionState.IN_TRANSLATION)
    return is_short_way and petition.kind == PetitionKind.RECORD


def _no_record(petition: Petition) -> str:
    """A record's steps are imported with their dates (`domain/records.py`)."""
    return gettext("A record takes no signatures.") if petition.kind == PetitionKind.RECORD else ""


def _names_the_official(petition: Petition) -> str:
    """A companion without its number would lead nowhere."""
    if petition.kind != PetitionKind.COMPANION or petition.house_number:
        return ""
    return gettext("The number of the official petition is missing.")


def _keeps_house_rules(petition: Petition) -> str:
    """What a program can see; the rest is looked at in the examination."""
    return " · ".join(finding.text for finding in house_rules.blocking(petition))


def _has_dates(petition: Petition) -> str:
    dated = petition.opens_at and petition.closes_at
    return "" if dated else gettext("The opening and closing instants are not set.")


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


def _response_is_late(petition: Petition) -> str:
    due = response_due(petition)
    if due is None or not due.is_sure:
        return gettext("The calendar does not tell yet when the response is due.")
    reason = gettext("The last day for the response has not passed.")
    return "" if clock.today() > due.on else reason


def _not_before(instant: datetime | None, reason: str) -> str:
    return reason if instant is None or clock.db_instant() < instant else ""


#: What must hold, besides the table, before a petition enters a state.
_GUARDS: dict[PetitionState, tuple[Callable[[Petition], str], ...]] = {
    PetitionState.GATHERING_SUPPORTERS: (_keeps_house_rules,),
    PetitionState.SCHEDULED: (_names_the_official, _has_dates, gate.reason_against),
    PetitionState.OPEN: (_has_dates, _opening_has_come, _has_proved_vault),
    PetitionState.CLOSED: (_closing_has_come,),
    PetitionState.CERTIFIED: (_grace_is_over, _threshold_is_met),
    PetitionState.NOT_CERTIFIED: (_grace_is_over,),
    PetitionState.RESPONSE_OVERDUE: (_response_is_late,),
}

#: What the outcome must hold before a petition enters a state: `certifying.py` and `presenting.py`
#: store it in the same transaction, and no bare move gets there.
_OUTCOMES = {
    PetitionState.CERTIFIED: "certified_at",
    PetitionState.NOT_CERTIFIED: "certified_at",
    PetitionState.PRESENTED: "presented_on",
    PetitionState.RESPONSE_TABLED: "response_on",
}


def _is_stored(petition: Petition, to: PetitionState) -> bool:
    column = _OUTCOMES.get(to)
    stored = Outcome.objects.filter(petition=petition)
    return column is None or stored.filter(**{f"{column}__isnull": False}).exists()


# --- pausing ---------------------------------------------------------------------------------


def pause(petition: Petition, *, by: AbstractBaseUser, reason: str) -> PetitionEvent:
    """Stops the taking of new signatures for a while; links already mailed go on working."""
    return _set_pause(
        petition,
        Petition.objects.signable(),
        {"paused_at": clock.db_now()},
        kind=auditing.Kind.PAUSED,
        by=by,
        reason=reason,
        refusal=gettext("Signing cannot be paused: it is paused already, or not open."),
    )


def resume(petition: Petition, *, by: AbstractBaseUser, reason: str = "") -> PetitionEvent:
    """Takes signatures again. The closing instant stays what it was."""
    return _set_pause(
        petition,
        Petition.objects.filter(state=PetitionState.OPEN, paused_at__isnull=False),
        {"paused_at": None},
        kind=auditing.Kind.RESUMED,
        by=by,
        reason=reason,
        refusal=gettext("Signing cannot be resumed: it is not paused."),
    )


@transaction.atomic
def _set_pause(
    petition: Petition,
    may_change: QuerySet[Petition],
    change: dict[str, Any],
    *,
    kind: auditing.Kind,
    by: AbstractBaseUser,
    reason: str,
    refusal: str,
) -> PetitionEvent:
    """A conditional UPDATE, and an event from open to open: pauses and ends of pauses alternate."""
    if not may_change.filter(pk=petition.pk).update(**change):
        raise PauseError(refusal)
    petition.refresh_from_db(fields=["paused_at"])
    auditing.record(kind, by=by, petition=petition)
    return PetitionEvent.objects.create(
        petition=petition,
        happened_at=clock.db_instant(),
        from_state=PetitionState.OPEN,
        to_state=PetitionState.OPEN,
        by=by,  # type: ignore[misc]  # the user model is the project's
        reason=reason,
    )


# --- the clock -------------------------------------------------------------------------------


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
                move(petition, to, by=None, reason=BY_THE_CLOCK)
            except MoveError as error:
                logger.error("petition %s stays: %s", petition.pk, error)  # noqa: TRY400 - no trace
            else:
                moved += 1
    return moved


def _due(
    state: PetitionState, to: PetitionState, **condition: object
) -> list[tuple[Petition, PetitionState]]:
    return [(row, to) for row in Petition.objects.filter(state=state, **condition)]
