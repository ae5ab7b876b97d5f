"""Organizers who press at once remind nobody twice, and hold up no signing."""

from datetime import timedelta
from functools import partial

import pytest

from petitions import clock
from petitions.domain import reminding
from petitions.models import Delivery, Mailing, Petition, Signature
from petitions.states import DeliveryKind, DeliveryState, SignatureState
from tests.factories import people
from tests.factories import petitions as make
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

WAITING = 12


def test_two_presses_send_one_reminder_each(petition: Petition) -> None:
    for _turn in range(WAITING):
        make.submitted(petition)
    past = clock.db_instant() - timedelta(hours=25)
    Petition.objects.update(opens_at=past)
    Signature.objects.update(created_at=past, link_sent_at=past, mail_queued_at=past)
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=past)
    press = partial(reminding.remind, petition, by=people.person())
    sign = partial(make.submitted, petition)
    *sent, _signed = race(press, press, press, sign)
    assert sorted(sent) == [0, 0, WAITING]
    reminded = Delivery.objects.filter(kind=DeliveryKind.REMIND)
    assert reminded.values("signature").distinct().count() == reminded.count() == WAITING
    assert Mailing.objects.count() == 1
    assert Signature.objects.filter(state=SignatureState.PENDING).count() == WAITING + 1
