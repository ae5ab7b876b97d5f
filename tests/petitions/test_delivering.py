"""The worker's side, against a real mail server that answers as it is told."""

import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography.fernet import Fernet
from django.utils import timezone
from pytest_django import Settings

from petitions.domain import addresses, composing, delivering, mailing, signing, withdrawing
from petitions.models import Delivery, Petition, Signature, Suppression
from petitions.states import DeliveryKind, DeliveryState
from tests.conftest import SetClock
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db


class Sink:
    """Answers RCPT and DATA as set, and keeps what it accepted."""

    def __init__(self) -> None:
        self.at_rcpt = self.at_data = "250 OK"
        self.refused: dict[str, str] = {}
        self.mails: list[Any] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.refused.get(address, self.at_rcpt)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.at_data.startswith("250"):
            self.mails.append(message_from_bytes(bytes(envelope.content), policy=policy.default))
        return self.at_data


@pytest.fixture
def sink(settings: Settings, unused_tcp_port: int) -> Iterator[Sink]:
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=unused_tcp_port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = (
        "127.0.0.1",
        unused_tcp_port,
        5,
    )
    yield handler
    controller.stop()


@pytest.fixture
def unused_tcp_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _past() -> datetime:
    """Due by any clock: SQLite's knows milliseconds only."""
    return timezone.now() - timedelta(seconds=1)


def test_an_accepted_mail_is_sent_once_and_starts_the_links_week(
    petition: Petition, sink: Sink
) -> None:
    signature = make.submitted(petition, email="dara@example.org")
    assert delivering.drain() == 1
    assert delivering.drain() == 0
    delivery = Delivery.objects.get()
    signature.refresh_from_db()
    assert delivery.state == DeliveryState.SENT
    assert signature.link_sent_at is not None
    assert signature.first_mail_at is not None
    (mail,) = sink.mails
    assert mail["To"] == "dara@example.org"
    assert mail["Message-ID"].startswith(f"<{delivery.public_id}@")


def test_who_has_signed_is_told_so_by_mail_only(petition: Petition, sink: Sink) -> None:
    make.confirmed(petition, email="dara@example.org", language="en")
    Delivery.objects.all().delete()
    make.submitted(petition, email="Dara@example.org", language="en")
    make.submitted(petition, email="new@example.org", language="en")
    delivering.drain()
    subjects = {mail["To"]: mail["Subject"] for mail in sink.mails}
    assert subjects == {
        "Dara@example.org": "About your signature",
        "new@example.org": "Confirm your address",
    }


@pytest.mark.parametrize("answer", ["450 busy", "451 later"])
def test_a_temporary_refusal_is_tried_again_later(
    petition: Petition, sink: Sink, answer: str
) -> None:
    make.submitted(petition)
    sink.at_rcpt = answer
    before = timezone.now()
    assert delivering.drain() == 0
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.lease, delivery.attempts) == (DeliveryState.QUEUED, None, 1)
    wait = (delivery.due_at - before).total_seconds()
    assert 10 < wait < 30
    Delivery.objects.update(due_at=_past())
    sink.at_rcpt = "250 OK"
    assert delivering.drain() == 1


def test_a_server_that_hangs_up_with_421_is_away(petition: Petition, sink: Sink) -> None:
    for _turn in range(2):
        make.submitted(petition)
    sink.at_rcpt = "421 too many connections"
    assert delivering.drain() == 0
    rows = Delivery.objects.order_by("pk").values_list("state", "attempts", "problem")
    assert list(rows) == [
        ("queued", 1, "server away: SMTPRecipientsRefused 421"),
        ("queued", 0, ""),
    ]
    Delivery.objects.update(due_at=_past())
    sink.at_rcpt = "250 OK"
    assert delivering.drain() == 2


def test_a_full_mailbox_holds_up_no_other(petition: Petition, sink: Sink) -> None:
    make.submitted(petition, email="full@example.org")
    make.submitted(petition, email="next@example.org")
    sink.refused = {"full@example.org": "452 mailbox full"}
    assert delivering.drain() == 1
    assert [mail["To"] for mail in sink.mails] == ["next@example.org"]
    assert list(Delivery.objects.order_by("pk").values_list("state", "problem")) == [
        ("queued", "SMTPRecipientsRefused 452"),
        ("sent", ""),
    ]


def test_a_mail_that_cannot_be_written_holds_up_no_other(
    petition: Petition,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = make.submitted(petition, email="broken@example.org")
    make.submitted(petition, email="next@example.org")

    def compose_or_fail(delivery: Delivery) -> object:
        if delivery.signature_id == broken.pk:
            raise KeyError("broken@example.org")
        return composing.compose(delivery)

    monkeypatch.setattr(delivering, "compose", compose_or_fail)
    assert delivering.drain() == 1
    delivery = Delivery.objects.get(signature=broken)
    assert (delivery.state, delivery.problem) == (DeliveryState.QUEUED, "KeyError")
    assert "broken@" not in caplog.text


def test_a_mail_under_a_retired_key_waits_for_the_key(
    petition: Petition, sink: Sink, settings: Settings
) -> None:
    make.submitted(petition)
    keys = settings.PETITIONS_MAIL_KEYS
    settings.PETITIONS_MAIL_KEYS = [Fernet.generate_key().decode()]
    assert delivering.drain() == 0
    assert Delivery.objects.get().state == DeliveryState.QUEUED
    settings.PETITIONS_MAIL_KEYS = keys
    Delivery.objects.update(due_at=_past())
    assert delivering.drain() == 1


def test_a_copy_after_a_crash_is_the_same_mail_to_the_reader(
    petition: Petition, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.submitted(petition)
    with monkeypatch.context() as killed:
        killed.setattr(mailing, "mark_sent", lambda delivery: None)
        delivering.drain()
    Delivery.objects.update(lease_until=_past())
    assert delivering.drain() == 1
    first, second = sink.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Subject"] == second["Subject"]


def test_after_the_count_is_final_no_dead_link_is_mailed(
    petition: Petition, sink: Sink, set_clock: SetClock
) -> None:
    signature = make.submitted(petition)
    assert petition.final_at is not None
    set_clock(petition.final_at)
    signing.resend(signature)
    delivering.drain()
    assert sink.mails == []
    states = Delivery.objects.values_list("state", "problem")
    assert list(states) == [(DeliveryState.DROPPED, "closed")] * 2


def test_a_permanent_refusal_is_final_and_lets_the_next_one_pass(
    petition: Petition, sink: Sink
) -> None:
    make.submitted(petition, email="gone@example.org")
    sink.at_rcpt = "550 no such user gone@example.org"
    delivering.drain()
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.BOUNCED
    assert delivery.problem == "SMTPRecipientsRefused 550"
    sink.at_rcpt = "250 OK"
    make.submitted(petition)
    assert delivering.drain() == 1


def test_a_refusal_of_the_content_is_about_this_mail(petition: Petition, sink: Sink) -> None:
    make.submitted(petition)
    sink.at_data = "554 refused"
    delivering.drain()
    assert Delivery.objects.get().state == DeliveryState.BOUNCED


def test_with_the_server_away_nothing_is_lost_and_the_round_ends(
    petition: Petition, settings: Settings, unused_tcp_port: int
) -> None:
    for _turn in range(3):
        make.submitted(petition)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused_tcp_port
    assert delivering.drain() == 0
    states = Delivery.objects.order_by("pk").values_list("state", "attempts")
    assert list(states) == [("queued", 1), ("queued", 0), ("queued", 0)]


def test_waits_grow_and_stay_below_half_an_hour(petition: Petition) -> None:
    make.submitted(petition)
    waits = []
    for attempts in (1, 2, 3, 6, 12):
        due = timezone.now() - timedelta(seconds=1)
        Delivery.objects.update(due_at=due, attempts=attempts - 1)
        delivery = mailing.claim()
        assert delivery is not None
        mailing.put_back(delivery, "test")
        delivery.refresh_from_db()
        waits.append((delivery.due_at - timezone.now()).total_seconds())
    bases = [15, 30, 60, 480, 1800]
    assert all(base * 0.7 < wait < base * 1.3 for base, wait in zip(bases, waits, strict=True))


def test_a_leased_mail_is_nobody_elses_until_the_lease_is_over(
    petition: Petition, set_clock: SetClock
) -> None:
    start = timezone.now() + timedelta(seconds=1)
    set_clock(start)
    make.submitted(petition)
    first = mailing.claim()
    assert first is not None
    set_clock(start + timedelta(seconds=59))
    assert mailing.claim() is None
    set_clock(start + timedelta(seconds=60))
    second = mailing.claim()
    assert second is not None
    assert (second.pk, second.public_id) == (first.pk, first.public_id)
    mailing.mark_bounced(first, "a late worker")
    assert Delivery.objects.get().state == DeliveryState.SENDING
    mailing.mark_sent(second)
    assert Delivery.objects.get().state == DeliveryState.SENT


def test_a_mail_for_a_row_confirmed_meanwhile_is_dropped(petition: Petition, sink: Sink) -> None:
    signing.confirm(make.submitted(petition))
    delivering.drain()
    assert sink.mails == []
    assert Delivery.objects.get().state == DeliveryState.DROPPED


def test_a_mail_to_a_replaced_address_is_dropped(petition: Petition, sink: Sink) -> None:
    signature = make.submitted(petition, email="typo@example.org")
    signing.change_address(signature, "right@example.org")
    delivering.drain()
    assert [mail["To"] for mail in sink.mails] == ["right@example.org"]


# --- caps ------------------------------------------------------------------------------------


def _earlier(petition: Petition, signature: Signature, sent: list[datetime]) -> None:
    """Mails that the address has had before, about other rows."""
    for when in sent:
        Delivery.objects.create(
            kind="sign",
            state=DeliveryState.SENT,
            petition=petition,
            address_index=signature.email_index,
            language="en",
            public_id=uuid4(),
            created_at=when,
            due_at=when,
            sent_at=when,
        )


@pytest.mark.parametrize(
    ("number", "hours_ago", "leaves"),
    [(4, 2, 1), (5, 2, 0), (5, 25, 1), (9, 48, 1), (10, 48, 0)],
)
def test_an_address_gets_five_mails_a_day_and_ten_in_all(
    petition: Petition, sink: Sink, number: int, hours_ago: int, leaves: int
) -> None:
    signature = make.submitted(petition)
    _earlier(petition, signature, [timezone.now() - timedelta(hours=hours_ago)] * number)
    assert delivering.drain() == leaves
    signature.refresh_from_db()
    assert signature.first_mail_at is not None  # its row lives alike, sent or withheld


def test_the_mail_that_says_counted_has_caps_too_but_waits_for_nobody(
    petition: Petition, sink: Sink
) -> None:
    signature = make.confirmed(petition, email="dara@example.org", wants_news=True)
    Delivery.objects.filter(kind="sign").delete()
    _earlier(petition, signature, [timezone.now() - timedelta(seconds=5)])
    assert delivering.drain() == 1
    other = make.confirmed(petition, email="sophea@example.org", wants_news=True)
    Delivery.objects.filter(kind="sign", signature=other).delete()
    _earlier(petition, other, [timezone.now() - timedelta(hours=2)] * mailing.MOST_IN_A_DAY)
    assert delivering.drain() == 0


def test_organizers_are_told_whatever_else_they_were_sent(petition: Petition, sink: Sink) -> None:
    petition.milestones.create(number=petition.threshold, reached_at=timezone.now())
    index = addresses.site_index("staff@example.org")
    Suppression.objects.create(petition=petition, email_index=index)
    mailing.queue(
        DeliveryKind.GOAL,
        petition=petition,
        address=addresses.lock("staff@example.org"),
        address_index=index,
        language="en",
    )
    assert delivering.drain() == 1
    assert [mail["To"] for mail in sink.mails] == ["staff@example.org"]


def test_an_address_that_asked_for_none_gets_none(petition: Petition, sink: Sink) -> None:
    withdrawing.disown(make.submitted(petition, email="victim@example.org"))
    Delivery.objects.all().delete()
    signature = make.submitted(petition, email="victim@example.org")
    assert delivering.drain() == 0
    signature.refresh_from_db()
    assert signature.first_mail_at is not None


def test_a_mail_too_soon_after_another_waits_a_minute(petition: Petition, sink: Sink) -> None:
    signature = make.submitted(petition)
    _earlier(petition, signature, [timezone.now() - timedelta(seconds=30)])
    assert delivering.drain() == 0
    delivery = Delivery.objects.get(signature=signature)
    assert delivery.state == DeliveryState.QUEUED
    Delivery.objects.filter(pk=delivery.pk).update(due_at=_past())
    Delivery.objects.exclude(pk=delivery.pk).update(sent_at=timezone.now() - timedelta(seconds=61))
    assert delivering.drain() == 1


def test_a_thousand_submits_of_one_address_send_few_mails(petition: Petition, sink: Sink) -> None:
    for _turn in range(30):
        make.submitted(petition, email="victim@example.org")
    for _hour in range(12):
        delivering.drain()
        Delivery.objects.filter(state=DeliveryState.SENT).update(
            sent_at=timezone.now() - timedelta(minutes=5)
        )
        Delivery.objects.filter(state=DeliveryState.QUEUED).update(due_at=_past())
    assert len(sink.mails) == mailing.MOST_IN_A_DAY


def test_smtp_errors_are_described_without_the_address() -> None:
    error = smtplib.SMTPRecipientsRefused({"dara@example.org": (550, b"dara@example.org unknown")})
    assert delivering._describe(error) == "SMTPRecipientsRefused 550"
