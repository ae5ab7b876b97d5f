"""A site's folder with a database and backups, on each engine, where nothing runs."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree, ignore_patterns
from uuid import uuid4

import psycopg
import pytest

from campaign.backups import recovery
from tests.processes.sites import ROOT, Site, free_port, manage, variables
from tests.services import postgres_url

CODE = "ABCDE-FGHIJ-KLMNO-PQRST-UVWXY"
KEY = recovery.private_key(CODE)
#: Python that has a petition to sign.
PETITION_HERE = (
    "from tests.factories import petitions as make; from petitions.models import Petition; "
    "petition = Petition.objects.select_related('vault').get(slug='cambodia-follow-up'); "
)
COUNTED = "SELECT count(*) FROM petitions_signature WHERE state = 'confirmed' AND held_at IS NULL"


@dataclass
class Place:
    """A site's folder, database and backups; nothing of it runs."""

    site: Site
    changes: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.site.folder

    @property
    def env(self) -> dict[str, str]:
        backups = {
            "BACKUP_DIR": str(self.databases),
            "BACKUP_KEYS_DIR": str(self.keys),
            "BACKUP_PUBLIC_KEYS": recovery.written(KEY.public_key),
        }
        changes = {**backups, **self.site.changes, **self.changes}
        return variables(self.folder, self.site.port, **changes)

    @property
    def databases(self) -> Path:
        return self.folder.parent / "databases"

    @property
    def keys(self) -> Path:
        return self.folder.parent / "keys"

    def run(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """A command of `manage.py`, with a pipe for a terminal."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def backup(self) -> Path:
        done = self.run("backup")
        assert done.returncode == 0, done.stderr
        return max(self.databases.glob("petition-*.database"))

    def restore(
        self, file: Path, *arguments: str, typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return self.run("restore", str(file), *arguments, typed=f"{CODE}\n{typed}")

    def refusal(self, file: Path, *arguments: str) -> str:
        """Why a restore is refused; nothing may be changed by it, nothing unsealed left over."""
        before = self.content()
        done = self.restore(file, *arguments)
        assert done.returncode == 1, done.stdout
        assert self.content() == before
        assert not (self.folder / ".backup-work").exists()
        return done.stderr.strip().removeprefix("CommandError: Nothing was restored. ")

    def code(self, text: str) -> None:
        """Runs Python in the site."""
        done = self.run("shell", "--verbosity", "0", "--command", text)
        assert done.returncode == 0, done.stderr

    def sign(self, number: int = 1) -> None:
        self.code(f"{PETITION_HERE}[make.confirmed(petition) for _ in range({number})]")

    def total(self) -> int:
        return int(self.site.sql(COUNTED)[0][0])

    def content(self) -> list[list[tuple[object, ...]]]:
        """What a restore or a drill might touch."""
        tables = ("petitions_signature", "petitions_keyslot", "petitions_tally")
        return [self.site.sql(f"SELECT * FROM {table} ORDER BY 1") for table in tables]


@pytest.fixture(scope="module")
def loaded_postgres(loaded_folder: Path) -> Iterator[str]:
    """A PostgreSQL database with the demonstration in it, from which others are copied."""
    with postgres_copy(postgres_url() or "", "template0") as url:
        env = variables(loaded_folder, free_port(), DATABASE_URL=url)
        for command in ("migrate", "loaddemo"):
            done = manage(command, env=env)
            assert done.returncode == 0, done.stderr
        yield url


@contextmanager
def postgres_copy(server: str, original: str) -> Iterator[str]:
    """The address of a database copied from another; it is dropped at the end."""
    name = f"petition_restore_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        made = f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE {original}"
        connection.execute(made.encode())
        yield f"{server.rpartition('/')[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def sqlite_place(loaded_folder: Path, tmp_path: Path) -> Place:
    copytree(loaded_folder, tmp_path / "var")
    return Place(Site(tmp_path / "var"))


@pytest.fixture
def postgres_place(loaded_folder: Path, loaded_postgres: str, tmp_path: Path) -> Iterator[Place]:
    folder = tmp_path / "postgres" / "var"
    copytree(loaded_folder, folder, ignore=ignore_patterns("db.sqlite3*"))
    with postgres_copy(postgres_url() or "", loaded_postgres.rpartition("/")[2]) as url:
        yield Place(Site(folder, {"DATABASE_URL": url}))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgresql)])
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(f"{request.param}_place")
    return found
