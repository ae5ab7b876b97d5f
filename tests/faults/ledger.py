"""What people were told, kept on their side, and whether the site kept its word."""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from petitions.domain import addresses
from petitions.models import Petition
from tests.faults.parts import Parts
from tests.processes.sites import PETITION


@dataclass
class Ledger:
    """Filled by many clients at once.

    signed    address → the page that the 303 led to: "it is stored"
    counted   addresses whose press of the button was answered "counted"
    answers   every status that came back; "broken" where none did
    wrong     answers that no fault excuses
    """

    signed: dict[str, str] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def note(self, answer: object) -> None:
        with self._lock:
            self.answers[str(answer)] += 1

    def note_signed(self, email: str, page: str, seconds: float) -> None:
        with self._lock:
            self.signed[email] = page
            self.seconds.append(seconds)

    def note_counted(self, email: str) -> None:
        with self._lock:
            self.counted.add(email)

    def complain(self, what: str) -> None:
        with self._lock:
            self.wrong.append(what)

    @property
    def failures(self) -> int:
        """Requests that were answered with an error, or not at all."""
        return sum(times for answer, times in self.answers.items() if answer[0] not in "23")

    def p95(self) -> float:
        """Within how many milliseconds 95 of 100 submits were answered."""
        ordered = sorted(self.seconds) or [0.0]
        return ordered[int(len(ordered) * 0.95) - 1] * 1000


@dataclass(frozen=True)
class Found:
    """What stands in the database of all that the ledger names.

    A duplicate is a second row of somebody who sent one form, or a second counted row of one
    address and petition.
    """

    signed: int
    counted: int
    duplicates: int
    total: int

    @classmethod
    def of(cls, ledger: Ledger, site: Parts, *, since: int) -> "Found":
        """Looks each address up by its index, as the site itself made it."""
        petitions = [
            Petition(public_id=_uuid(public_id), pepper_name=name)
            for public_id, name in site.sql("SELECT public_id, pepper_name FROM petitions_petition")
        ]
        rows = site.sql(
            "SELECT email_index, counted_at FROM petitions_signature"
            f" WHERE id > {since} AND email_index IS NOT NULL"
        )
        stored = Counter(bytes(index) for index, _counted_at in rows)
        counted = Counter(bytes(index) for index, counted_at in rows if counted_at)

        def times(email: str, kept: Counter[bytes]) -> int:
            return sum(kept[addresses.index(email, petition)] for petition in petitions)

        signed = {email: times(email, stored) for email in ledger.signed}
        return cls(
            signed=sum(number > 0 for number in signed.values()),
            counted=sum(times(email, counted) > 0 for email in ledger.counted),
            duplicates=sum(max(0, number - 1) for number in signed.values())
            + sum(number - 1 for number in counted.values()),
            total=counted_rows(site),
        )


def _uuid(value: UUID | str) -> UUID:
    """SQLite keeps it as text."""
    return value if isinstance(value, UUID) else UUID(value)


def counted_rows(site: Parts) -> int:
    """The truth behind the public total of the petition that everybody signs."""
    [(number,)] = site.sql(
        "SELECT count(*) FROM petitions_signature s JOIN petitions_petition p"
        f" ON p.id = s.petition_id WHERE p.slug = '{PETITION}'"
        " AND s.state = 'confirmed' AND s.held_at IS NULL"
    )
    return int(number)
