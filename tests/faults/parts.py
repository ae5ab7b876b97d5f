"""The processes of a site, started apart so that each can be killed by itself."""

import os
import secrets
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from tests.processes.sites import Site, manage, variables
from tests.processes.waiting import until
from tests.project.catalogues import ROOT

#: The ledger computes with them what the site wrote, so both have the same.
_KEYS = ("SECRET_KEY", "PETITIONS_LINK_KEY", "PETITIONS_INDEX_PEPPER")


def keys() -> dict[str, str]:
    mail_keys = ",".join(settings.PETITIONS_MAIL_KEYS)
    return {"PETITIONS_MAIL_KEYS": mail_keys} | {name: getattr(settings, name) for name in _KEYS}


@dataclass
class Parts(Site):
    """A site as service managers run it: gunicorn, the Celery worker, and the scheduler."""

    worker: subprocess.Popen[bytes] | None = None
    beats: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def prepare(self) -> None:
        """Tables, static files and the demonstration."""
        for command in (["migrate"], ["collectstatic", "--noinput"], ["loaddemo"]):
            done = manage(*command, env=self._environment())
            if done.returncode:
                raise RuntimeError(f"{command[0]} failed:\n{done.stderr}")

    def launch(self) -> None:
        self.launch_web()
        self.launch_worker()
        self.launch_beat()

    def launch_web(self) -> None:
        self.process = self._run("gunicorn", "--config", "deploy/gunicorn.conf.py")

    def start_web(self) -> None:
        self.launch_web()
        until(self._answers, "the site answers", within=60)

    def launch_worker(self) -> None:
        self.worker = self._run(
            *("celery", "--quiet", "--app", "campaign", "worker", "--concurrency", "2"),
            *("--loglevel", "WARNING"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        )

    def launch_beat(self) -> None:
        """One scheduler more, with a memory of its own."""
        memory = self.folder / f"beat-{secrets.token_hex(4)}"
        self.beats.append(
            self._run("celery", "--quiet", "--app", "campaign", "beat", "--schedule", str(memory))
        )

    def _run(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _environment(self) -> dict[str, str]:
        return variables(self.folder, self.port, **{"WEB_CONCURRENCY": "2", **self.changes})

    def end(self) -> None:
        """Whatever is left of it, at once."""
        self.kill()
        for process in (self.worker, *self.beats):
            if process is not None:
                process.wait(10)

    # --- its processes ---------------------------------------------------------------------

    def web_children(self) -> list[int]:
        """The processes of gunicorn that answer; the one that watches over them is not among."""
        assert self.process is not None
        return children(self.process.pid)

    def senders(self, port: int) -> list[int]:
        """The processes of the worker that talk to the mail server on that port."""
        assert self.worker is not None
        sockets = _sockets_to(port)
        return [pid for pid in children(self.worker.pid) if sockets & _open_files(pid)]

    def kill_worker(self) -> None:
        """The whole worker, every process of it, without a word."""
        assert self.worker is not None
        strike([self.worker.pid, *children(self.worker.pid)])
        self.worker.wait(10)


def children(parent: int) -> list[int]:
    """The living processes that `parent` started."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        with suppress(OSError):
            # After the command's name in brackets, which may hold anything: state and parent.
            state, above = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(above) == parent and state != "Z":
                found.append(int(entry.name))
    return sorted(found)


def strike(pids: list[int]) -> None:
    """kill -9, for processes that these scripts started."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _sockets_to(port: int) -> set[str]:
    """The sockets of this machine that are connected to a port, as `/proc` names them."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {f"socket:[{line[9]}]" for line in lines if int(line[2].rpartition(":")[2], 16) == port}


def _open_files(pid: int) -> set[str]:
    found = set()
    with suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                found.add(str(link.readlink()))
    return found


def processor_seconds(pids: list[int]) -> float:
    """What they have used of the processor so far."""
    ticks = 0
    for pid in pids:
        with suppress(OSError):
            values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(values[11]) + int(values[12])
    return ticks / os.sysconf("SC_CLK_TCK")
