"""The most mails that this site sends in an hour and in a day, as its mail provider allows.

What is above waits in the outbox and leaves later; nothing is lost, and the pages say that mail is
slow. Two workers that begin a round at once may go over by a round.
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
    left = {
        name: cap - _sent(hours)
        for name, cap, hours in (
            ("MAILS_PER_HOUR", settings.PETITIONS_MAILS_PER_HOUR, 1),
            ("MAILS_PER_DAY", settings.PETITIONS_MAILS_PER_DAY, 24),
        )
        if cap
    }
    full = {name for name, number in left.items() if number <= 0}
    for name in sorted(full - _told):
        logger.warning("mail: the cap %s is reached; what is above waits in the outbox", name)
    _told.clear()
    _told.update(full)
    return max(0, min(left.values())) if left else None


def _sent(hours: int) -> int:
    since = clock.db_now() - timedelta(hours=hours)
    return Delivery.objects.filter(sent_at__gt=since).count()
