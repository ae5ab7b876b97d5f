"""The one-page briefing for a Member: its numbers, and the record of each page made."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from campaign.accounts.models import User
from campaign.parliament import queries
from campaign.parliament.models import Briefing, Fact
from petitions import clock
from petitions.domain import counting
from petitions.models import Member, Petition, Signature

#: A briefing has this many facts, no more and no fewer.
FACTS = 3
#: Longer texts would not leave room for the rest of the page (tried by the tests).
LONGEST_ASK = 320
LONGEST_FACT = 320
_WEEK = timedelta(days=7)


class BriefingError(ValueError):
    """No page can be made so."""


class MemberLeftError(BriefingError):
    """Whoever is no longer a Member is not briefed."""


class OldListError(BriefingError):
    """Nobody has looked for 90 days whether the Member still holds the seat."""


class NotOfferedError(BriefingError):
    """Only petitions that have opened here have numbers to show."""


class IncompleteError(BriefingError):
    """Texts are missing in this language: half a page is not made."""


# --- numbers ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Numbers:
    """Signatures that count at the instant `as_of`, and where people lived on `places_on`.

    total       of the petition
    province    of people who say that they live in the riding's province or territory
    riding      of people whose postal code most likely lies in the riding: an estimate
    last_week   began to count on the last seven full days in Toronto; None unless the petition
                took signatures all that time

    `province` and `riding` are those of the day's tables, None where these do not show them: the
    page goes to an office that knows its riding, and may lie beside an older page.
    """

    total: int
    province: int | None
    riding: int | None
    last_week: int | None
    as_of: datetime
    places_on: date | None = None

    def stored(self) -> dict[str, int | str]:
        """As `Briefing.numbers` keeps them: what is not shown is not kept."""
        named = {
            "total": self.total,
            "province": self.province,
            "riding": self.riding,
            "last_week": self.last_week,
            "places_on": self.places_on.isoformat() if self.places_on else None,
        }
        return {name: value for name, value in named.items() if value is not None}


def numbers(petition: Petition, member: Member) -> Numbers:
    """The numbers of now, and of the day's tables."""
    as_of = clock.db_instant()
    counts = queries.counts(petition, small_cells=False)
    province = counts.province(member.riding.province)
    riding = counts.riding(member.riding)
    of_day = counts.as_of if province.seen else None
    return Numbers(
        total=counting.exact_total(petition),
        province=province.number if province.seen else None,
        riding=riding.number if riding.seen else None,
        last_week=_last_week(petition, as_of),
        as_of=as_of,
        places_on=of_day.astimezone(clock.TORONTO).date() if of_day else None,
    )


def _last_week(petition: Petition, as_of: datetime) -> int | None:
    today = as_of.astimezone(clock.TORONTO).date()
    end = datetime.combine(today, time(), clock.TORONTO)
    start = datetime.combine(today - _WEEK, time(), clock.TORONTO)
    if not petition.opens_at or not petition.closes_at:
        return None
    if petition.opens_at > start or petition.closes_at < end:
        return None
    counted = Signature.objects.filter(petition=petition).counted()
    return counted.filter(counted_at__gte=start, counted_at__lt=end).count()


# --- texts -----------------------------------------------------------------------------------


class Part(Enum):
    TITLE = "title"
    ASK = "ask"
    FACT = "fact"


@dataclass(frozen=True)
class Gap:
    """A text that keeps the page from being made: it is not there, or longer than `longest`."""

    part: Part
    position: int = 0
    longest: int | None = None


def in_language(row: Petition | Fact, field: str, language: str) -> str:
    """A text in that very language, never in another one instead."""
    return getattr(row, f"{field}_{language}") or ""


def facts(petition: Petition) -> list[Fact]:
    """The facts that a briefing has: the first three of the petition."""
    return list(petition.facts.order_by("position")[:FACTS])


def gaps(petition: Petition, language: str) -> list[Gap]:
    """What keeps the page from being made in this language; none when it can be."""
    title = in_language(petition, "title", language)
    found = [] if title else [Gap(Part.TITLE)]
    found += _gap(in_language(petition, "ask", language), Gap(Part.ASK), LONGEST_ASK)
    rows: list[Fact | None] = [*facts(petition), *[None] * FACTS][:FACTS]
    for position, fact in enumerate(rows, start=1):
        text = in_language(fact, "text", language) if fact else ""
        source = fact.source if fact and text else ""
        found += _gap(text + source, Gap(Part.FACT, position), LONGEST_FACT)
    return found


def _gap(text: str, gap: Gap, longest: int) -> list[Gap]:
    if len(text) > longest:
        return [Gap(gap.part, gap.position, longest)]
    return [] if text else [gap]


# --- briefings -------------------------------------------------------------------------------


def petitions_to_brief() -> list[Petition]:
    """Petitions that have opened here, the open ones first."""
    opened = Petition.objects.signed_here().filter(opens_at__lte=clock.db_now())
    return list(opened.public())


def draft(member: Member, *, petition: Petition, language: str) -> Briefing:
    """The page as it would be now, not stored: for looking at it."""
    now = numbers(petition, member)
    return Briefing(
        member=member,
        petition=petition,
        language=language,
        numbers=now.stored(),
        as_of=now.as_of,
    )


def make_briefing(member: Member, *, petition: Petition, language: str, by: User) -> Briefing:
    """Records a page with its numbers, so that the same page can be made again.

    Raises a `BriefingError` and records nothing for somebody who has left or was not looked up
    for 90 days, for a petition that is not offered, and while texts are missing in the language.
    """
    if member.left_on is not None:
        raise MemberLeftError
    if queries.is_old(queries.known_on(member)):
        raise OldListError
    if petition not in petitions_to_brief():
        raise NotOfferedError
    if gaps(petition, language):
        raise IncompleteError
    briefing = draft(member, petition=petition, language=language)
    briefing.made_by = by
    briefing.save()
    return briefing
