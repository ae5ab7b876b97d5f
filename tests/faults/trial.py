"""One fault on one engine: its site, its services, its people, and the verdict at the end."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from time import monotonic

from tests.faults.ledger import Found, Ledger
from tests.faults.mailserver import Sink
from tests.faults.parts import Parts, keys
from tests.faults.people import Crowd
from tests.faults.prepared import copy
from tests.faults.services import Postgres, Redis
from tests.processes.waiting import until

#: A lease runs for a minute; a mail that waits for it must be there soon after.
PATIENCE = 75.0


@dataclass(frozen=True)
class Load:
    """How hard and how long; `patient` waits for leases and back-offs instead of moving them."""

    seconds: float = 10.0
    clients: int = 3
    patient: bool = False


@dataclass
class Trial:
    """Everything of one run. What a scenario wants to be told of itself it puts into `notes`."""

    engine: str
    load: Load
    moulds: Path
    folder: Path
    ledger: Ledger = field(default_factory=Ledger)
    sink: Sink = field(default_factory=Sink)
    notes: list[str] = field(default_factory=list)
    postgres: Postgres | None = None
    redis: Redis | None = None
    #: A mail server that forgets who it wrote to may write twice; nothing else may.
    most_copies: int = 1
    #: Whether the mail server is there from the beginning.
    sink_answers: bool = True
    #: The newest signature of the demonstration: what comes after it is this trial's.
    since: int = 0
    #: What is undone once everything has ended.
    afterwards: ExitStack = field(default_factory=ExitStack)
    _site: Parts | None = None
    _crowd: Crowd | None = None

    # --- setting up --------------------------------------------------------------------------

    def start(self, **changes: str) -> Parts:
        """The engine and the mail server where a scenario has not brought them, and the site."""
        if self.postgres is None:
            self.postgres = copy(self.engine, moulds=self.moulds, to=self.folder)
        if self.sink_answers:
            self.sink.start()
        own = keys() | {"EMAIL_URL": self.sink.url}
        if self.postgres is not None:
            own["DATABASE_URL"] = self.postgres.url
        self._site = Parts(self.folder / "var", own | changes)
        self._site.start()
        [(self.since,)] = self.site.sql("SELECT coalesce(max(id), 0) FROM petitions_signature")
        self._crowd = Crowd(self.site, self.sink, self.ledger, clients=self.load.clients)
        return self._site

    @property
    def site(self) -> Parts:
        assert self._site is not None
        return self._site

    @property
    def crowd(self) -> Crowd:
        assert self._crowd is not None
        return self._crowd

    def end(self) -> None:
        if self._crowd is not None:
            self._crowd.over.set()
        if self._site is not None:
            self._site.end()
        self.sink.stop()
        for service in (self.postgres, self.redis):
            if service is not None:
                service.kill()
        self.afterwards.close()

    # --- while it runs -----------------------------------------------------------------------

    @contextmanager
    def people(self, *, within: float = 60.0) -> Iterator[None]:
        """People sign and confirm during the block; afterwards each comes to an end."""
        self.crowd.start()
        yield
        self.crowd.finish(within=within)

    def turns(self, every: float = 1.0) -> Iterator[int]:
        """One turn each `every` seconds, for as long as the load says."""
        end = monotonic() + self.load.seconds
        turn = 0
        while monotonic() < end:
            Event().wait(every)
            yield turn
            turn += 1

    def note(self, text: str) -> None:
        self.notes.append(text)

    def require(self, holds: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
        """A promise of the scenario itself; broken, it fails the run."""
        if not holds:
            self.ledger.complain(what)

    def sign(self, number: int, *, name: str) -> list[str]:
        """So many people sign one after another; their addresses."""
        addresses = [f"{name}-{turn}@example.org" for turn in range(number)]
        for email in addresses:
            self.require(self.crowd.sign(email), f"{email} was not told that it is stored")
        return addresses

    # --- the outbox --------------------------------------------------------------------------

    def mails(self) -> dict[str, int]:
        """How many mails of this trial are in which state."""
        rows = self.site.sql(
            "SELECT state, count(*) FROM petitions_delivery"
            f" WHERE signature_id > {self.since} GROUP BY state"
        )
        return {str(state): int(number) for state, number in rows}

    def sending(self) -> set[int]:
        """Mails that a sender has claimed and not finished."""
        return self._in_state("sending")

    def waiting(self) -> set[int]:
        """Mails that have not come to an end, whatever it will be."""
        return self._in_state("queued") | self._in_state("sending")

    def _in_state(self, state: str) -> set[int]:
        rows = self.site.sql(f"SELECT id FROM petitions_delivery WHERE state = '{state}'")
        return {int(row[0]) for row in rows}

    def let_leases_run_out(self, mails: set[int]) -> None:
        """As if a minute had passed since these were claimed; the patient wait for it."""
        if mails and not self.load.patient:
            self.site.sql(
                "UPDATE petitions_delivery SET lease_until = created_at WHERE state = 'sending'"
                f" AND id IN ({', '.join(map(str, mails))})"
            )

    def let_waits_be_over(self) -> None:
        """As if the waits after failures, and those between two mails to one address, were over."""
        if self.load.patient:
            return
        self.site.sql("UPDATE petitions_delivery SET due_at = created_at WHERE state = 'queued'")
        self.site.sql("UPDATE petitions_delivery SET sent_at = NULL WHERE state = 'sent'")

    def settle(self, *, within: float = PATIENCE * 2) -> None:
        """Waits until all mail has left and everybody who signed was told that it counts."""
        until(self._all_mail_left, "all mail left", within=within)
        until(
            lambda: self.ledger.counted >= set(self.ledger.signed) and self.sink.links.empty(),
            "everybody was told that it counts",
            within=within,
        )
        self.crowd.go_home()

    def _all_mail_left(self) -> bool:
        return not {"queued", "sending"} & set(self.mails())

    # --- the verdict -------------------------------------------------------------------------

    def verdict(self) -> tuple[bool, str]:
        """Whether every word was kept, and the line that says so."""
        self.crowd.go_home()
        found = Found.of(self.ledger, self.site, since=self.since)
        public = self._public_total(found.total)
        copies = self.sink.most_copies()
        signed, counted = len(self.ledger.signed), len(self.ledger.counted)
        line = (
            f"acknowledged {signed}, found {found.signed}, duplicates {found.duplicates};"
            f" told counted {counted}, counted {found.counted}; public total {public} of"
            f" {found.total} rows; at most {copies} mail each"
        )
        kept = (
            (found.signed, found.counted, found.duplicates) == (signed, counted, 0)
            and public == found.total
            and copies <= self.most_copies
            and self.ledger.counted >= set(self.ledger.signed)
            and signed > 0
            and not self.ledger.wrong
        )
        return kept, line

    def _public_total(self, truth: int) -> int:
        """What the site tells everybody, once it has had the time to count."""
        end = monotonic() + 10
        while (told := self.site.total()) != truth and monotonic() < end:
            Event().wait(0.2)
        return told

    def remarks(self) -> Iterator[str]:
        """What else was seen, a line each."""
        answers = ", ".join(
            f"{times} × {answer}" for answer, times in sorted(self.ledger.answers.items())
        )
        yield f"answers: {answers}; 95 of 100 submits within {self.ledger.p95():.0f} ms"
        yield from self.notes
        for what in sorted(set(self.ledger.wrong)):
            yield f"NOT KEPT: {what} ({self.ledger.wrong.count(what)} times)"

    def show_log(self) -> None:
        """The end of what the site's processes wrote."""
        if self._site is not None and self._site.log.exists():
            print("  --- log\n" + self._site.log.read_text()[-4000:])


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's own user may pass through, and of which nothing is left."""
    with tempfile.TemporaryDirectory(prefix="petition-fault-", ignore_cleanup_errors=True) as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


@contextmanager
def trial(engine: str, load: Load, *, moulds: Path) -> Iterator[Trial]:
    """A trial in a folder of its own."""
    with folder() as own:
        running = Trial(engine, load, moulds, own)
        try:
            yield running
        finally:
            running.end()
