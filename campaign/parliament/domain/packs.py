"""Briefings for every Member with enough signers in the riding, made at one instant."""

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import prefetch_related_objects

from campaign.accounts.models import User
from campaign.parliament import queries
from campaign.parliament.domain import brief_texts, briefings
from campaign.parliament.domain.brief_texts import Gap
from campaign.parliament.domain.briefings import (
    BriefingError,
    Count,
    IncompleteError,
    NotOfferedError,
    Numbers,
    OldListError,
)
from campaign.parliament.models import Briefing, Pack
from petitions import clock
from petitions.domain.cells import SMALLEST_CELL
from petitions.models import Member, Petition


class NobodyError(BriefingError):
    """No riding has as many signers as were asked for, or none whose number may be shown."""


@dataclass(frozen=True)
class Seat:
    """A Member who would be briefed, in which language, with which numbers."""

    member: Member
    language: str
    numbers: Numbers


@dataclass(frozen=True)
class Plan:
    """What a pack would hold, and what keeps it from being made.

    old    Members whom nobody has looked up for 90 days
    gaps   by language, the texts that are missing; only of languages that somebody is written in
    """

    seats: list[Seat]
    old: list[Member]
    gaps: dict[str, list[Gap]]

    @property
    def may_be_made(self) -> bool:
        return bool(self.seats) and not self.old and not self.gaps

    @property
    def languages(self) -> Counter[str]:
        """How many Members are written to in each."""
        return Counter(seat.language for seat in self.seats)


def plan(petition: Petition, *, least: int, pages: int = 1) -> Plan:
    """Whom a pack is for now: who sits for a riding with `least` signers or more.

    A riding whose number may not be shown (`briefings.Numbers`) has no signers here, whatever
    `least` is: to be in a pack gives away that one's riding has that many. The day's tables see
    to it that all ridings of a province together leave nobody of it, or five at least.
    """
    count = Count(petition)
    today = clock.day_of(count.as_of)
    members = Member.objects.filter(left_on=None).select_related("riding", "contact")
    seats = [
        Seat(member, briefings.usual_language(member), numbers)
        for member in members.order_by("riding__code")
        if (numbers := count.of(member)).riding is not None
        and numbers.riding >= max(least, SMALLEST_CELL)
    ]
    texts = brief_texts.texts_of(petition)
    return Plan(
        seats=seats,
        old=[
            seat.member for seat in seats if queries.is_old(queries.known_on(seat.member), on=today)
        ],
        gaps={
            language: missing
            for language in sorted({seat.language for seat in seats})
            if (missing := brief_texts.gaps(petition, language, pages=pages, texts=texts))
        },
    )


@transaction.atomic
def make_pack(petition: Petition, *, least: int, pages: int, by: User) -> Pack:
    """Records a briefing for each Member of the plan, all with the same texts and instant.

    Raises the `BriefingError` that `make_briefing` would for any one of them, or `NobodyError`,
    and records nothing then: a pack with Members missing would pass for a whole one.
    """
    if petition not in briefings.petitions_to_brief():
        raise NotOfferedError
    found = plan(petition, least=least, pages=pages)
    if not found.seats:
        raise NobodyError
    if found.old:
        raise OldListError
    if found.gaps:
        raise IncompleteError
    texts = brief_texts.texts_of(petition)
    prefetch_related_objects([petition], "quotes")
    as_of = found.seats[0].numbers.as_of
    pack = Pack.objects.create(petition=petition, least=least, as_of=as_of, made_by=by)
    rows = [
        briefings.draft(
            seat.member,
            petition=petition,
            language=seat.language,
            pages=pages,
            texts=texts,
            found=seat.numbers,
        )
        for seat in found.seats
    ]
    for row in rows:
        row.pack, row.made_by = pack, by
    Briefing.objects.bulk_create(rows)
    return pack
