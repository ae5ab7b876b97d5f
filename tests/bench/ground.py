"""A database and a folder for one measurement, and processes that work on them."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from tests.processes.sites import free_port, variables
from tests.project.catalogues import ROOT


@dataclass(frozen=True)
class Ground:
    env: dict[str, str]
    engine: str
    #: How long each kind of work is measured.
    seconds: float
    #: Steps that have been run and need not be again.
    done: set[tuple[str, ...]] = field(default_factory=set)

    def run(self, *command: str) -> dict[str, Any]:
        """Runs a Python program on this database to its end; what it printed, as JSON.

        Each step is a process of its own, so that none's memory counts for another.
        """
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found: dict[str, Any] = json.loads(done.stdout or "{}")
        return found

    def run_once(self, *command: str) -> None:
        """Runs what several kinds of work begin with, for the first of them."""
        if command not in self.done:
            self.run(*command)
            self.done.add(command)


def _server() -> str:
    return os.environ.get("BENCH_DATABASE_URL") or os.environ.get("TEST_POSTGRES_URL") or ""


def engines() -> list[str]:
    """What can be measured on here: PostgreSQL where a variable names its server."""
    return ["SQLite", "PostgreSQL"] if _server() else ["SQLite"]


@contextmanager
def ground(engine: str, seconds: float) -> Iterator[Ground]:
    """An empty site: its tables, without demonstration."""
    server = _server() if engine == "PostgreSQL" else ""
    with tempfile.TemporaryDirectory(prefix="petition-bench-") as folder, _database(server) as url:
        env = variables(Path(folder) / "var", free_port(), DATABASE_URL=url)
        place = Ground(env, engine, seconds)
        tables = ("--run-syncdb", "--settings=tests.bench.settings", "--verbosity=0")
        place.run("manage.py", "migrate", *tables)
        yield place


@contextmanager
def _database(server: str) -> Iterator[str]:
    """The address of a new database on a server of PostgreSQL; "" for SQLite."""
    if not server:
        yield ""
        return
    name = f"petition_bench_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        made = f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"
        connection.execute(made.encode())
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
