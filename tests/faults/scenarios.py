"""Which fault is tried how, and on which engines."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults import broker, database, disk, mailing, web, worker
from tests.faults.trial import Trial

_BOTH = ("sqlite", "postgresql")
_POSTGRESQL = ("postgresql",)
_SQLITE = ("sqlite",)


@dataclass(frozen=True)
class Scenario:
    """`name` is that of the fault; several scenarios may try one."""

    name: str
    title: str
    run: Callable[[Trial], None]
    engines: tuple[str, ...] = _BOTH


SCENARIOS = [
    Scenario("R01", "web processes killed while they answer", web.killed),
    Scenario("R02", "kill -9 of the whole database", database.killed, _POSTGRESQL),
    Scenario("R03", "answers to COMMIT lost", database.answers_to_commit_lost, _POSTGRESQL),
    Scenario("R03", "answers to the browser lost", database.answers_to_people_lost, _SQLITE),
    Scenario("R04", "Redis away while people sign", broker.away),
    Scenario("R05", "sending processes killed in the middle of a mail", worker.sender_killed),
    Scenario("R06", "whole worker killed in the middle of a mail", worker.worker_killed),
    Scenario("R07", "worker killed once its mail was taken", worker.killed_after_acceptance),
    Scenario("R08", "mail server away for hours", mailing.away_for_hours),
    Scenario("R10", "database away from the worker", database.away_from_the_worker, _POSTGRESQL),
    Scenario("R11", "disk full", disk.full),
    Scenario("R16", "every act on one row at once", database.everybody_at_once, _POSTGRESQL),
    Scenario("R24", "three schedulers and two workers", broker.three_schedulers),
    Scenario("R25", "rolling restart of everything", web.replaced),
]
