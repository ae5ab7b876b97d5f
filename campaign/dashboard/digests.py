"""The summary by mail: to each person on the team, once a period, as often as they want it."""

import logging
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import translation

from campaign.accounts import mailing
from campaign.accounts.models import Digest, DigestPeriod, User
from campaign.accounts.roles import Permission
from campaign.dashboard import digest_content
from campaign.dashboard.digest_content import Report
from petitions import clock

logger = logging.getLogger(__name__)

#: In Toronto; of a week, on Monday.
HOUR = time(7)
#: So much later it is still news, for a machine that slept; after that the next one tells.
LATEST = {DigestPeriod.DAILY: timedelta(hours=12), DigestPeriod.WEEKLY: timedelta(days=3)}
#: What has been sent is remembered for so long: far longer than anything could be sent again.
KEPT = timedelta(days=60)


def due_since(period: DigestPeriod, now: datetime) -> datetime | None:
    """The instant since which a period's summary is due; None before it, and once it is no news."""
    day = clock.day_of(now)
    if period == DigestPeriod.WEEKLY:
        day -= timedelta(days=day.weekday())
    since = datetime.combine(day, HOUR, clock.TORONTO)
    return since if since <= now < since + LATEST[period] else None


def send_due() -> int:
    """Queues every summary that is due and not had; returns how many. May be repeated at will."""
    now, queued = clock.db_instant(), 0
    for period in LATEST:
        since = due_since(period, now)
        if since is not None:
            queued += _send_period(period, since, now)
    return queued


def _send_period(period: DigestPeriod, since: datetime, now: datetime) -> int:
    day = since.date()
    Digest.objects.filter(day__lt=day - KEPT).delete()
    had = Digest.objects.filter(period=period, day=day).values("person")
    # Whoever joined later begins with the next one.
    readers = list(
        User.objects.filter(
            is_active=True, is_staff=True, digest=period, date_joined__lte=since
        ).exclude(pk__in=had)
    )
    if not readers:
        return 0
    found = digest_content.report(period, now)
    return sum(_try(person, found, day) for person in readers)


def _try(person: User, found: Report, day: date) -> bool:
    try:
        return send(person, found, day)
    except Exception as error:  # noqa: BLE001 - one that cannot be written holds up no other
        logger.error("summary for %s: %s", person.pk, type(error).__name__)  # noqa: TRY400 - traces may quote the address
        return False


@transaction.atomic
def send(person: User, found: Report, day: date) -> bool:
    """Queues one person's summary with the note that they had it: both, or neither.

    False when they have had it, or there is nothing to say. Of two workers one writes the note.
    """
    _row, created = Digest.objects.get_or_create(person=person, period=found.period, day=day)
    if not created or not person.may(Permission.SEE_OVERVIEW):
        return False
    with translation.override(person.language):
        content = digest_content.content(found, person)
    if content is None:
        return False
    mailing.send("digest", to=person.email, language=person.language, context=content)
    return True
