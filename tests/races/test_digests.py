"""Several workers at seven: one summary each."""

from datetime import UTC, datetime, timedelta

import pytest

from campaign.accounts.models import Digest, User
from campaign.accounts.roles import Role
from campaign.dashboard import digests
from petitions.domain import addresses
from petitions.models import Delivery, Petition
from tests.conftest import SetClock
from tests.factories import people
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_workers_racing_at_seven_send_each_person_one(
    petition: Petition, set_clock: SetClock
) -> None:
    team = [people.person(role) for role in (Role.ORGANIZER, Role.BRIEFER, Role.ADMIN)]
    User.objects.update(date_joined=MONDAY - timedelta(days=1))
    Petition.objects.update(closes_at=MONDAY + timedelta(days=5))
    set_clock(MONDAY)
    queued = race(*[digests.send_due] * 6)
    assert sum(queued) == len(team)
    readers = [addresses.unlock(bytes(mail.address or b"")) for mail in Delivery.objects.all()]
    assert sorted(readers) == sorted(user.email for user in team)
    assert Digest.objects.count() == len(team)
