"""The outbox: queue a mail, claim it under a lease, record what became of it.

The web process only inserts rows. A worker claims one by a conditional UPDATE, commits, sends,
and marks it; if it dies in between, the lease runs out and another worker takes the row.
"""

import json
import random
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from petitions import clock
from petitions.domain import addresses
from petitions.models import Delivery, Petition, Signature, Suppression
from petitions.states import DeliveryKind, DeliveryState

#: A worker that has not marked its row by then is taken for dead (SMTP's timeout is 20 s).
LEASE = timedelta(seconds=60)
#: Per address and petition, against mail bombing.
MOST_IN_A_DAY = 5
MOST_EVER = 10
APART = timedelta(seconds=60)
#: Waits after a temporary failure: 15 s, 30 s, 1 min ... at most half an hour, each ± a quarter.
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=30)
#: The page says that mail is slow when a mail has been due for this long.
SLOW = timedelta(minutes=2)
#: Begins the `problem` of a mail that came back because the mail server as a whole was away.
AWAY = "server away"


@dataclass(frozen=True)
class WrittenMail:
    """What a mail says, written before it is sent; and who is answered, if not its sender."""

    subject: str
    text: str
    html: str
    reply_to: str = ""

    def lock(self) -> bytes:
        """It under the newest mail key: it may hold a link that opens something."""
        return addresses.lock(json.dumps(asdict(self), ensure_ascii=False))

    @classmethod
    def unlock(cls, box: bytes | memoryview) -> "WrittenMail":
        return cls(**json.loads(addresses.unlock(box)))


class TooManyMailsError(Exception):
    """This signature has had all the mails that one row may ask for."""


def queue(
    kind: DeliveryKind,
    *,
    petition: Petition | None,
    address: bytes,
    address_index: bytes,
    language: str,
    written: WrittenMail | None = None,
) -> None:
    """Puts a mail to an address (kept under the mail key) into the outbox.

    `written` is what it says, for kinds that are not composed at the moment of sending.
    """
    Delivery.objects.create(
        kind=kind,
        petition=petition,
        address=address,
        address_index=address_index,
        content=written.lock() if written else None,
        language=language,
        created_at=clock.db_now(),
        due_at=clock.db_now(),
    )


def queue_sign_mail(signature: Signature) -> None:
    """Puts the mail about a pending signature into the outbox; the worker decides which one."""
    sign_mail(signature, kind=DeliveryKind.SIGN).save()


def sign_mail(signature: Signature, *, kind: DeliveryKind) -> Delivery:
    """A mail about a pending signature, to the address of its present generation; not saved."""
    return Delivery(
        kind=kind,
        petition_id=signature.petition_id,
        signature=signature,
        generation=signature.generation,
        address_index=signature.email_index,
        language=signature.language,
        created_at=clock.db_now(),
        due_at=clock.db_now(),
    )


def take_turn(signature: Signature, *, rest: timedelta = timedelta(0)) -> timedelta | None:
    """Counts one more mail asked for through this row; None when it may be queued now.

    Otherwise how much of `rest` is left since the last one. One row must not become a way to
    write to many addresses: raises `TooManyMailsError` after `MOST_EVER`, whatever its state.
    """
    row = Signature.objects.filter(pk=signature.pk)
    taken = row.filter(
        Q(mail_queued_at=None) | Q(mail_queued_at__lte=clock.db_now() - rest),
        mails_queued__lt=MOST_EVER,
    ).update(mails_queued=F("mails_queued") + 1, mail_queued_at=clock.db_now())
    if taken:
        return None
    queued, last = row.values_list("mails_queued", "mail_queued_at").get()
    if queued >= MOST_EVER or last is None:
        raise TooManyMailsError
    return max(last + rest - clock.db_instant(), timedelta(seconds=1))


def is_slow() -> bool:
    """Whether mail, anybody's, has been waiting too long: the mail server is away.

    News waits for all others, and for the caps: that is no slowness.
    """
    return (
        Delivery.objects.filter(
            state__in=[DeliveryState.QUEUED, DeliveryState.SENDING],
            due_at__lt=clock.db_now() - SLOW,
        )
        .exclude(kind=DeliveryKind.NEWS)
        .exists()
        # One mailbox that is full, or a mail put off by the caps, is not the server's slowness.
        or Delivery.objects.filter(
            state=DeliveryState.QUEUED,
            problem__startswith=AWAY,
            created_at__lt=clock.db_now() - SLOW,
        ).exists()
    )


def was_refused(signature: Signature, address: str) -> bool:
    """Whether the newest mail about this signature to this address was refused for good."""
    index = addresses.index(address, signature.petition)
    mails = Delivery.objects.filter(signature=signature, address_index=index).order_by("-pk")
    return mails.values_list("state", flat=True).first() == DeliveryState.BOUNCED


# --- the worker's side -----------------------------------------------------------------------


def _due() -> Q:
    now = clock.db_now()
    return Q(state=DeliveryState.QUEUED, due_at__lte=now) | Q(
        state=DeliveryState.SENDING, lease_until__lte=now
    )


def _first_due(*, with_news: bool) -> int | None:
    """The mail that has been due longest. News comes after all others: nobody waits for it."""
    due = Delivery.objects.filter(_due()).order_by("due_at", "pk").values_list("pk", flat=True)
    first: int | None = due.exclude(kind=DeliveryKind.NEWS).first()
    if first is None and with_news:
        first = due.filter(kind=DeliveryKind.NEWS).first()
    return first


def claim(
    *, with_news: bool = True, petitions: dict[int, Petition] | None = None
) -> Delivery | None:
    """The mail whose turn it is, leased to the caller alone; None when none is due.

    `petitions` keeps those that were read: they are wide, and a round's mails are mostly of one.
    """
    while True:
        first = _first_due(with_news=with_news)
        if first is None:
            return None
        # The whole condition again: zero rows means that another worker got there first.
        claimed = Delivery.objects.filter(_due(), pk=first).update(
            state=DeliveryState.SENDING,
            lease=uuid4(),
            lease_until=clock.db_now() + LEASE,
            attempts=F("attempts") + 1,
        )
        if claimed:
            return _claimed(first, {} if petitions is None else petitions)


def _claimed(pk: int, petitions: dict[int, Petition]) -> Delivery:
    """With its signature and its petition, whose pepper is never older than the mail."""
    rows = Delivery.objects.select_related("signature")
    delivery = rows.annotate(pepper_name=F("petition__pepper_name")).get(pk=pk)
    if delivery.petition_id is not None:
        kept = petitions.get(delivery.petition_id)
        if kept is None or kept.pepper_name != delivery.pepper_name:
            kept = petitions[delivery.petition_id] = Petition.objects.get(pk=delivery.petition_id)
        delivery.petition = kept
        if delivery.signature is not None:
            delivery.signature.petition = kept
    return delivery


def postponed_by_caps(delivery: Delivery) -> bool:
    """Puts a mail off that comes too soon after another to the same address."""
    others = _to_same_address(delivery)
    now = clock.db_now()
    # Of two in flight at once the one claimed first goes first.
    before_us = Q(lease_until__lt=delivery.lease_until) | Q(
        lease_until=delivery.lease_until, pk__lt=delivery.pk
    )
    in_flight = Q(state=DeliveryState.SENDING, lease_until__gt=now) & before_us
    if not others.filter(Q(sent_at__gt=now - APART) | in_flight).exists():
        return False
    # It was not tried: a later failure must not wait longer for it.
    _release(delivery, due_in=APART, attempts=F("attempts") - 1)
    return True


def is_over_cap(delivery: Delivery) -> bool:
    """Whether this address has had all the mails that it may get, or asked for none."""
    if Suppression.objects.filter(
        petition=delivery.petition, email_index=delivery.address_index
    ).exists():
        return True
    # Also those that came back.
    today = Q(sent_at__gt=clock.db_now() - timedelta(hours=24))
    sent: dict[str, int] = (
        _to_same_address(delivery)
        .filter(sent_at__isnull=False)
        .aggregate(ever=Count("pk"), today=Count("pk", filter=today))
    )
    return sent["ever"] >= MOST_EVER or sent["today"] >= MOST_IN_A_DAY


def _to_same_address(delivery: Delivery) -> QuerySet[Delivery]:
    """Other mails to this address. News was asked for: it uses up nobody's caps, nor their rest."""
    same = Delivery.objects.filter(petition=delivery.petition, address_index=delivery.address_index)
    return same.exclude(pk=delivery.pk).exclude(kind=DeliveryKind.NEWS)


@transaction.atomic
def mark_sent(delivery: Delivery) -> None:
    """The mail server accepted it. The link's week and the row's life begin here."""
    if _finish(delivery, DeliveryState.SENT, sent_at=clock.db_now()):
        _note_first_mail(delivery, accepted=True)


@transaction.atomic
def mark_dropped(delivery: Delivery, problem: str) -> None:
    """Not sent on purpose. Its row lives as long as if the mail had left, and so tells nothing."""
    if _finish(delivery, DeliveryState.DROPPED, problem=problem):
        _note_first_mail(delivery, accepted=False)


@transaction.atomic
def mark_bounced(delivery: Delivery, problem: str) -> None:
    """The mail server refused the recipient for good."""
    if _finish(delivery, DeliveryState.BOUNCED, problem=problem):
        _note_first_mail(delivery, accepted=False)


def put_back(delivery: Delivery, problem: str) -> None:
    """A temporary failure: try again after a growing wait, with jitter."""
    wait = min(FIRST_WAIT * 2 ** min(delivery.attempts - 1, 10), LONGEST_WAIT)
    _release(delivery, due_in=wait * random.uniform(0.75, 1.25), problem=problem)  # noqa: S311


def _release(delivery: Delivery, *, due_in: timedelta, problem: str = "", **values: object) -> None:
    Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease).update(
        state=DeliveryState.QUEUED,
        due_at=clock.db_now() + due_in,
        lease=None,
        lease_until=None,
        problem=problem,
        **values,
    )


def _finish(delivery: Delivery, state: DeliveryState, **values: object) -> bool:
    """The final state, if the lease is still ours: a late worker must not overwrite another."""
    return bool(
        Delivery.objects.filter(
            pk=delivery.pk, lease=delivery.lease, state=DeliveryState.SENDING
        ).update(state=state, address=None, content=None, lease=None, lease_until=None, **values)
    )


def _note_first_mail(delivery: Delivery, *, accepted: bool) -> None:
    """Begins the life of the row that the mail is about.

    A mail that was replaced before it left begins nothing: the one that replaced it will.
    """
    if delivery.signature_id is None:
        return
    row = Signature.objects.filter(pk=delivery.signature_id)
    newest = row.filter(generation=delivery.generation)
    now = clock.db_now()
    # As nearly all are: the first mail, and still the newest.
    fresh = newest.filter(first_mail_at=None, link_sent_at=None)
    if accepted and fresh.update(first_mail_at=now, link_sent_at=now):
        return
    begun = row if accepted else newest
    begun.filter(first_mail_at=None).update(first_mail_at=now)
    if accepted:
        newest.filter(link_sent_at=None).update(link_sent_at=now)


def oldest_waiting() -> timedelta | None:
    """The age of the oldest mail still in the outbox, for `/readyz`; None when it is empty.

    News may wait long for the caps.
    """
    first = (
        Delivery.objects.filter(state__in=[DeliveryState.QUEUED, DeliveryState.SENDING])
        .exclude(kind=DeliveryKind.NEWS)
        .order_by("created_at")
        .values_list("created_at", flat=True)
        .first()
    )
    return None if first is None else clock.db_instant() - first
