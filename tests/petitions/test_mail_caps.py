"""Caps on all mails of an hour and of a day: what is above waits, and is told."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from petitions.domain import delivering, mail_caps, mailing
from petitions.domain.delivering import drain
from petitions.models import Delivery, Petition
from petitions.states import DeliveryState
from tests.conftest import SetClock
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 1, 10, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def petition(db: None, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Petition:
    set_clock(NOON)
    monkeypatch.setattr(mail_caps, "_told", set())
    monkeypatch.setattr(delivering, "ROUND_SECONDS", 60.0)
    petition = make.open_petition(opens_at=NOON, closes_at=NOON + timedelta(days=90))
    for _turn in range(5):
        make.submitted(petition)
    return petition


@pytest.mark.usefixtures("petition")
def test_without_a_cap_all_leave() -> None:
    assert mail_caps.room() is None
    assert drain() == 5


def test_above_the_hours_cap_mails_wait_and_leave_later(
    petition: Petition, settings: Settings, set_clock: SetClock
) -> None:
    settings.PETITIONS_MAILS_PER_HOUR = 2
    sent = []
    for after in (timedelta(), HOUR - timedelta(seconds=1), HOUR, 2 * HOUR, 3 * HOUR):
        set_clock(NOON + after)
        drain()
        sent.append(len(mail.outbox))
    assert sent == [2, 2, 4, 5, 5]
    assert not Delivery.objects.exclude(state=DeliveryState.SENT).exists()


@pytest.mark.usefixtures("petition")
def test_the_days_cap_holds_through_all_hours(settings: Settings, set_clock: SetClock) -> None:
    settings.PETITIONS_MAILS_PER_HOUR, settings.PETITIONS_MAILS_PER_DAY = 2, 3
    for hours in (0, 1, 2, 23):
        set_clock(NOON + hours * HOUR)
        drain()
    assert len(mail.outbox) == 3
    set_clock(NOON + 24 * HOUR)
    assert drain() == 2


@pytest.mark.usefixtures("petition")
def test_the_log_and_the_pages_tell_it(
    settings: Settings, set_clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PETITIONS_MAILS_PER_HOUR = 2
    with caplog.at_level(logging.WARNING, logger="petitions.domain.mail_caps"):
        for _bell in range(4):
            drain()
    assert [record.getMessage() for record in caplog.records] == [
        "mail: the cap MAILS_PER_HOUR is reached; what is above waits in the outbox"
    ]
    set_clock(NOON + timedelta(minutes=3))
    assert mailing.is_slow()
