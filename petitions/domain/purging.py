"""Deleting what has had its time (security.md §9), in batches that may be cut short."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from petitions import clock
from petitions.domain import list_ends, visits
from petitions.domain.lifetimes import HELD_LIFE, LONGEST_LIFE, PENDING_LIFE, alive
from petitions.domain.list_ends import ENDED
from petitions.domain.reviewing import UNDO_LIFE
from petitions.domain.screening import MARK_LIFE, no_marks
from petitions.domain.supporting import LINK_LIFE
from petitions.models import (
    Delivery,
    EventNetwork,
    ListEnd,
    MPRequest,
    Petition,
    PetitionEvent,
    Review,
    Signature,
    Subscription,
    Supporter,
    Suppression,
)
from petitions.models.petition import GRACE
from petitions.states import (
    DeliveryKind,
    DeliveryState,
    ReviewAct,
    SignatureState,
    SupporterState,
)

BATCH = 500
#: Data that is still here so long after its end raises an alarm.
ALARM_AFTER = timedelta(days=1)
#: How long those who took part in the House's steps are known after the response, or another end.
KEPT_AFTER_END = timedelta(days=30)


def purge_pending() -> int:
    """Deletes rows never confirmed, whatever became of them, when their handles die."""
    return _in_batches(_dead(), _delete_pending)


def _delete_pending(rows: QuerySet[Signature]) -> None:
    visits.keep_numbers(rows)
    rows.delete()


def purge_held_addresses() -> int:
    """Wipes the addresses of confirmed rows that have been held for review too long."""
    return _in_batches(_held_too_long(), _wipe_address)


def _dead(*, since: timedelta = timedelta(0)) -> QuerySet[Signature]:
    """Never confirmed, and past their end for so long."""
    return Signature.objects.filter(
        ~alive(ago=since),
        confirmed_at=None,
        # Says nothing new, but lets the index find the few among the many.
        created_at__lte=clock.db_now() - PENDING_LIFE - since,
    )


def _held_too_long(*, since: timedelta = timedelta(0)) -> QuerySet[Signature]:
    return Signature.objects.filter(
        state=SignatureState.CONFIRMED,
        mail_address__isnull=False,
        confirmed_at__lte=clock.db_now() - HELD_LIFE - since,
    )


def is_late() -> bool:
    """Whether somebody's data is here a day after its end: nothing is purged any more.

    A day old at most is what a purge each hour leaves behind when a machine sleeps.
    """
    return Petition.objects.filter(late()).exists()


def late() -> Q:
    """The same as a condition, for whoever has more to ask in one query."""
    return Q(Exists(_dead(since=ALARM_AFTER))) | Q(Exists(_held_too_long(since=ALARM_AFTER)))


def oldest_pending() -> timedelta | None:
    """The age of the oldest row that waits to be confirmed; None when none waits."""
    waiting = Signature.objects.filter(confirmed_at=None).order_by("created_at")
    first = waiting.values_list("created_at", flat=True).first()
    return None if first is None else clock.db_instant() - first


def _wipe_address(rows: QuerySet[Signature]) -> None:
    rows.update(mail_address=None)


def purge_marks() -> int:
    """Wipes what bursts are seen by, except of what is held and waits to be decided."""
    marked = Q(mark_name__isnull=False) | Q(mark_domain__isnull=False)
    undecided = Q(
        state__in=[SignatureState.PENDING, SignatureState.CONFIRMED], held_at__isnull=False
    )
    old = Signature.objects.filter(marked, created_at__lte=clock.db_now() - MARK_LIFE)
    return _in_batches(old.exclude(undecided), _wipe_marks)


def _wipe_marks(rows: QuerySet[Signature]) -> None:
    rows.update(**no_marks())


def empty_rejected() -> int:
    """Empties what was rejected after review, once that can no longer be undone."""
    decided = Review.objects.filter(
        signature=OuterRef("pk"),
        act=ReviewAct.REJECT,
        undone_at=None,
        at__lte=clock.db_now() - UNDO_LIFE,
    )
    rejected = Signature.objects.filter(
        Exists(decided), state=SignatureState.REJECTED, erased_at=None
    )
    return _in_batches(rejected, _empty_rejected)


def _empty_rejected(rows: QuerySet[Signature]) -> None:
    """Their places on the news list go too, unless the address has signed again."""
    same = Signature.objects.filter(
        petition=OuterRef("petition"), email_index=OuterRef("email_index")
    )
    Subscription.objects.filter(Exists(same.filter(pk__in=rows))).exclude(
        Exists(same.filter(state=SignatureState.CONFIRMED))
    ).delete()
    _empty(rows)


def purge_events() -> int:
    """Deletes the networks of events that are long over: they say where people met."""
    over = EventNetwork.objects.filter(ends_at__lte=clock.db_now() - KEPT_AFTER_END)
    return _in_batches(over, _delete)


def erase_after_closing() -> int:
    """Empties the signatures of petitions that closed `PETITIONS_RETENTION_MONTHS` ago.

    They go on counting, as the privacy page says: totals without names are kept. Returns how
    many were emptied.
    """
    emptied = 0
    for petition in Petition.objects.filter(closes_at__lte=clock.db_now()):
        if list_ends.retention_end(petition) > clock.db_instant():
            continue
        kept = Signature.objects.filter(petition=petition, erased_at=None)
        if kept.exists():
            _mark_erased(petition)
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
        riding_boundaries="",
        wants_news=False,
        erased_at=clock.db_now(),
        **no_marks(),
    )


def erase_lists() -> int:
    """Empties the boxes of petitions whose list has come to its end; returns how many rows.

    Their signers go on counting, and see and withdraw their signature as before.
    """
    erased, now = 0, clock.db_instant()
    for petition in list_ends.with_a_list():
        end = list_ends.list_end(petition, now)
        if end is None or end > now:
            continue
        _mark_erased(petition)
        sealed = Signature.objects.filter(petition=petition)
        erased += _in_batches(sealed.exclude(box_person=None, box_email=None), _empty_boxes)
    return erased


def _mark_erased(petition: Petition) -> None:
    """First, so that nobody exports half a list, and a run cut short still says what it did."""
    ListEnd.objects.get_or_create(petition=petition)
    ListEnd.objects.filter(petition=petition, erased_at=None).update(erased_at=clock.db_now())


def _empty_boxes(rows: QuerySet[Signature]) -> None:
    rows.update(box_person=None, box_email=None)


def purge_outbox() -> int:
    """Deletes what the outbox remembers of mails, once it is of no use for the mail caps.

    And mails that could not leave for as long as any pending row lives, with their addresses.
    """
    final = [DeliveryState.SENT, DeliveryState.BOUNCED, DeliveryState.DROPPED]
    now = clock.db_now()
    no_more_mails = Q(petition__closes_at__lte=now - GRACE) | Q(petition=None)
    settled = Q(sent_at=None) | Q(sent_at__lte=now - GRACE)
    # What is counted of news that is still on its way.
    uncounted = Q(news__isnull=False, news__settled_at=None)
    of_no_use = Q(no_more_mails, settled, ~uncounted, state__in=final, created_at__lte=now - GRACE)
    given_up = Q(created_at__lte=now - LONGEST_LIFE) & ~Q(state__in=final)
    return _in_batches(Delivery.objects.filter(of_no_use | given_up), _delete)


def _ended_a_while_ago() -> Q:
    """Rows of petitions whose last step of all is `KEPT_AFTER_END` past."""
    ended = PetitionEvent.objects.filter(
        petition=OuterRef("petition"),
        to_state=OuterRef("petition__state"),
        happened_at__lte=clock.db_now() - KEPT_AFTER_END,
    )
    return Q(Exists(ended), petition__state__in=ENDED)


def forget_silenced() -> int:
    """Deletes who asked for silence, when no mail about the petition is written any more.

    With their place on its news list, if they had one: what was promised outlives its record.
    """
    return _in_batches(Suppression.objects.filter(_ended_a_while_ago()), _forget)


def _forget(rows: QuerySet[Suppression]) -> None:
    same = rows.filter(petition=OuterRef("petition"), email_index=OuterRef("email_index"))
    Subscription.objects.filter(Exists(same)).delete()
    rows.delete()


def erase_step_people() -> int:
    """Erases names and addresses of supporters and offices thirty days after the petition's end.

    And the addresses of supporters who never answered, as their mail promised.
    """
    now = clock.db_now()
    over = _ended_a_while_ago()
    kept = Q(name__isnull=False) | Q(email_index__isnull=False)
    unanswered = Supporter.objects.filter(
        state=SupporterState.INVITED, address__isnull=False, invited_at__lte=now - LINK_LIFE
    )
    told = Delivery.objects.filter(over, kind=DeliveryKind.NOTICE)
    return (
        _in_batches(told, _delete)
        + _in_batches(Supporter.objects.filter(over, kept), _erase_supporters)
        + _in_batches(unanswered, _erase_addresses)
        + _in_batches(MPRequest.objects.filter(over, address__isnull=False), _erase_addresses)
    )


def _erase_supporters(rows: QuerySet[Supporter]) -> None:
    rows.update(
        name=None,
        address=None,
        email_index=None,
        eligibility="",
        residence="",
        province="",
        country="",
    )


def _erase_addresses(rows: QuerySet[Any]) -> None:
    rows.update(address=None)


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
