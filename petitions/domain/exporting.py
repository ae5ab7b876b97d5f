"""Taking the signer list out: a record first, then the file row by row, never a file on disk."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from nacl.public import PrivateKey

from petitions import clock
from petitions.domain import vault
from petitions.models import ExportRecord, Petition, Riding, Signature
from petitions.models.exports import ExportField
from petitions.states import SignatureState

#: Rows opened and written at a time: memory stays flat, and the first bytes leave at once.
BATCH = 500
_BOM = "\ufeff".encode()
#: What makes a spreadsheet calculate, also as full-width twins (OWASP, T33).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


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


def start(petition: Petition, settings: Settings, *, by: AbstractBaseUser) -> ExportRecord:
    """The record of an export that is about to leave."""
    return ExportRecord.objects.create(
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
        started_at=clock.db_instant(),
    )


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


def _batches(record: ExportRecord) -> Iterator[list[Signature]]:
    """The signatures that counted at the start and still have their boxes, by primary key."""
    counted = Signature.objects.filter(
        Q(counted_at__lte=record.started_at),
        petition=record.petition_id,
        state=SignatureState.CONFIRMED,
        held_at=None,
        erased_at=None,
    ).select_related("riding")
    if record.province:
        counted = counted.filter(province=record.province)
    if record.riding_id:
        counted = counted.filter(riding=record.riding_id)
    last = 0
    while batch := list(counted.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def _row(record: ExportRecord, signature: Signature, key: PrivateKey) -> list[str]:
    opened = _opened(record, signature, key)
    day = signature.confirmed_at
    values = {
        ExportField.NAME: opened.get("name", ""),
        ExportField.POSTAL_CODE: opened.get("postal_code", ""),
        ExportField.EMAIL: opened.get("email", ""),
        ExportField.PROVINCE: signature.province,
        ExportField.COUNTRY: signature.country,
        ExportField.RIDING: signature.riding.name if signature.riding else "",
        ExportField.DATE: _toronto_day(day) if day else "",
    }
    return [guarded(values[ExportField(field)]) for field in record.fields]


def _opened(record: ExportRecord, signature: Signature, key: PrivateKey) -> dict[str, str]:
    """The content of the boxes that the asked fields need, and of no other."""
    content: dict[str, str] = {}
    wanted = set(record.fields)
    boxes = [
        (signature.box_person, {ExportField.NAME, ExportField.POSTAL_CODE}),
        (signature.box_email, {ExportField.EMAIL}),
    ]
    for box, fields in boxes:
        if box is not None and wanted & fields:
            content |= vault.unseal(
                key,
                box,
                petition=record.petition.public_id,
                signature=signature.public_id,
            )
    return content


def _toronto_day(instant: datetime) -> str:
    return f"{instant.astimezone(clock.TORONTO):%Y-%m-%d}"


def guarded(value: str) -> str:
    """The text with `'` before it where a spreadsheet would read a formula (OWASP).

    The first visible character decides; spaces and zero-width characters before it do not hide
    it.
    """
    visible = "".join(
        character for character in value if unicodedata.category(character) not in {"Cf", "Zs"}
    )
    plain = unicodedata.normalize("NFKC", visible[:1])
    return f"'{value}" if plain.startswith(_FORMULA) else value


def _lines(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
