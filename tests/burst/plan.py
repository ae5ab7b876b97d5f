"""What the two sides of a burst agree on: read by the people, who know nothing of the site."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Plan:
    """One crowd: where it goes, how many come, and where it writes what it was told.

    address     host and port of the site, and whether it is asked through TLS
    sign        the pages with the form, one a language
    form        a form filled in, but for its token and the address
    hall        the part of the people who share one network, as in a hall that nobody announced
    ledger      the file that each answer is written to as it comes
    """

    host: str
    port: int
    is_secure: bool
    sign: list[str]
    form: dict[str, str]
    name: str
    people: int
    seconds: float
    hall: float
    ledger: str

    def save(self, path: Path) -> Path:
        path.write_text(json.dumps(asdict(self)))
        return path

    @classmethod
    def load(cls, path: Path) -> "Plan":
        return cls(**json.loads(path.read_text()))
