"""Limits per network. No address of a visitor is kept: only a hash, whose key changes daily."""

import hmac
import ipaddress
import logging
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from threading import Lock
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from petitions import clock
from petitions.domain import events
from petitions.domain.events import Event
from petitions.domain.screening import HASTY, Arrival
from petitions.states import HoldRule

logger = logging.getLogger(__name__)
_making = Lock()

#: Most requests per network, by act: (amount, minutes), and in a day.
LIMITS: dict[str, tuple[tuple[int, int], int]] = {
    "sign": ((40, 10), 400),
    "resend": ((20, 10), 100),
    "code": ((30, 10), 200),
    "my-signature": ((10, 10), 60),
    "contact": ((10, 10), 30),
    "passphrase": ((10, 10), 30),
    "seen": ((200, 10), 2000),
    # Not refused but held beyond it: forms sent within `HASTY`. A few are a browser's own doing.
    "hasty": ((20, 60), 40),
}
_DAY = 24 * 60
#: From so many submits of one network on a proof of work is asked for: (amount, minutes). From
#: everywhere to one petition: `PROOF_PER_MINUTE`.
PRESSURE = (10, 10)
#: One showing of the form serves so many addresses while proofs are asked for.
_PROOF_USES = (3, _DAY)
#: Never refused at an announced event (temple, hall), where many signers share one address.
_FREE_AT_EVENTS = frozenset({"sign", "resend", "code", "my-signature", "hasty", "seen"})


@dataclass(frozen=True)
class Network:
    """A visitor's /24 or /64 as a day-keyed hash, and the announced event that it is at."""

    key: str
    event: Event | None


def visitor(request: HttpRequest) -> str:
    """The visitor's address: the peer's, or what our own outermost proxy saw.

    With `PROXY_COUNT` proxies the entry that many from the right is the one our own proxies
    wrote; anything further left is the visitor's claim.
    """
    count: int = settings.PETITIONS_PROXY_COUNT
    peer: str = request.META["REMOTE_ADDR"]
    if not count:
        return peer
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return seen[-count] if len(seen) >= count and seen[-count] else peer


def _address(request: HttpRequest) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        address = ipaddress.ip_address(visitor(request))
    except ValueError:
        # A Unix socket in front, or a proxy that writes no address: all visitors as one.
        return ipaddress.ip_address("0.0.0.0")  # noqa: S104 - a stand-in, nothing binds to it
    # A server that listens on [::] sees IPv4 visitors so; as IPv6 they would all share one /64.
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def network(request: HttpRequest) -> Network:
    address = _address(request)
    size = 24 if address.version == 4 else 64
    block = ipaddress.ip_network(f"{address}/{size}", strict=False)
    day = f"{clock.display_now():%Y-%m-%d}"
    key = hmac.digest(settings.SECRET_KEY.encode(), f"network {day}".encode(), sha256)
    return Network(
        key=hmac.digest(key, str(block).encode(), sha256).hex()[:32], event=events.at(address)
    )


@lru_cache
def _storage(uri: str) -> Storage:
    if uri == "memory://":
        return MemoryStorage()
    return cast(
        "Storage",
        storage_from_string(
            uri, wrap_exceptions=True, socket_timeout=0.3, socket_connect_timeout=0.3
        ),
    )


def over_limit(request: HttpRequest, act: str) -> int | None:
    """Counts one act; None while its network is within its limits, else seconds to wait."""
    where = network(request)
    if where.event and act in _FREE_AT_EVENTS:
        return None
    (amount, minutes), daily = LIMITS[act]
    return _wait(act, where.key, [(amount, minutes), (daily, _DAY)])


def is_pressed(request: HttpRequest, petition: str, *, counts: bool = False) -> bool:
    """Whether so many sign that a proof of work is asked for; `counts` one more submit.

    Never of people at an announced event: there a crowd is what is expected.
    """
    where = network(request)
    everywhere: int = settings.PETITIONS_PROOF_PER_MINUTE
    if where.event or not everywhere:
        return False
    limits = [
        ("press-network", where.key, PRESSURE),
        ("press-petition", petition, (everywhere, 1)),
    ]
    # Each is counted, whatever the other says.
    over = [_wait(act, key, [limit], counts=counts) is not None for act, key, limit in limits]
    return any(over)


def is_worn(form_token: str) -> bool:
    """Counts one use of a proof of work; whether its form has served too often."""
    return _wait("proof", sha256(form_token.encode()).hexdigest(), [_PROOF_USES]) is not None


def arrival(
    request: HttpRequest, *, is_trapped: bool, seconds: float, is_unproven: bool = False
) -> Arrival:
    """What the hold rules make of a submit that took so long from form to post.

    `is_unproven`: it came without the proof of work that was asked for.
    """
    event = network(request).event
    rule = None
    if is_trapped:
        rule = HoldRule.TRAP
    elif event is not None:
        if _wait("event", event.key, [(event.ceiling, _DAY)]) is not None:
            rule = HoldRule.CROWD
    elif is_unproven:
        rule = HoldRule.UNPROVEN
    elif seconds < HASTY.total_seconds() and over_limit(request, "hasty") is not None:
        rule = HoldRule.HASTY
    return Arrival(rule, is_event=event is not None and rule is None)


def _wait(act: str, key: str, limits: list[tuple[int, int]], *, counts: bool = True) -> int | None:
    """Counts one against each (amount, minutes); None while all hold, else seconds to wait.

    Without `counts` it is only looked whether one more would go over.

    With the shared store away the limits of this process alone apply, its share of the whole:
    stricter, never open.
    """
    uri: str = settings.PETITIONS_LIMITS_STORAGE
    try:
        return _count(act, key, limits, uri, counts=counts)
    except StorageError:
        logger.warning("limits: the store of REDIS_URL is away, each process keeps its share")
        return _count(act, key, limits, "memory://", counts=counts)


def _count(
    act: str, key: str, limits: list[tuple[int, int]], uri: str, *, counts: bool
) -> int | None:
    share = settings.PETITIONS_WEB_PROCESSES if uri == "memory://" else 1
    rules = [_rule(max(1, amount // share), minutes) for amount, minutes in limits]
    with _making:  # the first ones come together, and `limits` loads its modules without a lock
        storage = _storage(uri)
    limiter = FixedWindowRateLimiter(storage)
    ask = limiter.hit if counts else limiter.test
    over = [rule for rule in rules if not ask(rule, act, key)]
    if not over:
        return None
    resets = [limiter.get_window_stats(rule, act, key).reset_time for rule in over]
    return max(1, int(max(resets) - clock.display_now().timestamp()))


def _rule(amount: int, minutes: int) -> RateLimitItem:
    return (
        RateLimitItemPerDay(amount) if minutes == _DAY else RateLimitItemPerMinute(amount, minutes)
    )
