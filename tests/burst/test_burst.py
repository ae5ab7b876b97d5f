"""The ledger of a burst: what it counts, and what it does not forgive. Runs without locust."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.burst.record import Record, percentile


def record(folder: Path, *lines: dict[str, Any]) -> Record:
    file = folder / "crowd.ledger"
    common = {"at": 0.0, "seconds": 0.1, "page": "", "wait": None, "turn": 0}
    file.write_text("".join(json.dumps(common | line) + "\n" for line in lines))
    return Record.read(file)


def answer(what: str, status: int, **facts: Any) -> dict[str, Any]:
    return {"what": what, "status": status, "email": "a@example.org", **facts}


def test_only_what_was_acknowledged_is_in_the_ledger(tmp_path: Path) -> None:
    found = record(
        tmp_path,
        answer("sign", 303),
        answer("sign", 503, email="b@example.org", wait="30"),
        answer("confirm", 303),
        answer("confirm", 200, email="b@example.org"),
        answer("confirm", 200, email="c@example.org", turn=1),
    )
    assert set(found.ledger.signed) == {"a@example.org"}
    assert found.ledger.counted == {"a@example.org", "c@example.org"}
    assert (found.refused(), found.ledger.wrong) == (1, [])
    assert found.statuses() == [("200", 2), ("303", 2), ("503", 1)]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (answer("sign", 500), "sign answered 500"),
        (answer("sign", 0, wait="TimeoutError"), "sign answered TimeoutError"),
        (answer("confirm", 429), "confirm answered 429 without Retry-After"),
        (answer("form", 503, wait="soon"), "form answered 503 without Retry-After"),
    ],
)
def test_an_answer_that_no_crowd_excuses_is_a_complaint(
    tmp_path: Path, line: dict[str, Any], complaint: str
) -> None:
    assert record(tmp_path, line).ledger.wrong == [complaint]


def test_mails_are_counted_and_timed_from_the_acknowledgement(tmp_path: Path) -> None:
    found = record(
        tmp_path,
        answer("sign", 303, at=10.0),
        {"what": "mailed", "email": "a@example.org", "at": 12.5},
        {"what": "mailed", "email": "a@example.org", "at": 99.0},
        answer("sign", 303, at=14.0, email="b@example.org"),
    )
    assert found.mailed()["a@example.org"] == 2
    assert found.mail_delays() == [2.5]
    assert found.rate("sign") == 0.25


def test_a_percentile_is_the_value_that_so_many_do_not_exceed() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert [percentile(values, part) for part in (0.5, 0.95, 0.99)] == [50, 95, 99]
    assert (percentile([7.0], 0.5), percentile([], 0.95)) == (7.0, 0.0)
