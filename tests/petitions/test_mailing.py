"""The outbox: who may ask for mails, what is slow, who goes first, when lives begin."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from petitions.domain import addresses, mailing, signing, withdrawing
from petitions.domain.signing import Outcome
from petitions.models import Delivery, Petition, Signature
from petitions.states import DeliveryKind, DeliveryState
from tests.conftest import SetClock
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def now(set_clock: SetClock) -> datetime:
    instant = timezone.now().replace(microsecond=0) + timedelta(seconds=1)
    set_clock(instant)
    return instant


def _claimed() -> Delivery:
    delivery = mailing.claim()
    assert delivery is not None
    return delivery


def _only(signature: Signature) -> Delivery:
    return Delivery.objects.get(signature=signature)


# --- who may ask for how many ----------------------------------------------------------------

WAYS = {
    "pending": lambda signature: None,
    "counted": signing.confirm,
    "withdrawn": withdrawing.withdraw,
    "erased": withdrawing.erase,
    "disowned": withdrawing.disown,
}


@pytest.fixture(params=WAYS)
def row(request: pytest.FixtureRequest, petition: Petition) -> Signature:
    """A row of every state, as its handle finds it."""
    signature = make.submitted(petition)
    WAYS[request.param](signature)
    found = signing.find_by_handle(petition, signature.public_id)
    assert found is not None
    return found


def test_sending_again_rests_for_sixty_seconds_whatever_the_state(
    row: Signature, set_clock: SetClock
) -> None:
    asked = row.mail_queued_at
    assert asked is not None
    set_clock(asked + timedelta(seconds=59))
    assert signing.resend(row) == SECOND
    set_clock(asked + timedelta(seconds=60))
    assert signing.resend(row) is None
    assert signing.resend(row) == timedelta(seconds=60)


def test_changing_the_address_needs_no_rest_but_begins_one(row: Signature, now: datetime) -> None:
    signing.change_address(row, "one@example.org")
    signing.change_address(row, "two@example.org")
    assert signing.resend(row) == timedelta(seconds=60)


def test_one_row_asks_for_ten_mails_in_all_whatever_its_state(
    row: Signature, set_clock: SetClock
) -> None:
    start = timezone.now()
    for turn in range(1, mailing.MOST_EVER):
        set_clock(start + turn * timedelta(minutes=2))
        if turn % 2:
            signing.change_address(row, f"other-{turn}@example.org")
        else:
            assert signing.resend(row) is None
    set_clock(start + timedelta(days=1))
    before = (Delivery.objects.count(), Signature.objects.values().get(pk=row.pk))
    with pytest.raises(mailing.TooManyMailsError):
        signing.resend(row)
    with pytest.raises(mailing.TooManyMailsError):
        signing.change_address(row, "one-more@example.org")
    assert (Delivery.objects.count(), Signature.objects.values().get(pk=row.pk)) == before


def test_asking_costs_the_same_queries_whatever_the_state(
    petition: Petition, set_clock: SetClock
) -> None:
    shapes: set[tuple[tuple[str, ...], ...]] = set()
    start = timezone.now()
    for way in WAYS.values():
        set_clock(start)
        signature = make.submitted(petition)
        way(signature)
        signature.refresh_from_db()
        set_clock(start + timedelta(minutes=2))
        with CaptureQueriesContext(connection) as again:
            signing.resend(signature)
        with CaptureQueriesContext(connection) as changed:
            signing.change_address(signature, "new@example.org")
        shapes.add(tuple(_shape(queries) for queries in (again, changed)))
    assert len(shapes) == 1


def _shape(queries: CaptureQueriesContext) -> tuple[str, ...]:
    """Verb and table of each query; the names of savepoints differ each time."""
    return tuple(
        " ".join(re.sub(r'"s\d+_x\d+"', "", each["sql"]).split()[:3])
        for each in queries.captured_queries
    )


def test_asking_again_after_the_links_week_makes_a_new_link(
    petition: Petition, now: datetime, set_clock: SetClock
) -> None:
    signature = make.submitted(petition)
    mailing.mark_sent(_claimed())
    set_clock(now + timedelta(days=7) - SECOND)
    assert signing.resend(signature) is None
    assert Signature.objects.get().generation == 0
    set_clock(now + timedelta(days=7, minutes=2))
    assert signing.confirm(signature) == Outcome.EXPIRED
    assert signing.resend(signature) is None
    fresh = Signature.objects.select_related("petition").get()
    assert (fresh.generation, fresh.link_sent_at, fresh.code_tries) == (1, None, 0)
    assert Delivery.objects.latest("pk").generation == 1
    assert signing.confirm(fresh) == Outcome.COUNTED


# --- what is slow ----------------------------------------------------------------------------


def test_mail_is_slow_when_nobody_took_it_for_two_minutes(
    petition: Petition, now: datetime, set_clock: SetClock
) -> None:
    make.submitted(petition)
    set_clock(now + timedelta(minutes=2))
    assert not mailing.is_slow()
    set_clock(now + timedelta(minutes=2) + SECOND)
    assert mailing.is_slow()
    mailing.mark_sent(_claimed())
    assert not mailing.is_slow()


@pytest.mark.parametrize(
    ("problem", "is_slow"),
    [(f"{mailing.AWAY}: ConnectionRefusedError", True), ("SMTPRecipientsRefused 450", False)],
)
def test_one_full_mailbox_does_not_make_mail_slow_for_everybody(
    petition: Petition, now: datetime, set_clock: SetClock, problem: str, *, is_slow: bool
) -> None:
    make.submitted(petition)
    Delivery.objects.update(attempts=8)
    set_clock(now + timedelta(minutes=1))
    mailing.put_back(_claimed(), problem)
    set_clock(now + timedelta(minutes=3))
    assert mailing.is_slow() == is_slow


def test_mails_put_off_by_the_caps_do_not_make_mail_slow(
    petition: Petition, now: datetime, set_clock: SetClock
) -> None:
    """Or whoever types one address thrice would write "mail is slow" on everybody's page."""
    for _turn in range(3):
        make.submitted(petition, email="victim@example.org")
    mailing.mark_sent(_claimed())
    for minute in (0, 1):
        set_clock(now + timedelta(minutes=minute))
        while (delivery := mailing.claim()) is not None:
            Delivery.objects.filter(state=DeliveryState.SENT).update(sent_at=delivery.due_at)
            assert mailing.postponed_by_caps(delivery)
    set_clock(now + timedelta(minutes=2, seconds=30))
    Delivery.objects.filter(state=DeliveryState.QUEUED).update(due_at=now + timedelta(minutes=2))
    assert not mailing.is_slow()


def test_a_mail_put_off_by_the_caps_was_not_an_attempt(petition: Petition, now: datetime) -> None:
    first = make.submitted(petition, email="dara@example.org")
    second = make.submitted(petition, email="dara@example.org")
    mailing.mark_sent(_claimed())
    assert mailing.postponed_by_caps(_claimed())
    assert (_only(first).attempts, _only(second).attempts) == (1, 0)
    assert _only(second).due_at == now + mailing.APART


# --- who goes first --------------------------------------------------------------------------


def test_of_two_mails_in_flight_to_one_address_the_one_claimed_first_goes(
    petition: Petition, now: datetime, set_clock: SetClock
) -> None:
    older = make.submitted(petition, email="dara@example.org")
    make.submitted(petition, email="dara@example.org")
    Delivery.objects.filter(signature=older).update(due_at=now + timedelta(seconds=1))
    newer_claimed = _claimed()
    set_clock(now + timedelta(seconds=2))
    older_claimed = _claimed()
    assert (newer_claimed.pk > older_claimed.pk, older_claimed.signature) == (True, older)
    assert not mailing.postponed_by_caps(newer_claimed)
    assert mailing.postponed_by_caps(older_claimed)


def test_of_two_claimed_in_one_instant_one_goes(petition: Petition, now: datetime) -> None:
    for _turn in range(2):
        make.submitted(petition, email="dara@example.org")
    claimed = [_claimed(), _claimed()]
    assert [mailing.postponed_by_caps(each) for each in claimed] == [False, True]


def test_a_dead_workers_mail_holds_up_no_other(
    petition: Petition, now: datetime, set_clock: SetClock
) -> None:
    make.submitted(petition, email="dara@example.org")
    make.submitted(petition, email="dara@example.org")
    _claimed()
    Delivery.objects.filter(state=DeliveryState.QUEUED).update(due_at=now - timedelta(hours=1))
    set_clock(now + mailing.LEASE)
    assert not mailing.postponed_by_caps(_claimed())


# --- when lives begin ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mark", "sent"),
    [
        (mailing.mark_sent, True),
        (lambda delivery: mailing.mark_dropped(delivery, "cap"), False),
        (lambda delivery: mailing.mark_bounced(delivery, "550"), False),
    ],
)
def test_a_row_begins_to_live_alike_whether_its_mail_left_or_not(
    petition: Petition, now: datetime, mark: object, *, sent: bool
) -> None:
    signature = make.submitted(petition)
    mark(_claimed())  # type: ignore[operator]
    signature.refresh_from_db()
    assert signature.first_mail_at == now
    assert signature.link_sent_at == (now if sent else None)


def test_a_replaced_mail_that_never_left_begins_no_life(petition: Petition, now: datetime) -> None:
    """With the mail server away for a week, a changed address must not shorten the row's life."""
    signature = make.submitted(petition)
    signing.change_address(signature, "right@example.org")
    mailing.mark_dropped(_claimed(), "replaced")
    signature.refresh_from_db()
    assert signature.first_mail_at is None


def test_a_mail_sent_before_the_address_changed_starts_no_week_of_the_new_link(
    petition: Petition, now: datetime
) -> None:
    signature = make.submitted(petition)
    under_way = _claimed()
    signing.change_address(signature, "right@example.org")
    mailing.mark_sent(under_way)
    signature.refresh_from_db()
    assert (signature.first_mail_at, signature.link_sent_at) == (now, None)


def test_the_links_week_begins_with_the_first_accepted_mail(
    petition: Petition, now: datetime, set_clock: SetClock
) -> None:
    signature = make.submitted(petition)
    mailing.mark_sent(_claimed())
    set_clock(now + timedelta(days=1))
    signing.resend(signature)
    mailing.mark_sent(_claimed())
    signature.refresh_from_db()
    assert signature.link_sent_at == now


def test_a_final_mail_keeps_no_address(petition: Petition, now: datetime) -> None:
    mailing.queue(
        DeliveryKind.MANAGE,
        petition=None,
        address=addresses.lock("dara@example.org"),
        address_index=addresses.site_index("dara@example.org"),
        language="km",
    )
    mailing.mark_sent(_claimed())
    assert Delivery.objects.get().address is None


def test_the_oldest_mail_tells_how_long_the_outbox_waits(
    petition: Petition, now: datetime, set_clock: SetClock
) -> None:
    assert mailing.oldest_waiting() is None
    make.submitted(petition)
    set_clock(now + timedelta(minutes=7))
    assert mailing.oldest_waiting() == timedelta(minutes=7)
