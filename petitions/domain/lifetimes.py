"""How long links, pending rows and page handles live (security.md §9)."""

from datetime import datetime, timedelta

from django.db.models import Q

from petitions import clock
from petitions.models import Signature

#: A mailed link works for this long after its first accepted send.
LINK_LIFE = timedelta(days=7)
#: A pending row and its handle die this long after the submit ...
PENDING_LIFE = timedelta(days=14)
#: ... but if no mail was accepted: `LINK_LIFE` after the first accepted one, at most this.
LONGEST_LIFE = timedelta(days=30)
#: The address of a confirmed row that is held for review is kept for at most this long.
HELD_LIFE = timedelta(days=14)


def alive(*, ago: timedelta = timedelta(0)) -> Q:
    """Rows whose time has not come, by the database's clock; or had not come so long ago.

    The same whatever the state, so that a handle tells nothing about it.
    """
    now = clock.db_now() - ago
    return (
        Q(created_at__gt=now - PENDING_LIFE)
        | Q(created_at__gt=now - LONGEST_LIFE, first_mail_at=None)
        | Q(created_at__gt=now - LONGEST_LIFE, first_mail_at__gt=now - LINK_LIFE)
    )


def link_works() -> Q:
    """Rows whose newest link is within its week, or has not been accepted by a server yet."""
    return Q(link_sent_at=None) | Q(link_sent_at__gt=clock.db_now() - LINK_LIFE)


def link_is_over() -> Q:
    """The opposite, said without NOT: SQL's third truth value would lose the rows not sent yet."""
    return Q(link_sent_at__lte=clock.db_now() - LINK_LIFE)


def link_end(signature: Signature) -> datetime:
    """When the newest link of a signature stops working, as a text says it; taken as sent now if
    not sent yet.

    Its week, unless the row dies or the petition's count is final before.
    """
    now = clock.display_now()
    ends = [(signature.link_sent_at or now) + LINK_LIFE, _row_end(signature, now)]
    if signature.petition.final_at is not None:
        ends.append(signature.petition.final_at)
    return min(ends)


def is_alive(signature: Signature, now: datetime) -> bool:
    """`alive()` for a row that is at hand, read at the database's instant `now`."""
    return now < _row_end(signature, now)


def _row_end(signature: Signature, now: datetime) -> datetime:
    first_mail = signature.first_mail_at or now
    longer = min(first_mail + LINK_LIFE, signature.created_at + LONGEST_LIFE)
    return max(signature.created_at + PENDING_LIFE, longer)
