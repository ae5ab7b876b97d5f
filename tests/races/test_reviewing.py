"""Two people decide at once, or somebody withdraws meanwhile: one decision, and no lost row."""

from functools import partial
from uuid import UUID

import pytest

from campaign.accounts.models import User
from petitions.domain import reviewing, signing, withdrawing
from petitions.domain.reviewing import ReviewError
from petitions.models import Petition, Review, Signature
from petitions.states import RejectReason, ReviewAct, SignatureState
from tests.factories import people, reviews
from tests.factories import petitions as make
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def by(raced_database: None) -> User:
    return people.person()


def _decide(petition: Petition, act: ReviewAct, number: int, by: User) -> UUID | None:
    reason = RejectReason.MACHINE if act == ReviewAct.REJECT else ""
    try:
        return reviewing.decide(
            petition, reviewing.held(petition), act, number=number, reason=reason, by=by
        )
    except ReviewError:
        return None


@pytest.mark.parametrize("_turn", range(4))
def test_of_two_reviewers_one_decides(petition: Petition, by: User, _turn: int) -> None:
    rows = [reviews.held(petition) for _row in range(5)]
    accepted, rejected = race(
        partial(_decide, petition, ReviewAct.ACCEPT, 5, by),
        partial(_decide, petition, ReviewAct.REJECT, 5, by),
    )
    assert (accepted is None) != (rejected is None)
    assert Review.objects.count() == len(rows)
    assert Signature.objects.counted().count() == (5 if accepted else 0)


@pytest.mark.parametrize("_turn", range(4))
def test_who_withdraws_while_accepted_is_out(petition: Petition, by: User, _turn: int) -> None:
    row = reviews.held(petition)
    _accepted, withdrawn = race(
        partial(_decide, petition, ReviewAct.ACCEPT, 1, by), partial(withdrawing.withdraw, row)
    )
    row.refresh_from_db()
    assert withdrawn is True
    assert row.state == SignatureState.WITHDRAWN
    assert (row.counted_at is None) == (row.uncounted_at is None)
    assert not Signature.objects.counted().exists()


@pytest.mark.parametrize("_turn", range(4))
def test_an_undone_rejection_and_a_new_signature_count_one(
    petition: Petition, by: User, _turn: int
) -> None:
    reviews.held(petition, email="dara@example.org")
    batch = _decide(petition, ReviewAct.REJECT, 1, by)
    again = make.submitted(petition, email="dara@example.org")

    def undo() -> int:
        assert batch is not None
        try:
            return reviewing.undo(petition, batch, by=by)
        except ReviewError:
            return 0

    undone, outcome = race(undo, partial(signing.confirm, again))
    confirmed = Signature.objects.filter(state=SignatureState.CONFIRMED)
    assert confirmed.count() == 1
    assert undone == (outcome == signing.Outcome.ALREADY)
