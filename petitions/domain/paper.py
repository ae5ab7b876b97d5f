"""Signatures in ink: sheets keyed in by one person and checked by a second, kept apart.

The House never adds paper to an e-petition, and only the originals count there (S.O. 36). No
name that was read is kept: the two people's keying is compared by HMAC, and so are addresses.
"""

import hmac
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from math import ceil

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext

from petitions import clock, formats, peppers, validators
from petitions.domain import addresses, auditing, folding
from petitions.models import PaperBatch, PaperRow, Petition, Signature
from petitions.states import PaperState, SignatureState

logger = logging.getLogger(__name__)

#: More lines than the largest sheet that the House takes has room for.
MOST_ROWS = 60
#: Of so many lines the second person keys one in again, and never fewer than one.
_CHECK_EVERY = 10


class PaperError(Exception):
    """The sheet was not changed; the text says why."""


@dataclass(frozen=True)
class Line:
    """One line of a sheet as somebody reads it; only the name and the place are asked of all."""

    position: int
    name: str = ""
    city: str = ""
    province: str = ""
    email: str = ""
    is_legible: bool = True


def open_sheet(
    petition: Petition,
    *,
    place: str,
    collected_on: date,
    sheet_number: int,
    collector: str,
    claimed: int,
    is_count_only: bool,
    by: AbstractBaseUser,
) -> PaperBatch:
    """A new sheet; one that is only counted goes to the second person at once."""
    try:
        with transaction.atomic():
            return PaperBatch.objects.create(
                petition=petition,
                place=place,
                collected_on=collected_on,
                sheet_number=sheet_number,
                collector=addresses.lock(collector) if collector else None,
                claimed=claimed,
                is_count_only=is_count_only,
                state=PaperState.TO_CHECK if is_count_only else PaperState.OPEN,
                entered_by=by,  # type: ignore[misc]  # the user model is the project's
                entered_at=clock.db_instant(),
            )
    except IntegrityError as error:
        raise PaperError(
            gettext("Sheet %(number)s is already entered")
            % {"number": formats.number(sheet_number)}
        ) from error


@transaction.atomic
def enter(batch: PaperBatch, lines: Sequence[Line], *, by: AbstractBaseUser) -> PaperBatch:
    """Keeps the marks of what was keyed in, in place of what was keyed for these lines before.

    Raises `PaperError` once the sheet is with the second person.
    """
    locked = _lock(batch, PaperState.OPEN)
    positions = [line.position for line in lines]
    locked.rows.filter(position__in=positions).delete()
    PaperRow.objects.bulk_create([_row(locked, line) for line in lines])
    _mark_duplicates(locked)
    locked.entered_by = by  # type: ignore[assignment]  # the user model is the project's
    locked.entered_at = clock.db_instant()
    locked.save(update_fields=["entered_by", "entered_at"])
    return locked


def _row(batch: PaperBatch, line: Line) -> PaperRow:
    if not line.is_legible:
        return PaperRow(batch=batch, position=line.position, is_legible=False)
    petition = batch.petition
    return PaperRow(
        batch=batch,
        position=line.position,
        province=line.province,
        mark=_mark(petition, line),
        email_index=addresses.index(line.email, petition) if line.email else None,
    )


def _mark(petition: Petition, line: Line) -> bytes:
    """What two people must have read alike: name and city, however they typed them."""
    read = f"{petition.public_id.hex}\0{_folded(line.name)}\0{_folded(line.city)}"
    pepper = peppers.named(petition.pepper_name)
    return hmac.digest(pepper.encode(), b"paper" + read.encode(), sha256)


def _folded(text: str) -> str:
    """Case, accents, spaces and the order of a name's parts do not matter."""
    return " ".join(sorted(folding.fold(text).split()))


def _mark_duplicates(batch: PaperBatch) -> None:
    """Lines whose address has signed online, which counts once, or stands on a line before."""
    rows = list(batch.rows.exclude(email_index=None))
    indexes = [bytes(row.email_index or b"") for row in rows]
    online = Signature.objects.filter(
        petition=batch.petition, state=SignatureState.CONFIRMED, email_index__in=indexes
    )
    elsewhere = PaperRow.objects.filter(
        batch__petition=batch.petition, email_index__in=indexes
    ).exclude(batch=batch)
    seen = {
        bytes(index or b"")
        for found in (online, elsewhere)
        for index in found.values_list("email_index", flat=True)
    }
    for row in rows:
        index = bytes(row.email_index or b"")
        row.is_duplicate = index in seen
        seen.add(index)
    PaperRow.objects.bulk_update(rows, ["is_duplicate"])


@transaction.atomic
def hand_over(batch: PaperBatch, *, by: AbstractBaseUser) -> PaperBatch:
    """To the second person, when as many lines are keyed in as the sheet has; else `PaperError`."""
    locked = _lock(batch, PaperState.OPEN)
    entered = locked.rows.count()
    if entered != locked.claimed:
        raise PaperError(
            gettext("Rows entered (%(entered)s) do not match the count (%(count)s)")
            % {"entered": formats.number(entered), "count": formats.number(locked.claimed)}
        )
    return _to(locked, PaperState.TO_CHECK)


def lines_to_check(batch: PaperBatch) -> list[int]:
    """The lines that the second person keys in again: a tenth, chosen by the sheet itself."""
    positions = list(batch.rows.filter(is_legible=True).values_list("position", flat=True))
    number = ceil(len(positions) / _CHECK_EVERY)
    chosen = sorted(
        positions, key=lambda at: sha256(f"{batch.public_id.hex} {at}".encode()).digest()
    )
    return sorted(chosen[:number])


@transaction.atomic
def check(
    batch: PaperBatch, *, counted: int, lines: Sequence[Line], by: AbstractBaseUser
) -> PaperBatch:
    """The second person's count and keying: accepted when both agree, else back to be mended.

    Raises `PaperError` for whoever keyed it in: four eyes are two people.
    """
    locked = _lock(batch, PaperState.TO_CHECK)
    if locked.entered_by_id == by.pk:
        raise PaperError(gettext("Somebody else has to check the sheet that you entered"))
    for line in lines:
        rows = locked.rows.filter(position=line.position)
        rows.update(second_mark=_mark(locked.petition, line))
    again = locked.rows.filter(position__in=lines_to_check(locked))
    agree = counted == locked.claimed and all(row.mark == row.second_mark for row in again)
    locked.checked_by = by  # type: ignore[assignment]  # the user model is the project's
    locked.checked_at = clock.db_instant()
    if agree:
        locked.accepted = _counting(locked)
    locked.state = PaperState.ACCEPTED if agree else PaperState.MISMATCH
    locked.save(update_fields=["checked_by", "checked_at", "accepted", "state"])
    auditing.record(
        auditing.Kind.PAPER,
        by=by,
        petition=locked.petition,
        sheet=locked.sheet_number,
        state=locked.state,
        number=locked.accepted or 0,
    )
    return locked


def _counting(batch: PaperBatch) -> int:
    """How many of its signatures count: legible, and of nobody who has signed already."""
    if batch.is_count_only:
        return batch.claimed
    return batch.rows.filter(is_legible=True, is_duplicate=False).count()


def lines_that_differ(batch: PaperBatch) -> list[int]:
    """Where the two people read different things."""
    again = batch.rows.exclude(second_mark=None)
    return list(again.exclude(mark=F("second_mark")).values_list("position", flat=True))


@transaction.atomic
def reopen(batch: PaperBatch, *, claimed: int, by: AbstractBaseUser) -> PaperBatch:
    """Back to be mended, with the count that is right: lines that differ are keyed in anew.

    Raises `PaperError` once the original has left.
    """
    locked = _lock(batch, PaperState.ACCEPTED, PaperState.TO_CHECK, PaperState.MISMATCH)
    if locked.sent_on is not None:
        raise PaperError(gettext("This sheet has been sent: it cannot be opened again"))
    wrong = Q(position__in=lines_that_differ(locked)) | Q(position__gt=claimed)
    locked.rows.filter(wrong).delete()
    locked.rows.update(second_mark=None)
    locked.accepted, locked.claimed = None, claimed
    locked.state = PaperState.TO_CHECK if locked.is_count_only else PaperState.OPEN
    # Who mends it has entered it: somebody else checks.
    locked.entered_by = by  # type: ignore[assignment]  # the user model is the project's
    locked.save(update_fields=["accepted", "claimed", "state", "entered_by"])
    logger.info("sheet %s: opened again by person %s", locked.pk, by.pk)
    return locked


@transaction.atomic
def send(batch: PaperBatch, *, on: date, to: str, by: AbstractBaseUser) -> PaperBatch:
    """The original went to a Member's office; copies and scans do not count there."""
    locked = _lock(batch, PaperState.ACCEPTED)
    locked.sent_on, locked.sent_to = on, to
    locked.save(update_fields=["sent_on", "sent_to"])
    logger.info("sheet %s: sent, noted by person %s", locked.pk, by.pk)
    return locked


def accepted_total(petition: Petition) -> int:
    """How many signatures on paper count, shown beside the total and never added to it."""
    accepted = PaperBatch.objects.filter(petition=petition, state=PaperState.ACCEPTED)
    return accepted.aggregate(number=Sum("accepted"))["number"] or 0


def collector(batch: PaperBatch) -> str:
    return addresses.unlock(batch.collector) if batch.collector else ""


def _lock(batch: PaperBatch, *states: PaperState) -> PaperBatch:
    locked = (
        PaperBatch.objects.select_for_update(of=("self",))
        .select_related("petition")
        .get(pk=batch.pk)
    )
    if locked.state not in states:
        raise PaperError(
            gettext("This sheet is now “%(state)s”: reload the page")
            % {"state": PaperState(locked.state).label}
        )
    return locked


def _to(batch: PaperBatch, state: PaperState) -> PaperBatch:
    batch.state = state
    batch.save(update_fields=["state"])
    return batch


def read_line(
    position: int, *, name: str, city: str, province: str, email: str, is_legible: bool
) -> Line:
    """A line with its texts tidied; raises `ValidationError` for a name that is none."""
    if not is_legible:
        return Line(position, is_legible=False)
    return Line(
        position,
        name=validators.full_name(name),
        city=validators.trim(city),
        province=province,
        email=validators.email_address(email) if email else "",
    )
