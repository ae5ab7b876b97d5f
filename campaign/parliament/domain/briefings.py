"""The briefing for a Member: its numbers, and the record of each one made."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from campaign.accounts.models import User
from campaign.parliament import queries
from campaign.parliament.domain import brief_texts
from campaign.parliament.domain.brief_texts import Texts
from campaign.parliament.models import Briefing, BriefingLanguage
from petitions import clock
from petitions.domain import counting
from petitions.models import Member, Petition, Province, Signature

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


class Count:
    """The figures of one instant and of the day's tables, for as many Members as are asked for."""

    def __init__(self, petition: Petition) -> None:
        self.as_of = clock.db_instant()
        self._counts = queries.counts(petition, small_cells=False)
        self._total = counting.exact_total(petition)
        self._last_week = _last_week(petition, self.as_of)

    def of(self, member: Member) -> Numbers:
        province = self._counts.province(member.riding.province)
        riding = self._counts.riding(member.riding)
        of_day = self._counts.as_of if province.seen else None
        return Numbers(
            total=self._total,
            province=province.number if province.seen else None,
            riding=riding.number if riding.seen else None,
            last_week=self._last_week,
            as_of=self.as_of,
            places_on=clock.day_of(of_day) if of_day else None,
        )


def numbers(petition: Petition, member: Member) -> Numbers:
    """The numbers of now, and of the day's tables, for one Member."""
    return Count(petition).of(member)


def _last_week(petition: Petition, as_of: datetime) -> int | None:
    today = clock.day_of(as_of)
    end = datetime.combine(today, time(), clock.TORONTO)
    start = datetime.combine(today - _WEEK, time(), clock.TORONTO)
    if not petition.opens_at or not petition.closes_at:
        return None
    if petition.opens_at > start or petition.closes_at < end:
        return None
    counted = Signature.objects.filter(petition=petition).counted()
    return counted.filter(counted_at__gte=start, counted_at__lt=end).count()


# --- briefings -------------------------------------------------------------------------------


def petitions_to_brief() -> list[Petition]:
    """Petitions that have opened here, the open ones first."""
    opened = Petition.objects.signed_here().filter(opens_at__lte=clock.db_now())
    return list(opened.public())


def usual_language(member: Member) -> str:
    """The language that the Member prefers; not known, French for Quebec and English elsewhere."""
    contact = getattr(member, "contact", None)
    if contact and contact.language:
        return str(contact.language)
    in_quebec = member.riding.province == Province.QC
    return BriefingLanguage.FRENCH if in_quebec else BriefingLanguage.ENGLISH


def draft(
    member: Member,
    *,
    petition: Petition,
    language: str,
    pages: int = 1,
    texts: Texts | None = None,
    found: Numbers | None = None,
) -> Briefing:
    """The page as it would be now, not stored: for looking at it.

    With `texts` that are not stored yet, and numbers that were `found` before, if given.
    """
    now = found or numbers(petition, member)
    return Briefing(
        member=member,
        petition=petition,
        language=language,
        pages=pages,
        numbers=now.stored(),
        content=brief_texts.content(member, petition, language, texts=texts),
        as_of=now.as_of,
    )


def make_briefing(
    member: Member, *, petition: Petition, language: str, by: User, pages: int = 1
) -> Briefing:
    """Records a briefing with its numbers and texts, so that the same page can be made again.

    Raises a `BriefingError` and records nothing for somebody who has left or was not looked up
    for 90 days, for a petition that is not offered, and while texts are missing in the language.
    """
    if member.left_on is not None:
        raise MemberLeftError
    if queries.is_old(queries.known_on(member)):
        raise OldListError
    if petition not in petitions_to_brief():
        raise NotOfferedError
    if brief_texts.gaps(petition, language, pages=pages):
        raise IncompleteError
    briefing = draft(member, petition=petition, language=language, pages=pages)
    briefing.made_by = by
    briefing.save()
    return briefing
