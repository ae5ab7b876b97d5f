"""The disk is full (R11): what cannot be stored is refused, what was stored stays."""

import os
import subprocess
from pathlib import Path

from tests.faults.services import MissingError
from tests.faults.trial import Trial
from tests.processes.waiting import until

_SIZE = "400m"
#: What the ballast leaves free, so that some are still stored before all are refused. PostgreSQL
#: has taken the room for its log beforehand.
_LEFT = {"sqlite": 192 * 1024, "postgresql": 96 * 1024}


def full(trial: Trial) -> None:
    """People sign until nothing more fits; then room is made, and they sign on."""
    _mount(trial.folder)
    trial.afterwards.callback(_unmount, trial.folder)
    site = trial.start()
    ballast = trial.folder / "ballast"
    with trial.people():
        _fill(ballast, leave=_LEFT[trial.engine])
        for _turn in trial.turns():
            pass
        refused, stored = trial.ledger.answers["503"], len(trial.ledger.signed)
        ballast.unlink()
        _restart_what_ended(trial)
        trial.sign(3, name="afterwards")
    trial.let_leases_run_out(trial.sending())
    trial.settle()
    trial.note(f"{stored} stored and {refused} times 503 while the disk was filling and full")
    trial.require(refused > 0, "the disk was never full")
    if trial.engine == "sqlite":
        trial.require(site.sql("PRAGMA integrity_check") == [("ok",)], "the file is damaged")


def _restart_what_ended(trial: Trial) -> None:
    """What a service manager does; said, if it had to be done."""
    site, database = trial.site, trial.postgres
    if database is not None and not database.is_running():
        trial.note("PostgreSQL had ended and was started again")
        database.start()
    assert site.worker is not None
    if site.worker.poll() is not None:
        trial.note("the worker had ended and was started again")
        site.launch_worker()
    for beat in list(site.beats):
        if beat.poll() is not None:
            trial.note("the scheduler had ended and was started again")
            site.beats.remove(beat)
            site.launch_beat()
    assert site.process is not None
    trial.require(site.process.poll() is None, "the web ended")


def _fill(ballast: Path, *, leave: int) -> None:
    disk = os.statvfs(ballast.parent)
    free = disk.f_bavail * disk.f_frsize
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(4096, free - leave))


def _mount(folder: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE},mode=755", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        raise MissingError("right to mount a small disk (root)")


def _unmount(folder: Path) -> None:
    """Once the processes that had files on it are gone, which takes a moment."""
    command = ["umount", str(folder)]
    until(
        lambda: subprocess.run(command, check=False, capture_output=True).returncode == 0,
        "the small disk is let go",
    )
