"""A signer's own acts after signing: withdraw, erase, stop news, "I did not sign"."""

from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When

from petitions import clock
from petitions.domain.screening import no_marks
from petitions.models import Delivery, Signature, Subscription, Suppression
from petitions.states import DeliveryKind, DeliveryState, SignatureState


def _leaving(state: SignatureState) -> dict[str, Any]:
    """Columns of a row that leaves the count, or never joined it."""
    return {
        "state": state,
        "changed_at": clock.db_now(),
        "mail_address": None,
        # Its time in the count ends now, if it had begun and not ended.
        "uncounted_at": Case(
            When(counted_at=None, then=None),
            When(uncounted_at__isnull=False, then=F("uncounted_at")),
            default=clock.db_now(),
        ),
    }


@transaction.atomic
def withdraw(signature: Signature) -> bool:
    """Takes the signature out of the count and keeps the sealed row; False if already out."""
    taken = Signature.objects.filter(
        pk=signature.pk, state__in=[SignatureState.PENDING, SignatureState.CONFIRMED]
    ).update(**_leaving(SignatureState.WITHDRAWN))
    return bool(taken)


@transaction.atomic
def erase(signature: Signature) -> bool:
    """Withdraws and removes all that could lead to the person; False if that was done before.

    Every row of the address goes, also those never confirmed. Boxes, index, riding and choices
    become empty, the news subscription and the outbox's trace go; the number of events and the
    day remain.
    """
    _read_index(signature)
    index = signature.email_index
    rows = _rows_of_address(signature).filter(erased_at=None)
    keys = list(rows.values_list("pk", flat=True))
    erased = rows.update(
        **_leaving(SignatureState.WITHDRAWN),
        **_nothing_personal(),
        erased_at=clock.db_now(),
        submission_key=None,
        held_at=None,
        held_rule="",
    )
    # Mails to another address that stood here before count for that mailbox's caps: they stay.
    Delivery.objects.filter(signature__in=keys).update(signature=None)
    if erased and index is not None:
        _stop_news(signature)
        Delivery.objects.filter(
            petition_id=signature.petition_id, address_index=bytes(index)
        ).delete()
    return bool(erased)


def _read_index(signature: Signature) -> None:
    """As it is now, and as it stays until the transaction ends: the pepper may have changed."""
    row = Signature.objects.select_for_update().filter(pk=signature.pk)
    signature.email_index = row.values_list("email_index", flat=True).first()


def _rows_of_address(signature: Signature) -> QuerySet[Signature]:
    """This row and all others of its address, on the same petition."""
    same = Q(pk=signature.pk)
    if signature.email_index is not None:
        same |= Q(petition_id=signature.petition_id, email_index=bytes(signature.email_index))
    return Signature.objects.filter(same)


def _nothing_personal() -> dict[str, Any]:
    """Columns of a row from which nothing leads to a person any more."""
    return {
        "box_person": None,
        "box_email": None,
        "email_index": None,
        "eligibility": "",
        "residence": "",
        "province": "",
        "country": "",
        "riding": None,
        "riding_method": "",
        "riding_boundaries": "",
        "source": "",
        "wants_news": False,
        **no_marks(),
    }


def wants_news(signature: Signature) -> bool:
    """Whether this signature's address gets news about its petition."""
    return Subscription.objects.filter(
        petition_id=signature.petition_id, email_index=signature.email_index
    ).exists()


@transaction.atomic
def stop_news(signature: Signature) -> None:
    """Removes the address from the petition's news list and empties its place in the outbox."""
    _read_index(signature)
    _stop_news(signature)


def _stop_news(signature: Signature) -> None:
    _rows_of_address(signature).update(wants_news=False)
    if signature.email_index is not None:
        _forget_news(signature.petition_id, bytes(signature.email_index))


@transaction.atomic
def unsubscribe(subscription: Subscription) -> None:
    """The same by the link in the news themselves, which knows no signature."""
    # Its index as it is now: the petition's pepper may have changed.
    locked = Subscription.objects.select_for_update().filter(pk=subscription.pk).first()
    if locked is not None:
        _forget_news(locked.petition_id, bytes(locked.email_index))


def _forget_news(petition: int, index: bytes) -> None:
    Subscription.objects.filter(petition=petition, email_index=index).delete()
    Delivery.objects.filter(
        kind__in=[DeliveryKind.COUNTED, DeliveryKind.NEWS],
        state=DeliveryState.QUEUED,
        petition=petition,
        address_index=index,
    ).update(state=DeliveryState.DROPPED, address=None, problem="unsubscribed")


@transaction.atomic
def disown(signature: Signature) -> bool:
    """ "I did not sign": what is pending is emptied, and the address is never written to again.

    All of the address, since somebody who types it once types it twice. The rows stay, without
    data, as long as any pending row: their handles must not tell.
    """
    _read_index(signature)
    index = signature.email_index
    emptied = (
        _rows_of_address(signature)
        .filter(state=SignatureState.PENDING)
        .update(**_leaving(SignatureState.REJECTED), **_nothing_personal())
    )
    if emptied and index is not None:
        Suppression.objects.get_or_create(
            petition_id=signature.petition_id, email_index=bytes(index)
        )
    return bool(emptied)
