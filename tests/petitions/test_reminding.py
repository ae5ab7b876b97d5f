"""Who is reminded, how often, and with which words."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from petitions.domain import delivering, mailing, reminding, signing, withdrawing
from petitions.domain.composing import Drop, compose
from petitions.models import Delivery, Mailing, Petition, Signature, Suppression
from petitions.states import DeliveryKind, DeliveryState, PetitionState, SignatureState
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
DAY = timedelta(hours=24)


def _waiting(petition: Petition, *, since: timedelta = DAY, **changes: str) -> Signature:
    """A pending signature whose first mail was accepted that long ago."""
    signature = make.submitted(petition, **changes)
    _age(signature, since)
    return signature


def _age(signature: Signature, since: timedelta) -> None:
    at = timezone.now() - since - timedelta(seconds=1)
    Signature.objects.filter(pk=signature.pk).update(
        created_at=at, first_mail_at=at, link_sent_at=at, mail_queued_at=at
    )
    Delivery.objects.filter(signature=signature, state=DeliveryState.QUEUED).update(
        state=DeliveryState.SENT, sent_at=at, created_at=at
    )


def _remind(petition: Petition) -> int:
    return reminding.remind(petition, by=people.person())


@pytest.fixture
def long_open() -> Petition:
    return make.open_petition(opens_at=timezone.now() - timedelta(days=30))


def test_whoever_has_waited_a_day_is_reminded(long_open: Petition) -> None:
    signature = _waiting(long_open)
    user = people.person()
    assert reminding.remind(long_open, by=user) == 1
    delivery = Delivery.objects.get(kind=DeliveryKind.REMIND)
    assert (delivery.signature, delivery.generation) == (signature, signature.generation)
    sent = Mailing.objects.get()
    assert (sent.kind, sent.recipients, sent.started_by) == (DeliveryKind.REMIND, 1, user)


def test_a_second_press_reminds_nobody_again(long_open: Petition) -> None:
    _waiting(long_open)
    assert [_remind(long_open), _remind(long_open)] == [1, 0]
    assert Delivery.objects.filter(kind=DeliveryKind.REMIND).count() == 1
    assert Mailing.objects.count() == 1


def test_two_reminders_are_enough(long_open: Petition) -> None:
    signature = _waiting(long_open, since=2 * DAY)
    for expected in (1, 1, 0):
        _age(signature, 2 * DAY)
        assert _remind(long_open) == expected


def _bounce(signature: Signature) -> None:
    Delivery.objects.filter(signature=signature).update(state=DeliveryState.BOUNCED)


def _silence(signature: Signature) -> None:
    Suppression.objects.create(petition=signature.petition, email_index=signature.email_index)


def _resend(signature: Signature) -> None:
    mailing.take_turn(signature)


def _use_up(signature: Signature) -> None:
    Signature.objects.filter(pk=signature.pk).update(mails_queued=mailing.MOST_EVER)


def _forget_acceptance(signature: Signature) -> None:
    Signature.objects.filter(pk=signature.pk).update(link_sent_at=None)


def _hold(signature: Signature) -> None:
    """Confirmed, and held for review with its address: it has nothing left to press."""
    Signature.objects.filter(pk=signature.pk).update(
        state=SignatureState.CONFIRMED, confirmed_at=timezone.now(), held_at=timezone.now()
    )


def _outlive(signature: Signature) -> None:
    """Its row is at its end, although a link that was asked for late still works."""
    long_ago = timezone.now() - timedelta(days=31)
    Signature.objects.filter(pk=signature.pk).update(created_at=long_ago)


def _requeue(signature: Signature) -> None:
    mailing.queue_sign_mail(signature)


@pytest.mark.parametrize(
    "act",
    [
        signing.confirm,
        withdrawing.disown,
        withdrawing.withdraw,
        _bounce,
        _silence,
        _resend,
        _use_up,
        _forget_acceptance,
        _requeue,
        _hold,
        _outlive,
    ],
)
def test_somebody_else_waits_but_this_one_is_left_alone(
    long_open: Petition, act: Callable[[Signature], object]
) -> None:
    left_alone, other = _waiting(long_open), _waiting(long_open)
    act(left_alone)
    assert list(reminding.due(long_open)) == [other]


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (DAY - timedelta(minutes=1), False),
        (DAY, True),
        (7 * DAY - timedelta(minutes=1), True),
        (7 * DAY, False),
    ],
)
def test_the_link_in_a_reminder_is_a_day_old_and_works(
    long_open: Petition, since: timedelta, *, due: bool
) -> None:
    _waiting(long_open, since=since)
    assert reminding.due(long_open).exists() is due


@pytest.mark.parametrize("state", PetitionState)
def test_nobody_is_reminded_of_what_can_no_longer_count(
    long_open: Petition, state: PetitionState
) -> None:
    _waiting(long_open)
    Petition.objects.filter(pk=long_open.pk).update(state=state)
    assert reminding.due(long_open).exists() is (
        state in {PetitionState.OPEN, PetitionState.CLOSED}
    )


@pytest.mark.parametrize(("hours", "due"), [(23, True), (25, False)])
def test_after_closing_reminders_end_with_the_grace(
    long_open: Petition, hours: int, *, due: bool
) -> None:
    _waiting(long_open, since=2 * DAY)
    Petition.objects.update(closes_at=timezone.now() - timedelta(hours=hours))
    assert reminding.due(long_open).exists() is due


def test_another_petition_is_another_matter(long_open: Petition) -> None:
    _waiting(long_open)
    assert not reminding.due(make.open_petition()).exists()


# --- the mail --------------------------------------------------------------------------------


def _reminder(petition: Petition) -> Delivery:
    _remind(petition)
    return Delivery.objects.select_related("signature__petition").get(kind=DeliveryKind.REMIND)


def test_a_reminder_carries_the_same_link_in_the_signatures_language(long_open: Petition) -> None:
    signature = _waiting(long_open, language="fr")
    first = compose(Delivery.objects.select_related("signature__petition").get())
    message = compose(_reminder(long_open))
    assert not isinstance(first, Drop)
    assert not isinstance(message, Drop)
    (link,) = {word for word in str(first.body).split() if "/c/" in word}
    assert link in str(message.body)
    assert message.subject == "Une dernière étape\u00a0: confirmez votre adresse"
    assert signature.petition.title_fr in str(message.body)


def test_an_address_that_has_signed_meanwhile_gets_no_reminder(long_open: Petition) -> None:
    _waiting(long_open, email="dara@example.org")
    delivery = _reminder(long_open)
    make.confirmed(long_open, email="dara@example.org")
    assert compose(delivery) == Drop("already signed")


def test_a_reminder_counts_among_the_mails_of_its_address(
    long_open: Petition, mailoutbox: list[object]
) -> None:
    signature = _waiting(long_open)
    delivery = _reminder(long_open)
    for _turn in range(mailing.MOST_IN_A_DAY):
        Delivery.objects.create(
            kind=DeliveryKind.SIGN,
            petition=long_open,
            address_index=signature.email_index,
            language="en",
            state=DeliveryState.SENT,
            created_at=timezone.now(),
            due_at=timezone.now(),
            sent_at=timezone.now() - timedelta(hours=1),
        )
    delivering.drain()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem) == (DeliveryState.DROPPED, "cap")
    assert mailoutbox == []
