"""Whom to tell that the goal is reached: Members with signers in their riding, or a promise."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from campaign.accounts.models import User
from campaign.parliament import queries
from campaign.parliament.models import Meeting
from campaign.parliament.queries import Counts, Row
from campaign.parliament.searching import Search
from campaign.parliament.states import ContactState, MeetingState
from petitions.domain import addresses, composing, notifying
from petitions.domain.cells import SMALLEST_CELL
from petitions.models import Member, Petition, Riding

#: A mail names so many Members; the page that it leads to names all.
LONGEST_LIST = 20


@dataclass(frozen=True)
class Told:
    """A Member to tell, and why.

    signers   in the riding; None below five, and where the number would give a small one away
    promise   the newest one, as it was said; "" when none was written down
    """

    member: Member
    riding: Riding
    signers: int | None
    is_promised: bool
    promise: str


def members_to_tell(counted: Counts) -> list[Told]:
    """Members of today: who has promised first, then most signers."""
    promises = _promises()
    found = [
        _told(row, row.member, promises)
        for row in queries.rows(Search(), counted)
        if row.member is not None
    ]
    reasons = [told for told in found if told.signers or told.is_promised]
    return sorted(reasons, key=lambda told: (not told.is_promised, -(told.signers or 0)))


def _told(row: Row, member: Member, promises: dict[int, str]) -> Told:
    is_shown = row.signers.seen and row.signers.number >= SMALLEST_CELL
    return Told(
        member=member,
        riding=row.riding,
        signers=row.signers.number if is_shown else None,
        is_promised=row.state == ContactState.PROMISED,
        promise=promises.get(member.pk, ""),
    )


def _promises() -> dict[int, str]:
    """The newest promise of each Member, as it was said."""
    said = Meeting.objects.filter(state=MeetingState.HELD).exclude(promise="")
    return dict(said.order_by("day", "pk").values_list("member", "promise"))


# --- the mail --------------------------------------------------------------------------------


def mail_list(petition: Petition, users: list[User], *, total: int, reached_at: datetime) -> None:
    """The crossing, to people who meet Members: whom to tell, with a link to each briefing."""
    if not users:
        return
    counted = queries.counts(petition, small_cells=False)
    found = members_to_tell(counted)
    context = {
        "threshold": petition.threshold,
        "total": total,
        "reached_on": reached_at,
        "told": [{"row": row, "url": _brief(row, petition)} for row in found[:LONGEST_LIST]],
        "counts_of": counted.as_of,
        "list_url": _absolute(reverse("parliament:tell"), petition),
    }
    for user in users:
        with translation.override(user.language):
            petition_url = composing.absolute("petitions:detail", slug=petition.slug)
        notifying.send(
            "goal_members",
            _reader(user),
            petition=petition,
            context=context | {"petition_url": petition_url},
        )


def _reader(user: User) -> notifying.Reader:
    """Under the index of the whole site: such mail is none of those that a signer may get."""
    index = addresses.site_index(user.email)
    return notifying.Reader(addresses.lock(user.email), index, user.language)


def _brief(row: Told, petition: Petition) -> str:
    return _absolute(reverse("parliament:brief", args=[row.member.pk]), petition)


def _absolute(path: str, petition: Petition) -> str:
    return f"{settings.PUBLIC_BASE_URL}{path}?petition={petition.slug}"
