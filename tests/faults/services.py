"""A PostgreSQL cluster and a Redis of the trials' own: theirs to kill."""

import os
import pwd
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import psycopg
import redis

from tests.faults.parts import children, strike
from tests.processes.sites import free_port
from tests.processes.waiting import until

#: PostgreSQL refuses to run as root; its package brings this user.
_USER = "postgres"


class MissingError(Exception):
    """What a trial needs and this machine does not have."""


class Postgres:
    """A cluster made for one trial, on a port of its own, listening to this machine only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._programs = _postgres_programs()
        self._as_user = _unprivileged()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://site@127.0.0.1:{self.port}/site"

    def create(self) -> "Postgres":
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._as_user:
            shutil.chown(self.folder, _USER)
        self._call("initdb", "--username=site", "--auth=trust", "--encoding=UTF8", "--locale=C")
        self.start()
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE site")
        return self

    @property
    def _server(self) -> str:
        return f"postgres://site@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        # A killed server leaves it behind; its process is known to be gone.
        with suppress(FileNotFoundError):
            (self.folder / "postmaster.pid").unlink()
        with (self.folder.parent / "postgres.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self._programs / "postgres",
                    *("-D", self.folder, "-p", str(self.port), "-h", "127.0.0.1"),
                    *("-c", "unix_socket_directories=", "-c", "max_connections=60"),
                ],
                stdout=log,
                stderr=log,
                **self._as_user,
            )
        until(self.answers, "PostgreSQL answers")

    def answers(self) -> bool:
        with suppress(psycopg.Error), psycopg.connect(self._server, connect_timeout=2):
            return True
        return False

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """kill -9 of every process at once, as when the machine loses its power."""
        if self._process is not None:
            strike([self._process.pid, *children(self._process.pid)])
            self._process.wait(10)

    def stop(self) -> None:
        """The orderly way: connections are ended, everything is written."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(2)  # SIGINT: PostgreSQL's "fast shutdown"
            self._process.wait(30)

    def deadlocks(self) -> int:
        with psycopg.connect(self._server) as connection:
            row = connection.execute(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = 'site'"
            ).fetchone()
        return int(row[0]) if row else 0

    def _call(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments, "-D", self.folder],
            capture_output=True,
            text=True,
            check=False,
            **self._as_user,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{done.stderr}")


def _postgres_programs() -> Path:
    """Where Debian keeps them, the newest first, or where PATH has them."""
    beside = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    found = beside[-1] if beside else shutil.which("initdb")
    if not found:
        raise MissingError("PostgreSQL's programs (initdb, postgres)")
    return Path(found).parent


def _version(path: Path) -> int:
    name = path.parents[1].name
    return int(name) if name.isdecimal() else 0


def _unprivileged() -> dict[str, object]:
    """What makes a child of root run as PostgreSQL's own user; nothing for anybody else."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam(_USER)
    except KeyError as error:
        raise MissingError(f"the user {_USER}, since PostgreSQL does not run as root") from error
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}


class Redis:
    """A broker that keeps nothing: what it held is lost when it is killed."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        if program is None:
            raise MissingError("redis-server")
        self.port = free_port()
        self._command = [program, "--port", str(self.port), "--bind", "127.0.0.1"]
        self._command += ["--dir", str(folder), "--save", "", "--appendonly", "no"]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> "Redis":
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        until(self._answers, "Redis answers")
        return self

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)

    def _answers(self) -> bool:
        with suppress(redis.RedisError), redis.Redis(port=self.port) as client:
            return bool(client.ping())
        return False
