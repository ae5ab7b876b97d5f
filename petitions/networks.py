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

logger = logging.getLogger(__name__)
_making = Lock()

#: Most requests per network, by act: (amount, minutes), and in a day.
LIMITS: dict[str, tuple[tuple[int, int], int]] = {
    "sign": ((40, 10), 400),
    "resend": ((20, 10), 100),
    "code": ((30, 10), 200),
    "my-signature": ((10, 10), 60),
    "passphrase": ((10, 10), 30),
}
#: Never refused at an announced event (temple, hall), where many signers share one address.
_FREE_AT_EVENTS = frozenset({"sign", "resend", "code", "my-signature"})


@dataclass(frozen=True)
class Network:
    """A visitor's /24 or /64 as a day-keyed hash, and whether it is an announced event."""

    key: str
    is_event: bool


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
    events = map(ipaddress.ip_network, settings.PETITIONS_EVENT_NETWORKS)
    return Network(
        key=hmac.digest(key, str(block).encode(), sha256).hex()[:32],
        is_event=any(address in event for event in events if event.version == address.version),
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
    """Counts one act; None while its network is within its limits, else seconds to wait.

    With the shared store away the limits of this process alone apply, its share of the whole:
    stricter, never open.
    """
    uri: str = settings.PETITIONS_LIMITS_STORAGE
    try:
        return _count(request, act, uri)
    except StorageError:
        logger.warning("limits: the store of REDIS_URL is away, each process keeps its share")
        return _count(request, act, "memory://")


def _count(request: HttpRequest, act: str, uri: str) -> int | None:
    where = network(request)
    if where.is_event and act in _FREE_AT_EVENTS:
        return None
    share = settings.PETITIONS_WEB_PROCESSES if uri == "memory://" else 1
    (amount, minutes), daily = LIMITS[act]
    rules: list[RateLimitItem] = [
        RateLimitItemPerMinute(max(1, amount // share), minutes),
        RateLimitItemPerDay(max(1, daily // share)),
    ]
    with _making:  # the first ones come together, and `limits` loads its modules without a lock
        storage = _storage(uri)
    limiter = FixedWindowRateLimiter(storage)
    over = [rule for rule in rules if not limiter.hit(rule, act, where.key)]
    if not over:
        return None
    resets = [limiter.get_window_stats(rule, act, where.key).reset_time for rule in over]
    return max(1, int(max(resets) - clock.display_now().timestamp()))
