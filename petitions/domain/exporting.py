"""Taking the signer list out: a record first, then the file row by row, never a file on disk."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from nacl.public import PrivateKey

from petitions import clock
from petitions.domain import auditing, vault
from petitions.models import ExportRecord, Petition, Riding, Signature, Vault
from petitions.models.exports import ExportField
from petitions.states import SignatureState

#: Rows opened and written at a time: memory stays flat, and the first bytes leave at once.
BATCH = 500
#: Where each field of a list stands: a column, or a box that is opened for it.
_COLUMNS: dict[str, str] = {
    ExportField.NAME: "box_person",
    ExportField.POSTAL_CODE: "box_person",
    ExportField.EMAIL: "box_email",
    ExportField.PROVINCE: "province",
    ExportField.COUNTRY: "country",
    ExportField.RIDING: "riding__name",
    ExportField.DATE: "confirmed_at",
}
_BOXES = ("box_person", "box_email")
_BOM = "\ufeff".encode()
#: A transaction that counts somebody ends a moment after the instant that it counts them from: who
#: falls between two exports would be in neither, and so may be in both.
_OVERLAP = timedelta(seconds=1)
#: What makes a spreadsheet calculate, also as full-width twins (OWASP), and what it
#: drops at the beginning of a cell before it looks.
_FORMULA = ("=", "+", "-", "@")
_CONTROLS = ("\t", "\r", "\0")
#: Where a spreadsheet may begin a new cell, whatever the quotes.
_CELLS = re.compile(r"([;\t\r\n])")


@dataclass(frozen=True)
class Settings:
    """What the list keeper asked for."""

    purpose: str
    reason: str
    recipient: str
    fields: list[str]
    province: str
    riding: Riding | None
    file_format: str
    destroy_by: date | None = None
    since: datetime | None = None
    recipient_key: str = ""


def open_list(petition: Petition, passphrase: str, *, by: AbstractBaseUser) -> PrivateKey:
    """The key of the petition's list; a wrong passphrase is noted, and raises `VaultError`."""
    try:
        return vault.open_vault(petition.vault, passphrase)
    except vault.VaultError:
        auditing.record(auditing.Kind.VAULT_SHUT, by=by, petition=petition)
        raise


@transaction.atomic
def start(petition: Petition, settings: Settings, *, by: AbstractBaseUser) -> ExportRecord:
    """The record of an export that is about to leave."""
    record = ExportRecord.objects.create(
        petition=petition,
        by=by,  # type: ignore[misc]  # the user model is the project's
        by_email=by.get_username(),
        purpose=settings.purpose,
        reason=settings.reason,
        recipient=settings.recipient,
        fields=settings.fields,
        province=settings.province,
        riding=settings.riding,
        file_format=settings.file_format,
        since=settings.since,
        recipient_key=settings.recipient_key,
        destroy_by=settings.destroy_by,
        started_at=clock.db_instant(),
    )
    auditing.record(auditing.Kind.EXPORTED, by=by, petition=petition, export=record.pk)
    return record


def finish(record: ExportRecord, *, rows: int, digest: str) -> None:
    """Once the last byte has been taken. A record that is finished stays as it is."""
    ExportRecord.objects.filter(pk=record.pk, finished_at=None).update(
        finished_at=clock.db_now(), rows=rows, digest=digest
    )


def last_of(petition: Petition, person: AbstractBaseUser) -> ExportRecord | None:
    """The newest export that this person took to its end: what "since my last export" means."""
    finished = ExportRecord.objects.filter(petition=petition, by=person.pk)
    return finished.filter(finished_at__isnull=False).first()


def matching(asked: Settings | ExportRecord, petition: Petition) -> QuerySet[Signature]:
    """The signatures that count now, have their boxes, and are those asked for."""
    counted = Signature.objects.filter(
        petition=petition,
        state=SignatureState.CONFIRMED,
        held_at=None,
        erased_at=None,
        box_person__isnull=False,
    )
    if asked.province:
        counted = counted.filter(province=asked.province)
    if asked.riding:
        counted = counted.filter(riding=asked.riding)
    if asked.since:
        counted = counted.filter(counted_at__gt=asked.since - _OVERLAP)
    return counted


# --- the list --------------------------------------------------------------------------------


def stream(record: ExportRecord, key: PrivateKey) -> Iterator[bytes]:
    """The file in pieces: a heading, the rows counted when it was started, `# end, n rows`.

    Whoever reads a file without that last line holds an interrupted one, and so does the record:
    it is finished only after the last piece has been taken. Raises `VaultError` for a box that
    the key does not open, and the file ends there.
    """
    digest, rows = sha256(), 0
    for piece, number in pieces(record, key):
        rows += number
        digest.update(piece)
        yield piece
    finish(record, rows=rows, digest=digest.hexdigest())


def pieces(record: ExportRecord, key: PrivateKey) -> Iterator[tuple[bytes, int]]:
    """The list as CSV, each piece with the number of rows in it."""
    if record.file_format != ExportRecord.Format.PLAIN:
        yield _BOM, 0
    yield _lines([record.fields]), 0
    total, former = 0, _former(record, key)
    for batch in _batches(record):
        total += len(batch)
        opened = _opened(record, batch, key, former)
        yield _lines(map(guarded, row) for row in opened), len(batch)
    yield f"# end, {total} rows\r\n".encode(), 0


def rows(record: ExportRecord, key: PrivateKey) -> Iterator[list[str]]:
    """The list row by row, as it was typed: for paper, which calculates nothing."""
    former = _former(record, key)
    for batch in _batches(record):
        yield from _opened(record, batch, key, former)


def _former(record: ExportRecord, key: PrivateKey) -> PrivateKey | None:
    """The vault's key before this one, while boxes may still be under it."""
    return vault.former_key(Vault.objects.get(petition=record.petition_id), key)


def _batches(record: ExportRecord) -> Iterator[list[dict[str, Any]]]:
    """The signatures that counted at the start and still have their boxes, by primary key.

    Only the columns that the asked fields stand in: instances, and boxes that stay shut, cost
    half the time of an export.
    """
    counted = matching(record, record.petition).filter(counted_at__lte=record.started_at)
    columns = {_COLUMNS[field] for field in record.fields}
    found = counted.order_by("pk").values("pk", "public_id", *sorted(columns))
    last = 0
    while batch := list(found.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1]["pk"]


def _opened(
    record: ExportRecord,
    batch: list[dict[str, Any]],
    key: PrivateKey,
    former: PrivateKey | None,
) -> Iterator[list[str]]:
    for signature in batch:
        opened = {
            column: vault.unseal(
                key,
                signature[column],
                petition=record.petition.public_id,
                signature=signature["public_id"],
                former=former,
            )
            for column in _BOXES
            if signature.get(column) is not None
        }
        yield [_cell(field, signature, opened) for field in record.fields]


def _cell(field: str, signature: dict[str, Any], opened: dict[str, dict[str, str]]) -> str:
    column = _COLUMNS[field]
    if column in _BOXES:
        return opened.get(column, {}).get(field, "")
    value = signature[column]
    if isinstance(value, datetime):
        return _toronto_day(value)
    return value or ""


def _toronto_day(instant: datetime) -> str:
    return clock.day_of(instant).isoformat()


def guarded(value: str) -> str:
    """The text with `'` before whatever a spreadsheet would read as a formula (OWASP).

    That is not only its beginning: where lists are parted by semicolons, as in French Canada, a
    spreadsheet reads a comma as text, and begins a new cell at each semicolon or line inside.
    """
    if value[:1].isalnum() and not _CELLS.search(value):
        # Nearly every cell, and a list has hundreds of thousands of them.
        return value
    parts = [f"'{part}" if _calculates(part) else part for part in _CELLS.split(value)]
    text = "".join(parts)
    return f"'{text}" if text.startswith(_CONTROLS) else text


def _calculates(part: str) -> bool:
    """Whether the first character that shows begins a formula; quotes do not protect it."""
    shown = (each for each in part if each != '"' and unicodedata.category(each)[0] not in "CMZ")
    return unicodedata.normalize("NFKC", next(shown, "")).startswith(_FORMULA)


def _lines(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
