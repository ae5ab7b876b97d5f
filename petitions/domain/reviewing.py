"""Signatures held for review: what is held, in groups, and what people decide about them.

One module decides; each decision is a `Review` without personal data, in the transaction of what
it changes. The petition's row is locked first: two reviewers, or a reviewer and the certificate,
come one after the other. Who withdraws meanwhile is out, whatever is decided.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext, ngettext

from petitions import clock, formats
from petitions.domain import addresses, counting, mailing, screening
from petitions.domain.constraints import broke
from petitions.domain.mailing import MOST_EVER
from petitions.models import Petition, Review, Signature, Subscription
from petitions.models.petition import GRACE
from petitions.models.signature import ONE_CONFIRMED_PER_ADDRESS
from petitions.states import DeliveryKind, HoldRule, ReviewAct, SignatureState

logger = logging.getLogger(__name__)

#: A decision may be undone for this long; then what was rejected is emptied.
UNDO_LIFE = timedelta(days=7)


class ReviewError(Exception):
    """Nothing was decided; the text says why."""


@dataclass(frozen=True)
class Group:
    """Held signatures that one rule put together; of a burst those with one mark."""

    rule: HoldRule
    mark: bytes | None
    number: int = 0
    first: datetime | None = None
    last: datetime | None = None

    @property
    def key(self) -> str:
        """What stands for it in addresses; a mark is a keyed hash and tells nothing."""
        return f"{self.rule.value}-{self.mark.hex()}" if self.mark else self.rule.value


def held(petition: Petition) -> QuerySet[Signature]:
    """What waits for a decision: confirmed by its signer, and held."""
    return Signature.objects.filter(
        petition=petition, state=SignatureState.CONFIRMED, held_at__isnull=False
    )


def groups(petition: Petition) -> list[Group]:
    """All that is held, the largest group first."""
    found = []
    for rule in HoldRule:
        burst = screening.BURSTS.get(rule)
        rows = held(petition).filter(held_rule=rule)
        by_mark = rows.values_list(burst.column if burst else "held_rule").annotate(
            Count("pk"), Min("confirmed_at"), Max("confirmed_at")
        )
        found += [
            Group(rule, bytes(mark) if burst and mark else None, number, first, last)
            for mark, number, first, last in by_mark
        ]
    return sorted((each for each in found if each.number), key=lambda each: -each.number)


def group_of(petition: Petition, key: str) -> Group | None:
    """The group of that key as it is now; None when nothing of it is held any more."""
    return next((each for each in groups(petition) if each.key == key), None)


def rows(petition: Petition, group: Group) -> QuerySet[Signature]:
    """The held signatures of a group, the oldest first."""
    found = held(petition).filter(held_rule=group.rule)
    if burst := screening.BURSTS.get(group.rule):
        found = found.filter(**{burst.column: group.mark})
    return found.order_by("pk")


def alike(petition: Petition, group: Group) -> QuerySet[Signature]:
    """Signatures that count and share the group's mark; none where the rule is of no mark."""
    burst = screening.BURSTS.get(group.rule)
    if burst is None or group.mark is None:
        return Signature.objects.none()
    return (
        Signature.objects.filter(petition=petition).counted().filter(**{burst.column: group.mark})
    )


def domain(petition: Petition, group: Group) -> str:
    """The domain that a group's addresses share, while one of them is still kept; else "".

    Never more of an address than that, and only where the rule is about the domain.
    """
    if group.rule != HoldRule.DOMAIN:
        return ""
    kept = rows(petition, group).exclude(mail_address=None).values_list("mail_address", flat=True)
    box = kept.first()
    return screening.domain_of(addresses.unlock(box)) if box else ""


# --- deciding --------------------------------------------------------------------------------


@transaction.atomic
def decide(
    petition: Petition,
    chosen: QuerySet[Signature],
    act: ReviewAct,
    *,
    number: int,
    reason: str = "",
    by: AbstractBaseUser,
) -> UUID:
    """Carries the act out for the chosen rows, all or none; returns its batch.

    `chosen` are rows of `rows()`, or of `alike()` for `HOLD`. `number` is how many somebody was
    told that it would be: raises `ReviewError` when it is another number by now, or the figures
    are final.
    """
    _lock(petition)
    found = list(chosen.select_for_update(of=("self",)).order_by("pk"))
    if len(found) != number or not found:
        raise ReviewError(_changed())
    batch, at = uuid4(), clock.db_instant()
    Review.objects.bulk_create(
        Review(
            batch=batch,
            petition=petition,
            signature=row,
            act=act,
            rule=row.held_rule or HoldRule.STAFF,
            reason=reason,
            by=by,  # type: ignore[misc]  # the user model is the project's
            at=at,
        )
        for row in found
    )
    same = Signature.objects.filter(pk__in=[row.pk for row in found])
    match act:
        case ReviewAct.ACCEPT:
            _accept(petition, same, found, at)
        case ReviewAct.REJECT:
            same.update(state=SignatureState.REJECTED, mail_address=None, changed_at=at)
        case ReviewAct.HOLD:
            same.update(held_at=at, held_rule=HoldRule.STAFF, uncounted_at=at, changed_at=at)
        case ReviewAct.ASK:
            _ask(petition, same, at)
    logger.info("review: person %s decided %s for %d signatures", by.pk, act, len(found))
    return batch


def _changed() -> str:
    return gettext("Something has changed meanwhile. Look again, then decide.")


def _lock(petition: Petition) -> None:
    # Those who sign meanwhile hold a share of this row's key: they must not wait.
    Petition.objects.select_for_update(no_key=True).get(pk=petition.pk)
    if counting.is_frozen(petition):
        raise ReviewError(gettext("The total is final: nothing is decided any more."))


def _accept(
    petition: Petition, same: QuerySet[Signature], found: list[Signature], at: datetime
) -> None:
    """Counts them from now on, and tells those who asked for news."""
    same.update(
        held_at=None,
        held_rule="",
        counted_at=at,
        uncounted_at=None,
        changed_at=at,
        mail_address=None,
    )
    indexes = [bytes(row.email_index) for row in found if row.wants_news and row.email_index]
    for each in Subscription.objects.filter(petition=petition, email_index__in=indexes):
        mailing.queue(
            DeliveryKind.COUNTED,
            petition=petition,
            address=bytes(each.address),
            address_index=bytes(each.email_index),
            language=each.language,
        )


def _ask(petition: Petition, same: QuerySet[Signature], at: datetime) -> None:
    """Back to pending under a new link, which no rule looks at again; raises `ReviewError`."""
    closes_at = petition.closes_at
    if closes_at is None or at >= closes_at + GRACE:
        raise ReviewError(gettext("The petition has closed: a new link could not count any more."))
    if same.filter(Q(mail_address=None) | Q(mails_queued__gte=MOST_EVER)).exists():
        raise ReviewError(
            gettext("Some of these addresses can no longer be written to: accept or reject them.")
        )
    same.update(
        state=SignatureState.PENDING,
        held_at=None,
        held_rule="",
        confirmed_at=None,
        changed_at=at,
        generation=F("generation") + 1,
        code_tries=0,
        first_mail_at=None,
        link_sent_at=None,
        mails_queued=F("mails_queued") + 1,
        mail_queued_at=at,
        **screening.no_marks(),
    )
    for row in same:
        mailing.queue_sign_mail(row)


# --- undoing ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Batch:
    """What one press decided: about how many, and whether that can still be undone."""

    batch: UUID
    act: ReviewAct
    rule: HoldRule
    reason: str
    number: int
    at: datetime
    by: str
    may_be_undone: bool
    is_undone: bool


def batches(petition: Petition) -> list[Batch]:
    """The newest decisions, of the days in which one may be undone."""
    now = clock.db_instant()
    found = (
        Review.objects.filter(petition=petition, at__gt=now - UNDO_LIFE)
        .values("batch", "act", "reason", "at", "by__email")
        .annotate(number=Count("pk"), rule=Min("rule"), undone=Max("undone_at"))
        .order_by("-at")
    )
    return [
        Batch(
            batch=row["batch"],
            act=ReviewAct(row["act"]),
            rule=HoldRule(row["rule"]),
            reason=row["reason"],
            number=row["number"],
            at=row["at"],
            by=row["by__email"] or "",
            may_be_undone=row["undone"] is None and row["act"] != ReviewAct.ASK,
            is_undone=row["undone"] is not None,
        )
        for row in found
    ]


def undo(petition: Petition, batch: UUID, *, by: AbstractBaseUser) -> int:
    """Puts a decision's signatures back as they were before it; returns how many.

    Who withdrew or signed again meanwhile is left alone. Raises `ReviewError` when it was undone
    before, was a mail, is older than `UNDO_LIFE`, or the figures are final.
    """
    try:
        with transaction.atomic():
            return _undo(petition, batch, by=by)
    except IntegrityError as error:  # somebody of it confirms anew at this very moment
        if not broke(error, Signature, ONE_CONFIRMED_PER_ADDRESS):
            raise
        raise ReviewError(_changed()) from error


def _undo(petition: Petition, batch: UUID, *, by: AbstractBaseUser) -> int:
    _lock(petition)
    now = clock.db_instant()
    decisions = Review.objects.filter(
        petition=petition, batch=batch, undone_at=None, at__gt=now - UNDO_LIFE
    ).exclude(act=ReviewAct.ASK)
    by_rule: dict[str, list[int]] = {}
    for rule, pk in decisions.values_list("rule", "signature_id"):
        by_rule.setdefault(rule, []).append(pk)
    act = decisions.values_list("act", flat=True).first()
    if act is None:
        raise ReviewError(gettext("This decision can no longer be undone."))
    restored = sum(_restore(ReviewAct(act), rule, pks, now) for rule, pks in by_rule.items())
    decisions.update(undone_at=now, undone_by=by)
    logger.info("review: person %s undid %s for %d signatures", by.pk, act, restored)
    return restored


def _restore(act: ReviewAct, rule: str, pks: Iterable[int], now: datetime) -> int:
    same = Signature.objects.filter(pk__in=pks, erased_at=None)
    if act == ReviewAct.ACCEPT:
        counted = same.filter(state=SignatureState.CONFIRMED, held_at=None)
        return counted.update(held_at=now, held_rule=rule, uncounted_at=now, changed_at=now)
    if act == ReviewAct.HOLD:
        held_by_us = same.filter(state=SignatureState.CONFIRMED, held_rule=HoldRule.STAFF)
        # It counts from when it first did: its day is its own.
        return held_by_us.update(held_at=None, held_rule="", uncounted_at=None, changed_at=now)
    # Held again, as it was; unless the address has a signature that stands.
    signed_again = Signature.objects.filter(
        petition=OuterRef("petition"),
        email_index=OuterRef("email_index"),
        state=SignatureState.CONFIRMED,
    )
    rejected = same.filter(~Exists(signed_again), state=SignatureState.REJECTED)
    return rejected.update(state=SignatureState.CONFIRMED, changed_at=now)


def told(number: int) -> str:
    """A number of signatures in words."""
    return ngettext("%(number)s signature", "%(number)s signatures", number) % {
        "number": formats.number(number)
    }
