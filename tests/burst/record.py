"""What the people of a burst wrote down, read back: a ledger, times, and statuses."""

import json
from collections import Counter
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Any

from tests.faults.ledger import Ledger

#: All that a site may answer while more come than it can serve.
ALLOWED = {200, 303, 429, 503}
_LATER = {429, 503}


@dataclass
class Record:
    """Filled from the lines of one crowd's file, in the order in which they were written."""

    ledger: Ledger = field(default_factory=Ledger)
    lines: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> "Record":
        record = cls()
        for line in path.read_text().splitlines():
            record._take(json.loads(line))
        return record

    def _take(self, line: dict[str, Any]) -> None:
        self.lines.append(line)
        status = line.get("status")
        if status is None:
            return
        self.ledger.note(status or "broken")
        match line["what"], status:
            case "sign", 303:
                self.ledger.note_signed(line["email"], line["page"], line["seconds"])
            case "confirm", 303:
                self.ledger.note_counted(line["email"])
            case "confirm", 200 if line["turn"]:
                self.ledger.note_counted(line["email"])
        self._judge(line["what"], status, line["wait"])

    def _judge(self, what: str, status: int, wait: str | None) -> None:
        if status not in ALLOWED:
            self.ledger.complain(f"{what} answered {status or wait}")
        elif status in _LATER and not (wait or "").isdecimal():
            self.ledger.complain(f"{what} answered {status} without Retry-After")

    # --- what it comes to --------------------------------------------------------------------

    def _of(self, what: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["what"] == what]

    def seconds(self, what: str, *statuses: int) -> list[float]:
        """How long the answers with these statuses took."""
        return [line["seconds"] for line in self._of(what) if line["status"] in statuses]

    def rate(self, what: str) -> float:
        """Acknowledged a second, from the first one to the last."""
        times = [line["at"] for line in self._of(what) if line["status"] == 303]
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0

    def statuses(self) -> list[tuple[str, int]]:
        return sorted(self.ledger.answers.items())

    def mailed(self) -> Counter[str]:
        """How many mails each address got."""
        return Counter(line["email"] for line in self._of("mailed"))

    def mail_delays(self) -> list[float]:
        """Seconds from "it is stored" to the mail, for each who was told so."""
        stored = {line["email"]: line["at"] for line in self._of("sign") if line["status"] == 303}
        first = {line["email"]: line["at"] for line in reversed(self._of("mailed"))}
        return [first[email] - at for email, at in stored.items() if email in first]

    def refused(self) -> int:
        """Answers that told somebody to come back later."""
        return sum(self.ledger.answers[str(status)] for status in _LATER)

    @property
    def over(self) -> dict[str, Any]:
        """What the last line says of the people themselves; empty if they never came to an end."""
        return next(iter(self._of("over")), {})


def percentile(values: list[float], part: float) -> float:
    """The value that so large a part of them does not exceed; 0 where there are none."""
    ordered = sorted(values) or [0.0]
    return ordered[max(0, ceil(len(ordered) * part) - 1)]
