"""The peppers of the duplicate indexes: the newest, and former ones that some petition still needs.

A petition names the pepper that its indexes are made with, so that one after the other can be
given the newest (`domain/pepper_change.py`) while people sign.
"""

import hmac
from functools import lru_cache
from hashlib import sha256

from django.conf import settings


class UnknownPepperError(Exception):
    """The pepper that a petition's indexes are made with is gone."""


@lru_cache(maxsize=32)
def name(pepper: str) -> str:
    """16 hexadecimal digits by which a pepper is known and from which it cannot be found."""
    return hmac.digest(pepper.encode(), b"name of a pepper", sha256)[:8].hex()


def newest() -> str:
    pepper: str = settings.PETITIONS_INDEX_PEPPER
    return pepper


def newest_name() -> str:
    return name(newest())


def every() -> list[str]:
    """All that are there, the newest first."""
    return [newest(), *settings.PETITIONS_INDEX_PEPPER_FALLBACKS]


def named(wanted: str) -> str:
    """The pepper of that name; raises `UnknownPepperError`, with the remedy for the operator."""
    for pepper in every():
        if name(pepper) == wanted:
            return pepper
    raise UnknownPepperError(
        f"No pepper here has the name {wanted}. Put the one that was dropped into "
        "PETITIONS_INDEX_PEPPER_FALLBACKS, and restart. If it is lost, `manage.py rotate_pepper "
        "--lost` makes the indexes anew."
    )
