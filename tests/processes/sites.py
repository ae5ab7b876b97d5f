"""The whole site as `manage.py start` runs it: in a folder and on a port of its own."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg

from tests.processes.waiting import until
from tests.project.catalogues import ROOT

PETITION = "cambodia-follow-up"
SIGN = f"/en/petitions/{PETITION}/sign/"
#: What the site reads, so that neither the machine's variables nor a `.env` are mixed in.
_NEUTRAL = {
    "DEMO": "1",
    "DEBUG": "0",
    "SECRET_KEY": "",
    "PETITIONS_MAIL_KEYS": "",
    "PETITIONS_LINK_KEY": "",
    "PETITIONS_INDEX_PEPPER": "",
    "SECRET_KEY_FALLBACKS": "",
    "PETITIONS_LINK_KEY_FALLBACKS": "",
    "BIND": "127.0.0.1",
    "WEB_CONCURRENCY": "1",
    "ALLOWED_HOSTS": "",
    "PROXY_COUNT": "0",
    "DATABASE_URL": "",
    "REDIS_URL": "",
    "EMAIL_URL": "",
    "MAIL_FROM": "Petition <petition@example.org>",
    "CONTACT_EMAIL": "contact@example.org",
    "ORGANIZER_NAME": "",
    "RETENTION_MONTHS": "12",
    "PETITIONS_EVENT_NETWORKS": "127.0.0.0/8",
    "BACKUP_DIR": "",
    "BACKUP_KEYS_DIR": "",
    "BACKUP_PUBLIC_KEYS": "",
    "BACKUP_KEEP_DAYS": "60",
    "DJANGO_SETTINGS_MODULE": "campaign.settings",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def variables(folder: Path, port: int, **changes: str) -> dict[str, str]:
    """The environment of a site's processes."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    own = {
        "VAR_DIR": str(folder),
        "PORT": str(port),
        "PUBLIC_BASE_URL": f"http://localhost:{port}",
    }
    return {**kept, **_NEUTRAL, **own, **changes}


def manage(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs a command of `manage.py` to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, redirects not followed."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def path(self) -> str:
        """Where a redirect leads on this site."""
        return urlsplit(self.headers["Location"]).path

    def field(self, name: str) -> str:
        """The value of a form's input, as the page carries it."""
        found = re.search(rf'<input[^>]*\bname="{name}"[^>]*\bvalue="([^"]*)"', self.text)
        found = found or re.search(rf'<input[^>]*\bvalue="([^"]*)"[^>]*\bname="{name}"', self.text)
        assert found, f"the page has no field {name}"
        return found[1]


@dataclass
class Site:
    """A running site; `stop()` or `kill()` ends it."""

    folder: Path
    changes: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """All that its processes wrote to stdout and stderr."""
        return self.folder.with_name(f"{self.folder.name}.log")

    def start(self) -> "Site":
        self.launch()
        until(self._answers, "the site answers", within=60)
        return self

    def launch(self) -> None:
        """Starts it without waiting for its first answer."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "start"],
                cwd=ROOT,
                env=variables(self.folder, self.port, **self.changes),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        with suppress(OSError, HTTPException):
            return self.get("/healthz").status == 200
        return False

    def stop(self, number: signal.Signals = signal.SIGTERM, *, within: float = 15) -> int:
        """Signals the process that was started, as a terminal or a service manager does."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(within)

    def kill(self) -> None:
        """Whatever is left of it, at once."""
        for pid in self.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait(10)

    def pids(self, program: str = "") -> list[int]:
        """Its living processes, known by their VAR_DIR, whatever group or parent they have."""
        mark = f"VAR_DIR={self.folder}\0".encode()
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if not entry.name.isdecimal() or mark not in (entry / "environ").read_bytes():
                    continue
                if program.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
        return found

    # --- asking it -------------------------------------------------------------------------

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, data: dict[str, str], **headers: str) -> Answer:
        form = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self.ask("POST", path, body=urlencode(data), headers=form)

    def ask(
        self, method: str, path: str, *, body: str | None = None, headers: dict[str, str]
    ) -> Answer:
        """One request on a connection of its own: no cookie is kept, no redirect followed."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

    def sign(self, email: str, **changes: str) -> Answer:
        """Fetches the form and posts it filled in."""
        token = self.get(SIGN).field("form_token")
        return self.post(SIGN, filled_in(token, email=email, **changes))

    def total(self) -> int:
        return int(self.count()["confirmed"])

    def count(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.get(f"/petitions/{PETITION}/count.json").body)
        return found

    # --- what only a test may look at --------------------------------------------------------

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        """Runs one statement on its database, past the site."""
        url = self.changes.get("DATABASE_URL", "")
        if url:
            with psycopg.connect(url, autocommit=True) as connection:
                cursor = connection.execute(query.encode())
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=20)) as file:
            rows = file.execute(query).fetchall()
            file.commit()
            return rows


def filled_in(token: str, **changes: str) -> dict[str, str]:
    """A valid form as a browser posts it."""
    return {
        "form_token": token,
        "website": "",
        "eligibility": "resident",
        "name": "Sok Dara",
        "residence": "canada",
        "province": "BC",
        "postal_code": "V3B 1A1",
        "country": "",
        "declaration": "on",
        **changes,
    }
