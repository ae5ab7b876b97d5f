"""System checks of the petition machine's settings."""

import ipaddress
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register
def mail_keys_are_keys(**_kwargs: Any) -> list[CheckMessage]:
    for key in settings.PETITIONS_MAIL_KEYS:
        try:
            Fernet(key)
        except ValueError:
            return [
                Error(
                    "PETITIONS_MAIL_KEYS holds something that is not a Fernet key.",
                    hint="Make one with `python -c 'from cryptography.fernet import Fernet; "
                    "print(Fernet.generate_key().decode())'`; separate several by commas.",
                    id="petitions.E001",
                )
            ]
    return []


@register
def event_networks_are_networks(**_kwargs: Any) -> list[CheckMessage]:
    for network in settings.PETITIONS_EVENT_NETWORKS:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            return [
                Error(
                    f"PETITIONS_EVENT_NETWORKS: {network} is not a network.",
                    hint="Write networks as 203.0.113.0/24, separated by commas.",
                    id="petitions.E002",
                )
            ]
    return []
