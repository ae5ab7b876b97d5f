"""Telling those who follow a petition of its new step: mails queued with the step itself.

`lifecycle.move()` calls this, so that no step goes without its mails, and no mail without its
step. What a mail says is decided when it is sent (`composing.py`, `step_mails.py`).
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from petitions import clock
from petitions.domain import addresses
from petitions.models import Delivery, Petition, PetitionEvent, Subscription, Supporter
from petitions.states import DeliveryKind, PetitionKind, PetitionState, SupporterState

#: Steps worth a mail. The clock's own "overdue" is on the page, and waits for its answer.
ANNOUNCED = frozenset(
    {
        PetitionState.OPEN,
        PetitionState.CLOSED,
        PetitionState.CERTIFIED,
        PetitionState.NOT_CERTIFIED,
        PetitionState.PRESENTED,
        PetitionState.RESPONSE_TABLED,
        PetitionState.CLOSED_ON_DISSOLUTION,
    }
)

#: So many mails become due at once, so long apart: whoever signs meanwhile does not wait for them.
BATCH = 100
APART = timedelta(seconds=15)


class Reader(NamedTuple):
    """One address, under the mail key, with its index and language."""

    address: bytes
    address_index: bytes
    language: str


def announce(event: PetitionEvent) -> None:
    """Queues one mail to each reader; nothing for other steps, nor for records.

    Somebody who is petitioner, supporter and subscriber has one address, and gets one mail: the
    database keeps each address once for a step.
    """
    if event.to_state not in ANNOUNCED or event.petition.kind == PetitionKind.RECORD:
        return
    due_at = clock.db_instant()
    for batch in _batches(_readers(event.petition)):
        Delivery.objects.bulk_create(
            (
                Delivery(
                    kind=DeliveryKind.STEP,
                    petition=event.petition,
                    event=event,
                    # The outbox is late when a mail is, not while one waits for its turn.
                    created_at=due_at,
                    due_at=due_at,
                    **reader._asdict(),
                )
                for reader in batch
            ),
            ignore_conflicts=True,
        )
        due_at += APART


def _readers(petition: Petition) -> Iterator[Reader]:
    """The petitioner, those who support it, and those who asked for news."""
    person = petition.petitioner
    if person is not None and person.is_active:
        yield Reader(
            addresses.lock(person.email),
            addresses.index(person.email, petition),
            person.language,
        )
    supporters = Supporter.objects.filter(
        petition=petition,
        state=SupporterState.SUPPORTED,
        address__isnull=False,
        email_index__isnull=False,
    )
    subscribers = Subscription.objects.filter(petition=petition).order_by("pk")
    for rows in (supporters, subscribers):
        for row in rows.values_list("address", "email_index", "language").iterator(BATCH):
            yield Reader(bytes(row[0] or b""), bytes(row[1] or b""), row[2])


def _batches(readers: Iterable[Reader]) -> Iterator[list[Reader]]:
    remaining = iter(readers)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def has_part(petition: Petition, address_index: bytes) -> bool:
    """Whether an address is that of the petitioner or of a supporter."""
    person = petition.petitioner
    if person is not None and address_index == addresses.index(person.email, petition):
        return True
    return Supporter.objects.filter(
        petition=petition, email_index=address_index, state=SupporterState.SUPPORTED
    ).exists()
