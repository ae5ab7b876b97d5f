"""Looking for signers: by an exact address without the vault, by name while it is open.

Each question leaves a line in the audit log that says who asked about which petition, and nothing
of what was asked or found.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from nacl.public import PrivateKey

from petitions import clock
from petitions.domain import addresses, auditing, folding, vault
from petitions.models import AuditEvent, Delivery, Petition, Riding, Signature, Vault
from petitions.states import DeliveryState, SignatureState

#: One person may look for so many addresses within an hour: enough to answer those who write, too
#: few to try a list of suspects (security.md T03).
MOST_ASKED = 30
ASKED_WITHIN = timedelta(hours=1)
#: Names shown in one answer, and boxes opened for it: a third of a second's work.
BLOCK = 100
MOST_OPENED = 5000
#: Boxes read from the database at a time.
_BATCH = 500


class TooManyQuestionsError(Exception):
    """This person has looked for enough addresses; `wait` says for how many seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"{MOST_ASKED} addresses in an hour")
        self.wait = wait


# --- counts ----------------------------------------------------------------------------------


def counts(petition: Petition) -> dict[str, int]:
    """How many signatures are in each state; confirmed ones are counted, or held for review."""

    def number(**condition: Any) -> Count:
        return Count("pk", filter=Q(**condition))

    found: dict[str, int] = Signature.objects.filter(petition=petition).aggregate(
        counted=number(state=SignatureState.CONFIRMED, held_at=None),
        held=number(state=SignatureState.CONFIRMED, held_at__isnull=False),
        pending=number(state=SignatureState.PENDING),
        withdrawn=number(state=SignatureState.WITHDRAWN),
        rejected=number(state=SignatureState.REJECTED),
    )
    return found


# --- by address ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """A signature of the address asked for, and what became of the mails to it."""

    signature: Signature
    sent: int
    refused: int


@transaction.atomic
def ask_address(petition: Petition, email: str, *, by: AbstractBaseUser) -> list[Found]:
    """The signatures of one address, the newest first; raises `TooManyQuestionsError`.

    The index is computed for the question and kept nowhere. What was erased is not found.
    """
    # Questions of one person come one after the other, so that none slips past the limit.
    get_user_model().objects.select_for_update().get(pk=by.pk)
    _keep_to_limit(by)
    index = addresses.index(email, petition)
    rows = Signature.objects.filter(petition=petition, email_index=index).order_by("-pk")
    mails = Delivery.objects.filter(petition=petition, address_index=index).aggregate(
        sent=Count("pk", filter=Q(state=DeliveryState.SENT)),
        refused=Count("pk", filter=Q(state=DeliveryState.BOUNCED)),
    )
    found = [Found(row, **mails) for row in rows]
    auditing.record(auditing.Kind.ADDRESS_ASKED, by=by, petition=petition, found=int(bool(found)))
    return found


def _keep_to_limit(by: AbstractBaseUser) -> None:
    """The lines of the audit log are the count: there is nothing else to keep."""
    now = clock.db_instant()
    asked = AuditEvent.objects.filter(
        kind=auditing.Kind.ADDRESS_ASKED, actor=by.pk, happened_at__gt=now - ASKED_WITHIN
    ).order_by("-happened_at")
    oldest = asked.values_list("happened_at", flat=True)[MOST_ASKED - 1 :].first()
    if oldest is not None:
        raise TooManyQuestionsError(max(1, int((oldest + ASKED_WITHIN - now).total_seconds())))


# --- the open list ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """Which part of the list; what is empty asks for nothing."""

    province: str = ""
    riding: Riding | None = None
    day: date | None = None

    @property
    def kinds(self) -> list[str]:
        return [name for name in ("province", "riding", "day") if getattr(self, name)]


@dataclass
class Block:
    """Some names out of the list, and how many were opened for them.

    `after` is the marker from which to go on; 0 at the end of the list.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    opened: int = 0
    after: int = 0


def listed(petition: Petition, filters: Filters) -> QuerySet[Signature]:
    """Confirmed signatures that have their box, the newest first; held ones are among them.

    Not those that wait, which anybody may have typed, nor those who asked to be taken off.
    """
    rows = Signature.objects.filter(
        petition=petition,
        state=SignatureState.CONFIRMED,
        erased_at=None,
        box_person__isnull=False,
    )
    if filters.province:
        rows = rows.filter(province=filters.province)
    if filters.riding:
        rows = rows.filter(riding=filters.riding)
    if filters.day:
        begin = datetime.combine(filters.day, time(), clock.TORONTO)
        end = datetime.combine(filters.day + timedelta(days=1), time(), clock.TORONTO)
        rows = rows.filter(confirmed_at__gte=begin, confirmed_at__lt=end)
    return rows.order_by("-pk")


def read_list(
    petition: Petition,
    key: PrivateKey,
    filters: Filters,
    *,
    by: AbstractBaseUser,
    name: str = "",
    after: int = 0,
) -> Block:
    """The next names of the list, or those that have all words of `name`."""
    kinds = [*filters.kinds, *(["name"] if name else [])]
    auditing.record(auditing.Kind.LIST_READ, by=by, petition=petition, filters=" ".join(kinds))
    words, block = folding.fold(name).split(), Block()
    former = vault.former_key(Vault.objects.get(petition=petition), key)
    rows = listed(petition, filters)
    for row in _rows(rows.filter(pk__lt=after) if after else rows, _BATCH if words else BLOCK):
        if len(block.rows) == BLOCK or block.opened == MOST_OPENED:
            return block
        block.opened += 1
        block.after = row["pk"]
        opened = _name(petition, key, former, row)
        if opened is None or folding.finds(words, opened):
            block.rows.append({**row, "name": opened})
    block.after = 0
    return block


def _rows(rows: QuerySet[Signature], size: int) -> Iterator[dict[str, Any]]:
    """Their columns, so many at a time: a list is never in memory as a whole."""
    columns = ("pk", "public_id", "box_person", "province", "confirmed_at", "held_at")
    batch = list(rows.values(*columns)[:size])
    while batch:
        yield from batch
        batch = list(rows.filter(pk__lt=batch[-1]["pk"]).values(*columns)[:size])


def _name(
    petition: Petition, key: PrivateKey, former: PrivateKey | None, row: dict[str, Any]
) -> str | None:
    """None for a box that is not what it should be: it is shown as such, and hides nobody else."""
    try:
        content = vault.unseal(
            key,
            row.pop("box_person"),
            petition=petition.public_id,
            signature=row["public_id"],
            former=former,
        )
    except vault.VaultError:
        return None
    return content.get("name", "")
