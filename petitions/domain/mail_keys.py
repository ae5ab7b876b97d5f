"""Moving what is kept under an older mail key to the newest, while the site runs.

Nothing is marked: what the newest key opens is done, so an interrupted run begins anew and skips
it. A row is written only while it still holds what was read, each by itself: whoever confirms,
withdraws or changes an address meanwhile wins, and no lock is held over two rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db.models import Manager

from petitions.models import (
    Delivery,
    MPRequest,
    PaperBatch,
    Signature,
    Subscription,
    Supporter,
)

#: Every column that `addresses.lock()` fills.
COLUMNS: tuple[tuple[Manager[Any], str], ...] = (
    (Signature.objects, "mail_address"),
    (Delivery.objects, "address"),
    (Delivery.objects, "content"),
    (Subscription.objects, "address"),
    (Supporter.objects, "name"),
    (Supporter.objects, "address"),
    (MPRequest.objects, "address"),
    (PaperBatch.objects, "collector"),
)
#: Rows read at once.
_BATCH = 500


@dataclass(frozen=True)
class Kept:
    """What a column holds: how many boxes need an older key, and how many no key opens."""

    column: str
    older: int
    unreadable: int


def renew() -> int:
    """Puts every box under the newest key; returns how many were moved."""
    keys = MultiFernet([Fernet(key) for key in settings.PETITIONS_MAIL_KEYS])
    return sum(
        _replace(rows, column, pk, box, keys)
        for rows, column in COLUMNS
        for pk, box in _boxes(rows, column)
        if not _is_newest(box)
    )


def _replace(rows: Manager[Any], column: str, pk: int, box: bytes, keys: MultiFernet) -> int:
    try:
        renewed = keys.rotate(box)
    except InvalidToken:
        return 0  # `kept()` counts it
    return rows.filter(pk=pk, **{column: box}).update(**{column: renewed})


def kept() -> list[Kept]:
    """Where the newest key does not reach, column by column; empty when it opens all."""
    found = [_look(rows, column) for rows, column in COLUMNS]
    return [each for each in found if each.older or each.unreadable]


def _look(rows: Manager[Any], column: str) -> Kept:
    keys = MultiFernet([Fernet(key) for key in settings.PETITIONS_MAIL_KEYS])
    older = [box for _pk, box in _boxes(rows, column) if not _is_newest(box)]
    unreadable = sum(not _opens(keys, box) for box in older)
    return Kept(f"{rows.model.__name__}.{column}", len(older) - unreadable, unreadable)


def _is_newest(box: bytes) -> bool:
    return _opens(Fernet(settings.PETITIONS_MAIL_KEYS[0]), box)


def _opens(keys: Fernet | MultiFernet, box: bytes) -> bool:
    try:
        keys.decrypt(box)
    except InvalidToken:
        return False
    return True


def _boxes(rows: Manager[Any], column: str) -> Iterator[tuple[int, bytes]]:
    """Primary key and box of each row that has one, in the order of their keys."""
    filled = rows.filter(**{f"{column}__isnull": False}).order_by("pk")
    last = 0
    while batch := list(filled.filter(pk__gt=last).values_list("pk", column)[:_BATCH]):
        yield from ((pk, bytes(box)) for pk, box in batch)
        last = batch[-1][0]
