"""Several workers and one outbox: every mail leaves once."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.core import mail

from petitions import clock
from petitions.domain import delivering, mailing
from petitions.models import Delivery, Petition
from petitions.states import DeliveryState
from tests.factories import petitions as make
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 4
MAILS = 24


def test_workers_that_drain_one_outbox_send_each_mail_once(petition: Petition) -> None:
    addresses = [f"signer-of-many-{number}@example.org" for number in range(MAILS)]
    for address in addresses:
        make.submitted(petition, email=address)
    sent = race(*[delivering.drain] * WORKERS)
    assert sum(sent) == MAILS
    assert Counter(message.to[0] for message in mail.outbox) == Counter(addresses)
    rows = Counter(Delivery.objects.values_list("state", "attempts"))
    assert rows == {(DeliveryState.SENT, 1): MAILS}


def test_one_mail_is_leased_to_one_worker(petition: Petition) -> None:
    make.submitted(petition)
    claimed = race(*[mailing.claim] * WORKERS)
    assert [claim is not None for claim in sorted(claimed, key=lambda claim: claim is None)] == [
        True,
        *[False] * (WORKERS - 1),
    ]


def test_one_lease_that_ran_out_passes_to_one_worker(petition: Petition) -> None:
    make.submitted(petition)
    first = mailing.claim()
    assert first is not None
    Delivery.objects.update(lease_until=clock.db_now() - timedelta(seconds=1))
    claimed = [claim for claim in race(*[mailing.claim] * WORKERS) if claim is not None]
    assert [claim.pk for claim in claimed] == [first.pk]
    # The first worker, late, must not overwrite what became of it.
    mailing.mark_dropped(first, "late")
    assert Delivery.objects.get().state == DeliveryState.SENDING
    mailing.mark_sent(claimed[0])
    assert Delivery.objects.get().state == DeliveryState.SENT


def test_mails_to_one_address_leave_apart_whoever_sends_them(petition: Petition) -> None:
    for _turn in range(WORKERS):
        make.submitted(petition, email="bombed@example.org")
    sent = race(*[partial(delivering.drain)] * WORKERS)
    assert sum(sent) == 1
    assert len(mail.outbox) == 1
    states = Counter(Delivery.objects.values_list("state", flat=True))
    assert states == {DeliveryState.SENT: 1, DeliveryState.QUEUED: WORKERS - 1}
