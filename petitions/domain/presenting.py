"""From the certificate to the answer: presentation in the House, the 45 days, the response."""

import logging
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from hashlib import sha256

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from petitions import clock, formats, validators
from petitions.domain import lifecycle, pdf_files
from petitions.domain.editing import LANGUAGES, Wording
from petitions.domain.sitting import Due, response_due
from petitions.models import Member, MPRequest, Outcome, Petition, PetitionEvent, ResponseFile
from petitions.states import MPRequestState, PetitionState

__all__ = ["Due", "response_due"]  # asked for here, computed beside the calendar

logger = logging.getLogger(__name__)

#: A response as it was tabled: a few pages of text.
LARGEST_FILE = 5 * 1024 * 1024
#: The columns' length.
LONGEST_MINISTER = 160
LONGEST_SUMMARY = 2000

#: Parliament and session, then the petition: 421-03054.
_NUMBER = re.compile(r"([1-9][0-9]{2})[\s\-\u2010-\u2015]+([0-9]{5})")


class OutcomeError(ValueError):
    """What was entered cannot be right, and nothing is stored; the text says why."""


class NumberError(OutcomeError):
    """This is no number that the House gives to a petition."""


class DayError(OutcomeError):
    """The day is in the future, or before the step that it follows."""


class SummaryError(OutcomeError):
    """A language's summary is missing."""


class FileError(OutcomeError):
    """This is no PDF, or too large a one."""


def parliamentary_number(text: str) -> str:
    """A number as the House writes it, like 421-03054; raises `NumberError`."""
    found = _NUMBER.fullmatch(validators.fold_digits(validators.trim(text)))
    if found is None:
        raise NumberError(gettext("Enter the number that the House gave it, like 421-03054"))
    return f"{found[1]}-{found[2]}"


# --- presentation ----------------------------------------------------------------------------


@transaction.atomic
def present(
    petition: Petition,
    *,
    member: Member,
    on: date,
    number: str,
    by: AbstractBaseUser,
    may_be_named: bool = False,
) -> PetitionEvent:
    """Records that a Member presented the petition; the 45 days begin.

    The page names the Member only where `may_be_named` says so, or where the Member agreed when
    authorizing it. Raises `NumberError`, `DayError` or `MoveError`, and changes nothing.
    """
    number = parliamentary_number(number)
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    outcome = Outcome.objects.filter(petition=locked).first() or Outcome(petition=locked)
    _check_day(on, not_before=_day(outcome.certified_at))
    outcome.presented_on, outcome.presented_by = on, member
    if may_be_named or _agreed(locked, member):
        outcome.presenter_name = member.name
        outcome.presenter_riding = member.riding.name_en  # type: ignore[attr-defined]
    outcome.save()
    petition.outcome, petition.parliamentary_number = outcome, number
    petition.save(update_fields=["parliamentary_number"])
    return lifecycle.move(
        petition, PetitionState.PRESENTED, by=by, at=_moment(on, after=outcome.certified_at)
    )


def _agreed(petition: Petition, member: Member) -> bool:
    return MPRequest.objects.filter(
        petition=petition, member=member, state=MPRequestState.AUTHORIZED, may_be_named=True
    ).exists()


def _day(instant: datetime | None) -> date | None:
    return clock.day_of(instant) if instant else None


def _check_day(on: date, *, not_before: date | None) -> None:
    if on > clock.today():
        raise DayError(gettext("Date must not be in the future"))
    if not_before is not None and on < not_before:
        raise DayError(
            gettext("This was before the step that it follows (%(date)s)")
            % {"date": formats.long_date(not_before)}
        )


def _moment(on: date, *, after: datetime | None) -> datetime:
    """Noon of a day that is known without its hour; not before the step before, nor to come."""
    noon = datetime.combine(on, time(12), clock.TORONTO)
    return min(max(noon, after) if after else noon, clock.db_instant())


# --- the 45 days -----------------------------------------------------------------------------


def note_overdue() -> int:
    """Moves petitions whose response did not come in time; returns how many.

    Only where the calendar tells the last day for sure: nobody is blamed for days on which the
    House does not sit.
    """
    moved = 0
    with translation.override("en"):
        for petition in Petition.objects.filter(state=PetitionState.PRESENTED):
            if lifecycle.reasons_against(petition, PetitionState.RESPONSE_OVERDUE):
                continue
            try:
                lifecycle.move(
                    petition,
                    PetitionState.RESPONSE_OVERDUE,
                    by=None,
                    reason=lifecycle.BY_THE_CLOCK,
                )
            except lifecycle.MoveError as error:  # the response came at this very moment
                logger.info("petition %s stays: %s", petition.pk, error)
            else:
                moved += 1
    return moved


# --- the response ----------------------------------------------------------------------------


@transaction.atomic
def table_response(
    petition: Petition,
    *,
    on: date,
    minister: str,
    summary: Wording,
    files: Mapping[str, bytes],
    by: AbstractBaseUser,
) -> PetitionEvent:
    """Records the government's response: who signed it, its summary in three languages, and as
    tabled, by language. Raises an `OutcomeError` or `MoveError`, and changes nothing."""
    if not all(summary.get(language) for language in LANGUAGES):
        raise SummaryError(gettext("Write the summary in all three languages"))
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    outcome = Outcome.objects.filter(petition=locked).first() or Outcome(petition=locked)
    _check_day(on, not_before=outcome.presented_on)
    outcome.response_on, outcome.response_minister = on, minister
    outcome.save()
    petition.outcome = outcome
    for language in LANGUAGES:
        setattr(petition, f"response_summary_{language}", summary[language])
    petition.save(update_fields=[f"response_summary_{language}" for language in LANGUAGES])
    _store_files(petition, files, by=by)
    latest = locked.events.latest().happened_at
    return lifecycle.move(
        petition, PetitionState.RESPONSE_TABLED, by=by, at=_moment(on, after=latest)
    )


@transaction.atomic
def add_files(petition: Petition, *, files: Mapping[str, bytes], by: AbstractBaseUser) -> int:
    """Adds the response as tabled, in languages that were missing; returns how many.

    Raises `FileError`, and adds none.
    """
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    had = set(locked.response_files.values_list("language", flat=True))
    missing = {language: content for language, content in files.items() if language not in had}
    return _store_files(locked, missing, by=by)


def _store_files(petition: Petition, files: Mapping[str, bytes], *, by: AbstractBaseUser) -> int:
    rows = [
        ResponseFile(
            petition=petition,
            language=language,
            content=checked_pdf(content),
            digest=sha256(content).hexdigest(),
            added_at=clock.db_instant(),
            added_by=by,  # type: ignore[misc]  # the user model is the project's
        )
        for language, content in files.items()
    ]
    return len(ResponseFile.objects.bulk_create(rows))


def checked_pdf(content: bytes) -> bytes:
    """A whole PDF by what it begins and ends with, whatever its name says; raises `FileError`."""
    if len(content) > LARGEST_FILE:
        raise FileError(gettext("This file is larger than 5 MB: choose a smaller one"))
    if not pdf_files.is_whole(content):
        raise FileError(gettext("This file is no PDF: choose the response as a PDF"))
    return content
