"""The database is killed (R02), its answers are lost (R03), it is away from the worker (R10), or
everybody wants the same rows at once (R16)."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from urllib.parse import urlsplit
from uuid import uuid4

from tests.faults.parts import children, processor_seconds
from tests.faults.trial import PATIENCE, Trial
from tests.faults.wires import ForgetfulWire
from tests.processes.sites import PETITION, Site, filled_in, variables
from tests.processes.waiting import until
from tests.project.catalogues import ROOT

#: Seconds of every cycle in which the database is away, and in which it is there.
_AWAY, _THERE = 1.0, 2.0


def killed(trial: Trial) -> None:
    """kill -9 of the whole cluster, again and again, while people sign."""
    trial.start()
    assert trial.postgres is not None
    cluster, kills = trial.postgres, 0
    with trial.people():
        for _turn in trial.turns(every=_THERE):
            cluster.kill()
            Event().wait(_AWAY)
            cluster.start()
            kills += 1
    # A worker that lost its database in the middle of a mail leaves a lease behind.
    trial.let_leases_run_out(trial.sending())
    trial.settle()
    trial.note(f"{kills} times kill -9 of the whole cluster, {_AWAY:.0f} s away each time")
    # The mail may have left before the database could be told.
    trial.most_copies = 2


def answers_to_commit_lost(trial: Trial) -> None:
    """The database commits, and the connection breaks before web or worker hear of it."""
    site = trial.start()
    assert trial.postgres is not None
    wire = ForgetfulWire(trial.postgres.port, mark=b"COMMIT", odds=3)
    direct = site.changes["DATABASE_URL"]
    place = urlsplit(direct)
    site.end()
    site.beats.clear()
    site.changes["DATABASE_URL"] = place._replace(netloc=f"site@127.0.0.1:{wire.port}").geturl()
    site.start()
    with trial.people():
        for _turn in trial.turns():
            pass
    wire.mended.set()
    site.changes["DATABASE_URL"] = direct
    trial.let_leases_run_out(trial.sending())
    trial.settle()
    trial.note(f"{wire.forgotten} answers to COMMIT lost")
    trial.require(wire.forgotten > 0, "no answer was lost")


def answers_to_people_lost(trial: Trial) -> None:
    """The site does its work, and the connection to the browser breaks before it answers."""
    site = trial.start()
    wire = ForgetfulWire(site.port, mark=b"POST /", odds=3)
    trial.crowd.site = Site(site.folder, port=wire.port)
    with trial.people():
        for _turn in trial.turns():
            pass
    wire.mended.set()
    trial.settle()
    trial.note(f"{wire.forgotten} answers to a press of the button lost")
    trial.require(wire.forgotten > 0, "no answer was lost")


def away_from_the_worker(trial: Trial) -> None:
    """No database for a while: the worker neither ends nor spins, and goes on by itself."""
    site = trial.start()
    assert trial.postgres is not None
    with trial.people():
        trial.sign(3, name="before")
    trial.postgres.kill()
    assert site.worker is not None
    processes = [site.worker.pid, *children(site.worker.pid)]
    before, lines = processor_seconds(processes), len(site.log.read_bytes().splitlines())
    for _turn in trial.turns():
        pass
    used = processor_seconds(processes) - before
    written = len(site.log.read_bytes().splitlines()) - lines
    trial.postgres.start()
    trial.let_leases_run_out(trial.sending())
    trial.sign(3, name="after")
    trial.settle()
    trial.note(
        f"the worker used {used:.1f} s of processor in {trial.load.seconds:.0f} s without a"
        f" database and wrote {written} lines"
    )
    trial.require(site.worker.poll() is None, "the worker ended")
    trial.require(used < trial.load.seconds / 4, "the worker spins")


def everybody_at_once(trial: Trial) -> None:
    """Two petitions, the same people in opposite order, every act on one row at the same time."""
    trial.start()
    assert trial.postgres is not None
    # Each of the quarrelling signs both petitions, twice.
    trial.most_copies = 4
    _open_second_petition(trial)
    with trial.people():
        for turn in trial.turns():
            emails = [f"cross-{turn}-{each}@example.org" for each in range(4)]
            pairs = [(PETITION, email) for email in emails]
            pairs += [(_SECOND, email) for email in reversed(emails)]
            with ThreadPoolExecutor(16) as pool:
                # Going through the answers raises what went wrong in a thread.
                list(pool.map(lambda pair: _sign_and_quarrel(trial, *pair), [*pairs, *pairs]))
    until(lambda: _hurried(trial), "all mail left", within=PATIENCE * 2)
    trial.settle()
    locked = trial.postgres.deadlocks()
    trial.note(f"{locked} deadlocks")
    trial.require(locked == 0, "the database had to break a deadlock")


def _hurried(trial: Trial) -> bool:
    """Whether all mail has left; what was put off for coming too soon is due now."""
    trial.let_waits_be_over()
    return not trial.mails().get("queued", 0)


_SECOND = "second-petition"
_OPEN_SECOND = f"""
import django
django.setup()
from tests.factories import petitions
petitions.open_petition(slug="{_SECOND}")
"""


def _open_second_petition(trial: Trial) -> None:
    environment = variables(trial.site.folder, trial.site.port, **trial.site.changes)
    subprocess.run(
        [sys.executable, "-c", _OPEN_SECOND], cwd=ROOT, env=environment, check=True, timeout=60
    )


def _sign_and_quarrel(trial: Trial, slug: str, email: str) -> None:
    """One form posted three times over, and every button of its page pressed at once."""
    site = trial.site
    sign = f"/en/petitions/{slug}/sign/"
    form = filled_in(site.get(sign).field("form_token"), email=email)
    with ThreadPoolExecutor(4) as pool:
        posts = list(pool.map(lambda _copy: site.post(sign, form), range(3)))
        for answer in posts:
            trial.require(answer.status == 303, f"a double submit answered {answer.status}")
        page = posts[0].path
        acts = [
            {"act": "resend"},
            {"act": "code", "code": "000000"},
            {"act": "change", "email": f"other-{uuid4().hex}@example.org"},
        ]
        for answer in pool.map(lambda act: site.post(page, act), acts):
            trial.ledger.note(answer.status)
            trial.require(answer.status < 500, f"a button answered {answer.status}")
