"""News by mail: to whoever asked for it, each address once, in any number of runs."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, transaction
from pytest_django import Settings

from petitions import tasks
from petitions.domain import (
    addresses,
    auditing,
    delivering,
    mail_caps,
    mailing,
    news_mails,
    purging,
)
from petitions.domain.news_mails import NewsError
from petitions.domain.withdrawing import stop_news
from petitions.models import AuditEvent, Delivery, NewsMail, Petition, Subscription, Suppression
from petitions.states import DeliveryKind, DeliveryState, NewsState, PetitionState
from tests.conftest import SetClock
from tests.factories import news_mails as news
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 1, 10, 17, tzinfo=UTC)
FIVE = [f"reader-{number}@example.org" for number in range(5)]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round lasts until all that is due has left, however slow the machine is."""
    monkeypatch.setattr(delivering, "ROUND_SECONDS", 60.0)


@pytest.fixture
def written(petition: Petition) -> NewsMail:
    """A draft, with five who asked for news."""
    news.subscribe(petition, *FIVE)
    return news.draft(petition)


def _start(written: NewsMail) -> NewsMail:
    return news_mails.start(written, based_on=news_mails.digest(written), by=people.person())


def _queued() -> list[str]:
    rows = Delivery.objects.filter(kind=DeliveryKind.NEWS).order_by("pk")
    return [addresses.unlock(bytes(row.address)) for row in rows if row.address is not None]


# --- writing ---------------------------------------------------------------------------------


def _changed(name: str, code: str, text: str) -> Mapping[str, Mapping[str, str]]:
    return {**news.TEXTS, name: {**news.TEXTS[name], code: text}}


@pytest.mark.parametrize(
    ("name", "code", "text", "problem"),
    [
        ("heading", "km", "", "Enter “Heading” in Khmer"),
        ("text", "fr", "", "Enter “Text” in French"),
        ("heading", "en", "A walk on June 9", "Figures that are not here: 9"),
        ("text", "en", "See www.example.org", "Take the address out of “Text”"),
        ("text", "en", "Write to a@example.org", "Take the address out of “Text”"),
        ("heading", "fr", "5" * 121, "Shorten “Heading” (French) to 120 characters: it has 121"),
    ],
)
def test_it_is_whole_in_three_languages_or_not_kept(
    petition: Petition, name: str, code: str, text: str, problem: str
) -> None:
    with pytest.raises(NewsError, match=problem.replace("(", r"\(").replace(")", r"\)")):
        news_mails.write(petition, texts=_changed(name, code, text), by=None)
    assert not NewsMail.objects.exists()


def test_paragraphs_and_their_lines_stay() -> None:
    typed = "  One  two\r\nthree\r\n\r\n \r\n\r\nfour\n"
    assert news_mails.tidy(typed) == "One two\nthree\n\nfour"


def test_what_has_been_sent_is_neither_changed_nor_discarded(written: NewsMail) -> None:
    _start(written)
    with pytest.raises(NewsError):
        news_mails.rewrite(written, texts=news.TEXTS, by=people.person())
    with pytest.raises(NewsError):
        news_mails.discard(written)
    with pytest.raises(NewsError):
        _start(written)


def test_who_sends_it_has_read_what_is_sent(written: NewsMail) -> None:
    seen = news_mails.digest(written)
    other = _changed("heading", "en", "A long walk on June 5")
    news_mails.rewrite(written, texts=other, by=people.person())
    with pytest.raises(NewsError, match="changed this news meanwhile"):
        news_mails.start(written, based_on=seen, by=people.person())


def test_without_readers_there_is_nothing_to_send(petition: Petition) -> None:
    with pytest.raises(NewsError, match="Nobody has asked"):
        _start(news.draft(petition))


# --- sending ---------------------------------------------------------------------------------


def test_each_reader_gets_it_once_in_their_language(written: NewsMail) -> None:
    news.subscribe(written.petition, "amie@example.org", language="fr")
    news.subscribe(make.open_petition(), "elsewhere@example.org")
    _start(written)
    tasks.advance()
    assert delivering.drain() == 6
    tasks.advance()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(["amie@example.org", *FIVE])
    french = [message for message in mail.outbox if message.to == ["amie@example.org"]]
    assert "Nous marchons ensemble." in french[0].body
    written.refresh_from_db()
    assert (written.state, written.recipients, written.sent) == (NewsState.SENT, 6, 6)
    assert not Delivery.objects.exclude(address=None).exists()


def test_a_run_that_is_killed_neither_skips_nor_repeats(
    written: NewsMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the mails of a batch are written, before its marker is; and between two batches."""
    monkeypatch.setattr(news_mails, "BATCH", 2)
    _start(written)
    with monkeypatch.context() as killed:
        killed.setattr(NewsMail, "save", _killed)
        with pytest.raises(DatabaseError):
            news_mails.send_due()
    assert _queued() == []
    while news_mails.send_due():
        delivering.drain()
    assert [message.to for message in mail.outbox] == [[address] for address in FIVE]


def _killed(*_args: object, **_options: object) -> None:
    raise DatabaseError


def test_the_database_keeps_each_address_once(written: NewsMail) -> None:
    """Should the marker ever be lost."""
    _start(written)
    news_mails.send_due()
    NewsMail.objects.update(reached=0)
    news_mails.send_due()
    assert _queued() == FIVE
    row = Delivery.objects.filter(kind=DeliveryKind.NEWS)[0]
    row.pk, row.public_id = None, written.petition.public_id
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_no_more_than_a_batch_waits_in_the_outbox(
    written: NewsMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_mails, "BATCH", 2)
    _start(written)
    assert [news_mails.send_due(), news_mails.send_due()] == [2, 0]


def test_who_asks_for_news_after_the_start_waits_for_the_next(
    written: NewsMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    _start(written)
    news.subscribe(written.petition, "later@example.org")
    news_mails.send_due()
    assert _queued() == FIVE


# --- until it leaves -------------------------------------------------------------------------


def test_who_stopped_news_meanwhile_gets_nothing(written: NewsMail) -> None:
    signature = make.confirmed(written.petition, wants_news=True)
    Delivery.objects.all().delete()
    _start(written)
    Subscription.objects.filter(pk=Subscription.objects.order_by("pk")[0].pk).delete()
    news_mails.send_due()
    stop_news(signature)
    assert Delivery.objects.filter(state=DeliveryState.DROPPED, address=None).count() == 1
    Subscription.objects.filter(pk=Subscription.objects.order_by("pk")[0].pk).delete()
    delivering.drain()
    assert [message.to for message in mail.outbox] == [[address] for address in FIVE[2:]]
    news_mails.send_due()
    written.refresh_from_db()
    done = news_mails.progress(written)
    assert (done.sent, done.left_out, done.waiting) == (3, 3, 0)


def test_an_address_that_asked_to_be_left_alone_is(written: NewsMail) -> None:
    indexes = [addresses.index(each, written.petition) for each in FIVE[:2]]
    Suppression.objects.create(petition=written.petition, email_index=indexes[0])
    assert _start(written).recipients == 4
    news_mails.send_due()
    Suppression.objects.create(petition=written.petition, email_index=indexes[1])
    delivering.drain()
    assert [message.to for message in mail.outbox] == [[address] for address in FIVE[2:]]


def test_stopping_drops_what_has_not_left_and_counts_what_has(
    written: NewsMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_mails, "BATCH", 3)
    _start(written)
    news_mails.send_due()
    monkeypatch.setattr(delivering, "ROUND", 1)
    delivering.drain()
    in_flight = mailing.claim()
    assert in_flight is not None
    assert news_mails.stop(written, by=people.person())
    assert not news_mails.stop(written, by=people.person())
    assert news_mails.send_due() == 0
    mailing.put_back(in_flight, "busy")  # it did not leave, and does not later
    Delivery.objects.filter(pk=in_flight.pk).update(due_at=written.written_at)
    assert delivering.drain() == 0
    news_mails.send_due()
    written.refresh_from_db()
    assert (written.state, written.sent, written.settled_at is None) == ("stopped", 1, False)
    assert len(mail.outbox) == 1
    assert not Delivery.objects.exclude(address=None).exists()


def test_start_and_stop_stand_in_the_audit_log(written: NewsMail) -> None:
    _start(written)
    news_mails.stop(written, by=people.person())
    lines = (
        AuditEvent.objects.filter(kind__startswith="news")
        .order_by("pk")
        .values_list("kind", "petition", "detail")
    )
    assert list(lines) == [
        (auditing.Kind.NEWS_SENT, written.petition_id, {"news": written.pk, "number": 5}),
        (auditing.Kind.NEWS_STOPPED, written.petition_id, {"news": written.pk, "number": 0}),
    ]


# --- beside other mails ----------------------------------------------------------------------


def test_whoever_signs_is_written_to_before_news(written: NewsMail) -> None:
    _start(written)
    news_mails.send_due()
    make.submitted(written.petition, email="new@example.org")
    delivering.drain()
    assert mail.outbox[0].to == ["new@example.org"]
    assert len(mail.outbox) == 6


def test_news_leaves_half_of_each_cap_to_those_who_sign(
    written: NewsMail, settings: Settings
) -> None:
    settings.PETITIONS_MAILS_PER_HOUR = 4
    _start(written)
    news_mails.send_due()
    assert [delivering.drain(), delivering.drain()] == [2, 0]
    make.submitted(written.petition)
    assert delivering.drain() == 1
    assert (mail_caps.room(), mail_caps.room_for_news()) == (1, 0)


def test_news_uses_up_nobodys_mails(written: NewsMail) -> None:
    """Neither the ten of an address, nor the minute between two."""
    _start(written)
    news_mails.send_due()
    delivering.drain()
    row = Delivery.objects.filter(kind=DeliveryKind.NEWS)[0]
    for _turn in range(mailing.MOST_EVER):
        row.pk, row.public_id, row.news = None, uuid4(), None
        row.save(force_insert=True)
    mail.outbox.clear()
    make.submitted(written.petition, email=FIVE[0])
    assert delivering.drain() == 1


def test_news_that_waits_is_no_slow_mail(set_clock: SetClock, settings: Settings) -> None:
    set_clock(NOON)
    petition = make.open_petition(opens_at=NOON, closes_at=NOON + timedelta(days=30))
    news.subscribe(petition, *FIVE)
    _start(news.draft(petition))
    news_mails.send_due()
    set_clock(NOON + timedelta(hours=1))
    assert not mailing.is_slow()
    assert mailing.oldest_waiting() is None


def test_what_is_counted_is_kept_until_it_is_settled(
    written: NewsMail, monkeypatch: pytest.MonkeyPatch, set_clock: SetClock
) -> None:
    monkeypatch.setattr(news_mails, "BATCH", 2)
    _start(written)
    news_mails.send_due()
    delivering.drain()
    Petition.objects.update(state=PetitionState.CLOSED)
    set_clock(written.petition.closes_at + timedelta(days=2))
    assert purging.purge_outbox() == 0
    while news_mails.send_due():
        delivering.drain()
    set_clock(written.petition.closes_at + timedelta(days=4))
    assert purging.purge_outbox() == 5
    written.refresh_from_db()
    assert news_mails.progress(written).sent == 5
