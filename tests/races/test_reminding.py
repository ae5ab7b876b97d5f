"""Presses and bells that come together remind nobody twice, and hold up no signing."""

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


def _wait_a_day(petition: Petition) -> None:
    """Signatures whose first mail left a day ago."""
    for _turn in range(WAITING):
        make.submitted(petition)
    past = clock.db_instant() - timedelta(hours=25)
    Petition.objects.update(opens_at=past)
    Signature.objects.update(created_at=past, link_sent_at=past, mail_queued_at=past)
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=past, created_at=past)


def test_two_presses_send_one_reminder_each(petition: Petition) -> None:
    _wait_a_day(petition)
    press = partial(reminding.remind, petition, by=people.person())
    sign = partial(make.submitted, petition)
    *sent, _signed = race(press, press, press, sign)
    assert sorted(sent) == [0, 0, WAITING]
    reminded = Delivery.objects.filter(kind=DeliveryKind.REMIND)
    assert reminded.values("signature").distinct().count() == reminded.count() == WAITING
    assert Mailing.objects.count() == 1
    assert Signature.objects.filter(state=SignatureState.PENDING).count() == WAITING + 1


def test_two_bells_and_a_press_send_one_reminder_each(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "BATCH", 5)
    _wait_a_day(petition)
    press = partial(reminding.remind, petition, by=people.person())
    sent = race(reminding.remind_by_itself, press, reminding.remind_by_itself)
    reminded = Delivery.objects.filter(kind=DeliveryKind.REMIND)
    assert sum(sent) == reminded.count() == WAITING
    assert reminded.values("signature").distinct().count() == WAITING
    assert set(reminded.values_list("reminder", flat=True)) == {1}
