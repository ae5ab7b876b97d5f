"""Reading a record of an official petition from a YAML file: all of it, or every fault in it.

The format is told in docs/operations.md. Nothing here touches the database.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from petitions import clock
from petitions.domain import official
from petitions.domain.editing import CLAUSE_LIMIT, LANGUAGES, LIMITS, LONGEST_SLUG
from petitions.domain.records import Record
from petitions.domain.ridings import RefusedDataError
from petitions.domain.yaml_parts import NAME_LIMIT, Part, Parts, read_yaml
from petitions.states import PetitionState

_P = PetitionState

#: Texts in three languages: the file's name → column, longest, whether it must be there.
_TEXTS: dict[str, tuple[str, int, bool]] = {
    "title": ("title", LIMITS["title"], True),
    "short_title": ("short_title", LIMITS["short_title"], False),
    "summary": ("summary", LIMITS["summary"], True),
    "addressee": ("addressee", LIMITS["addressee"], True),
    "archive_notice": ("notice", LIMITS["notice"], False),
    "grievances_heading": ("grievances_heading", LIMITS["grievances_heading"], False),
    "requests_heading": ("requests_heading", LIMITS["requests_heading"], False),
    "response_summary": ("response_summary", 2000, False),
    "response_summary_caution": ("response_caution", 400, False),
}
_KEYWORDS_LIMIT = 200

_REQUIRED = {
    *("slug", "house_number", "kind", "status", "original_language", "opened", "closed_at"),
    *("grievances", "requests"),
    *(name for name, (_column, _limit, must) in _TEXTS.items() if must),
}
_ALLOWED = {
    *_REQUIRED,
    *_TEXTS,
    *("closed", "threshold", "duration_days", "parliamentary_number", "petitioner", "sponsor"),
    *("keywords", "presented", "response_tabled", "ended", "timeline"),
}
#: A record's last state → the parts of the file that date the way there.
_ENDS: dict[str, tuple[str, ...]] = {
    _P.CLOSED: (),
    _P.NOT_CERTIFIED: ("ended",),
    _P.CLOSED_ON_DISSOLUTION: ("ended",),
    _P.PRESENTED: ("presented",),
    _P.RESPONSE_TABLED: ("presented", "response_tabled"),
}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PARLIAMENTARY = re.compile(r"\d{3}-\d{5}")

#: When, what, and the part of the file that says so.
Step = tuple[datetime, PetitionState, Part]


def read_record(text: str, *, now: datetime) -> Record:
    """The record that the text describes; nothing in it lies after `now`.

    Raises `RefusedDataError` with every fault, each with its line and field.
    """
    whole = read_yaml(text)
    parts = whole.parts(required=_REQUIRED, allowed=_ALLOWED)
    record = _Reading(parts, now).record()
    if whole.problems:
        raise RefusedDataError(whole.problems)
    return record


@dataclass
class _Reading:
    """The file's parts on their way to the columns of a record; faults are noted on the way."""

    parts: Parts
    now: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    outcome: dict[str, Any] = field(default_factory=dict)

    def record(self) -> Record:
        self._read_names()
        self._read_texts()
        whereas, requests = (
            [part.in_three(CLAUSE_LIMIT) for part in self.parts[name].items()]
            for name in ("grievances", "requests")
        )
        self._read_outcome()
        steps = self._steps()
        self._check_timeline(steps)
        return Record(
            slug=self.parts["slug"].matching(_SLUG, like="e-1746", limit=LONGEST_SLUG),
            fields=self.fields,
            whereas=whereas,
            requests=requests,
            steps=[(moment, state) for moment, state, _part in steps],
            outcome=self.outcome,
        )

    # --- what it is -----------------------------------------------------------------------

    def _read_names(self) -> None:
        parts = self.parts
        # Words that can only be one thing: they say so to whoever reads the file.
        parts["kind"].one_of(["record"])
        parts["closed"].one_of(["true"])
        petitioner = parts["petitioner"].parts(required=["name"], allowed=["name"])
        sponsor = parts["sponsor"].parts(required=["name", "riding"], allowed=["name", "riding"])
        self.fields |= {
            "original_language": parts["original_language"].one_of(official.HOUSE_LANGUAGES),
            "house_number": self._house_number(),
            "parliamentary_number": parts["parliamentary_number"].matching(
                _PARLIAMENTARY, like="421-03054"
            ),
            "threshold": parts["threshold"].whole(500),
            "petitioner_name": petitioner["name"].text(),
            "sponsor_name": sponsor["name"].text(),
            "sponsor_riding": sponsor["riding"].text(),
        }

    def _house_number(self) -> str:
        typed = self.parts["house_number"].text()
        try:
            return official.canonical_number(typed) if typed else ""
        except official.NumberError:
            self.parts["house_number"].refuse(f"is “{typed}”, and must look like e-1746")
            return ""

    # --- texts ----------------------------------------------------------------------------

    def _read_texts(self) -> None:
        for name, (column, limit, _must) in _TEXTS.items():
            self._put(column, self.parts[name].in_three(limit))
        if not self.parts["short_title"].is_there:
            self._put("short_title", self._title_as_short())
        self._put("keywords", self._keywords())

    def _put(self, column: str, wording: dict[str, str]) -> None:
        self.fields |= {f"{column}_{language}": text for language, text in wording.items()}

    def _title_as_short(self) -> dict[str, str]:
        title = {language: self.fields[f"title_{language}"] for language in LANGUAGES}
        longest = LIMITS["short_title"]
        if any(len(text) > longest for text in title.values()):
            self.parts["title"].refuse(f"is longer than {longest} characters: add a short_title")
        return title

    def _keywords(self) -> dict[str, str]:
        words = [part.in_three(NAME_LIMIT) for part in self.parts["keywords"].items()]
        joined = {language: ", ".join(word[language] for word in words) for language in LANGUAGES}
        if any(len(text) > _KEYWORDS_LIMIT for text in joined.values()):
            self.parts["keywords"].refuse(f"are longer than {_KEYWORDS_LIMIT} characters together")
        return joined

    # --- what became of it ----------------------------------------------------------------

    def _read_outcome(self) -> None:
        presented = self.parts["presented"].parts(
            required=["date", "by"], allowed=["date", "by", "riding", "petition_no"]
        )
        response = self.parts["response_tabled"].parts(
            required=["date", "minister"], allowed=["date", "minister", "minister_title"]
        )
        self.outcome = {
            "presented_on": presented["date"].day(),
            "presenter_name": presented["by"].text(),
            "presenter_riding": presented["riding"].text(),
            "response_on": response["date"].day(),
            "response_minister": response["minister"].text(),
        }
        response["minister_title"].in_three(NAME_LIMIT)
        number = presented["petition_no"].text()
        if number and number != self.fields["parliamentary_number"]:
            presented["petition_no"].refuse("is not the parliamentary_number")

    # --- dates ----------------------------------------------------------------------------

    def _steps(self) -> list[Step]:
        """What happened when; one that comes before the one above it is a fault."""
        found = [*self._signing(), *self._ending()]
        for place, (moment, _state, part) in enumerate(found):
            if moment > self.now:
                part.refuse("has not come yet: a record tells what has been")
            if place and moment <= found[place - 1][0]:
                part.refuse(f"does not come after {found[place - 1][2].path}")
        return found

    def _signing(self) -> Iterator[Step]:
        parts = self.parts
        opened, closed = parts["opened"].instant(), parts["closed_at"].instant()
        self.fields |= {"opens_at": opened, "closes_at": closed}
        if opened is None or closed is None:
            return
        yield opened, _P.OPEN, parts["opened"]
        yield closed, _P.CLOSED, parts["closed_at"]
        days = (clock.day_of(closed) - clock.day_of(opened)).days
        if parts["duration_days"].whole(days) != days:
            parts["duration_days"].refuse(f"must be {days}, from opening to closing")

    def _ending(self) -> Iterator[Step]:
        """The steps after closing, as many as the status has."""
        status = self.parts["status"].one_of(_ENDS)
        needed = _ENDS.get(status, ())
        for name in ("presented", "response_tabled", "ended"):
            is_there = name in self.parts
            if status in _ENDS and is_there != (name in needed):
                says = "has no" if is_there else "needs"
                self.parts["status"].refuse(f"“{status}” {says} {name}")
        for name, day, state in (
            ("presented", self.outcome["presented_on"], _P.PRESENTED),
            ("response_tabled", self.outcome["response_on"], _P.RESPONSE_TABLED),
            ("ended", self.parts["ended"].day(), status),
        ):
            if day is not None and name in needed:
                yield _noon(day), _P(state), self.parts[name]

    def _check_timeline(self, steps: list[Step]) -> None:
        """For whoever reads the file: it may not tell another story than the steps."""
        days = {clock.day_of(moment) for moment, _state, _part in steps}
        for entry in self.parts["timeline"].items():
            parts = entry.parts(required=["date", "label"], allowed=["date", "label"])
            parts["label"].in_three(NAME_LIMIT)
            day = parts["date"].day()
            if day is not None and day not in days:
                parts["date"].refuse("is the day of no step of this record")


def _noon(day: date) -> datetime:
    """The record gives days only; noon keeps them that day in every time zone of Canada."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=clock.TORONTO)
