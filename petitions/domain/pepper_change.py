"""Another pepper for a petition's indexes, while people sign: every index is made anew.

An index is made from the address. That of a signature stands in its sealed box, so the vault must
be open; those of subscribers and supporters are under the mail key. All is computed beforehand
and then written in one transaction, for which every writer waits: two rows of one address never
have two indexes. Cut off at any moment, the petition has the pepper that it had; begun again, the
same is done anew.

What somebody sent at that very moment comes in under the former pepper; it is set right when its
mail is written (`settle()`), and without that mail nobody confirms.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import OperationalError, connection, transaction
from django.db.models import Model, Q, QuerySet
from nacl.public import PrivateKey

from petitions import peppers
from petitions.domain import addresses, auditing, screening, vault
from petitions.models import (
    Delivery,
    PaperBatch,
    PaperRow,
    Petition,
    Signature,
    Subscription,
    Supporter,
    Suppression,
)
from petitions.states import DeliveryKind, PaperState, SignatureState

#: Mails whose index is the petition's; those to the people who work here have the whole site's.
_TO_SIGNERS = (
    DeliveryKind.SIGN,
    DeliveryKind.REMIND,
    DeliveryKind.COUNTED,
    DeliveryKind.STEP,
    DeliveryKind.NEWS,
)
#: Every table with an index. PostgreSQL locks them for the change; SQLite has one writer anyway.
_TABLES: tuple[type[Model], ...] = (
    Signature,
    Delivery,
    Subscription,
    Suppression,
    Supporter,
    PaperRow,
)
_MARKS = ("mark_name", "mark_postal", "mark_domain")
#: What is read of a signature.
_READ = ("email_index", "public_id", "box_person", "box_email", *_MARKS)
#: PostgreSQL's words for "this lock was not to be had".
_BUSY = {"55P03", "40P01"}
#: Rows read or written at once.
_BATCH = 500
#: How often the tables are asked for, with a pause in between, before somebody is told.
_TRIES = 60
#: Less than PostgreSQL waits before it takes two who wait for each other apart: we give way.
_PATIENCE = "SET LOCAL lock_timeout = '500ms'"
_PAUSE = 0.25

_Row = TypeVar("_Row", bound=Model)


class PepperError(Exception):
    """The petition has the pepper that it had; the text says why, to the operator."""


@dataclass(frozen=True)
class Changed:
    """Signatures under the newest pepper; those whose box cannot be opened, and entries of
    "never mail me" from an address that is not here: both stay under the former one."""

    signatures: int
    unreadable: int
    left: int


@dataclass
class _Work:
    """A petition as it will be, what is known by then, and what was found on the way.

    `computed` holds, by primary key, a hash of the boxes that were opened and the columns that
    follow from them; `moved` the new index of each former one.
    """

    petition: Petition
    anew: Petition
    key: PrivateKey | None
    former_key: PrivateKey | None
    computed: dict[int, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    moved: dict[bytes, bytes] = field(default_factory=dict)
    signatures: int = 0
    unreadable: int = 0
    left: int = 0


def needs_vault(petition: Petition) -> bool:
    """Whether anybody has signed, so that only the opened vault has the addresses."""
    return _signatures(petition).exists()


def change(
    petition: Petition, key: PrivateKey | None, *, by: AbstractBaseUser | None = None
) -> Changed:
    """Puts a petition under the newest pepper; nothing is done where it is there already.

    `key` opens its vault; None where `needs_vault()` says so. Raises `PepperError` when sheets of
    paper are half-way, or when the tables cannot be had.
    """
    if petition.pepper_name == peppers.newest_name():
        return Changed(0, 0, 0)
    _no_sheet_may_wait(petition)
    work = _begin(petition, key)
    for batch in _batches(_signatures(petition).only(*_READ)):
        for row in batch:
            _compute(work, row)
    return _write_at_last(work, by=by)


def _write_at_last(work: _Work, *, by: AbstractBaseUser | None) -> Changed:
    for _try in range(_TRIES):
        try:
            with transaction.atomic():
                _stop_writers()
                return _write(work, by=by)
        except OperationalError as error:
            if not _is_busy(error):
                raise
        time.sleep(_PAUSE)
    raise PepperError("The database is too busy. Try again at a quiet hour.")


def _is_busy(error: OperationalError) -> bool:
    state = getattr(error.__cause__, "sqlstate", None)
    return state in _BUSY or "database is locked" in str(error)


def _begin(petition: Petition, key: PrivateKey | None) -> _Work:
    anew = Petition.objects.get(pk=petition.pk)
    anew.pepper_name = peppers.newest_name()
    if key is None:
        return _Work(petition, anew, None, None)
    return _Work(petition, anew, key, vault.former_key(petition.vault, key))


def _no_sheet_may_wait(petition: Petition) -> None:
    """What a second person keys in is compared with marks from which nothing can be made anew."""
    settled = Q(state=PaperState.ACCEPTED) | Q(rows=None)
    waiting = PaperBatch.objects.filter(petition=petition).exclude(settled)
    numbers = sorted(set(waiting.values_list("sheet_number", flat=True)))
    if numbers:
        raise PepperError(
            f"Sheets of paper are half-way: {', '.join(map(str, numbers))}. "
            "Have the second person check them first."
        )


def _signatures(petition: Petition) -> QuerySet[Signature]:
    return Signature.objects.filter(petition=petition, email_index__isnull=False)


def _batches(rows: QuerySet[_Row]) -> Iterator[list[_Row]]:
    """Rows by their primary keys; none is kept."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:_BATCH]):
        yield batch
        last = batch[-1].pk


# --- beforehand ------------------------------------------------------------------------------


def _compute(work: _Work, row: Signature) -> dict[str, Any] | None:
    """The columns of a signature that follow from the pepper; None when no key opens its box."""
    boxes = hash((bytes(row.box_person or b""), bytes(row.box_email or b"")))
    known = work.computed.get(row.pk)
    if known is not None and known[0] == boxes:
        return known[1]
    try:
        columns = _columns(work, row)
    except vault.VaultError:
        return None
    work.computed[row.pk] = boxes, columns
    return columns


def _columns(work: _Work, row: Signature) -> dict[str, Any]:
    email = _open(work, row, row.box_email)["email"]
    columns: dict[str, Any] = {"email_index": addresses.index(email, work.anew)}
    if any(getattr(row, mark) is not None for mark in _MARKS):
        person = _open(work, row, row.box_person)
        columns |= screening.marks(
            work.anew, name=person["name"], postal_code=person["postal_code"]
        ) | screening.domain_mark(work.anew, email)
    return columns


def _open(work: _Work, row: Signature, box: vault.Binary | None) -> dict[str, str]:
    if work.key is None or box is None:
        raise vault.VaultError("The vault is not open.")
    return vault.unseal(
        work.key,
        box,
        petition=work.petition.public_id,
        signature=row.public_id,
        former=work.former_key,
    )


# --- the change ------------------------------------------------------------------------------


def _stop_writers() -> None:
    """Until the transaction ends whoever writes waits; whoever reads does not."""
    if connection.vendor != "postgresql":
        return
    names = ", ".join(table._meta.db_table for table in _TABLES)  # noqa: SLF001 - public by custom
    with connection.cursor() as cursor:
        cursor.execute(_PATIENCE)
        cursor.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE")


def _write(work: _Work, *, by: AbstractBaseUser | None) -> Changed:
    this = Petition.objects.filter(pk=work.petition.pk, pepper_name=work.petition.pepper_name)
    if not this.update(pepper_name=work.anew.pepper_name):
        raise PepperError("Another change of this petition's pepper came first.")
    work.signatures = work.unreadable = work.left = 0
    _write_signatures(work)
    _write_addressed(work, Subscription.objects.filter(petition=work.petition))
    _write_addressed(work, Supporter.objects.filter(petition=work.petition))
    _write_suppressions(work)
    _write_paper(work)
    _write_mails(work)
    auditing.record(auditing.Kind.PEPPERED, by=by, petition=work.petition, rows=work.signatures)
    return Changed(work.signatures, work.unreadable, work.left)


def _write_signatures(work: _Work) -> None:
    """Also those that came or were changed since they were looked at."""
    for batch in _batches(_signatures(work.petition).only(*_READ)):
        indexes, marked = {}, []
        for row in batch:
            columns = _compute(work, row)
            if columns is None:
                work.unreadable += 1
                continue
            index = columns["email_index"]
            work.moved[bytes(row.email_index or b"")] = indexes[row.pk] = index
            if _mark(row, columns):
                marked.append(row)
        _set_column(Signature, "email_index", indexes)
        Signature.objects.bulk_update(marked, _MARKS)
        work.signatures += len(indexes)


def _mark(row: Signature, columns: dict[str, Any]) -> bool:
    """Whether it has any mark anew; one whose time was over in between stays away."""
    present = [name for name in _MARKS if getattr(row, name) is not None]
    for name in present:
        setattr(row, name, columns[name])
    return bool(present)


def _set_column(table: type[Model], column: str, values: Mapping[int, bytes | None]) -> None:
    """By primary key. While everybody waits: Django's own way takes ten times as long."""
    name = table._meta.db_table  # noqa: SLF001 - public by custom
    pairs = [(value, pk) for pk, value in values.items()]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {name} SET {column} = %s WHERE id = %s", pairs)  # noqa: S608 - names of ours


def _write_addressed(work: _Work, rows: QuerySet[Any]) -> None:
    """Rows that have their address under the mail key."""
    for batch in _batches(rows.filter(address__isnull=False, email_index__isnull=False)):
        indexes = {}
        for row in batch:
            index = addresses.index(addresses.unlock(row.address), work.anew)
            work.moved[bytes(row.email_index)] = indexes[row.pk] = index
        _set_column(rows.model, "email_index", indexes)


def _write_suppressions(work: _Work) -> None:
    """Of an address that is not here nothing can be made anew: it names its pepper instead."""
    for batch in _batches(Suppression.objects.filter(petition=work.petition)):
        for row in batch:
            index = None if row.former_pepper else work.moved.get(bytes(row.email_index))
            if index is not None:
                row.email_index = index
                continue
            row.former_pepper = row.former_pepper or work.petition.pepper_name
            work.left += 1
        Suppression.objects.bulk_update(batch, ["email_index", "former_pepper"])


def _write_paper(work: _Work) -> None:
    """Whether a line of an accepted sheet signed elsewhere is settled: what is not known goes."""
    rows = PaperRow.objects.filter(batch__petition=work.petition, email_index__isnull=False)
    for batch in _batches(rows):
        indexes = {row.pk: work.moved.get(bytes(row.email_index or b"")) for row in batch}
        _set_column(PaperRow, "email_index", indexes)


def _write_mails(work: _Work) -> None:
    """A mail to an address that is not here any more no longer counts for its caps.

    One that has not left yet gets its own index from `settle()`.
    """
    rows = Delivery.objects.filter(petition=work.petition, address_index__isnull=False)
    for batch in _batches(rows.only("kind", "address_index")):
        indexes = {row.pk: work.moved.get(bytes(row.address_index or b"")) for row in batch}
        others = {row.pk for row in batch if row.kind not in _TO_SIGNERS}
        known = {pk: index for pk, index in indexes.items() if index or pk not in others}
        _set_column(Delivery, "address_index", known)


# --- afterwards ------------------------------------------------------------------------------


def settle(delivery: Delivery) -> None:
    """Before a mail is written: its row and its signature get the petition's present index.

    So does the entry of its address among those who asked never to be written to.
    """
    petition, address = delivery.petition, _address(delivery)
    if petition is None or address is None:
        return
    index = addresses.index(address, petition)
    _settle_suppression(petition, address, index)
    # Not if the change came after the petition was read: then it has moved these rows itself.
    present = {"petition__pepper_name": petition.pepper_name}
    if bytes(delivery.address_index or b"") != index:
        Delivery.objects.filter(pk=delivery.pk, **present).update(address_index=index)
        delivery.address_index = index
    row = delivery.signature
    if row is not None and bytes(row.email_index or b"") != index:
        same = Signature.objects.filter(pk=row.pk, generation=row.generation, **present)
        same.update(email_index=index)
        row.email_index = index


def _address(delivery: Delivery) -> str | None:
    """Where a mail to a signer goes; None for any other, and for one that will be dropped."""
    if delivery.kind not in _TO_SIGNERS:
        return None
    row, box = delivery.signature, delivery.address
    if row is not None:
        waits = row.state == SignatureState.PENDING and row.generation == delivery.generation
        box = row.mail_address if waits else None
    return addresses.unlock(box) if box is not None else None


def _settle_suppression(petition: Petition, address: str, index: bytes) -> None:
    if len(peppers.every()) == 1:
        return
    left = Suppression.objects.filter(
        ~Q(former_pepper=""),
        petition=petition,
        email_index__in=addresses.every_index(address, petition),
    )
    if not left.exists():
        return
    same = Petition.objects.filter(pk=petition.pk, pepper_name=petition.pepper_name)
    with transaction.atomic():
        # Held, so that the pepper does not change between the two.
        if same.select_for_update().exists():
            Suppression.objects.get_or_create(petition=petition, email_index=index)
            left.delete()
