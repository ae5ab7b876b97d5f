"""Redis is away while people sign (R04), or every bell is rung by three schedulers (R24)."""

from time import monotonic

from tests.faults.services import Redis
from tests.faults.trial import Trial
from tests.processes.waiting import until

#: Within so many seconds of its return mail leaves again, unaided.
_SOON = 30.0


def away(trial: Trial) -> None:
    """Redis is killed and stays away while people sign."""
    trial.redis = Redis(trial.folder).start()
    trial.start(REDIS_URL=trial.redis.url)
    trial.crowd.sign("first@example.org")
    until(lambda: trial.sink.mails("first@example.org"), "mail leaves while Redis is there")
    trial.redis.kill()
    with trial.people():
        for _turn in trial.turns():
            pass
    trial.require(trial.ledger.failures == 0, "a request failed while Redis was away")
    waiting = trial.mails().get("queued", 0)
    trial.redis.start()
    began = monotonic()
    until(lambda: trial.mails().get("queued", 0) < waiting, "mail leaves again", within=_SOON)
    back = monotonic() - began
    trial.settle()
    trial.note(
        f"Redis away for {trial.load.seconds:.0f} s, {waiting} mails waited,"
        f" the first left {back:.1f} s after its return"
    )


def three_schedulers(trial: Trial) -> None:
    """Two more schedulers and another worker: each mail is sent once, each total is right."""
    site = trial.start()
    site.launch_beat()
    site.launch_beat()
    first = site.worker
    site.launch_worker()
    with trial.people():
        for _turn in trial.turns():
            pass
    trial.settle()
    assert first is not None
    first.terminate()
    first.wait(60)
    marks = site.sql(
        "SELECT petition_id, number FROM petitions_milestone GROUP BY petition_id, number"
        " HAVING count(*) > 1"
    )
    trial.require(marks == [], "a mark was recorded twice")
    trial.note("3 schedulers, 2 workers")
