"""Files that are whole or not there, seen by nobody else, and a folder to work in."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from campaign.backups.errors import BackupError

_WORK = ".backup-work"
_DRAFT = ".part"


@contextmanager
def workplace(parent: Path) -> Iterator[Path]:
    """An empty folder of ours below `parent`, for one process at a time; gone afterwards.

    What a killed process left there, unsealed, goes when the next one comes.
    """
    folder = parent / _WORK
    with (parent / f"{_WORK}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError("A backup or restore is under way. Wait for its end.") from error
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder)


@contextmanager
def appearing(path: Path) -> Iterator[BinaryIO]:
    """A file to write, for its owner only, that gets its name once all of it is on the disk."""
    draft = path.with_name(f".{path.name}{_DRAFT}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def drop_drafts(folder: Path) -> None:
    """Deletes what killed processes began; to be called while none writes there."""
    for draft in folder.glob(f".petition-*{_DRAFT}"):
        draft.unlink()


def sync_folder(folder: Path) -> None:
    """Names outlast a power cut only then."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def pieces(file: Path, size: int = 1 << 20) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(size):
            yield piece


def write(file: Path, content: Iterator[bytes]) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        for piece in content:
            target.write(piece)
