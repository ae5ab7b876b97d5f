"""Several tallies at once: one number, each mark once."""

from datetime import date, timedelta
from functools import partial
from threading import Event, Thread

import pytest
from django.db import connections, transaction
from django.utils import timezone

from campaign.accounts.roles import Role
from petitions.domain import addresses, counting, signing, visits
from petitions.domain.signing import Outcome
from petitions.models import Delivery, Milestone, Petition, Signature, Tally, VisitDay
from petitions.signals import threshold_reached
from petitions.states import DeliveryKind, VisitStep
from tests.factories import people
from tests.factories import petitions as make
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


def test_tallies_racing_at_the_threshold_record_one_mark(
    petition: Petition,
) -> None:
    Petition.objects.filter(pk=petition.pk).update(threshold=5)
    petition.refresh_from_db()
    for _turn in range(5):
        make.confirmed(petition)
    minute_ago = timezone.now() - timedelta(minutes=1)
    Signature.objects.update(counted_at=minute_ago, changed_at=minute_ago)
    told: list[Petition] = []

    def tally_often() -> None:
        for _turn in range(3):
            counting.tally(petition)

    def hear(petition: Petition, **_kwargs: object) -> None:
        told.append(petition)

    threshold_reached.connect(hear)
    try:
        race(*[tally_often] * THREADS)
    finally:
        threshold_reached.disconnect(hear)
    assert told == [petition]
    assert list(Milestone.objects.values_list("number", flat=True)) == [5]
    assert Tally.objects.get(petition=petition).total == 5


def test_two_who_confirm_at_the_threshold_are_one_crossing_and_one_mail_each(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "SETTLED", timedelta(0))
    Petition.objects.filter(pk=petition.pk).update(threshold=2)
    team = [people.person(role) for role in (Role.ORGANIZER, Role.BRIEFER, Role.CLERK)]
    make.confirmed(petition)
    rows = [make.submitted(petition) for _turn in range(2)]
    Delivery.objects.all().delete()

    def confirm_and_tally(row: Signature) -> None:
        assert signing.confirm(row) == Outcome.COUNTED
        for _turn in range(3):
            counting.tally_changed()

    race(*(partial(confirm_and_tally, row) for row in rows), *[counting.tally_changed] * 4)
    counting.tally_changed()
    assert Milestone.objects.filter(petition=petition, number=2).count() == 1
    mails = Delivery.objects.filter(kind__in=[DeliveryKind.GOAL, DeliveryKind.NOTICE])
    readers = sorted(addresses.unlock(bytes(mail.address or b"")) for mail in mails)
    assert readers == sorted(user.email for user in team)


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


def test_visits_told_by_many_processes_are_all_counted(petition: Petition) -> None:
    event = visits.Event(petition.pk, date(2026, 11, 20), VisitStep.VISITED, "km")
    race(*[partial(visits.add, {event: 3})] * THREADS)
    assert list(VisitDay.objects.values_list("count", flat=True)) == [3 * THREADS]


@pytest.mark.postgresql
def test_a_confirmation_that_commits_late_is_not_passed_over(petition: Petition) -> None:
    row = make.submitted(petition)
    confirmed, may_commit = Event(), Event()

    def confirm_slowly() -> None:
        try:
            with transaction.atomic():
                signing.confirm(row)
                confirmed.set()
                assert may_commit.wait(30)
        finally:
            connections.close_all()

    slow = Thread(target=confirm_slowly)
    slow.start()
    assert confirmed.wait(30)
    counting.tally(petition)
    assert counting.live_total(petition) == 0
    may_commit.set()
    slow.join(30)
    assert counting.live_total(petition) == 1
    assert counting.recount(petition) == 0
