"""The most mails that this site sends in an hour and in a day, as its mail provider allows.

What is above waits in the outbox and leaves later; nothing is lost, and the pages say that mail is
slow. News leaves only while half of each cap is free: whoever signs finds room. Two workers that
begin a round at once may go over by a round.
"""

import logging
from datetime import timedelta

from django.conf import settings

from petitions import clock
from petitions.models import Delivery

logger = logging.getLogger(__name__)

#: Whether this process has told its log that a cap is reached.
_told: set[str] = set()


def room() -> int | None:
    """How many mails may leave now; None where there is no cap."""
    left = _left(1)
    full = {name for name, number in left.items() if number <= 0}
    for name in sorted(full - _told):
        logger.warning("mail: the cap %s is reached; what is above waits in the outbox", name)
    _told.clear()
    _told.update(full)
    return max(0, min(left.values())) if left else None


def room_for_news() -> int | None:
    """How many mails of news may be among them; None where there is no cap."""
    return max(0, min(left)) if (left := _left(2).values()) else None


def _left(part: int) -> dict[str, int]:
    """What is left of each cap, or of the half or third of it, by the setting's name."""
    return {
        name: cap // part - _sent(hours)
        for name, cap, hours in (
            ("MAILS_PER_HOUR", settings.PETITIONS_MAILS_PER_HOUR, 1),
            ("MAILS_PER_DAY", settings.PETITIONS_MAILS_PER_DAY, 24),
        )
        if cap
    }


def _sent(hours: int) -> int:
    since = clock.db_now() - timedelta(hours=hours)
    return Delivery.objects.filter(sent_at__gt=since).count()
