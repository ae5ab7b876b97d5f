"""Two people who press at once take one step, and mail it once."""

from functools import partial

import pytest

from petitions import clock
from petitions.domain import addresses, certifying, dissolving
from petitions.domain.dissolving import DissolutionError
from petitions.domain.lifecycle import MoveError
from petitions.models import Delivery, Outcome, Petition, PetitionEvent, Subscription
from petitions.states import DeliveryKind, PetitionState
from tests.factories import outcomes, people
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

PRESSES = 6


@pytest.fixture
def closed(raced_database: None) -> Petition:
    petition = outcomes.closed_petition(signatures=3)
    Subscription.objects.create(
        petition=petition,
        address=addresses.lock("news@example.org"),
        email_index=addresses.index("news@example.org", petition),
        language="en",
        created_at=petition.created_at,
    )
    return petition


def test_certifying_at_once_gives_one_event_and_one_mail(closed: Petition) -> None:
    person = people.person()

    def press(decline: bool) -> bool:  # noqa: FBT001 - one of two buttons
        act = certifying.decline_certificate if decline else certifying.certify
        try:
            act(Petition.objects.get(pk=closed.pk), by=person, reason="Pressed")
        except MoveError:
            return False
        return True

    done = race(*(partial(press, place % 2 == 1) for place in range(PRESSES)))
    assert done.count(True) == 1
    event = PetitionEvent.objects.get(from_state=PetitionState.CLOSED)
    assert Petition.objects.get(pk=closed.pk).state == event.to_state
    assert Outcome.objects.get().certified_at == event.happened_at
    assert Delivery.objects.filter(kind=DeliveryKind.STEP).count() == 1


def test_a_dissolution_pressed_at_once_ends_a_petition_once(closed: Petition) -> None:
    person = people.person()
    on = clock.today()

    def press() -> int:
        try:
            return len(dissolving.dissolve(on, by=person, reason="Gazette"))
        except DissolutionError:
            return 0

    assert sorted(race(*[press] * PRESSES)) == [0] * (PRESSES - 1) + [1]
    ended = PetitionEvent.objects.filter(to_state=PetitionState.CLOSED_ON_DISSOLUTION)
    assert ended.count() == 1
    assert Delivery.objects.filter(kind=DeliveryKind.STEP).count() == 1
