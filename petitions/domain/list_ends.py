"""The end of a petition's signer list: when it comes, and who is warned (security.md §9).

The list is what the boxes hold: names, addresses, postal codes. `purging.py` erases it.
"""

from calendar import monthrange
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from petitions import clock
from petitions.models import ListEnd, Petition, Signature
from petitions.signals import list_ends_soon
from petitions.states import MOVES, PetitionState

#: After the certificate, or another end without one: time for the last export.
LIST_LIFE = timedelta(days=30)
#: Those who may export the list are warned so long before its end.
FIRST_WARNING = timedelta(days=14)
LAST_WARNING = timedelta(days=3)
ENDED = [state for state in PetitionState if not MOVES[state]]
_SETTLED = [PetitionState.CERTIFIED, *ENDED]
_AFTER_SETTLING = {*_SETTLED, PetitionState.PRESENTED, PetitionState.RESPONSE_OVERDUE}


def retention_end(petition: Petition) -> datetime:
    """`PETITIONS_RETENTION_MONTHS` after closing: the same day, or the month's last where there
    is none."""
    closed = petition.closes_at or clock.db_instant()
    months = closed.month - 1 + settings.PETITIONS_RETENTION_MONTHS
    year, month = closed.year + months // 12, months % 12 + 1
    return closed.replace(year=year, month=month, day=min(closed.day, monthrange(year, month)[1]))


def list_end(petition: Petition, now: datetime) -> datetime | None:
    """When the list is erased; None while the petition has neither an end nor a closing.

    Never sooner than `LAST_WARNING` after the last warning, but for the end of all retention,
    which was promised to the signers.
    """
    latest = retention_end(petition) if petition.closes_at else None
    if petition.state not in _AFTER_SETTLING:
        return latest
    settled = petition.events.filter(to_state__in=_SETTLED).order_by("happened_at").first()
    if settled is None:
        return latest
    rows = ListEnd.objects.filter(petition=petition)
    warned = rows.values_list("warned_last_at", flat=True).first() or now
    end = max(settled.happened_at + LIST_LIFE, warned + LAST_WARNING)
    return min(end, latest) if latest else end


def ends_soon(petition: Petition, *, now: datetime | None = None) -> datetime | None:
    """The end of a list that is still there, once it is at most `LIST_LIFE` away."""
    now = now or clock.db_instant()
    end = list_end(petition, now)
    is_soon = end is not None and end - now <= LIST_LIFE
    return end if is_soon and with_a_list().filter(pk=petition.pk).exists() else None


def erased_at(petition: Petition) -> datetime | None:
    rows = ListEnd.objects.filter(petition=petition)
    return rows.values_list("erased_at", flat=True).first()


def with_a_list() -> QuerySet[Petition]:
    """Petitions whose list is still there."""
    sealed = Signature.objects.filter(petition=OuterRef("pk"), box_person__isnull=False)
    return Petition.objects.filter(Exists(sealed))


def warn_keepers() -> int:
    """Announces the lists that end in two weeks or three days, each time once; says how many."""
    warned, now = 0, clock.db_instant()
    for petition in with_a_list():
        end = list_end(petition, now)
        if end is None or end - now > FIRST_WARNING:
            continue
        column = "warned_last_at" if end - now <= LAST_WARNING else "warned_first_at"
        warned += _warn(petition, column, end)
    return warned


@transaction.atomic
def _warn(petition: Petition, column: str, end: datetime) -> bool:
    """False where somebody else came first: the mails are queued with the mark, or not at all."""
    ListEnd.objects.get_or_create(petition=petition)
    claimed = ListEnd.objects.filter(**{column: None}, petition=petition).update(
        **{column: clock.db_now()}
    )
    if claimed:
        list_ends_soon.send(sender=Petition, petition=petition, end=end)
    return bool(claimed)
