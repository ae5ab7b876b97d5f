"""Everything dies when it was promised to, and not before (security.md §9)."""

from datetime import UTC, datetime, timedelta

import pytest

from petitions import tasks
from petitions.domain import addresses, mailing, purging, signing, tokens, withdrawing
from petitions.models import (
    Delivery,
    Petition,
    PetitionEvent,
    Signature,
    Subscription,
    Suppression,
)
from petitions.states import DeliveryKind
from tests.conftest import SetClock
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
START = datetime(2027, 1, 10, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def petition(db: None) -> Petition:
    return make.open_petition(
        opens_at=START - timedelta(days=1), closes_at=START + timedelta(days=100)
    )


def _submitted(petition: Petition, set_clock: SetClock) -> Signature:
    set_clock(START)
    return make.submitted(petition)


@pytest.mark.parametrize(
    ("mailed_after", "lives"),
    [
        (timedelta(minutes=1), timedelta(days=14)),
        (timedelta(days=6), timedelta(days=14)),
        (timedelta(days=10), timedelta(days=17)),
        (timedelta(days=28), timedelta(days=30)),
        (None, timedelta(days=30)),
    ],
)
def test_a_pending_row_its_handle_and_its_link_die_together(
    petition: Petition, set_clock: SetClock, mailed_after: timedelta | None, lives: timedelta
) -> None:
    signature = _submitted(petition, set_clock)
    mailed = START + mailed_after if mailed_after else None
    Signature.objects.update(first_mail_at=mailed, link_sent_at=mailed)
    link = tokens.read_confirm_token(tokens.confirm_token(signature.public_id, 0))
    set_clock(START + lives - SECOND)
    assert signing.find_by_handle(petition, signature.public_id) == signature
    assert signing.find_by_token(link) == signature
    assert purging.purge_pending() == 0
    set_clock(START + lives)
    assert signing.find_by_handle(petition, signature.public_id) is None
    assert signing.find_by_token(link) is None
    assert purging.purge_pending() == 1
    assert not Signature.objects.exists()


@pytest.mark.parametrize("act", [withdrawing.disown, withdrawing.withdraw, withdrawing.erase])
def test_a_row_never_confirmed_dies_whatever_became_of_it(
    petition: Petition, set_clock: SetClock, act: object
) -> None:
    signature = _submitted(petition, set_clock)
    Signature.objects.update(first_mail_at=START)
    act(signature)  # type: ignore[operator]
    set_clock(START + timedelta(days=14) - SECOND)
    assert purging.purge_pending() == 0
    set_clock(START + timedelta(days=14))
    assert purging.purge_pending() == 1


def test_a_confirmed_row_stays(petition: Petition, set_clock: SetClock) -> None:
    signing.confirm(_submitted(petition, set_clock))
    set_clock(START + timedelta(days=60))
    assert purging.purge_pending() == 0
    assert Signature.objects.counted().count() == 1


def test_the_address_of_a_held_row_is_kept_for_14_days(
    petition: Petition, set_clock: SetClock
) -> None:
    signature = _submitted(petition, set_clock)
    Signature.objects.update(held_at=START, held_rule="test")
    signature.refresh_from_db()
    assert signing.confirm(signature) == signing.Outcome.HELD
    signature.refresh_from_db()
    assert (signature.mail_address is None, signature.counted_at) == (False, None)
    set_clock(START + timedelta(days=14) - SECOND)
    assert purging.purge_held_addresses() == 0
    set_clock(START + timedelta(days=14))
    assert purging.purge_held_addresses() == 1
    signature.refresh_from_db()
    assert signature.mail_address is None


# --- the alarm -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mailed_after", "lives"),
    [
        (timedelta(minutes=1), timedelta(days=14)),
        (timedelta(days=28), timedelta(days=30)),
        (None, timedelta(days=30)),
    ],
)
def test_a_pending_row_that_nobody_purges_raises_an_alarm_a_day_later(
    petition: Petition, set_clock: SetClock, mailed_after: timedelta | None, lives: timedelta
) -> None:
    _submitted(petition, set_clock)
    Signature.objects.update(first_mail_at=START + mailed_after if mailed_after else None)
    set_clock(START + lives + timedelta(days=1) - SECOND)
    assert not purging.is_late()
    set_clock(START + lives + timedelta(days=1))
    assert purging.is_late()
    purging.purge_pending()
    assert not purging.is_late()


def test_an_address_held_too_long_raises_it_as_well(
    petition: Petition, set_clock: SetClock
) -> None:
    signature = _submitted(petition, set_clock)
    Signature.objects.update(held_at=START, held_rule="test")
    signature.refresh_from_db()
    signing.confirm(signature)
    set_clock(START + timedelta(days=15) - SECOND)
    assert not purging.is_late()
    set_clock(START + timedelta(days=15))
    assert purging.is_late()
    purging.purge_held_addresses()
    assert not purging.is_late()


def test_the_log_says_how_old_the_oldest_is_that_is_left(
    petition: Petition, set_clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    _submitted(petition, set_clock)
    set_clock(START + timedelta(days=13))
    with caplog.at_level("INFO", logger="petitions.tasks"):
        tasks.tidy()
    line = "purged 0 signatures never confirmed, the oldest left: 13 days, 0:00:00"
    assert line in caplog.messages


# --- silence ---------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["not_certified", "withdrawn", "response_tabled"])
def test_who_asked_for_silence_is_forgotten_thirty_days_after_the_end(
    petition: Petition, set_clock: SetClock, end: str
) -> None:
    set_clock(START)
    silent, other = (make.confirmed(petition, wants_news=True) for _turn in range(2))
    Suppression.objects.create(petition=petition, email_index=silent.email_index)
    PetitionEvent.objects.create(petition=petition, to_state="open", happened_at=START)
    set_clock(START + timedelta(days=90))
    assert purging.forget_silenced() == 0  # still open
    Petition.objects.update(state=end)
    PetitionEvent.objects.create(petition=petition, to_state=end, happened_at=START)
    set_clock(START + timedelta(days=30) - SECOND)
    assert purging.forget_silenced() == 0
    set_clock(START + timedelta(days=30))
    assert purging.forget_silenced() == 1
    assert not Suppression.objects.exists()
    # Nothing is left by which the silent one could be written to after all.
    assert Subscription.objects.get().email_index == other.email_index


# --- after closing ---------------------------------------------------------------------------


def test_signers_are_emptied_after_retention_and_go_on_counting(
    petition: Petition, set_clock: SetClock
) -> None:
    set_clock(START)
    signature = make.confirmed(petition, wants_news=True)
    Suppression.objects.create(petition=petition, email_index=b"x" * 32)
    closed = START + timedelta(days=100)
    end = closed.replace(year=closed.year + 1)  # RETENTION_MONTHS is 12 by default
    set_clock(end - SECOND)
    assert purging.erase_after_closing() == 0
    set_clock(end)
    assert purging.erase_after_closing() == 1
    signature.refresh_from_db()
    assert (signature.box_person, signature.box_email, signature.email_index) == (None, None, None)
    assert signature.is_counted
    assert not Subscription.objects.exists()
    assert not Suppression.objects.exists()


def test_the_outbox_forgets_a_day_after_closing(petition: Petition, set_clock: SetClock) -> None:
    signature = _submitted(petition, set_clock)
    mailing.mark_sent(_claimed())
    end = START + timedelta(days=101)
    set_clock(end - SECOND)
    assert purging.purge_outbox() == 0
    set_clock(end)
    assert purging.purge_outbox() == 1
    assert signature.deliveries.count() == 0


def test_a_mail_that_could_not_leave_is_kept_for_thirty_days(
    petition: Petition, set_clock: SetClock
) -> None:
    signature = _submitted(petition, set_clock)
    mailing.queue(
        DeliveryKind.COUNTED,
        petition=petition,
        address=addresses.lock("dara@example.org"),
        address_index=bytes(signature.email_index or b""),
        language="km",
    )
    set_clock(START + timedelta(days=30) - SECOND)
    assert purging.purge_outbox() == 0
    set_clock(START + timedelta(days=30))
    assert purging.purge_outbox() == 2
    assert not Delivery.objects.exists()


def test_a_mail_about_no_petition_is_remembered_for_a_day_after_it_left(
    set_clock: SetClock, petition: Petition
) -> None:
    set_clock(START)
    address = "dara@example.org"
    mailing.queue(
        DeliveryKind.MANAGE,
        petition=None,
        address=addresses.lock(address),
        address_index=addresses.site_index(address),
        language="km",
    )
    left = START + timedelta(hours=20)
    set_clock(left)
    mailing.mark_sent(_claimed())
    set_clock(left + timedelta(hours=24) - SECOND)
    assert purging.purge_outbox() == 0
    set_clock(left + timedelta(hours=24))
    assert purging.purge_outbox() == 1


def test_a_purge_cut_short_goes_on_where_it_stopped(
    petition: Petition, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "BATCH", 2)
    for _turn in range(5):
        _submitted(petition, set_clock)
    set_clock(START + timedelta(days=30))
    rows = Signature.objects.order_by("pk")
    rows.filter(pk__in=[row.pk for row in rows[:2]]).delete()  # the batch of a killed run
    assert purging.purge_pending() == 3


def _claimed() -> Delivery:
    delivery = mailing.claim()
    assert delivery is not None
    return delivery
