"""Signing: submit, resend, change the address, confirm. The heart of the site.

A submit does the same work whether or not the address has signed: one transaction inserts a
pending row and its mail. Who already signed is decided by the worker and told to the mailbox.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable

from petitions import clock
from petitions.domain import addresses, mailing, sealing
from petitions.domain.constraints import broke
from petitions.domain.lifetimes import LINK_LIFE, alive, is_alive, link_is_over
from petitions.domain.mailing import TooManyMailsError
from petitions.domain.screening import PLAIN, Arrival, no_marks
from petitions.domain.sealing import Answers
from petitions.domain.tokens import ConfirmToken, is_confirm_code
from petitions.models import Petition, Signature, Subscription
from petitions.models.petition import GRACE
from petitions.models.signature import ONE_CONFIRMED_PER_ADDRESS, ONE_PER_SUBMISSION
from petitions.states import DeliveryKind, SignatureState

# Taken or raised here, defined where they belong.
__all__ = ["Answers", "Arrival", "TooManyMailsError"]

CODE_TRIES = 5
RESEND_REST = timedelta(seconds=60)


class NotOpenError(Exception):
    """The petition takes no signature at this instant: closed, paused or not yet open."""


class Outcome(Enum):
    """What pressing the button, or typing the code, came to."""

    COUNTED = "counted"
    HELD = "held"
    ALREADY = "already"
    EXPIRED = "expired"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    UNKNOWN = "unknown"
    WRONG_CODE = "wrong_code"
    NO_TRIES_LEFT = "no_tries_left"


# --- submit ----------------------------------------------------------------------------------


def submit(
    petition: Petition,
    answers: Answers,
    *,
    form_token: str,
    language: str,
    arrival: Arrival = PLAIN,
) -> UUID:
    """Stores a pending signature and its mail, or nothing; returns the row's public id.

    `petition` must carry its vault. The same form sent twice with the same address gives the
    same row, whose boxes are replaced while it is still pending. Raises `NotOpenError`.
    """
    key = sha256(f"{form_token}\0{addresses.canonical(answers.email)}".encode()).digest()
    try:
        return _insert(petition, answers, arrival, key=key, language=language)
    except NotOpenError:
        # Sent again because the answer was lost, and closed in between: it is stored all the same.
        if (stored := _stored(petition, key)) is None:
            raise
        return stored
    except IntegrityError as error:
        if not broke(error, Signature, ONE_PER_SUBMISSION):
            raise
        return _replace(petition, answers, arrival, key=key)


def _insert(
    petition: Petition, answers: Answers, arrival: Arrival, *, key: bytes, language: str
) -> UUID:
    public_id = uuid4()
    content = _content(petition, public_id, answers, arrival)
    with transaction.atomic():
        # One reading of the clock decides and dates: a row must not begin after the closing.
        now = _instant_while_open(petition)
        signature = Signature.objects.create(
            public_id=public_id,
            petition=petition,
            submission_key=key,
            language=language,
            source=answers.source,
            is_demo=petition.is_demo,
            created_at=now,
            changed_at=now,
            mails_queued=1,
            mail_queued_at=now,
            held_at=now if arrival.rule else None,
            held_rule=arrival.rule or "",
            **content,
        )
        mailing.queue_sign_mail(signature)
    return public_id


def _content(
    petition: Petition, public_id: UUID, answers: Answers, arrival: Arrival
) -> dict[str, Any]:
    columns = sealing.content(petition, public_id, answers)
    return columns | no_marks() if arrival.is_event else columns


def _instant_while_open(petition: Petition) -> datetime:
    try:
        return _instants_while_open(clock.db_now).get(pk=petition.pk)
    except Petition.DoesNotExist:
        raise NotOpenError from None


@lru_cache(maxsize=1)
def _instants_while_open(now: Callable[[], Combinable]) -> QuerySet[Petition, datetime]:
    """The instant beside each open petition. Kept as built: building takes longer than asking."""
    open_now: QuerySet[Any] = Petition.objects.signable().annotate(now=now())
    return open_now.values_list("now", flat=True)


def _stored(petition: Petition, key: bytes) -> UUID | None:
    same = Signature.objects.filter(petition=petition, submission_key=key)
    return same.values_list("public_id", flat=True).first()


def _replace(petition: Petition, answers: Answers, arrival: Arrival, *, key: bytes) -> UUID:
    """The double submit: the row's public id, its boxes replaced if nobody confirmed it yet."""
    same = Signature.objects.filter(petition=petition, submission_key=key)
    public_id: UUID = same.values_list("public_id", flat=True).get()
    content = _content(petition, public_id, answers, arrival)
    del content["email_index"]  # equal by the key; the row's mail and generation stay valid
    same.filter(state=SignatureState.PENDING).update(changed_at=clock.db_now(), **content)
    return public_id


# --- the page after it -----------------------------------------------------------------------


def find_by_handle(petition: Petition, public_id: UUID) -> Signature | None:
    """The row behind a check-your-e-mail page, in any state, while its handle lives."""
    return Signature.objects.filter(alive(), petition=petition, public_id=public_id).first()


@transaction.atomic
def resend(signature: Signature) -> timedelta | None:
    """Queues the mail again; None when done, or how long to wait since the last one.

    A link or code that is past its week is replaced by a new one. Works the same for every state
    of the row: the worker drops what is no longer needed. Raises `TooManyMailsError`.
    """
    wait = mailing.take_turn(signature, rest=RESEND_REST)
    if wait is not None:
        return wait
    Signature.objects.filter(link_is_over(), pk=signature.pk).update(**_new_generation())
    signature.refresh_from_db(fields=["generation", "email_index"])
    mailing.queue_sign_mail(signature)
    return None


@transaction.atomic
def change_address(signature: Signature, email: str) -> None:
    """Another address for a pending row: new boxes, and the old link and code die.

    For a row that is no longer pending nothing changes but the queue, whose mail is dropped.
    Raises `TooManyMailsError`.
    """
    mailing.take_turn(signature)
    row = Signature.objects.filter(pk=signature.pk)
    # Also for a row that is counted: how many codes may be tried must not tell that it is.
    row.update(**_new_generation())
    row.filter(state=SignatureState.PENDING).update(
        # The form that was sent holds the former address; sent again, it is another submission.
        submission_key=None,
        changed_at=clock.db_now(),
        **sealing.address_columns(signature.petition, signature.public_id, email),
    )
    signature.refresh_from_db(fields=["generation"])
    signature.email_index = addresses.index(email, signature.petition)
    mailing.queue_sign_mail(signature)


@transaction.atomic
def renew_link(signature: Signature) -> None:
    """A new link for one that is past its week; the old one dies."""
    changed = Signature.objects.filter(
        link_is_over(),
        pk=signature.pk,
        state=SignatureState.PENDING,
        generation=signature.generation,
    ).update(mails_queued=F("mails_queued") + 1, mail_queued_at=clock.db_now(), **_new_generation())
    if changed:
        signature.refresh_from_db(fields=["generation"])
        mailing.queue_sign_mail(signature)


def _new_generation() -> dict[str, Any]:
    return {"generation": F("generation") + 1, "code_tries": 0, "link_sent_at": None}


# --- confirm ---------------------------------------------------------------------------------

#: What a press needs of a row, to be judged and to be carried out: none of its boxes.
_JUDGED_BY = ("state", "generation", "created_at", "first_mail_at", "link_sent_at", "held_at")
_CARRIED = ("public_id", "petition_id", "mail_address", "email_index", "wants_news", "language")


@dataclass(frozen=True)
class _Reading:
    """A row and its petition's closing at one instant, all from one statement."""

    row: Signature
    closes_at: datetime | None
    now: datetime

    def why_not(self, generation: int) -> Outcome | None:
        """What keeps a link or code of that generation from confirming it; None if nothing."""
        row = self.row
        if row.state != SignatureState.PENDING:
            return _settled(row.state, is_held=row.held_at is not None)
        if row.generation != generation:
            return Outcome.REPLACED
        # Whatever the petition's state column says by then.
        if not (self.closes_at and row.created_at < self.closes_at > self.now - GRACE):
            return Outcome.CLOSED
        if row.link_sent_at and row.link_sent_at <= self.now - LINK_LIFE:
            return Outcome.EXPIRED
        return None


@lru_cache(maxsize=1)
def _readings(now: Callable[[], Combinable]) -> QuerySet[Any]:
    """What a `_Reading` is made of. Kept as built, like `_instants_while_open()`."""
    rows = Signature.objects.only(*_JUDGED_BY, *_CARRIED)
    return rows.annotate(now=now(), closes_at=F("petition__closes_at"))


def _read(*, lock: bool = False, **row: Any) -> _Reading | None:
    """The reading of one row; None when it is gone."""
    rows = _readings(clock.db_now).filter(**row)
    if lock:
        # Of the petition nothing is locked: others confirm on it at the same moment.
        rows = rows.select_for_update(of=("self",))
    return next((_Reading(row, row.closes_at, row.now) for row in rows), None)


def find_by_token(token: ConfirmToken) -> Signature | None:
    """The row that a confirmation token is for, if the token was ever made for it.

    A pending row whose time has come is gone, also while the purge has not come round yet.
    """
    reading = _read(public_id=token.public_id)
    if reading is None:
        return None
    signature = reading.row
    if signature.state == SignatureState.PENDING and not is_alive(signature, reading.now):
        return None
    return signature if any(map(token.fits, range(signature.generation + 1))) else None


def look(signature: Signature, token: ConfirmToken) -> Outcome | None:
    """What the confirm page should say before anything is pressed; None when all is ready."""
    # First: an older link may be in a mailbox of which only the former address was the signer's.
    if not token.fits(signature.generation):
        return Outcome.REPLACED
    if signature.state != SignatureState.PENDING:
        return _settled(signature.state, is_held=signature.held_at is not None)
    reading = _read(pk=signature.pk)
    return reading.why_not(signature.generation) if reading else Outcome.UNKNOWN


def confirm(signature: Signature) -> Outcome:
    """Counts a pending signature, once, whatever races; a second press is `ALREADY`.

    The partial unique index decides between two rows of one address. A row held for review is
    confirmed without counting: `HELD`.
    """
    try:
        with transaction.atomic():
            return _confirm(signature)
    except IntegrityError as error:
        if not broke(error, Signature, ONE_CONFIRMED_PER_ADDRESS):
            raise
        return Outcome.ALREADY


def _confirm(signature: Signature) -> Outcome:
    """The row locked and judged, the UPDATE, the wiping of the address, and the news asked for.

    The lock decides between two presses: who waited for it reads what the first one left.
    """
    reading = _read(pk=signature.pk, lock=True)
    if reading is None:
        return Outcome.UNKNOWN
    if hindrance := reading.why_not(signature.generation):
        return hindrance
    row, is_held = reading.row, reading.row.held_at is not None
    # Dated by the reading that judged it: no signature is confirmed after the last instant.
    Signature.objects.filter(pk=row.pk).update(
        state=SignatureState.CONFIRMED,
        confirmed_at=reading.now,
        counted_at=None if is_held else reading.now,
        changed_at=reading.now,
        mail_address=row.mail_address if is_held else None,
    )
    if row.wants_news and row.mail_address:
        _subscribe(row, tell=not is_held)
    return Outcome.HELD if is_held else Outcome.COUNTED


def confirm_by_link(signature: Signature, token: ConfirmToken) -> Outcome:
    """The same by the mailed link's button."""
    return confirm(signature) if token.fits(signature.generation) else Outcome.REPLACED


def confirm_by_code(signature: Signature, code: str) -> Outcome:
    """The same by the six digits. The try is counted before the code is compared."""
    tried = Signature.objects.filter(pk=signature.pk, code_tries__lt=CODE_TRIES).update(
        code_tries=F("code_tries") + 1
    )
    if not tried:
        return Outcome.NO_TRIES_LEFT
    if not is_confirm_code(code, signature.public_id, signature.generation):
        return Outcome.WRONG_CODE
    return confirm(signature)


def _settled(state: str, *, is_held: bool) -> Outcome:
    """What to say of a row that is no longer pending."""
    if state != SignatureState.CONFIRMED:
        return Outcome.WITHDRAWN
    return Outcome.HELD if is_held else Outcome.ALREADY


def _subscribe(signature: Signature, *, tell: bool) -> None:
    """Puts a confirmed address on the news list; `tell` queues "your signature is counted"."""
    address = bytes(signature.mail_address or b"")
    Subscription.objects.update_or_create(
        petition_id=signature.petition_id,
        email_index=signature.email_index,
        defaults={
            "address": address,
            "language": signature.language,
            "created_at": clock.db_now(),
        },
    )
    if not tell:
        return
    mailing.queue(
        DeliveryKind.COUNTED,
        petition=signature.petition,
        address=address,
        address_index=bytes(signature.email_index or b""),
        language=signature.language,
    )
