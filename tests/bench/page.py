"""The petition page through gunicorn, beside a view that does nothing behind the same middleware.

Four connections ask one after another for as many pages as they get in a few seconds.
"""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from time import perf_counter, sleep

from tests.bench import signing
from tests.bench.ground import Ground
from tests.bench.report import Figure
from tests.project.catalogues import ROOT

_CONNECTIONS = 4
_SECONDS = 5.0
_PATIENCE = 30.0


def measure(place: Ground, rows: int) -> list[Figure]:
    place.run(*signing.FILL, str(rows))
    place.run("manage.py", "collectstatic", "--noinput", "--verbosity=0")
    with _web(place) as port:
        bare = _rate(port, "/healthz")
        page = _rate(port, "/en/petitions/bench/")
        count = _rate(port, "/petitions/bench/count.json")
    return [
        Figure("reference: a view that does nothing", f"{bare:,.0f} a second"),
        Figure("petition page", f"{page:,.0f} a second"),
        Figure("petition page: of the reference", f"{page / bare:.2f}", "0.70 or more"),
        Figure("count", f"{count:,.0f} a second"),
        Figure("count: of the reference", f"{count / bare:.2f}"),
    ]


@contextmanager
def _web(place: Ground) -> Iterator[int]:
    """Gunicorn alone, as it is shipped; its port."""
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    port = int(place.env["PORT"])
    web = subprocess.Popen([*command, "campaign.wsgi"], cwd=ROOT, env=place.env)
    try:
        _wait(port)
        yield port
    finally:
        web.terminate()
        web.wait(30)


def _wait(port: int) -> None:
    end = perf_counter() + _PATIENCE
    while perf_counter() < end:
        with suppress(OSError):
            if _take(HTTPConnection("127.0.0.1", port, timeout=5), "/healthz") == 200:
                return
        sleep(0.2)
    raise RuntimeError("gunicorn does not answer")


def _take(connection: HTTPConnection, path: str) -> int:
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    response.read()
    return response.status


def _rate(port: int, path: str) -> float:
    """Answers a second, all of them 200; the first moments, in which processes warm up, aside."""
    _asked(port, path, 1.0)
    with ThreadPoolExecutor(_CONNECTIONS) as threads:
        runs = [threads.submit(_asked, port, path, _SECONDS) for _each in range(_CONNECTIONS)]
        return sum(run.result() for run in runs) / _SECONDS


def _asked(port: int, path: str, seconds: float) -> int:
    connection, number = HTTPConnection("127.0.0.1", port, timeout=20), 0
    end = perf_counter() + seconds
    while perf_counter() < end:
        status = _take(connection, path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        number += 1
    connection.close()
    return number
