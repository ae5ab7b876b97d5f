"""The web process is killed (R01), or told to make room for its successor (R25)."""

import os
import signal

from tests.faults.parts import children, strike
from tests.faults.trial import Trial
from tests.processes.waiting import until


def killed(trial: Trial) -> None:
    """Every other second one of gunicorn's processes is killed in the middle of what it does."""
    site = trial.start()
    killed = 0
    with trial.people():
        for _turn in trial.turns(every=2.0):
            alive = site.web_children()
            if alive:
                # The oldest: its successor may not have begun to answer.
                strike(alive[:1])
                killed += 1
    trial.settle()
    trial.note(f"{killed} web processes killed")
    trial.require(killed > 0, "no web process was killed")


def replaced(trial: Trial) -> None:
    """New code: the web reloads, worker and scheduler are stopped and started. Nobody notices."""
    site = trial.start()
    reloads = 0
    with trial.people():
        for turn in trial.turns():
            if turn % 4 == 1:
                _replace_all(trial)
                reloads += 1
    trial.settle()
    trial.note(f"{reloads} rolling restarts")
    trial.require(reloads > 0, "nothing was restarted")
    trial.require(trial.ledger.failures == 0, "a request failed during a rolling restart")
    assert site.process is not None
    trial.require(site.process.poll() is None, "the web ended")


def _replace_all(trial: Trial) -> None:
    site = trial.site
    assert site.process is not None
    assert site.worker is not None
    worker = site.worker.pid
    # One that is still beginning has nothing to end in order.
    until(lambda: len(children(worker)) > 1, "the worker has its processes")
    before = set(site.web_children())
    os.kill(site.process.pid, signal.SIGHUP)
    site.worker.terminate()
    [beat] = site.beats
    beat.terminate()
    trial.require(site.worker.wait(60) == 0, "the worker did not end in order")
    beat.wait(30)
    site.beats.clear()
    site.launch_worker()
    site.launch_beat()
    until(lambda: not before & set(site.web_children()), "the former web processes ended")
