"""The audit log: every act of staff in one chain of digests, without anything of a signer.

An act and its line stand in one transaction. Once a minute new lines are sealed: each gets a
position and the SHA-256 of its content and of the digest before it. A line that is changed, added
or taken out afterwards breaks the chain. Whoever can write to the database can make a whole new
one: the digest at its end therefore also goes to the log of the worker, and `verify()` compares
with one that was noted elsewhere.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from hashlib import sha256

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from petitions import clock
from petitions.models import AuditEvent, AuditHead, Petition

logger = logging.getLogger(__name__)

Kind = AuditEvent.Kind
#: Lines sealed in one transaction.
_BATCH = 1000
#: How long lines are kept (security.md §9).
KEPT = timedelta(days=730)
#: A line not sealed by then says that the job does not run.
_UNSEALED = timedelta(minutes=10)


def record(
    kind: AuditEvent.Kind,
    *,
    by: AbstractBaseUser | None,
    petition: Petition | None = None,
    **detail: str | int,
) -> None:
    """Appends a line; call it in the transaction of the act. Never a signer's data in `detail`."""
    AuditEvent.objects.create(
        kind=kind,
        actor=by.pk if by else None,
        petition=petition,
        detail=detail,
        happened_at=clock.db_instant(),
    )


# --- the chain -------------------------------------------------------------------------------


@transaction.atomic
def seal() -> int:
    """Seals lines not sealed yet, the oldest first; returns how many.

    Two workers come one after the other: they lock the chain's end.
    """
    AuditHead.objects.get_or_create(pk=1)
    head = AuditHead.objects.select_for_update().get(pk=1)
    events = list(AuditEvent.objects.filter(position=None).order_by("pk")[:_BATCH])
    for event in events:
        head.position += 1
        head.digest = _digest(bytes(head.digest), head.position, event)
        event.position, event.digest = head.position, head.digest
    if events:
        AuditEvent.objects.bulk_update(events, ["position", "digest"])
        head.save(update_fields=["position", "digest"])
        logger.info("audit: %d lines, the last has %s", head.position, bytes(head.digest).hex())
    return len(events)


def _digest(before: bytes, position: int, event: AuditEvent) -> bytes:
    content = [
        position,
        event.pk,
        event.happened_at.astimezone(UTC).isoformat(),
        event.kind,
        event.actor,
        event.petition_id,
        event.detail,
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(before + text.encode()).digest()


@dataclass(frozen=True)
class Verdict:
    """What was found: sealed lines, the last one's digest, and what is wrong, for operators."""

    lines: int
    digest: str
    problems: list[str]


@transaction.atomic
def verify(noted: str = "") -> Verdict:
    """Computes the whole chain again; `noted` is a digest from the worker's log, or of a backup.

    Lines that were erased with age count as they were sealed.
    """
    head = AuditHead.objects.select_for_update().filter(pk=1).first() or AuditHead(pk=1)
    problems = list(_breaks(head))
    known = AuditEvent.objects.filter(position__isnull=False)
    if noted and not known.filter(digest=_bytes(noted)).exists():
        problems.append("no line has the digest that was noted: lines are gone, or were made anew")
    overdue = AuditEvent.objects.filter(
        position=None, happened_at__lt=clock.db_now() - _UNSEALED
    ).count()
    if overdue:
        problems.append(f"{overdue} lines wait to be sealed: does the worker run?")
    return Verdict(known.count(), bytes(head.digest).hex(), problems)


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _breaks(head: AuditHead) -> Iterator[str]:
    """Every place at which the chain does not hold."""
    position, digest = head.erased, bytes(head.erased_digest)
    for event in AuditEvent.objects.filter(position__isnull=False).order_by("position").iterator():
        position += 1
        if event.position != position:
            yield f"line {position} is missing"
            position = event.position or position
        elif _digest(digest, position, event) != bytes(event.digest or b""):
            yield f"line {position} is not as it was sealed"
        digest = bytes(event.digest or b"")
    if (position, digest) != (head.position, bytes(head.digest)):
        yield f"the chain ends at line {position}, and should at line {head.position}"


# --- age -------------------------------------------------------------------------------------


@transaction.atomic
def erase_old() -> int:
    """Erases sealed lines after two years, and keeps the digest that the next one builds on."""
    head = AuditHead.objects.select_for_update().filter(pk=1).first()
    old = AuditEvent.objects.filter(
        position__isnull=False, happened_at__lt=clock.db_now() - KEPT
    ).order_by("-position")
    last = old.first()
    if head is None or last is None:
        return 0
    head.erased, head.erased_digest = last.position or 0, last.digest or b""
    head.save(update_fields=["erased", "erased_digest"])
    erased, _models = AuditEvent.objects.filter(position__lte=last.position).delete()
    return erased
