"""Several tallies at once: one number, each mark once."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from petitions.domain import counting, signing
from petitions.domain.signing import Outcome
from petitions.models import Milestone, Petition, Signature, Tally
from tests.conftest import SetClock
from tests.factories import petitions as make
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


def test_tallies_racing_at_the_threshold_record_one_mark(
    petition: Petition, set_clock: SetClock
) -> None:
    Petition.objects.filter(pk=petition.pk).update(threshold=5)
    petition.refresh_from_db()
    for _turn in range(5):
        make.confirmed(petition)
    set_clock(timezone.now() + timedelta(seconds=10))
    race(*[partial(counting.tally, petition)] * THREADS)
    assert list(Milestone.objects.values_list("number", flat=True)) == [5]
    assert Tally.objects.get(petition=petition).total == 5


def test_tallies_under_way_while_people_confirm_never_drift(petition: Petition) -> None:
    rows = [make.submitted(petition) for _turn in range(24)]

    def confirm_some(mine: list[Signature]) -> None:
        assert [signing.confirm(row) for row in mine] == [Outcome.COUNTED] * len(mine)

    def tally_often() -> None:
        for _turn in range(6):
            counting.tally_changed()

    race(*(partial(confirm_some, rows[place::4]) for place in range(4)), tally_often, tally_often)
    assert counting.live_total(petition) == 24
    assert counting.recount(petition) == 0
