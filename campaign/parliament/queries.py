"""What the pages on Members show, each number with its definition."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Max, Q, QuerySet

from campaign.parliament.models import BriefingLanguage, Meeting
from campaign.parliament.searching import Search
from campaign.parliament.states import ContactState, MeetingState
from petitions import clock
from petitions.models import Member, Petition, Riding, Signature, Tally

#: A list of Members older than this is said to be old.
LIST_AGES_AFTER = timedelta(days=90)


# --- signers ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A number of signers, and whether this person may see it; 0 when not."""

    number: int
    seen: bool


@dataclass(frozen=True)
class Counts:
    """Signatures that count, by riding (estimated from postal codes) and by province.

    `is_whole` tells whether what is not here is nobody; else it is just not shown. `as_of` is the
    instant of tables that stand still until the next day, None for numbers of now.
    """

    ridings: dict[int, int] = field(default_factory=dict)
    provinces: dict[str, int] = field(default_factory=dict)
    is_whole: bool = True
    as_of: datetime | None = None

    def riding(self, riding: Riding) -> Cell:
        return self._cell(self.ridings.get(riding.pk))

    def province(self, code: str) -> Cell:
        return self._cell(self.provinces.get(code))

    def _cell(self, number: int | None) -> Cell:
        return Cell(number or 0, number is not None or self.is_whole)


def counts(petition: Petition | None, *, small_cells: bool) -> Counts:
    """The signers of a petition where they live.

    Without `small_cells` these are the tables of the day: a number that moves while one looks on
    tells where the person lives who has just signed.
    """
    if not small_cells:
        return _counts_of_the_day(petition)
    rows = list(
        Signature.objects.filter(petition=petition)
        .counted()
        .order_by()
        .values_list("riding", "province")
        .annotate(number=Count("pk"))
    )
    ridings: Counter[int] = Counter()
    provinces: Counter[str] = Counter()
    for riding, province, number in rows:
        if riding:
            ridings[riding] += number
        provinces[province] += number
    return Counts(dict(ridings), dict(provinces))


def _counts_of_the_day(petition: Petition | None) -> Counts:
    tally = Tally.objects.filter(petition=petition).first() or Tally()
    ridings = {int(code): number for code, number in tally.desk.get("riding", {}).items()}
    return Counts(ridings, tally.provinces, is_whole=False, as_of=tally.provinces_at)


# --- the list --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A seat in the list: its riding, who holds it (None: vacant), and how far the team is.

    last_contact   the day of the last meeting that was held
    share          of a postal prefix searched for, the part that lies in this riding
    """

    riding: Riding
    member: Member | None
    state: ContactState
    language: str
    signers: Cell
    last_contact: date | None
    share: Decimal | None


def members_with_contacts() -> QuerySet[Member]:
    held = Max("meetings__day", filter=Q(meetings__state=MeetingState.HELD))
    return Member.objects.select_related("contact").annotate(last_contact=held)


def rows(search: Search, counted: Counts, *, province: str = "", state: str = "") -> list[Row]:
    """Every seat that fits, most signers first; for a postal code, the likeliest riding first.

    A search finds Members who have left too: what they promised stands on their pages.
    """
    seats: defaultdict[int, list[Member | None]] = defaultdict(list)
    for member in members_with_contacts():
        if member.left_on is None or search.words:
            seats[member.riding_id].append(member)
    found = [
        _row(riding, member, search, counted)
        for riding in Riding.objects.all()
        if not province or riding.province == province
        for member in _holders(seats[riding.pk])
        if _fits(riding, member, search)
    ]
    if state:
        found = [row for row in found if row.member and row.state == state]
    return sorted(found, key=lambda row: (-(row.share or 0), -row.signers.number))


def _holders(members: list[Member | None]) -> list[Member | None]:
    """The Members of a riding; without one of today, the vacant seat before those who left."""
    vacant = not any(member and member.left_on is None for member in members)
    return [None, *members] if vacant else members


def _fits(riding: Riding, member: Member | None, search: Search) -> bool:
    if search.fsa:
        return riding.pk in search.shares
    names = [riding.name_en or "", riding.name_fr or ""]  # type: ignore[attr-defined]
    return search.finds(*names, member.name if member else "")


def _row(riding: Riding, member: Member | None, search: Search, counted: Counts) -> Row:
    contact = getattr(member, "contact", None)
    return Row(
        riding=riding,
        member=member,
        state=ContactState(contact.state) if contact else ContactState.TO_CONTACT,
        language=str(BriefingLanguage(contact.language).label)
        if contact and contact.language
        else "",
        signers=counted.riding(riding),
        last_contact=getattr(member, "last_contact", None),
        share=search.shares.get(riding.pk),
    )


def checked_on() -> date | None:
    """The day of the House's list that the Members are of; None before any import."""
    latest: date | None = Member.objects.aggregate(latest=Max("checked_on"))["latest"]
    return latest


def known_on(member: Member) -> date:
    """The last day on which the Member's name, riding and party were seen to be right."""
    contact = getattr(member, "contact", None)
    seen_on = contact.seen_on if contact else None
    return max(member.checked_on, seen_on) if seen_on else member.checked_on


def is_old(day: date, *, on: date | None = None) -> bool:
    """Whether it is too long ago: today, or on another day, as for many Members at once."""
    return (on or clock.today()) - day > LIST_AGES_AFTER


# --- what is late ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Late:
    """Something that should have happened: a step left undone, or a meeting not recorded."""

    meeting: Meeting
    due: date
    is_step: bool


def late_steps(today: date, *, member: Member | None = None) -> list[Late]:
    """Next steps due before today and not done, and planned meetings of past days; oldest first.

    Of all Members, or of one. What is due today is not late.
    """
    late_step = Q(next_due__lt=today, next_done_at=None) & ~Q(next_step="")
    unrecorded = Q(state=MeetingState.PLANNED, day__lt=today)
    rows = Meeting.objects.filter(late_step | unrecorded).select_related(
        "member__riding", "member__contact"
    )
    found = []
    for meeting in rows if member is None else rows.filter(member=member):
        due = meeting.next_due
        if meeting.next_step and due and due < today and not meeting.next_done_at:
            found.append(Late(meeting, due, is_step=True))
        if meeting.state == MeetingState.PLANNED and meeting.day < today:
            found.append(Late(meeting, meeting.day, is_step=False))
    return sorted(found, key=lambda late: (late.due, late.meeting.pk))
