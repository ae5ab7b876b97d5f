"""The site of a burst: every process as it is deployed, each on a port of its own."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from threading import Event, Thread

from tests.burst.plan import Plan
from tests.burst.record import Record
from tests.faults.ledger import Found, counted_rows
from tests.faults.mailserver import Sink
from tests.faults.parts import Parts, children, keys, processor_seconds
from tests.faults.prepared import copy
from tests.faults.services import MissingError, Redis
from tests.faults.trial import folder
from tests.processes.nginx import SiteBehindNginx
from tests.processes.sites import PETITION, filled_in
from tests.processes.waiting import until
from tests.project.catalogues import ROOT

#: Locust has an environment of its own, so that nothing of it reaches the site's.
PEOPLE = ROOT / ".venv-load" / "bin" / "python"
_LANGUAGES = ("km", "en", "fr")
#: About what `CPUWeight` says in deploy/systemd/petition-worker.service.
_NICE = "4"
#: No mail is put off for so long, and nobody waits so long for an answer.
_PATIENCE = 900.0


@dataclass
class PartsBehindNginx(SiteBehindNginx, Parts):
    """Each process of the site by itself, and nginx before them."""

    def launch_worker(self) -> None:
        super().launch_worker()
        assert self.worker is not None
        # A session of its own is a group for the scheduler, where the kernel groups at all.
        with suppress(OSError):
            Path(f"/proc/{self.worker.pid}/autogroup").write_text(_NICE)


@dataclass
class Place:
    site: Parts
    sink: Sink
    folder: Path
    #: What runs here, in words.
    parts: list[str]
    crowds: int = 0
    fed: Event = field(default_factory=Event)

    @property
    def is_behind_nginx(self) -> bool:
        return isinstance(self.site, SiteBehindNginx)

    def send(self, *, people: int, seconds: float, hall: float = 0.0) -> "Come":
        """A crowd, from the first who comes to the last whose button was pressed."""
        self.crowds += 1
        used = self.processor()
        name = f"crowd-{self.crowds}"
        since = int(self.site.sql("SELECT coalesce(max(id), 0) FROM petitions_signature")[0][0])
        plan = self._plan(name, people, seconds, hall)
        command = [str(PEOPLE), "-m", "tests.burst.people", str(plan.save(self.folder / name))]
        with subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as crowd:
            assert crowd.stdin is not None
            assert crowd.stdout is not None
            self.fed.clear()
            postman = Thread(target=self._bring_mail, args=[crowd], daemon=True)
            postman.start()
            signed = crowd.stdout.readline()
            if signed:
                until(self._all_mail_left, "all mail left", within=_PATIENCE)
            self.fed.set()
            postman.join()
        if crowd.returncode or not signed:
            raise RuntimeError("the people did not come to an end")
        used = {part: seconds - used[part] for part, seconds in self.processor().items()}
        return Come(self, Record.read(Path(plan.ledger)), since, used)

    def processor(self) -> dict[str, float]:
        """What each part of the site has used of the processor so far, in seconds."""
        site = self.site
        roots = {"web": site.process, "worker": site.worker}
        if isinstance(site, SiteBehindNginx):
            roots["nginx"] = site.nginx
        return {
            part: processor_seconds([root.pid, *children(root.pid)])
            for part, root in roots.items()
            if root is not None
        }

    def _plan(self, name: str, people: int, seconds: float, hall: float) -> Plan:
        port = self.site.secure_port if self.is_behind_nginx else self.site.port
        return Plan(
            host="localhost" if self.is_behind_nginx else "127.0.0.1",
            port=port,
            is_secure=self.is_behind_nginx,
            sign=[f"/{language}/petitions/{PETITION}/sign/" for language in _LANGUAGES],
            form=filled_in(""),
            name=name,
            people=people,
            seconds=seconds,
            hall=hall,
            ledger=str(self.folder / f"{name}.ledger"),
        )

    def _bring_mail(self, crowd: subprocess.Popen[str]) -> None:
        assert crowd.stdin is not None
        with crowd.stdin as mailbox:
            while not (self.fed.is_set() and self.sink.links.empty()):
                try:
                    email, link = self.sink.links.get(timeout=0.2)
                except Empty:
                    continue
                mailbox.write(f"{email} {link}\n")
                mailbox.flush()

    def _all_mail_left(self) -> bool:
        Event().wait(1.0)  # it is the site that is to have the processor
        waiting = "SELECT count(*) FROM petitions_delivery WHERE state IN ('queued', 'sending')"
        return int(self.site.sql(waiting)[0][0]) == 0


@dataclass
class Come:
    """A crowd that has come and gone, and what the site has of it."""

    place: Place
    record: Record
    since: int
    #: Part → seconds of the processor.
    used: dict[str, float]

    def found(self) -> Found:
        return Found.of(self.record.ledger, self.place.site, since=self.since)

    def public_total(self) -> tuple[int, int]:
        """What the site tells everybody, and the rows behind it."""
        truth, told = counted_rows(self.place.site), -1
        for _look in range(50):
            told = self.place.site.total()
            if told == truth:
                break
            Event().wait(0.2)
        return told, truth


@contextmanager
def place(engine: str) -> Iterator[Place]:
    """With nginx and Redis where they are installed; nothing of it is left at the end."""
    with folder() as own, ExitStack() as services:
        cluster = copy(engine, moulds=_made(own / "moulds"), to=_made(own / "site"))
        if cluster is not None:
            services.callback(cluster.kill)
        sink = Sink().start()
        services.callback(sink.stop)
        changes = keys() | {
            "EMAIL_URL": sink.url,
            "PETITIONS_EVENT_NETWORKS": "",
            # Each person's own device would do the sum; here all of them share the site's cores.
            "PROOF_PER_MINUTE": "0",
        }
        if cluster is not None:
            changes["DATABASE_URL"] = cluster.url
        parts = ["gunicorn (2 processes of 8 threads)", "worker (2 processes)", engine]
        redis = _redis(own, services)
        if redis is not None:
            changes["REDIS_URL"] = redis.url
            parts.append("Redis")
        site = _site(own / "site" / "var", changes, parts)
        services.callback(site.end)
        site.start()
        yield Place(site, sink, own, parts)


def _made(path: Path) -> Path:
    path.mkdir()
    path.chmod(0o755)
    return path


def _redis(own: Path, services: ExitStack) -> Redis | None:
    try:
        redis = Redis(own).start()
    except MissingError:
        return None
    services.callback(redis.kill)
    return redis


def _site(var: Path, changes: dict[str, str], parts: list[str]) -> Parts:
    """Behind nginx with the shipped configuration, where there is nginx."""
    if shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin") is None:
        return Parts(var, changes)
    parts.append("nginx with TLS")
    behind = {"PUBLIC_BASE_URL": "https://localhost", "PROXY_COUNT": "1"}
    return PartsBehindNginx(var, changes | behind)
