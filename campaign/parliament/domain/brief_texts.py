"""What briefings about a petition say besides numbers: written once, in words for every Member."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from json import dumps
from typing import Any

from django.db import models, transaction

from campaign.accounts.models import User
from campaign.parliament.domain import quotes, statements
from campaign.parliament.domain.statements import MOST_STATEMENT_WORDS, words
from campaign.parliament.models import BriefingLanguage, BriefText, Decision, Fact
from petitions import clock
from petitions.domain.editing import LANGUAGES, Wording
from petitions.models import Member, Petition

#: A briefing has this many facts, no more and no fewer.
FACTS = 3
#: What others decided, at most.
DECISIONS = 3
#: Longer texts would not leave room for the rest of the page (tried by the tests).
LONGEST_ASK = 320
LONGEST_FACT = 320
MOST_BACKGROUND_WORDS = 120
#: Khmer is written without spaces between words, and words may be of any length.
LONGEST_BACKGROUND = 1200
LONGEST_DECISION = 200


class TextsError(ValueError):
    """Nothing is stored."""


class TooLongError(TextsError):
    """A text is longer than its place on the paper (see `excesses()`)."""


class StaleError(TextsError):
    """Somebody has stored other texts since these were read."""


# --- the texts -------------------------------------------------------------------------------


def _unwritten() -> Wording:
    return dict.fromkeys(LANGUAGES, "")


@dataclass(frozen=True)
class Line:
    """A fact with its source, or a decision with the address where it can be read."""

    wording: Wording = field(default_factory=_unwritten)
    source: str = ""


@dataclass(frozen=True)
class Texts:
    ask: Wording
    background: Wording
    facts: list[Line]
    decisions: list[Line]

    def digest(self) -> str:
        """What a change names as the texts that it was made to."""
        lines = [[each.wording, each.source] for each in (*self.facts, *self.decisions)]
        content = dumps([self.ask, self.background, lines], sort_keys=True)
        return sha256(content.encode()).hexdigest()[:24]

    def rows(self) -> Iterator[tuple["Part", int, Wording]]:
        """Every text that somebody writes, with its place."""
        yield Part.ASK, 0, self.ask
        for position, line in enumerate(self.facts, start=1):
            yield Part.FACT, position, line.wording
        yield Part.BACKGROUND, 0, self.background
        for position, line in enumerate(self.decisions, start=1):
            yield Part.DECISION, position, line.wording


def in_language(row: models.Model | None, name: str, language: str) -> str:
    """A text in that very language, never in another one instead."""
    return getattr(row, f"{name}_{language}", None) or ""


def _wording(row: models.Model | None, name: str) -> Wording:
    return {language: in_language(row, name, language) for language in LANGUAGES}


def texts_of(petition: Petition) -> Texts:
    """The stored texts. Where no ask is written for Members, it is the petition's own."""
    row = BriefText.objects.filter(petition=petition).first()
    facts: Iterable[Fact] = petition.facts.order_by("position")[:FACTS]
    decisions: Iterable[Decision] = petition.decisions.order_by("position")[:DECISIONS]
    lines = [Line(_wording(fact, "text"), fact.source) for fact in facts]
    others = [Line(_wording(each, "text"), each.link) for each in decisions]
    return Texts(
        ask={
            language: in_language(row, "ask", language) or in_language(petition, "ask", language)
            for language in LANGUAGES
        },
        background=_wording(row, "background"),
        facts=[*lines, *[Line()] * (FACTS - len(lines))],
        decisions=[*others, *[Line()] * (DECISIONS - len(others))],
    )


def save(petition: Petition, texts: Texts, *, by: User, based_on: str) -> None:
    """Stores all of them, in whatever languages are written: `gaps()` says what is missing.

    Raises `TooLongError`, and `StaleError` unless `based_on` is the digest of what is stored.
    """
    if excesses(texts):
        raise TooLongError
    with transaction.atomic():
        Petition.objects.select_for_update().get(pk=petition.pk)
        if texts_of(petition).digest() != based_on:
            raise StaleError
        values = {
            f"{name}_{language}": text
            for name, wording in (("ask", texts.ask), ("background", texts.background))
            for language, text in wording.items()
        }
        changed = {"changed_at": clock.db_now(), "changed_by": by}
        BriefText.objects.update_or_create(petition=petition, defaults={**values, **changed})
        _store(petition, Fact, texts.facts)
        _store(petition, Decision, texts.decisions)


def _store(petition: Petition, model: type[Fact | Decision], lines: list[Line]) -> None:
    """Each line keeps its place: an empty one before another is a row as well."""
    found = model.objects.filter(petition=petition).order_by("position")
    known: list[Fact | Decision] = list(found[: len(lines)])
    free = max((row.position for row in known), default=0) + 1
    written = [place for place, line in enumerate(lines) if line != Line()]
    needed = max([len(known), *(place + 1 for place in written)])
    added = range(free, free + needed - len(known))
    rows = [*known, *(model(petition=petition, position=position) for position in added)]
    for row, line in zip(rows, lines, strict=False):
        for language, text in line.wording.items():
            setattr(row, f"text_{language}", text)
        setattr(row, "link" if isinstance(row, Decision) else "source", line.source)
        row.save()


# --- what is too long, what is missing -------------------------------------------------------


class Part(Enum):
    TITLE = "title"
    ASK = "ask"
    FACT = "fact"
    BACKGROUND = "background"
    DECISION = "decision"
    STATEMENT = "statement"


@dataclass(frozen=True)
class Gap:
    """A text that keeps the page from being made: it is not there, or longer than `longest`.

    `longest` counts characters, of a fact with its source; words where `in_words`.
    """

    part: Part
    position: int = 0
    longest: int | None = None
    in_words: bool = False


@dataclass(frozen=True)
class Excess:
    """A text that was written too long; `length` in the unit of the gap."""

    gap: Gap
    language: str
    length: int


def _excess(part: Part, position: int, text: str, language: str) -> Excess | None:
    if part == Part.BACKGROUND and language in BriefingLanguage.values:
        number = words(text)
        if number > MOST_BACKGROUND_WORDS:
            gap = Gap(part, position, MOST_BACKGROUND_WORDS, in_words=True)
            return Excess(gap, language, number)
    longest = {
        Part.ASK: LONGEST_ASK,
        Part.FACT: LONGEST_FACT,
        Part.BACKGROUND: LONGEST_BACKGROUND,
    }.get(part, LONGEST_DECISION)
    over = len(text) > longest
    return Excess(Gap(part, position, longest), language, len(text)) if over else None


def excesses(texts: Texts) -> list[Excess]:
    """Every text, of any language, that its place on the paper cannot hold."""
    found = []
    for part, position, wording in texts.rows():
        source = texts.facts[position - 1].source if part == Part.FACT else ""
        for language, text in wording.items():
            found.append(_excess(part, position, text + source if text else "", language))
    return [each for each in found if each]


def gaps(
    petition: Petition, language: str, *, pages: int = 1, texts: Texts | None = None
) -> list[Gap]:
    """What keeps a page from being made in this language; none when it can be.

    Of `texts` that are not stored yet, or of those that are.
    """
    texts = texts or texts_of(petition)
    found = [] if in_language(petition, "title", language) else [Gap(Part.TITLE)]
    parts = (Part.ASK, Part.FACT) if pages == 1 else tuple(Part)
    long = {
        (each.gap.part, each.gap.position): each.gap
        for each in excesses(texts)
        if each.language == language
    }
    for part, position, wording in texts.rows():
        is_due = part != Part.DECISION or any(wording.values())
        if part in parts and (part, position) in long:
            found.append(long[part, position])
        elif part in parts and is_due and not wording[language]:
            found.append(Gap(part, position))
    if pages > 1 and not _fits_statement(petition, texts, language):
        found.append(Gap(Part.STATEMENT, longest=MOST_STATEMENT_WORDS, in_words=True))
    return found


def _subject(petition: Petition, language: str) -> str:
    short = in_language(petition, "short_title", language)
    return short or in_language(petition, "title", language)


def _fits_statement(petition: Petition, texts: Texts, language: str) -> bool:
    subject, ask = _subject(petition, language), texts.ask[language]
    return statements.fits(statements.shortest(subject, ask, language=language))


# --- what stands on one page -----------------------------------------------------------------


def content(
    member: Member, petition: Petition, language: str, *, texts: Texts | None = None
) -> dict[str, Any]:
    """All that a briefing says besides its numbers and the standing words, as it is kept.

    Whatever may change later is in it: names, texts, goal, closing instant.
    """
    texts = texts or texts_of(petition)
    before = petition.follows
    return {
        "name": f"{member.honorific} {member.name}".strip(),
        "title": in_language(petition, "title", language),
        "subject": {code: _subject(petition, code) for code in BriefingLanguage.values},
        "ask": {code: texts.ask[code] for code in BriefingLanguage.values},
        "facts": _printed(texts.facts, language),
        "background": texts.background[language],
        "decisions": _printed(texts.decisions, language),
        "quotes": quotes.content(petition, language),
        "goal": petition.threshold,
        "closes_at": petition.closes_at.isoformat() if petition.closes_at else None,
        "number": petition.house_number or "",
        "follows": (before.house_number or "") if before else "",
    }


def _printed(lines: list[Line], language: str) -> list[dict[str, str]]:
    """Those that are written in this language."""
    return [
        {"text": line.wording[language], "source": line.source}
        for line in lines
        if line.wording[language]
    ]
