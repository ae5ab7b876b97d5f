"""Announced events: which networks, for how long, and what ends with them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from petitions import networks
from petitions.domain import events, purging
from petitions.domain.events import EventError
from petitions.models import EventNetwork
from tests.conftest import SetClock
from tests.factories import reviews

#: The database's instant is asked of a petition.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("petition")]
NOON = datetime(2027, 1, 10, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def plain_site(settings: Settings) -> None:
    settings.PETITIONS_EVENT_NETWORKS = []
    settings.PETITIONS_WEB_PROCESSES = 1


def _request(peer: str = "203.0.113.7") -> HttpRequest:
    return RequestFactory().post("/", REMOTE_ADDR=peer)


def _is_event(peer: str = "203.0.113.7") -> bool:
    return networks.network(_request(peer)).event is not None


def _announce(**fields: Any) -> EventNetwork:
    return reviews.event(begins_at=NOON, ends_at=NOON + 3 * HOUR, **fields)


@pytest.mark.parametrize(
    ("at", "is_on"),
    [
        (NOON - timedelta(seconds=1), False),
        (NOON, True),
        (NOON + 3 * HOUR - timedelta(seconds=1), True),
        (NOON + 3 * HOUR, False),
    ],
)
def test_limits_are_lifted_while_it_lasts(
    set_clock: SetClock, at: datetime, *, is_on: bool
) -> None:
    set_clock(NOON - HOUR)
    _announce()
    set_clock(at)
    assert _is_event() is is_on
    passed = [networks.over_limit(_request(), "sign") is None for _turn in range(50)]
    assert all(passed) is is_on


def test_neighbours_of_the_hall_are_limited(set_clock: SetClock) -> None:
    set_clock(NOON)
    _announce(network="203.0.113.0/28")
    assert (_is_event("203.0.113.15"), _is_event("203.0.113.16")) == (True, False)


@pytest.mark.parametrize(
    ("typed", "network"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        (" 203.0.113.7/28 ", "203.0.113.0/28"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1::/48", "2001:db8:1::/48"),
    ],
)
def test_a_network_is_read_as_people_type_it(typed: str, network: str) -> None:
    assert events.read_network(typed) == network


@pytest.mark.parametrize(
    "typed", ["", "the temple", "203.0.113.0/23", "0.0.0.0/0", "2001:db8::/47"]
)
def test_a_network_that_is_none_or_too_wide_is_refused(typed: str) -> None:
    with pytest.raises(EventError):
        events.read_network(typed)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(NOON, NOON), (NOON, NOON - HOUR), (NOON, NOON + 73 * HOUR), (NOON - 3 * HOUR, NOON - HOUR)],
)
def test_an_event_that_cannot_be_is_refused(
    set_clock: SetClock, begins: datetime, ends: datetime
) -> None:
    set_clock(NOON)
    with pytest.raises(EventError):
        reviews.event(begins_at=begins, ends_at=ends)
    assert not EventNetwork.objects.exists()


def test_the_database_knows_that_an_end_follows_a_beginning() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        EventNetwork.objects.create(
            name="a", network="203.0.113.7/32", begins_at=NOON, ends_at=NOON, ceiling=1
        )


def test_an_event_is_ended_before_its_time_or_taken_back(set_clock: SetClock) -> None:
    set_clock(NOON - HOUR)
    running, coming = _announce(), _announce(network="198.51.100.1/32")
    assert events.end_now(coming)
    set_clock(NOON + HOUR)
    assert events.end_now(running)
    assert not _is_event()
    assert list(EventNetwork.objects.values_list("ends_at", flat=True)) == [NOON + HOUR]
    assert not events.end_now(running)


def test_where_people_met_is_forgotten_after_thirty_days(set_clock: SetClock) -> None:
    set_clock(NOON)
    _announce()
    over = NOON + 3 * HOUR + purging.KEPT_AFTER_END
    set_clock(over - timedelta(seconds=1))
    assert purging.purge_events() == 0
    set_clock(over)
    assert purging.purge_events() == 1


def test_the_operators_networks_have_a_ceiling_of_their_own(settings: Settings) -> None:
    settings.PETITIONS_EVENT_NETWORKS = ["203.0.113.0/28"]
    event = networks.network(_request()).event
    assert event is not None
    assert event.ceiling == events.OPERATORS_CEILING
