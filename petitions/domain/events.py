"""Announced events: the networks where, for a while, many sign from one address.

There the limits per network and the bursts are lifted, up to a ceiling; above it signatures are
held for review, never refused.
"""

import ipaddress
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext

from petitions import clock, validators
from petitions.models import EventNetwork

#: A day's ceiling of a network in `PETITIONS_EVENT_NETWORKS`: the operator knows what stands there.
OPERATORS_CEILING = 100_000
MOST_CEILING = 20_000
#: An event of a week has seven events.
LONGEST = timedelta(days=3)
#: A hall has one address, or a few: a wider range would lift the limits for strangers.
WIDEST = {4: 24, 6: 48}


class EventError(ValueError):
    """Nothing was announced; the text says why."""


@dataclass(frozen=True)
class Event:
    """A network whose limits are lifted; `key` names its count, and no place."""

    key: str
    network: IPv4Network | IPv6Network
    ceiling: int


def at(address: IPv4Address | IPv6Address) -> Event | None:
    """The event that this address is at now."""
    for event in (*_operators(tuple(settings.PETITIONS_EVENT_NETWORKS)), *_announced()):
        if event.network.version == address.version and address in event.network:
            return event
    return None


@lru_cache(maxsize=8)
def _operators(networks: tuple[str, ...]) -> tuple[Event, ...]:
    return tuple(
        Event(f"operator {place}", ipaddress.ip_network(network), OPERATORS_CEILING)
        for place, network in enumerate(networks)
    )


#: The end of its time, and the events that were under way.
_kept: tuple[float, tuple[Event, ...]] = (0.0, ())


def _announced() -> tuple[Event, ...]:
    """What the desk announced and is under way, read at most once in `KEPT_SECONDS`."""
    global _kept  # noqa: PLW0603 - one small memory for the process
    until, found = _kept
    if until <= time.monotonic():
        found = tuple(_under_way())
        _kept = (time.monotonic() + settings.KEPT_SECONDS, found)
    return found


def _under_way() -> Iterator[Event]:
    now = clock.db_now()
    for row in EventNetwork.objects.filter(begins_at__lte=now, ends_at__gt=now):
        yield Event(f"event {row.pk}", ipaddress.ip_network(row.network), row.ceiling)


# --- the desk --------------------------------------------------------------------------------


def read_network(text: str) -> str:
    """A network as somebody types it, one address being one too; raises `EventError` in words."""
    try:
        network = ipaddress.ip_network(validators.trim(text), strict=False)
    except ValueError:
        raise EventError(
            gettext("Enter an address like 203.0.113.7, or a network like 203.0.113.0/28")
        ) from None
    if network.prefixlen < WIDEST[network.version]:
        raise EventError(
            gettext("This network is too wide: at most /%(most)s")
            % {"most": WIDEST[network.version]}
        )
    if network.version == 6 and network.prefixlen > 64:
        # Within a house's network each telephone has another address.
        network = network.supernet(new_prefix=64)
    return str(network)


def announce(
    *,
    name: str,
    network: str,
    begins_at: datetime,
    ends_at: datetime,
    ceiling: int,
    by: AbstractBaseUser,
) -> EventNetwork:
    """Lifts the limits of a network (as `read_network()` gives it) for that time."""
    if ends_at <= begins_at:
        raise EventError(gettext("The end must be after the beginning"))
    if ends_at - begins_at > LONGEST:
        raise EventError(gettext("An event lasts three days at most: announce each day by itself"))
    if ends_at <= clock.db_instant():
        raise EventError(gettext("This event is over"))
    return EventNetwork.objects.create(
        name=name,
        network=network,
        begins_at=begins_at,
        ends_at=ends_at,
        ceiling=ceiling,
        made_by=by,  # type: ignore[misc]  # the user model is the project's
    )


def end_now(event: EventNetwork) -> bool:
    """Ends an event that is under way or to come; False when it is over."""
    now = clock.db_instant()
    waiting = EventNetwork.objects.filter(pk=event.pk, begins_at__gte=now)
    if waiting.delete()[0]:
        return True
    running = EventNetwork.objects.filter(pk=event.pk, begins_at__lt=now, ends_at__gt=now)
    return bool(running.update(ends_at=now))
