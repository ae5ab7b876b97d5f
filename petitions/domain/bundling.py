"""A signer list for one recipient: a ZIP with its manifest, encrypted to their age key.

Both are made while they are sent: neither the list nor the file is ever in memory as a whole, and
nothing lies on a disk.
"""

import io
import json
from collections.abc import Iterator
from hashlib import sha256
from queue import SimpleQueue
from threading import Thread
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pyrage
from nacl.public import PrivateKey
from pyrage import x25519

from petitions import clock
from petitions.domain import exporting
from petitions.models import ExportRecord


class RecipientError(Exception):
    """This is no public key of age; `is_private` when it is the half that opens."""

    def __init__(self, *, is_private: bool) -> None:
        super().__init__("not a public key of age")
        self.is_private = is_private


def public_key(text: str) -> str:
    """An age public key as it is written ("age1…"); raises `RecipientError`."""
    typed = "".join(text.split())
    try:
        return str(x25519.Recipient.from_str(typed))
    except pyrage.RecipientError as error:
        is_private = typed.upper().startswith("AGE-SECRET-KEY-")
        raise RecipientError(is_private=is_private) from error


def fingerprint(recipient: str) -> str:
    """What the log keeps of a public key, and its owner can compare."""
    return sha256(recipient.encode()).hexdigest()


def stream(record: ExportRecord, key: PrivateKey, recipient: str) -> Iterator[bytes]:
    """The encrypted file in pieces; the record is finished after the last one.

    An interrupted file opens to an error: age notices that its end is missing.
    """
    archive = _Archive(record, key)
    yield from _encrypted(archive.pieces(), recipient)
    exporting.finish(record, rows=archive.rows, digest=archive.digest.hexdigest())


# --- the archive -----------------------------------------------------------------------------


class Outlet(io.RawIOBase):
    """What is written goes out; a ZIP needs no going back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        self._pieces.append(bytes(piece))
        return len(piece)

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


class _Archive:
    """A ZIP of the list and, once its rows and digest are known, of what they are."""

    def __init__(self, record: ExportRecord, key: PrivateKey) -> None:
        self.record = record
        self.key = key
        self.rows = 0
        self.digest = sha256()

    def pieces(self) -> Iterator[bytes]:
        outlet = Outlet()
        with ZipFile(outlet, "w") as archive:
            with archive.open(self._entry(f"{self._name()}.csv"), "w") as listed:
                for piece, number in exporting.pieces(self.record, self.key):
                    self.rows += number
                    self.digest.update(piece)
                    listed.write(piece)
                    yield outlet.take()
            archive.writestr(self._entry("manifest.json"), self._manifest())
        yield outlet.take()

    def _name(self) -> str:
        return f"{self.record.petition.slug}-{self.record.serial}"

    def _entry(self, name: str) -> ZipInfo:
        day = self.record.started_at.astimezone(clock.TORONTO)
        entry = ZipInfo(name, day.timetuple()[:6])
        entry.compress_type = ZIP_DEFLATED
        return entry

    def _manifest(self) -> str:
        record = self.record
        told = {
            "serial": record.serial,
            "petition": record.petition.slug,
            "file": f"{self._name()}.csv",
            "rows": self.rows,
            "sha256": self.digest.hexdigest(),
            "fields": record.fields,
            "purpose": record.purpose,
            "recipient": record.recipient,
            "since": record.since.isoformat() if record.since else None,
            "day": clock.day_of(record.started_at).isoformat(),
            "destroy_by": record.destroy_by.isoformat() if record.destroy_by else None,
        }
        return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


# --- age -------------------------------------------------------------------------------------

#: Messages between age's thread and ours, beside bytes.
_HUNGRY, _DONE = object(), object()
_ABANDONED = "the download was left"


class _Source:
    """What age reads from: it asks for the next piece and waits until it is there."""

    def __init__(self, asked: "SimpleQueue[object]", fed: "SimpleQueue[bytes | None]") -> None:
        self.asked = asked
        self.fed = fed
        self.left = b""

    def read(self, size: int) -> bytes:
        while not self.left:
            self.asked.put(_HUNGRY)
            piece = self.fed.get()
            if piece is None:
                raise OSError(_ABANDONED)
            if not piece:
                return b""
            self.left = piece
        taken, self.left = self.left[:size], self.left[size:]
        return taken


class _Sink:
    """What age writes to."""

    def __init__(self, asked: "SimpleQueue[object]") -> None:
        self.asked = asked

    def write(self, piece: bytes) -> int:
        self.asked.put(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Everything has gone on already."""


def _encrypted(plain: Iterator[bytes], recipient: str) -> Iterator[bytes]:
    """`plain` encrypted to the recipient, a piece at a time.

    age reads and writes by itself, so it runs in a thread of its own. It is fed only when it asks,
    here where the database's connection is; whoever leaves the download ends it.
    """
    asked: SimpleQueue[object] = SimpleQueue()
    fed: SimpleQueue[bytes | None] = SimpleQueue()

    key = x25519.Recipient.from_str(recipient)

    def work() -> None:
        try:
            pyrage.encrypt_io(_Source(asked, fed), _Sink(asked), [key])
        except Exception as error:  # noqa: BLE001 - raised again below, where it is waited for
            asked.put(error)
        else:
            asked.put(_DONE)

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        while (message := asked.get()) is not _DONE:
            if isinstance(message, bytes):
                yield message
            elif isinstance(message, Exception):
                raise message
            else:
                fed.put(next((piece for piece in plain if piece), b""))
    finally:
        fed.put(None)
        thread.join()
