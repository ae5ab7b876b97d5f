"""What the pages on Members show, each number with its definition."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Max, Q, QuerySet

from campaign.parliament.models import BriefingLanguage, Meeting
from campaign.parliament.searching import Search
from campaign.parliament.states import ContactState, MeetingState
from petitions import clock
from petitions.domain import counting
from petitions.models import Member, Petition, Riding, Signature

#: A list of Members older than this is said to be old.
LIST_AGES_AFTER = timedelta(days=90)


# --- signers ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A number of signers, and whether this person may see it."""

    number: int
    seen: bool

    @property
    def seen_number(self) -> int:
        """For sorting: hidden numbers must not show by their place."""
        return self.number if self.seen else 0


@dataclass(frozen=True)
class Counts:
    """Signatures that count, by riding (estimated from postal codes) and by province.

    `seen` holds the ridings and provinces whose number may be shown; None stands for all.
    """

    ridings: dict[int, int] = field(default_factory=dict)
    provinces: dict[str, int] = field(default_factory=dict)
    seen: frozenset[int | str] | None = None

    def riding(self, riding: Riding) -> Cell:
        number = self.ridings.get(riding.pk, 0)
        return Cell(number, self.seen is None or riding.pk in self.seen)

    def province(self, code: str) -> Cell:
        return Cell(self.provinces.get(code, 0), self.seen is None or code in self.seen)


def counts(petition: Petition | None, *, small_cells: bool) -> Counts:
    """The signers of a petition where they live, in one query.

    Without `small_cells` numbers under five are hidden, and with them any number that would give
    one away by subtraction from its province or from the public total.
    """
    rows = list(
        Signature.objects.filter(petition=petition)
        .counted()
        .order_by()
        .values_list("riding", "riding__province", "province")
        .annotate(number=Count("pk"))
    )
    ridings: Counter[int] = Counter()
    provinces: Counter[str] = Counter()
    inside: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for riding, riding_province, province, number in rows:
        if riding:
            ridings[riding] += number
        provinces[province] += number
        inside[riding_province or province][str(riding or "")] += number
    seen = None if small_cells else _seen(provinces, inside)
    return Counts(dict(ridings), dict(provinces), seen)


def _seen(provinces: Counter[str], inside: dict[str, Counter[str]]) -> frozenset[int | str]:
    shown = set(counting.merge_small_cells(provinces)) - {"other"}
    ridings = {
        int(cell)
        for province in shown & inside.keys()
        for cell in counting.merge_small_cells(inside[province])
        if cell.isdecimal()
    }
    return frozenset({*shown, *ridings})


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
    return sorted(found, key=lambda row: (-(row.share or 0), -row.signers.seen_number))


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


def is_old(day: date) -> bool:
    return today() - day > LIST_AGES_AFTER


# --- what is late ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Late:
    """Something that should have happened: a step left undone, or a meeting not recorded."""

    meeting: Meeting
    due: date
    is_step: bool


def today() -> date:
    """The day in Toronto."""
    return clock.db_instant().astimezone(clock.TORONTO).date()


def late_steps(today: date, *, member: Member | None = None) -> list[Late]:
    """Next steps due before today and not done, and planned meetings of past days; oldest first.

    Of all Members, or of one. What is due today is not late.
    """
    late_step = Q(next_due__lt=today, next_done_at=None) & ~Q(next_step="")
    unrecorded = Q(state=MeetingState.PLANNED, day__lt=today)
    rows = Meeting.objects.filter(late_step | unrecorded).select_related("member__riding")
    found = []
    for meeting in rows if member is None else rows.filter(member=member):
        due = meeting.next_due
        if meeting.next_step and due and due < today and not meeting.next_done_at:
            found.append(Late(meeting, due, is_step=True))
        if meeting.state == MeetingState.PLANNED and meeting.day < today:
            found.append(Late(meeting, meeting.day, is_step=False))
    return sorted(found, key=lambda late: (late.due, late.meeting.pk))
