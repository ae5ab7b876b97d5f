"""Bells that ring together, and a stop between them, write to nobody twice."""

from functools import partial

import pytest

from petitions.domain import news_mails
from petitions.models import Delivery, NewsMail, Petition
from petitions.states import DeliveryKind, NewsState
from tests.factories import news_mails as news
from tests.factories import people
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

READERS = 12


@pytest.fixture
def written(petition: Petition) -> NewsMail:
    news.subscribe(petition, *(f"reader-{number}@example.org" for number in range(READERS)))
    return news.draft(petition)


def _indexes() -> list[bytes]:
    rows = Delivery.objects.filter(kind=DeliveryKind.NEWS)
    return [bytes(index) for index in rows.values_list("address_index", flat=True)]


def test_bells_that_meet_queue_each_reader_once(
    written: NewsMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    news_mails.start(written, based_on=news_mails.digest(written), by=people.person())
    monkeypatch.setattr(news_mails, "BATCH", 5)
    assert sum(race(*[news_mails.send_due] * 3)) == 5
    monkeypatch.setattr(news_mails, "BATCH", READERS)
    race(*[news_mails.send_due] * 3)
    found = _indexes()
    assert (len(found), len(set(found))) == (READERS, READERS)


def test_of_two_who_press_one_sends_it(written: NewsMail) -> None:
    based_on, by = news_mails.digest(written), people.person()

    def press() -> str:
        try:
            return news_mails.start(written, based_on=based_on, by=by).state
        except news_mails.NewsError:
            return "refused"

    assert sorted(race(press, press)) == ["refused", NewsState.SENDING]


def test_after_a_stop_nothing_is_queued(written: NewsMail, monkeypatch: pytest.MonkeyPatch) -> None:
    news_mails.start(written, based_on=news_mails.digest(written), by=people.person())
    monkeypatch.setattr(news_mails, "BATCH", 5)
    race(news_mails.send_due, partial(news_mails.stop, written, by=people.person()))
    monkeypatch.setattr(news_mails, "BATCH", READERS)
    news_mails.send_due()
    assert set(Delivery.objects.filter(news=written).values_list("state", flat=True)) <= {"dropped"}
    assert NewsMail.objects.get().state == NewsState.STOPPED
