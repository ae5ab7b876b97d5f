"""Limits per network: whom they count as one, and that nothing switches them off."""

import logging
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from petitions import networks
from petitions.networks import LIMITS, over_limit
from tests.conftest import SetClock

pytestmark = pytest.mark.django_db
PEER = "192.0.2.10"
#: Nothing listens on the port of tcpmux.
NO_REDIS = "redis://127.0.0.1:1/0"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plain_site(settings: Settings) -> None:
    settings.PETITIONS_PROXY_COUNT = 0
    settings.PETITIONS_WEB_PROCESSES = 1
    settings.PETITIONS_LIMITS_STORAGE = "memory://"
    settings.PETITIONS_EVENT_NETWORKS = []


def _request(peer: str = PEER, forwarded: str | None = None) -> HttpRequest:
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().post("/", REMOTE_ADDR=peer, **headers)


def _key(peer: str) -> str:
    return networks.network(_request(peer)).key


def _allowed(act: str, request: HttpRequest, most: int = 5000) -> int:
    """How many acts pass before the first refusal."""
    return next((number for number in range(most) if over_limit(request, act)), most)


# --- whose address ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "visitor"),
    [
        (0, None, PEER),
        (0, "203.0.113.1", PEER),
        (0, "203.0.113.1, 203.0.113.2", PEER),
        (1, "203.0.113.1", "203.0.113.1"),
        (1, "198.51.100.9, 203.0.113.1", "203.0.113.1"),
        (1, "a, b, c,203.0.113.1 ", "203.0.113.1"),
        (1, None, PEER),
        (1, "", PEER),
        (1, "198.51.100.9, ", PEER),
        (2, "203.0.113.1, 203.0.113.2", "203.0.113.1"),
        (2, "198.51.100.9, 203.0.113.1, 203.0.113.2", "203.0.113.1"),
        (2, "203.0.113.2", PEER),
        (2, None, PEER),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(
    settings: Settings, proxies: int, forwarded: str | None, visitor: str
) -> None:
    settings.PETITIONS_PROXY_COUNT = proxies
    assert networks.visitor(_request(forwarded=forwarded)) == visitor


@pytest.mark.parametrize(("proxies", "own"), [(0, ""), (1, "203.0.113.1"), (2, "203.0.113.1, b")])
def test_a_hundred_false_forwarded_addresses_are_limited_as_one(
    settings: Settings, proxies: int, own: str
) -> None:
    settings.PETITIONS_PROXY_COUNT = proxies
    passed = [
        number
        for number in range(100)
        if over_limit(_request(forwarded=f"198.51.{number}.9, {own}".rstrip(", ")), "sign") is None
    ]
    assert passed == list(range(40))


# --- which visitors are one ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("203.0.113.0", "203.0.113.255"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("2001:db8:1:2::1", "2001:0DB8:0001:0002::1"),
        ("203.0.113.7", "::ffff:203.0.113.7"),
        ("fe80::1%eth0", "fe80::2%eth1"),
        ("", "unix:"),
    ],
)
def test_one_network_is_counted_as_one(one: str, other: str) -> None:
    assert _key(one) == _key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("203.0.113.255", "203.0.114.0"),
        ("203.0.113.1", "203.0.112.1"),
        ("2001:db8:1:2::1", "2001:db8:1:3::1"),
        ("::ffff:203.0.113.7", "::ffff:198.51.100.7"),
    ],
)
def test_neighbours_are_counted_apart(one: str, other: str) -> None:
    assert _key(one) != _key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("203.0.113.%d", "203.0.114.1"), ("2001:db8:1:2::%d", "2001:db8:1:3::1")],
)
def test_a_network_shares_its_limit_and_leaves_its_neighbour_alone(one: str, other: str) -> None:
    answers = [over_limit(_request(one % (number + 1)), "sign") for number in range(41)]
    assert answers[:40] == [None] * 40
    assert answers[40]
    assert over_limit(_request(other), "sign") is None


# --- how much --------------------------------------------------------------------------------


@pytest.mark.parametrize("act", LIMITS)
def test_each_act_has_its_own_limit(act: str) -> None:
    (amount, _minutes), _daily = LIMITS[act]
    assert _allowed(act, _request()) == amount
    other = next(name for name in LIMITS if name != act)
    assert over_limit(_request(), other) is None


def test_the_wait_ends_with_the_window() -> None:
    for _ in range(10):
        assert over_limit(_request(), "passphrase") is None
    wait = over_limit(_request(), "passphrase")
    assert wait in range(1, 10 * 60 + 1)


@pytest.mark.parametrize("peer", ["203.0.113.9", "::ffff:203.0.113.9", "2001:db8:1:2::9"])
def test_an_announced_event_is_never_refused(settings: Settings, peer: str) -> None:
    settings.PETITIONS_EVENT_NETWORKS = ["203.0.113.0/28", "2001:db8:1::/48"]
    assert networks.network(_request(peer)).event is not None
    for act in ("sign", "resend", "code", "my-signature"):
        assert _allowed(act, _request(peer), most=500) == 500


def test_nobody_guesses_passphrases_at_an_event(settings: Settings) -> None:
    settings.PETITIONS_EVENT_NETWORKS = ["203.0.113.0/28"]
    assert _allowed("passphrase", _request("203.0.113.9")) == 10


@pytest.mark.parametrize("peer", ["203.0.113.16", "2001:db8:2::9", "unknown"])
def test_who_is_not_at_the_event_may_not(settings: Settings, peer: str) -> None:
    settings.PETITIONS_EVENT_NETWORKS = ["203.0.113.0/28", "2001:db8:1::/48"]
    assert networks.network(_request(peer)).event is None
    assert _allowed("sign", _request(peer)) == 40


# --- the store away --------------------------------------------------------------------------


@pytest.mark.parametrize(("processes", "allowed"), [(1, 40), (4, 10), (3, 13), (100, 1)])
def test_with_the_store_away_each_process_keeps_its_share(
    settings: Settings, processes: int, allowed: int
) -> None:
    settings.PETITIONS_LIMITS_STORAGE = NO_REDIS
    settings.PETITIONS_WEB_PROCESSES = processes
    assert _allowed("sign", _request(), most=60) == allowed


@pytest.mark.parametrize(("processes", "allowed"), [(1, 40), (4, 10)])
def test_without_a_store_each_process_keeps_its_share(
    settings: Settings, processes: int, allowed: int
) -> None:
    settings.PETITIONS_WEB_PROCESSES = processes
    assert _allowed("sign", _request(), most=60) == allowed


def test_the_log_tells_of_the_store_and_not_of_the_visitor(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PETITIONS_LIMITS_STORAGE = NO_REDIS
    with caplog.at_level(logging.WARNING, logger="petitions.networks"):
        over_limit(_request(), "sign")
    assert [record.getMessage() for record in caplog.records] == [
        "limits: the store of REDIS_URL is away, each process keeps its share"
    ]


# --- no address kept -------------------------------------------------------------------------


def test_the_key_changes_with_the_day(set_clock: SetClock) -> None:
    keys = []
    for instant in (NOON, NOON + timedelta(hours=11, minutes=59), NOON + timedelta(hours=12)):
        set_clock(instant)
        keys.append(_key(PEER))
    assert (keys[0] == keys[1], keys[1] == keys[2]) == (True, False)


def test_the_key_changes_with_the_secret(settings: Settings) -> None:
    before = _key(PEER)
    settings.SECRET_KEY = "another"
    assert _key(PEER) != before


def test_what_the_store_keeps_is_a_keyed_hash_and_no_address() -> None:
    over_limit(_request(), "sign")
    key = _key(PEER)
    names = sorted(networks._storage("memory://").storage)
    assert (len(key), int(key, 16) > 0) == (32, True)
    assert names == sorted([f"LIMITER/sign/{key}/40/10/minute", f"LIMITER/sign/{key}/400/1/day"])
    plain = [PEER, "192.0.2.0/24", "192.0.2.0"]
    assert key not in {sha256(text.encode()).hexdigest()[:32] for text in plain}
