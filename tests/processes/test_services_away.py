"""Redis or the database goes away and comes back; nothing acknowledged is lost."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from tests.processes.conftest import StartSite
from tests.processes.mailboxes import MailServer, await_kept
from tests.processes.proxies import Proxy
from tests.processes.sites import SIGN, Site, filled_in, free_port
from tests.processes.waiting import until
from tests.skips import need


class RedisServer:
    """A Redis of the test's own, to be stopped and started."""

    def __init__(self, program: str, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._command = [program, "--port", str(self.port), "--bind", "127.0.0.1"]
        self._command += ["--dir", str(folder), "--save", "", "--appendonly", "no"]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        until(self._answers, "Redis answers")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)

    def _answers(self) -> bool:
        with suppress(redis.RedisError), redis.Redis(port=self.port) as client:
            return bool(client.ping())
        return False


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(need("redis-server"), tmp_path)
    server.start()
    yield server
    server.stop()


def test_with_redis_away_signing_goes_on_and_mail_follows(
    start_site: StartSite, redis_server: RedisServer
) -> None:
    site = start_site(REDIS_URL=redis_server.url)
    site.sign("before@example.org")
    await_kept(site, "before@example.org")

    redis_server.stop()
    assert [site.sign(f"away-{turn}@example.org").status for turn in range(3)] == [303, 303, 303]
    page = site.get(f"/km/petitions/{SIGN.split('/')[3]}/")
    assert page.status == 200

    redis_server.start()
    for turn in range(3):
        await_kept(site, f"away-{turn}@example.org")
    assert site.stop() == 0


def test_redis_going_away_in_the_middle_of_a_mail_ends_no_worker(
    start_site: StartSite, redis_server: RedisServer, mail_server: MailServer
) -> None:
    """The bell that it followed can be neither acknowledged nor put back."""
    site = start_site(REDIS_URL=redis_server.url, EMAIL_URL=mail_server.url)
    mail_server.may_answer.clear()
    site.sign("held@example.org")
    mail_server.await_mail("held@example.org")
    redis_server.stop()
    mail_server.may_answer.set()
    sent = "SELECT count(*) FROM petitions_delivery WHERE state = 'sent'"
    until(lambda: site.sql(sent) == [(1,)], "the mail is marked")

    redis_server.start()
    site.sign("after@example.org")
    mail_server.await_mail("after@example.org")
    assert site.stop() == 0


@pytest.fixture
def wire(postgres_database: str) -> Iterator[Proxy]:
    server = urlsplit(postgres_database)
    proxy = Proxy(server.hostname or "127.0.0.1", server.port or 5432)
    yield proxy
    proxy.cut()


def saved(site: Site) -> list[tuple[int]]:
    return site.sql(
        "SELECT count(*) FROM petitions_signature UNION ALL SELECT count(*) FROM petitions_delivery"
    )


@pytest.mark.postgresql
def test_with_the_database_away_the_form_keeps_what_was_typed(
    start_site: StartSite, postgres_database: str, wire: Proxy
) -> None:
    server = urlsplit(postgres_database)
    near = server._replace(netloc=f"{server.netloc.rpartition(':')[0]}:{wire.port}").geturl()
    site = start_site(DATABASE_URL=near)
    form = filled_in(
        site.get(SIGN).field("form_token"), email="kept@example.org", name="Kept Name", updates="on"
    )

    wire.cut()
    answer = site.post(SIGN, form)
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"
    names = ("form_token", "name", "email", "postal_code")
    assert {name: answer.field(name) for name in names} == {name: form[name] for name in names}
    assert site.get(f"/en/petitions/{SIGN.split('/')[3]}/").status == 503
    assert site.get("/readyz").status == 503
    assert site.get("/healthz").status == 200

    wire.mend()
    before = saved(site)
    assert site.post(SIGN, form).status == 303
    assert saved(site) == [(number + 1,) for (number,) in before]
    await_kept(site, "kept@example.org")
