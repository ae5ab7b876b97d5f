"""Deciding about held signatures: what counts, what is undone, what is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from campaign.accounts.models import User
from petitions.domain import (
    certifying,
    counting,
    purging,
    reviewing,
    screening,
    signing,
    tokens,
    withdrawing,
)
from petitions.domain.delivering import drain
from petitions.domain.reviewing import ReviewError
from petitions.domain.signing import Outcome
from petitions.models import Delivery, Petition, Review, Signature, Subscription
from petitions.states import DeliveryKind, HoldRule, RejectReason, ReviewAct, SignatureState
from tests.conftest import SetClock
from tests.factories import outcomes, people, reviews
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
START = datetime(2027, 1, 10, 17, tzinfo=UTC)


@pytest.fixture
def by(db: None) -> User:
    return people.person()


@pytest.fixture
def petition(db: None, set_clock: SetClock) -> Petition:
    set_clock(START)
    return make.open_petition(
        opens_at=START - timedelta(days=1), closes_at=START + timedelta(days=100)
    )


def _decide(petition: Petition, act: str, *, by: User, **kwargs: Any) -> Any:
    chosen = kwargs.pop("chosen", reviewing.held(petition))
    kwargs.setdefault("number", chosen.count())
    if act == ReviewAct.REJECT:
        kwargs.setdefault("reason", RejectReason.MACHINE)
    return reviewing.decide(petition, chosen, ReviewAct(act), by=by, **kwargs)


def _fresh(signature: Signature) -> Signature:
    return Signature.objects.select_related("petition").get(pk=signature.pk)


# --- what is held ----------------------------------------------------------------------------


def test_groups_are_by_rule_and_of_bursts_by_mark(petition: Petition) -> None:
    for domain in ("one.ca", "one.ca", "one.ca", "two.ca"):
        reviews.held(petition, HoldRule.DOMAIN, email=f"a{Signature.objects.count()}@{domain}")
    for _turn in range(2):
        reviews.held(petition, HoldRule.TRAP)
    reviews.held(make.open_petition(closes_at=petition.closes_at), HoldRule.TRAP)
    make.confirmed(petition)
    found = reviewing.groups(petition)
    assert [(group.rule, group.number) for group in found] == [
        (HoldRule.DOMAIN, 3),
        (HoldRule.TRAP, 2),
        (HoldRule.DOMAIN, 1),
    ]
    assert [reviewing.rows(petition, group).count() for group in found] == [3, 2, 1]
    assert [reviewing.group_of(petition, group.key) for group in found] == found
    assert [reviewing.domain(petition, group) for group in found] == ["one.ca", "", "two.ca"]


def test_what_nobody_confirmed_waits_for_no_decision(petition: Petition) -> None:
    row = make.submitted(petition)
    Signature.objects.filter(pk=row.pk).update(held_at=START, held_rule="trap")
    assert reviewing.groups(petition) == []


def test_what_counts_and_shares_the_mark_is_found(petition: Petition) -> None:
    counted = make.confirmed(petition, email="a@one.ca")
    make.confirmed(petition, email="b@two.ca")
    reviews.held(petition, HoldRule.DOMAIN, email="c@one.ca")
    (group,) = reviewing.groups(petition)
    assert list(reviewing.alike(petition, group)) == [counted]


# --- accepting and rejecting -----------------------------------------------------------------


def test_what_is_accepted_counts_from_then_on(
    petition: Petition, by: User, set_clock: SetClock
) -> None:
    row = reviews.held(petition)
    set_clock(START + timedelta(hours=3))
    _decide(petition, "accept", by=by)
    row = _fresh(row)
    assert row.is_counted
    assert row.counted_at == START + timedelta(hours=3)
    assert (row.held_rule, row.mail_address) == ("", None)
    set_clock(START + timedelta(hours=4))
    counting.tally_changed()
    assert petition.tally.total == 1


def test_who_asked_for_news_hears_when_accepted_and_nobody_else(
    petition: Petition, by: User
) -> None:
    reviews.held(petition, email="news@example.org", wants_news=True)
    reviews.held(petition, email="quiet@example.org")
    _decide(petition, "accept", by=by)
    told = Delivery.objects.filter(kind=DeliveryKind.COUNTED)
    assert [bytes(each.address_index) for each in told] == [
        bytes(Subscription.objects.get().email_index)
    ]


def test_what_is_rejected_never_counts_and_frees_the_address(petition: Petition, by: User) -> None:
    row = reviews.held(petition, email="dara@example.org")
    _decide(petition, "reject", by=by, reason=RejectReason.FALSE)
    row = _fresh(row)
    assert (row.state, row.mail_address) == (SignatureState.REJECTED, None)
    assert not Signature.objects.counted().exists()
    assert make.confirmed(petition, email="dara@example.org").is_counted


def test_a_decision_is_recorded_without_personal_data(petition: Petition, by: User) -> None:
    row = reviews.held(petition, HoldRule.NAME, name="Zkvorbelinx", email="xilvo@one.ca")
    batch = _decide(petition, "reject", by=by, reason=RejectReason.REPEATED)
    stored = Review.objects.values().get()
    del stored["id"]
    assert stored == {
        "batch": batch,
        "petition_id": petition.pk,
        "signature_id": row.pk,
        "act": "reject",
        "rule": "name",
        "reason": "repeated",
        "by_id": by.pk,
        "at": START,
        "undone_at": None,
        "undone_by_id": None,
    }


def test_the_database_wants_a_reason_for_a_rejection_alone(petition: Petition, by: User) -> None:
    reviews.held(petition)
    for act, reason in (("reject", ""), ("accept", "machine")):
        with pytest.raises(IntegrityError), transaction.atomic():
            _decide(petition, act, by=by, reason=reason)


# --- asking again ----------------------------------------------------------------------------


def test_who_is_asked_again_counts_by_one_more_press(petition: Petition, by: User) -> None:
    row = reviews.held(petition, HoldRule.DOMAIN, email="a@one.ca")
    old = tokens.confirm_token(row.public_id, row.generation)
    _decide(petition, "ask", by=by)
    # The rules have had their say: four more of the domain change nothing.
    for number in range(6):
        make.submitted(petition, email=f"b{number}@one.ca")
    Delivery.objects.exclude(signature=row).delete()
    drain()
    row = _fresh(row)
    assert (row.state, row.held_at, row.generation) == (SignatureState.PENDING, None, 1)
    assert [message.to for message in mail.outbox] == [["a@one.ca"]]
    opened = tokens.read_confirm_token(old)
    assert signing.confirm_by_link(row, opened) == Outcome.REPLACED
    new = tokens.read_confirm_token(tokens.confirm_token(row.public_id, 1))
    assert signing.confirm_by_link(row, new) == Outcome.COUNTED


def test_who_is_asked_late_has_a_week_all_the_same(
    petition: Petition, by: User, set_clock: SetClock
) -> None:
    row = reviews.held(petition)
    drain()
    assert _fresh(row).first_mail_at == START
    set_clock(START + timedelta(days=13))
    _decide(petition, "ask", by=by)
    Delivery.objects.exclude(created_at=START + timedelta(days=13)).delete()
    drain()
    set_clock(START + timedelta(days=19))
    assert purging.purge_pending() == 0
    assert signing.confirm(_fresh(row)) == Outcome.COUNTED


def test_nobody_is_asked_whose_address_is_gone(petition: Petition, by: User) -> None:
    reviews.held(petition)
    row = reviews.held(petition)
    Signature.objects.filter(pk=row.pk).update(mail_address=None)
    with pytest.raises(ReviewError, match="can no longer be written to"):
        _decide(petition, "ask", by=by)
    assert reviewing.held(petition).count() == 2
    assert not Review.objects.exists()


def test_nobody_is_asked_after_the_last_day(
    petition: Petition, by: User, set_clock: SetClock
) -> None:
    reviews.held(petition)
    assert petition.final_at is not None
    set_clock(petition.final_at)
    with pytest.raises(ReviewError, match="has closed"):
        _decide(petition, "ask", by=by)


# --- holding what counts ---------------------------------------------------------------------


def test_what_counts_can_be_held_and_counts_again_from_its_own_day(
    petition: Petition, by: User, set_clock: SetClock
) -> None:
    row = make.confirmed(petition)
    set_clock(START + timedelta(days=2))
    batch = _decide(petition, "hold", by=by, chosen=Signature.objects.counted())
    row = _fresh(row)
    assert (row.is_counted, row.held_rule) == (False, HoldRule.STAFF)
    assert row.uncounted_at == START + timedelta(days=2)
    assert reviewing.undo(petition, batch, by=by) == 1
    row = _fresh(row)
    assert (row.is_counted, row.counted_at, row.uncounted_at) == (True, START, None)


# --- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize("told", [0, 1, 3])
def test_another_number_than_told_decides_nothing(petition: Petition, by: User, told: int) -> None:
    for _turn in range(2):
        reviews.held(petition)
    with pytest.raises(ReviewError, match="changed meanwhile"):
        _decide(petition, "accept", by=by, number=told)
    assert reviewing.held(petition).count() == 2


def test_of_nothing_nothing_is_decided(petition: Petition, by: User) -> None:
    with pytest.raises(ReviewError):
        _decide(petition, "accept", by=by)


def test_after_the_certificate_nothing_is_decided_or_undone(by: User) -> None:
    petition = outcomes.closed_petition(signatures=2)
    one = Signature.objects.counted().filter(pk=Signature.objects.latest("pk").pk)
    batch = _decide(petition, "hold", by=by, chosen=one)
    certifying.certify(petition, by=by)
    with pytest.raises(ReviewError, match="final"):
        _decide(petition, "accept", by=by)
    with pytest.raises(ReviewError, match="final"):
        reviewing.undo(petition, batch, by=by)


# --- undoing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["accept", "reject"])
def test_an_undone_decision_leaves_its_signatures_held(
    petition: Petition, by: User, act: str
) -> None:
    rows = [reviews.held(petition, rule) for rule in (HoldRule.TRAP, HoldRule.NAME)]
    batch = _decide(petition, act, by=by)
    assert reviewing.undo(petition, batch, by=by) == 2
    for row, rule in zip(rows, ("trap", "name"), strict=True):
        again = _fresh(row)
        assert (again.state, again.held_rule) == ("confirmed", rule)
        assert again.held_at is not None
    assert not Signature.objects.counted().exists()
    assert [each.is_undone for each in reviewing.batches(petition)] == [True]
    with pytest.raises(ReviewError, match="no longer be undone"):
        reviewing.undo(petition, batch, by=by)


def test_who_signed_again_or_withdrew_meanwhile_is_left_alone(petition: Petition, by: User) -> None:
    again = reviews.held(petition, email="again@example.org")
    reviews.held(petition)
    batch = _decide(petition, "reject", by=by)
    make.confirmed(petition, email="again@example.org")
    assert reviewing.undo(petition, batch, by=by) == 1
    assert _fresh(again).state == SignatureState.REJECTED
    gone = reviews.held(petition)
    accepted = _decide(petition, "accept", by=by)
    withdrawing.withdraw(gone)
    assert reviewing.undo(petition, accepted, by=by) == 1
    assert _fresh(gone).state == SignatureState.WITHDRAWN


def test_seven_days_later_it_is_over_and_the_rejected_are_emptied(
    petition: Petition, by: User, set_clock: SetClock
) -> None:
    rejected = reviews.held(petition, wants_news=True)
    batch = _decide(petition, "reject", by=by)
    counted = make.confirmed(petition)
    set_clock(START + reviewing.UNDO_LIFE - timedelta(seconds=1))
    assert purging.empty_rejected() == 0
    assert reviewing.batches(petition)[0].may_be_undone
    set_clock(START + reviewing.UNDO_LIFE)
    assert purging.empty_rejected() == 1
    row = _fresh(rejected)
    assert (row.box_person, row.box_email, row.email_index, row.mark_name) == (None,) * 4
    assert not Subscription.objects.exists()
    assert bytes(_fresh(counted).box_person or b"")
    assert reviewing.batches(petition) == []
    with pytest.raises(ReviewError, match="no longer be undone"):
        reviewing.undo(petition, batch, by=by)


def test_what_was_undone_is_not_emptied(petition: Petition, by: User, set_clock: SetClock) -> None:
    row = reviews.held(petition)
    reviewing.undo(petition, _decide(petition, "reject", by=by), by=by)
    set_clock(START + timedelta(days=30))
    assert purging.empty_rejected() == 0
    assert bytes(_fresh(row).box_person or b"")


def test_another_petitions_decision_is_not_undone_here(petition: Petition, by: User) -> None:
    reviews.held(petition)
    batch = _decide(petition, "accept", by=by)
    other = make.open_petition(closes_at=petition.closes_at)
    with pytest.raises(ReviewError):
        reviewing.undo(other, batch, by=by)


# --- trust -----------------------------------------------------------------------------------


def test_a_mark_that_somebody_accepted_is_held_no_more(petition: Petition, by: User) -> None:
    for number in range(5):
        screening.screen(make.submitted(petition, email=f"a{number}@school.ca"))
    first, *_rest = Signature.objects.filter(held_rule="domain")
    signing.confirm(first)
    batch = _decide(petition, "accept", by=by)
    late = make.submitted(petition, email="late@school.ca")
    assert screening.screen(late) is None
    reviewing.undo(petition, batch, by=by)
    assert screening.screen(_fresh(late)) == HoldRule.DOMAIN


# --- what is published -----------------------------------------------------------------------


def test_removals_are_published_by_reason_without_small_cells(petition: Petition, by: User) -> None:
    for reason, number in (("machine", 9), ("repeated", 3), ("test", 2)):
        for _turn in range(number):
            reviews.held(petition)
        _decide(petition, "reject", by=by, reason=reason)
    reviews.held(petition)
    undone = _decide(petition, "reject", by=by, reason="machine")
    reviewing.undo(petition, undone, by=by)
    counting.publish_day(petition)
    petition.tally.refresh_from_db()
    assert petition.tally.removed == {"machine": 9, "other": 5}


def test_fewer_than_five_removals_are_not_published(petition: Petition, by: User) -> None:
    for _turn in range(4):
        reviews.held(petition)
    _decide(petition, "reject", by=by)
    counting.publish_day(petition)
    petition.tally.refresh_from_db()
    assert petition.tally.removed == {}
