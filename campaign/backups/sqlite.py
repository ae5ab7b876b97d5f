"""Dump and restore of SQLite: a dump is a database file, copied page by page while others write."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from campaign.backups.engines import Prove, connected
from campaign.backups.errors import BackupError, DamagedError
from campaign.backups.files import sync_folder
from campaign.backups.keeping import stamp
from petitions import clock

#: What a restore replaced is kept under the same name, this, and a stamp.
FORMER = ".before-restore-"
_SIDE_FILES = ("-wal", "-shm")


class SQLite:
    name = "SQLite"

    @contextmanager
    def dump(self, file: Path) -> Iterator[str]:
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
            # One file, without a log beside it that would have to come along.
            copy.execute("PRAGMA journal_mode = DELETE")
        check(file)
        with connected("backup", NAME=str(file), OPTIONS={}) as alias:
            yield alias

    @contextmanager
    def beside(self, file: Path) -> Iterator[str]:
        check(file)
        with connected("restored", NAME=str(file), OPTIONS={}) as alias:
            yield alias

    def place(self, file: Path, *, prove: Prove) -> str:
        with self.beside(file) as alias:
            prove(alias)
        connection.close()
        present = Path(connection.settings_dict["NAME"])
        former = _set_aside(present) if present.exists() else None
        file.chmod(0o600)
        file.replace(present)
        sync_folder(present.parent)
        return str(former or "")

    def users(self) -> int:
        """0: who has a file open is found out when it is set aside."""
        return 0

    def forget(self, *, before: str) -> list[str]:
        present = Path(connection.settings_dict["NAME"])
        prefix = present.name + FORMER
        kept = [path for path in present.parent.iterdir() if path.name.startswith(prefix)]
        leaving = [path for path in kept if path.name < prefix + before]
        for path in leaving:
            path.unlink()
        return [path.name for path in leaving]


def check(file: Path) -> None:
    """Raises `DamagedError` unless every page of the file is sound."""
    try:
        with closing(sqlite3.connect(file)) as copy:
            found = [row[0] for row in copy.execute("PRAGMA integrity_check(3)")]
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    if found != ["ok"]:
        raise DamagedError(
            f"SQLite finds the database damaged ({'; '.join(found)}). "
            "Restore the newest backup from before, and look at the disk."
        )


def _set_aside(present: Path) -> Path:
    """A second name for the present file, which keeps it when the first one goes."""
    try:
        with closing(sqlite3.connect(present, timeout=1)) as last:
            # Works only while nobody else has it open, and leaves all of it in this one file.
            last.execute("PRAGMA journal_mode = DELETE").fetchall()
    except sqlite3.OperationalError as error:
        raise BackupError(
            f"Another process has {present.name} open ({error}). "
            "Stop web, worker and clock, then restore."
        ) from error
    except sqlite3.DatabaseError:
        pass  # damaged, which may be why it is being replaced: kept as it is, with its logs
    former = present.with_name(present.name + FORMER + stamp(clock.display_now()))
    for suffix in _SIDE_FILES:
        # Beside the new file they would be taken for its own.
        if (side := present.with_name(present.name + suffix)).exists():
            side.rename(former.with_name(former.name + suffix))
    os.link(present, former)
    former.chmod(0o600)
    return former
