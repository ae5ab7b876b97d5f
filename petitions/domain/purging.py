"""Deleting what has had its time (security.md §9), in batches that may be cut short."""

from calendar import monthrange
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from petitions import clock
from petitions.domain.lifetimes import HELD_LIFE, LONGEST_LIFE, alive
from petitions.models import Delivery, Petition, Signature, Subscription, Suppression
from petitions.models.petition import GRACE
from petitions.states import DeliveryState, SignatureState

BATCH = 500


def purge_pending() -> int:
    """Deletes rows never confirmed, whatever became of them, when their handles die."""
    return _in_batches(Signature.objects.filter(~alive(), confirmed_at=None), _delete)


def purge_held_addresses() -> int:
    """Wipes the addresses of confirmed rows that have been held for review too long."""
    kept = Signature.objects.filter(
        state=SignatureState.CONFIRMED,
        mail_address__isnull=False,
        confirmed_at__lte=clock.db_now() - HELD_LIFE,
    )
    return _in_batches(kept, _wipe_address)


def _wipe_address(rows: QuerySet[Signature]) -> None:
    rows.update(mail_address=None)


def erase_after_closing() -> int:
    """Empties the signatures of petitions that closed `PETITIONS_RETENTION_MONTHS` ago.

    They go on counting, as the privacy page says: totals without names are kept. Returns how
    many were emptied.
    """
    emptied = 0
    for petition in Petition.objects.filter(closes_at__lte=clock.db_now()):
        if _retention_end(petition) > clock.db_instant():
            continue
        kept = Signature.objects.filter(petition=petition, erased_at=None)
        emptied += _in_batches(kept, _empty)
        Subscription.objects.filter(petition=petition).delete()
        Suppression.objects.filter(petition=petition).delete()
    return emptied


def _empty(rows: QuerySet[Signature]) -> None:
    rows.update(
        box_person=None,
        box_email=None,
        mail_address=None,
        email_index=None,
        submission_key=None,
        riding=None,
        riding_method="",
        wants_news=False,
        erased_at=clock.db_now(),
    )


def _retention_end(petition: Petition) -> datetime:
    """The same day that many months after closing, or the month's last day where there is none."""
    closed = petition.closes_at or clock.db_instant()
    months = closed.month - 1 + settings.PETITIONS_RETENTION_MONTHS
    year, month = closed.year + months // 12, months % 12 + 1
    return closed.replace(year=year, month=month, day=min(closed.day, monthrange(year, month)[1]))


def purge_outbox() -> int:
    """Deletes what the outbox remembers of mails, once it is of no use for the mail caps.

    And mails that could not leave for as long as any pending row lives, with their addresses.
    """
    final = [DeliveryState.SENT, DeliveryState.BOUNCED, DeliveryState.DROPPED]
    now = clock.db_now()
    no_more_mails = Q(petition__closes_at__lte=now - GRACE) | Q(petition=None)
    settled = Q(sent_at=None) | Q(sent_at__lte=now - GRACE)
    of_no_use = Q(no_more_mails, settled, state__in=final, created_at__lte=now - GRACE)
    given_up = Q(created_at__lte=now - LONGEST_LIFE) & ~Q(state__in=final)
    return _in_batches(Delivery.objects.filter(of_no_use | given_up), _delete)


def _in_batches(rows: QuerySet[Any], act: Callable[[QuerySet[Any]], None]) -> int:
    """Acts on all rows, `BATCH` at a time, each batch a transaction; returns how many.

    `act` must take its rows out of the query, so that a run cut short goes on where it stopped.
    """
    done = 0
    while True:
        with transaction.atomic():
            keys = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
            act(rows.model.objects.filter(pk__in=keys))
        done += len(keys)
        if len(keys) < BATCH:
            return done


def _delete(rows: QuerySet[Any]) -> None:
    rows.delete()
