"""A web process dies in the middle of an export: neither file nor record claims to be whole."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from tests.processes.sites import PETITION, Answer, Site, variables
from tests.processes.waiting import until
from tests.project.catalogues import ROOT

EXPORT = f"/desk/petitions/{PETITION}/export/"
ROWS = 2000
#: The most that a system keeps of what was sent and not yet read: the file must be larger.
SEND_BUFFER = int(Path("/proc/sys/net/ipv4/tcp_wmem").read_text().split()[2])


class Keeper:
    """The demonstration's list keeper, by plain HTTP through the real forms."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.cookies: dict[str, str] = {}
        self.secrets = json.loads((site.folder / "demo.json").read_text())

    def log_in(self) -> None:
        (user,) = [each for each in self.secrets["users"] if each["role"] == "list_keeper"]
        token = self.get("/accounts/login/").field("csrfmiddlewaretoken")
        form = {"login": user["email"], "password": user["password"]}
        answer = self._asks("POST", "/accounts/login/", {**form, "csrfmiddlewaretoken": token})
        assert answer.status == 302

    def get(self, path: str) -> Answer:
        answer = self._asks("GET", path)
        assert answer.status == 200
        return answer

    def _asks(self, method: str, path: str, data: dict[str, str] | None = None) -> Answer:
        answer = self.site.ask(
            method, path, body=urlencode(data) if data else None, headers=self.headers()
        )
        for header in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: each.value for name, each in SimpleCookie(header).items()}
        return answer

    def headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}

    def begins_export(self, connection: HTTPConnection) -> HTTPResponse:
        """Posts the form; the answer's body is not read yet."""
        data = {
            "csrfmiddlewaretoken": self.get(EXPORT).field("csrfmiddlewaretoken"),
            "purpose": "check",
            "reason": "A worker dies",
            "recipient": "Nobody",
            "destroy_by": f"{datetime.now(tz=UTC) + timedelta(days=9):%Y-%m-%d}",
            "fields_asked": "name",
            "file_format": "plain",
            "passphrase": self.secrets["vault_passphrase"],
        }
        connection.request("POST", EXPORT, urlencode(data), self.headers())
        return connection.getresponse()


def _slow_connection(site: Site) -> HTTPConnection:
    """A connection that takes in little at a time: the server must wait for its reader."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=30)
    connection.sock = socket.socket()
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.sock.settimeout(30)
    connection.sock.connect(("127.0.0.1", site.port))
    return connection


def _rest(response: HTTPResponse) -> bytes:
    """All that still comes, until the connection ends one way or the other."""
    body = b""
    try:
        while piece := response.read1():
            body += piece
    except (HTTPException, OSError):
        pass
    return body


def _web_worker(site: Site) -> int:
    """The process of gunicorn that answers: the one whose parent is gunicorn too."""
    pids = site.pids("gunicorn")
    (worker,) = [pid for pid in pids if _parent(pid) in pids]
    return worker


def _parent(pid: int) -> int:
    (found,) = re.findall(r"^PPid:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found)


def _newest_record(site: Site) -> tuple[object, ...]:
    query = "SELECT finished_at, rows, digest FROM petitions_exportrecord ORDER BY id DESC LIMIT 1"
    return site.sql(query)[0]


def test_a_killed_worker_leaves_a_file_and_a_record_without_an_end(site: Site) -> None:
    letters = 3 * SEND_BUFFER // ROWS
    subprocess.run(
        [sys.executable, "-m", "tests.bench.crowd", PETITION, str(ROWS), str(letters)],
        cwd=ROOT,
        env=variables(site.folder, site.port),
        check=True,
    )
    keeper = Keeper(site)
    keeper.log_in()

    with closing(_slow_connection(site)) as connection:
        response = keeper.begins_export(connection)
        assert response.status == 200
        body = response.read(20_000)
        assert body.startswith(b'"name"\r\n"')
        os.kill(_web_worker(site), signal.SIGKILL)
        body += _rest(response)
    assert len(body) < ROWS * letters
    assert b"# end" not in body
    assert _newest_record(site) == (None, None, "")

    until(lambda: site.get("/healthz").status == 200, "another process answers")
    assert "under way" in keeper.get(EXPORT).text
    site.sql("UPDATE petitions_exportrecord SET started_at = datetime(started_at, '-1 hour')")
    log = keeper.get(EXPORT).text
    assert ("interrupted" in log, "under way" in log) == (True, False)


def test_a_download_to_its_end_has_one(site: Site) -> None:
    """Without this the test above would pass on a site that never writes an end."""
    keeper = Keeper(site)
    keeper.log_in()
    with closing(HTTPConnection("127.0.0.1", site.port, timeout=60)) as connection:
        lines = keeper.begins_export(connection).read().splitlines()
    rows = len(lines) - 2
    assert lines[-1] == f"# end, {rows} rows".encode()
    assert _newest_record(site)[1] == rows
