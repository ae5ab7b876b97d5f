"""Who held a seat, by the lists of Members that were taken in here.

Lists tell names, not numbers: a Member is followed back through the names and ridings that the
lists say were changed. What happened between two lists shows in the later one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from petitions.models import Member, MemberList, Riding


class Event(models.TextChoices):
    FIRST = "first", _("in our first list")
    CAME = "came", _("new in the list")
    CHANGED = "changed", _("changed in the list")
    GONE = "gone", _("missing from the list")


@dataclass(frozen=True)
class Entry:
    """What a list of one day said of a Member, under the name of that list.

    changes   [field, old, new] as `MemberList.changed` has them
    ridings   English names of the ridings that it is about: both, for a move
    """

    day: date
    member: Member
    name: str
    event: Event
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    ridings: frozenset[str] = frozenset()


def history(member: Member) -> list[Entry]:
    """Everything that lists said of this Member and of the Member's riding, newest first."""
    lists = list(MemberList.objects.order_by("-imported_at", "-pk"))
    riding = _name(member.riding)
    entries = list(_story(member, lists))
    for other in _others(member, lists, riding):
        entries += (entry for entry in _story(other, lists) if riding in entry.ridings)
    return sorted(entries, key=lambda entry: entry.day, reverse=True)


def _name(riding: Riding) -> str:
    return str(riding.name_en)  # type: ignore[attr-defined]  # of modeltranslation


def _others(member: Member, lists: list[MemberList], riding: str) -> list[Member]:
    """Whoever holds or held the riding: they have it now, or a list says that they moved."""
    movers: set[str] = set()
    now_called: dict[str, str] = {}
    for name, changed, old, new in (each for row in lists for each in row.changed):
        if changed == "riding_id" and riding in {old, new}:
            movers.add(name)
        if changed == "name":
            now_called.setdefault(name, new)
    names = movers | {now_called[name] for name in movers & now_called.keys()}
    known = Member.objects.filter(Q(riding=member.riding_id) | Q(name__in=names))
    return list(known.exclude(pk=member.pk).select_related("riding").order_by("pk"))


def _story(member: Member, lists: list[MemberList]) -> Iterator[Entry]:
    """One Member's entries, from the newest list back to the first that has them."""
    name, riding = member.name, _name(member.riding)
    for row in lists:
        before = next(
            (old for _who, changed, old, new in row.changed if (changed, new) == ("name", name)),
            name,
        )
        mine = [(what, old, new) for who, what, old, new in row.changed if who == before]
        earlier = next((old for what, old, _new in mine if what == "riding_id"), riding)
        event = _event(row, name, has_changes=bool(mine))
        if event is not None:
            yield Entry(row.of_day, member, name, event, mine, frozenset({riding, earlier}))
        name, riding = before, earlier


def _event(row: MemberList, name: str, *, has_changes: bool) -> Event | None:
    if name in row.gone:
        return Event.GONE
    if name in row.added:
        return Event.FIRST if row.is_first else Event.CAME
    return Event.CHANGED if has_changes else None
