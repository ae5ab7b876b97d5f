"""Taking the signer list out: a record first, then the file row by row, never a file on disk."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from nacl.public import PrivateKey

from petitions import clock
from petitions.domain import auditing, vault
from petitions.models import ExportRecord, Petition, Riding, Signature
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
        destroy_by=settings.destroy_by,
        started_at=clock.db_instant(),
    )
    auditing.record(auditing.Kind.EXPORTED, by=by, petition=petition, export=record.pk)
    return record


def stream(record: ExportRecord, key: PrivateKey) -> Iterator[bytes]:
    """The file in pieces: a heading, the rows counted when it was started, `# end, n rows`.

    Whoever reads a file without that last line holds an interrupted one, and so does the record:
    it is finished only after the last piece has been taken. Raises `VaultError` for a box that
    the key does not open, and the file ends there.
    """
    digest, rows = sha256(), 0
    if record.file_format == ExportRecord.Format.EXCEL:
        digest.update(_BOM)
        yield _BOM
    heading = _lines([record.fields])
    digest.update(heading)
    yield heading
    for batch in _batches(record):
        piece = _lines(_row(record, signature, key) for signature in batch)
        rows += len(batch)
        digest.update(piece)
        yield piece
    end = f"# end, {rows} rows\r\n".encode()
    digest.update(end)
    yield end
    ExportRecord.objects.filter(pk=record.pk, finished_at=None).update(
        finished_at=clock.db_now(), rows=rows, digest=digest.hexdigest()
    )


def _batches(record: ExportRecord) -> Iterator[list[dict[str, Any]]]:
    """The signatures that counted at the start and still have their boxes, by primary key.

    Only the columns that the asked fields stand in: instances, and boxes that stay shut, cost
    half the time of an export.
    """
    counted = Signature.objects.filter(
        Q(counted_at__lte=record.started_at),
        petition=record.petition_id,
        state=SignatureState.CONFIRMED,
        held_at=None,
        erased_at=None,
        box_person__isnull=False,
    )
    if record.province:
        counted = counted.filter(province=record.province)
    if record.riding_id:
        counted = counted.filter(riding=record.riding_id)
    columns = {_COLUMNS[field] for field in record.fields}
    rows = counted.order_by("pk").values("pk", "public_id", *sorted(columns))
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1]["pk"]


def _row(record: ExportRecord, signature: dict[str, Any], key: PrivateKey) -> list[str]:
    opened = {
        column: vault.unseal(
            key,
            signature[column],
            petition=record.petition.public_id,
            signature=signature["public_id"],
        )
        for column in _BOXES
        if signature.get(column) is not None
    }
    return [guarded(_cell(field, signature, opened)) for field in record.fields]


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
