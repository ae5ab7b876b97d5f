"""The site answers, and stops on one signal without leaving a process."""

import re
import signal

import pytest

from tests.processes.conftest import StartSite
from tests.processes.sites import Site
from tests.processes.waiting import until
from tests.services import redis_url


def languages(site: Site) -> list[str]:
    """What each language's home says that it is written in."""
    pages = [site.get(f"/{code}/") for code in ("km", "en", "fr")]
    assert [page.status for page in pages] == [200, 200, 200]
    return [re.findall(r'<html\s[^>]*\blang="([\w-]+)"', page.text)[0] for page in pages]


def assert_stops(site: Site, number: signal.Signals) -> None:
    until(lambda: len(site.pids("celery")) > 1, "the worker has its processes")
    assert site.stop(number) == 0
    assert site.pids() == []
    assert "Traceback" not in site.log.read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_stops_web_and_worker(start_site: StartSite, number: signal.Signals) -> None:
    site = start_site()
    assert languages(site) == ["km", "en-CA", "fr-CA"]
    assert site.get("/readyz").status == 200
    assert_stops(site, number)


def test_a_signal_while_it_starts_leaves_no_process(start_site: StartSite) -> None:
    site = start_site()
    site.stop()
    said = len(site.log.read_bytes())
    site.launch()
    until(lambda: b"Stop with Ctrl-C" in site.log.read_bytes()[said:], "it is about to run")
    assert site.stop() == 0
    assert site.pids() == []


@pytest.mark.postgresql
@pytest.mark.redis
@pytest.mark.xdist_group("redis")
def test_the_same_on_postgresql_and_redis(start_site: StartSite, postgres_database: str) -> None:
    site = start_site(DATABASE_URL=postgres_database, REDIS_URL=redis_url() or "")
    assert languages(site) == ["km", "en-CA", "fr-CA"]
    assert site.get("/readyz").status == 200
    assert list(site.folder.glob("db.sqlite3*")) == []
    assert_stops(site, signal.SIGTERM)
