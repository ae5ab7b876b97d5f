"""The petition page through gunicorn, beside a view that does nothing behind the same middleware.

Four connections ask one after another for as many pages as they get. Each address has its turn
for a moment, again and again, so that a machine that grows slower does so for all of them.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from statistics import median
from time import perf_counter, sleep

from tests.bench import signing
from tests.bench.ground import Ground
from tests.bench.report import Figure, of_reference
from tests.project.catalogues import ROOT

Connect = Callable[[], HTTPConnection]
_CONNECTIONS = 4
_ROUNDS = 5
_PATIENCE = 30.0
#: A view that does nothing, and what is measured beside it.
_PATHS = ("/healthz", "/en/petitions/bench/", "/petitions/bench/count.json")


def measure(place: Ground, rows: int) -> list[Figure]:
    place.run_once(*signing.FILL, str(rows))
    place.run_once("manage.py", "collectstatic", "--noinput", "--verbosity=0")
    with web(place) as port:
        found = list(rounds(lambda: _connection(port), _PATHS, place.seconds))
    bare, page, count = (median(rates) for rates in zip(*found, strict=True))
    return [
        Figure("reference: a view that does nothing", f"{bare:,.0f} a second"),
        Figure("petition page", f"{page:,.0f} a second"),
        of_reference("petition page", median(each[1] / each[0] for each in found), "0.70 or more"),
        Figure("count", f"{count:,.0f} a second"),
        of_reference("count", median(each[2] / each[0] for each in found)),
    ]


def _connection(port: int) -> HTTPConnection:
    return HTTPConnection("127.0.0.1", port, timeout=20)


def rounds(connect: Connect, paths: Sequence[str], seconds: float) -> Iterator[list[float]]:
    """The rates of the addresses, several times over, after one in which all warms up."""
    for number in range(_ROUNDS + 1):
        rates = [_rate(connect, path, seconds / _ROUNDS) for path in paths]
        if number:
            yield rates


@contextmanager
def web(place: Ground) -> Iterator[int]:
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
            if _take(_connection(port), "/healthz") == 200:
                return
        sleep(0.2)
    raise RuntimeError("gunicorn does not answer")


def _take(connection: HTTPConnection, path: str) -> int:
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    response.read()
    return response.status


def _rate(connect: Connect, path: str, seconds: float) -> float:
    """Answers a second, all of them 200."""
    with ThreadPoolExecutor(_CONNECTIONS) as threads:
        runs = [threads.submit(_asked, connect, path, seconds) for _each in range(_CONNECTIONS)]
        return sum(run.result() for run in runs) / seconds


def _asked(connect: Connect, path: str, seconds: float) -> int:
    connection, number = connect(), 0
    end = perf_counter() + seconds
    while perf_counter() < end:
        status = _take(connection, path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        number += 1
    connection.close()
    return number
