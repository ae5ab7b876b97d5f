"""Dump and restore of PostgreSQL, by its own programs.

Put into place, a dump gets the schema `public` for itself; the former one stays under another name.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.db import Error as AnyDatabaseError
from django.db import connection, connections, transaction
from django.db.backends.postgresql.client import DatabaseClient

from campaign.backups.engines import Prove, connected
from campaign.backups.errors import BackupError
from campaign.backups.keeping import stamp
from petitions import clock

#: Name of the schema that keeps what a restore replaced; a stamp follows.
FORMER = "before_restore_"


class PostgreSQL:
    name = "PostgreSQL"

    @contextmanager
    def dump(self, file: Path) -> Iterator[str]:
        with connected("backup", **_patient()) as alias, transaction.atomic(using=alias):
            with connections[alias].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute("SELECT pg_export_snapshot()")
                snapshot = cursor.fetchone()[0]
            _run(
                "pg_dump",
                alias,
                *("--format=custom", "--no-owner", "--no-privileges"),
                # Not what earlier restores replaced.
                f"--exclude-schema={FORMER}*",
                f"--snapshot={snapshot}",
                f"--file={file}",
            )
            yield alias

    @contextmanager
    def beside(self, file: Path) -> Iterator[str]:
        name = f"petition_drill_{token_hex(6)}"
        with connected("maintenance", **_patient()) as alias:
            _execute(
                alias,
                f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0",
                remedy="The drill makes a database of its own: ALTER ROLE … CREATEDB, or try the "
                "backup on another machine with its own DATABASE_URL.",
            )
            try:
                with connected("restored", NAME=name, **_patient()) as restored:
                    _load(file, restored)
                    yield restored
            finally:
                _execute(alias, f"DROP DATABASE {name} WITH (FORCE)", remedy="Drop it by hand.")

    def place(self, file: Path, *, prove: Prove) -> str:
        former = FORMER + stamp(clock.display_now()).lower()
        connection.close()
        with connected("restored", **_patient()) as alias:
            with transaction.atomic(using=alias):
                _execute(
                    alias,
                    f"ALTER SCHEMA public RENAME TO {former}",
                    "CREATE SCHEMA public",
                    remedy="The site's role must own the database: ALTER DATABASE … OWNER TO ….",
                )
            try:
                _load(file, alias)
                prove(alias)
            except BaseException:
                with transaction.atomic(using=alias):
                    _execute(
                        alias,
                        "DROP SCHEMA public CASCADE",
                        f"ALTER SCHEMA {former} RENAME TO public",
                        remedy=f"The former data is in the schema {former}.",
                    )
                raise
        return f"the schema {former}"

    def users(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            return int(cursor.fetchone()[0])

    def forget(self, *, before: str) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nspname FROM pg_namespace WHERE nspname LIKE %s AND nspname < %s",
                [FORMER.replace("_", r"\_") + "%", FORMER + before.lower()],
            )
            names = [row[0] for row in cursor.fetchall()]
            for name in names:
                cursor.execute(f"DROP SCHEMA {connection.ops.quote_name(name)} CASCADE")
        return names


def _patient() -> dict[str, Any]:
    """The site's options without its haste: a connection of ours may work for minutes."""
    return {"OPTIONS": {**connection.settings_dict["OPTIONS"], "options": ""}}


def _load(file: Path, alias: str) -> None:
    options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _run("pg_restore", alias, *options, str(file))


def _execute(alias: str, *statements: str, remedy: str) -> None:
    try:
        with connections[alias].cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    except AnyDatabaseError as error:
        raise BackupError(f"PostgreSQL refuses ({_first_line(str(error))}). {remedy}") from error


def _run(name: str, alias: str, *arguments: str) -> None:
    """A program of PostgreSQL on the database of `alias`; no password stands in its arguments."""
    program = shutil.which(name)
    if program is None:
        raise BackupError(
            f"{name} is not on this machine. Install postgresql-client of the server's version."
        )
    settings = connections[alias].settings_dict
    where, secrets = DatabaseClient.settings_to_cmd_args_env(settings, [])
    done = subprocess.run(  # noqa: S603 - no shell; the arguments are ours
        [program, *where[1:-1], f"--dbname={settings['NAME']}", "--no-password", *arguments],
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", **(secrets or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(
            f"{name} failed ({_first_line(done.stderr)}). If it is older than the server, "
            "install postgresql-client of the server's version."
        )


def _first_line(text: str) -> str:
    return (text.strip() or "no reason given").splitlines()[0]
