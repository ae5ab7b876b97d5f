"""System checks of this campaign's settings."""

import ipaddress
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@register(Tags.security, deploy=True)
def no_public_demo(**_kwargs: Any) -> list[CheckMessage]:
    """A demonstration prints its passwords; it must not listen where others can reach it."""
    if settings.DEMO and not _is_loopback(settings.BIND):
        return [
            Error(
                "DEMO=1 on a public BIND address.",
                hint="Set DEMO=0 and the keys of .env.example, or BIND=127.0.0.1.",
                id="campaign.E001",
            )
        ]
    return []
