"""The process that sends is killed in the middle of a mail (R05), with its whole worker (R06), or
after the mail server has taken the mail (R07)."""

from collections.abc import Callable
from threading import Event
from time import monotonic

from tests.faults.parts import strike
from tests.faults.services import Redis
from tests.faults.trial import PATIENCE, Trial
from tests.processes.waiting import until

#: The most mails that are caught in the middle.
_CATCHES = 3


def sender_killed(trial: Trial) -> None:
    """The process that sends dies while the mail server has not answered; the worker goes on.

    Beside PostgreSQL with Redis as the broker, as on a server; else with the queue of files.
    """
    changes = {}
    if trial.engine == "postgresql":
        trial.redis = Redis(trial.folder).start()
        changes["REDIS_URL"] = trial.redis.url
    _catch_some(trial, kill=lambda: strike(trial.site.senders(trial.sink.port)), **changes)
    assert trial.site.worker is not None
    trial.require(trial.site.worker.poll() is None, "the worker ended with its sender")


def worker_killed(trial: Trial) -> None:
    """The whole worker dies and another one is started."""

    def kill() -> None:
        trial.site.kill_worker()
        trial.site.launch_worker()

    _catch_some(trial, kill=kill)


def _catch_some(trial: Trial, *, kill: Callable[[], None], **changes: str) -> None:
    """A mail hangs at the mail server, its sender is killed, and another one finishes it."""
    trial.start(**changes)
    # What the server had in its hands when the sender died is one copy.
    trial.most_copies = 2
    with trial.people():
        for turn in range(1, _CATCHES + 1):
            Event().wait(trial.load.seconds / _CATCHES)
            seconds = _catch(trial, kill)
            trial.note(f"catch {turn}: finished by another {seconds:.1f} s after the kill")
    trial.settle()


def _catch(trial: Trial, kill: Callable[[], None]) -> float:
    """How long the mails that were on their way then had to wait."""
    trial.sink.may_answer.clear()
    taken = len(trial.sink.order)
    until(lambda: len(trial.sink.order) > taken, "a mail is on its way")
    caught = trial.sending()
    kill()
    trial.sink.may_answer.set()
    began = monotonic()
    trial.let_leases_run_out(caught)
    until(lambda: not caught & trial.waiting(), "another finishes them", within=PATIENCE)
    return monotonic() - began


def killed_after_acceptance(trial: Trial) -> None:
    """The mail server takes the mail, and the worker dies before it can write that down."""
    trial.start()
    trial.most_copies = 2
    emails = [f"taken-{turn}@example.org" for turn in range(_CATCHES)]
    for email in emails:
        _take_and_kill(trial, email)
    # Nobody else signs; those who do confirm.
    trial.crowd.enough.set()
    trial.crowd.start()
    trial.settle()
    for email in emails:
        copies = trial.sink.mails(email)
        trial.require(len(copies) == 2, f"there are {len(copies)} copies")
        trial.require(len({copy.id for copy in copies}) == 1, "the copies differ in Message-ID")
        trial.require(len({copy.link for copy in copies}) == 1, "the copies differ in their link")
    trial.note(f"{len(emails)} mails taken and not written down: 2 copies each, one Message-ID")


def _take_and_kill(trial: Trial, email: str) -> None:
    taken = Event()

    def die(to: str) -> None:
        if to != email:  # the demonstration has mails of its own
            return
        trial.sink.accepted = None
        trial.site.kill_worker()
        taken.set()

    trial.sink.accepted = die
    trial.require(trial.crowd.sign(email), "a signature was not stored")
    until(taken.is_set, "the mail server took it")
    trial.site.launch_worker()
    trial.let_leases_run_out(trial.sending())
    until(lambda: len(trial.sink.mails(email)) == 2, "a second copy came", within=PATIENCE)
