"""Confirming in two places at once counts once."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from petitions.domain import signing, withdrawing
from petitions.domain.signing import NotOpenError, Outcome
from petitions.models import Delivery, Petition, Signature, Subscription
from petitions.models.petition import GRACE
from petitions.states import SignatureState
from tests.factories import petitions as make
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 16


def test_sixteen_forms_of_one_address_are_one_counted_signature(petition: Petition) -> None:
    email = "dara@example.org"

    def sign_and_confirm() -> Outcome:
        return signing.confirm(make.submitted(petition, email=email, wants_news=True))

    outcomes = Counter(race(*[sign_and_confirm] * THREADS))
    assert outcomes == {Outcome.COUNTED: 1, Outcome.ALREADY: THREADS - 1}
    assert Signature.objects.counted().count() == 1
    assert Signature.objects.count() == THREADS
    assert Subscription.objects.count() == 1


def test_sixteen_rows_of_one_address_confirmed_at_once_count_once(petition: Petition) -> None:
    rows = [make.submitted(petition, email="dara@example.org") for _turn in range(THREADS)]
    outcomes = Counter(race(*(partial(signing.confirm, row) for row in rows)))
    assert outcomes == {Outcome.COUNTED: 1, Outcome.ALREADY: THREADS - 1}
    states = Counter(Signature.objects.values_list("state", flat=True))
    assert states == {SignatureState.CONFIRMED: 1, SignatureState.PENDING: THREADS - 1}


def test_sixteen_presses_of_one_button_count_once(petition: Petition) -> None:
    public_id = make.submitted(petition, wants_news=True).public_id
    rows = [Signature.objects.get(public_id=public_id) for _turn in range(THREADS)]
    outcomes = Counter(race(*(partial(signing.confirm, row) for row in rows)))
    assert outcomes == {Outcome.COUNTED: 1, Outcome.ALREADY: THREADS - 1}
    assert Signature.objects.counted().count() == 1
    assert Delivery.objects.exclude(signature__isnull=False).count() == 1


def test_sixteen_posts_of_one_form_are_one_row(petition: Petition) -> None:
    token = make.tokens.form_token(petition.public_id, "en")
    answers = make.answers()
    post = partial(signing.submit, petition, answers, form_token=token, language="en")
    assert len(set(race(*[post] * THREADS))) == 1
    assert Signature.objects.count() == 1
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("_turn", range(4))
def test_withdrawing_beats_confirming_whoever_is_first(petition: Petition, _turn: int) -> None:
    row = make.submitted(petition)
    confirmed, withdrawn = race(partial(signing.confirm, row), partial(withdrawing.withdraw, row))
    row.refresh_from_db()
    assert withdrawn is True
    assert row.state == SignatureState.WITHDRAWN
    assert row.mail_address is None
    assert confirmed in {Outcome.COUNTED, Outcome.WITHDRAWN}
    was_counted = confirmed == Outcome.COUNTED
    assert (row.counted_at is not None, row.uncounted_at is not None) == (was_counted,) * 2


@pytest.mark.parametrize("_turn", range(4))
def test_of_confirm_and_disown_one_wins(petition: Petition, _turn: int) -> None:
    row = make.submitted(petition)
    confirmed, disowned = race(partial(signing.confirm, row), partial(withdrawing.disown, row))
    row.refresh_from_db()
    assert (confirmed, disowned, row.state) in {
        (Outcome.COUNTED, False, SignatureState.CONFIRMED),
        (Outcome.WITHDRAWN, True, SignatureState.REJECTED),
    }
    assert Signature.objects.counted().count() == (confirmed == Outcome.COUNTED)


def test_at_the_last_instant_of_the_grace_confirming_ends_for_all(petition: Petition) -> None:
    with transaction.atomic():
        rows = [[make.submitted(petition) for _turn in range(40)] for _thread in range(8)]
    last = timezone.now() + timedelta(milliseconds=120)
    Petition.objects.filter(pk=petition.pk).update(closes_at=last - GRACE)
    Signature.objects.update(created_at=last - GRACE - timedelta(hours=1))

    def confirm_all(mine: list[Signature]) -> list[Outcome]:
        return [signing.confirm(row) for row in mine]

    outcomes = race(*(partial(confirm_all, mine) for mine in rows))
    for each in outcomes:
        # Once closed it stays closed.
        assert each == sorted(each, key=lambda outcome: outcome == Outcome.CLOSED)
    numbers = Counter(outcome for each in outcomes for outcome in each)
    assert set(numbers) <= {Outcome.COUNTED, Outcome.CLOSED}
    counted = Signature.objects.counted()
    assert counted.count() == numbers[Outcome.COUNTED]
    assert not counted.filter(confirmed_at__gte=last).exists()


def test_at_closing_no_form_is_stored_that_could_never_count(petition: Petition) -> None:
    closes_at = timezone.now() + timedelta(milliseconds=120)
    Petition.objects.filter(pk=petition.pk).update(closes_at=closes_at)

    def submit_until_closed() -> int:
        for stored in range(200):
            try:
                make.submitted(petition)
            except NotOpenError:
                return stored
        pytest.fail("the petition never closed")

    stored = sum(race(*[submit_until_closed] * 8))
    assert Signature.objects.count() == stored == Delivery.objects.count()
    assert not Signature.objects.filter(created_at__gte=closes_at).exists()
