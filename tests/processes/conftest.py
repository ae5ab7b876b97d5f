"""Sites of real processes, each in its own folder."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db import connections

from tests.processes.mailboxes import MailServer
from tests.processes.places import (  # noqa: F401 - fixtures
    loaded_postgres,
    place,
    postgres_place,
    sqlite_place,
)
from tests.processes.sites import Site, free_port, manage, variables
from tests.services import postgres_url

StartSite = Callable[..., Site]


@pytest.fixture(autouse=True, scope="session")
def no_database_of_ours() -> None:
    """These tests ask the sites' own databases."""
    connections.close_all()


@pytest.fixture(scope="session")
def loaded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A VAR_DIR with the demonstration in it, made once; sites start from copies of it."""
    folder = tmp_path_factory.mktemp("loaded") / "var"
    env = variables(folder, free_port())
    for command in (["migrate"], ["collectstatic", "--noinput"], ["loaddemo"]):
        done = manage(*command, env=env)
        assert done.returncode == 0, done.stderr
    # Its petitioner has just written to people: those mails are none of the tests'.
    with closing(sqlite3.connect(folder / "db.sqlite3")) as file, file:
        file.execute("DELETE FROM petitions_delivery")
    return folder


@pytest.fixture(scope="module")
def start_site(
    loaded_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartSite]:
    """Starts sites by variables; all are ended after the module."""
    sites: list[Site] = []

    def start(**changes: str) -> Site:
        folder = tmp_path_factory.mktemp("site") / "var"
        shutil.copytree(loaded_folder, folder)
        if changes.get("DATABASE_URL"):
            for file in folder.glob("db.sqlite3*"):
                file.unlink()
        site = Site(folder, changes)
        sites.append(site)
        return site.start()

    yield start
    for site in sites:
        site.kill()


@pytest.fixture(scope="module")
def site(start_site: StartSite) -> Site:
    """One site for a whole module: SQLite, queue of files, mail kept."""
    return start_site()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def postgres_database() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    server = postgres_url()
    assert server is not None
    name = f"petition_site_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        made = f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"
        connection.execute(made.encode())
    yield f"{server.rpartition('/')[0]}/{name}"
    with suppress(psycopg.Error), psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
