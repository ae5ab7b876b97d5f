"""A database and a folder for one measurement, and processes that work on them."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


@contextmanager
def ground() -> Iterator[Ground]:
    """An empty site: migrated, without demonstration."""
    with tempfile.TemporaryDirectory(prefix="petition-bench-") as folder, _database() as url:
        env = variables(Path(folder) / "var", free_port(), DATABASE_URL=url)
        place = Ground(env, "PostgreSQL" if url else "SQLite")
        place.run("manage.py", "migrate", "--verbosity=0")
        yield place


@contextmanager
def _database() -> Iterator[str]:
    """The address of a new database on the server that a variable names; "" for SQLite."""
    server = os.environ.get("BENCH_DATABASE_URL") or os.environ.get("TEST_POSTGRES_URL")
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
