"""The mail server is away for hours (R08): away, refusing, busy, and one mailbox that is gone."""

from tests.faults.trial import Trial
from tests.processes.waiting import until

_HOURS = 6


def away_for_hours(trial: Trial) -> None:
    """First nothing listens, then each mail is put off (450, 421), then all is well again."""
    trial.sink_answers = False
    site = trial.start()
    with trial.people():
        for turn in trial.turns(every=trial.load.seconds / 6):
            _worsen(trial, turn)
    tries = site.sql("SELECT max(attempts) FROM petitions_delivery")[0][0]
    _make_older(trial)
    page = site.get(next(iter(trial.ledger.signed.values())))
    trial.require("E-mail is slow" in page.text, "the page does not say that mail is slow")
    trial.require(trial.sink.order == [], "a mail was taken while the server refused all")
    waiting = trial.mails().get("queued", 0)

    trial.sink.answer = "250 OK"
    trial.let_waits_be_over()
    trial.settle()
    trial.note(
        f"{waiting} mails waited, up to {tries} tries each; queued {_HOURS} hours earlier (times"
        " moved in the database), every link still worked"
    )
    _refused_for_good(trial)


def _worsen(trial: Trial, turn: int) -> None:
    """Nothing listens; then 450 to every mail; then 421, which speaks for the whole server."""
    if turn == 1:
        trial.sink.answer = "450 later"
        trial.sink.start()
    if turn == 3:
        trial.sink.answer = "421 busy"
    if turn in (1, 3):
        trial.let_waits_be_over()


def _make_older(trial: Trial) -> None:
    """As if all that was signed had been signed six hours ago."""
    for table in ("petitions_signature", "petitions_delivery"):
        earlier = f"created_at - interval '{_HOURS} hours'"
        if trial.engine == "sqlite":
            earlier = f"strftime('%Y-%m-%d %H:%M:%f', created_at, '-{_HOURS} hours')"
        owner = "id" if table == "petitions_signature" else "signature_id"
        trial.site.sql(f"UPDATE {table} SET created_at = {earlier} WHERE {owner} > {trial.since}")


def _refused_for_good(trial: Trial) -> None:
    """550 for one mailbox: it is not tried a second time."""
    trial.sink.answer = "550 no such mailbox"
    # Not in the ledger: nobody will press its link.
    trial.site.sign("gone@example.org")
    until(lambda: trial.mails().get("bounced", 0), "the mail is marked as refused")
    [(tries,)] = trial.site.sql("SELECT attempts FROM petitions_delivery WHERE state = 'bounced'")
    trial.require(tries == 1, f"a mailbox that is gone was tried {tries} times")
    trial.note("550: given up after one try")
