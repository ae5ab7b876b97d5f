"""What one bell does while very many mails are waiting."""

import pytest

from petitions import tasks
from petitions.domain import counting, delivering


def test_the_total_goes_on_while_mails_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    sent = iter([200, 40, 0])

    def drain() -> int:
        done.append("mails")
        return next(sent)

    monkeypatch.setattr(delivering, "drain", drain)
    monkeypatch.setattr(counting, "tally_changed", lambda: done.append("total"))
    tasks.send_mail()
    assert done == ["mails", "total", "mails", "total", "mails"]


def test_one_bell_does_not_send_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[int] = []
    monkeypatch.setattr(tasks, "_RUSH", 0.0)
    monkeypatch.setattr(delivering, "drain", lambda: rounds.append(1) or 200)
    tasks.send_mail()
    assert len(rounds) == 1
