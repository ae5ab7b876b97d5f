"""Which mail a delivery becomes, decided when it is sent."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from petitions.domain import addresses, mailing, signing, tokens, withdrawing
from petitions.domain.composing import Drop, compose
from petitions.domain.lifetimes import link_end
from petitions.models import Delivery, Petition, Signature, Subscription
from petitions.states import DeliveryKind, PetitionKind, PetitionState, SignatureState
from tests.conftest import SetClock
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
ADDRESS = "dara@example.org"
START = datetime(2027, 1, 10, 12, tzinfo=UTC)


def _text(delivery: Delivery) -> str:
    message = compose(delivery)
    assert not isinstance(message, Drop)
    return str(message.body)


def _manage_mail(address: str = ADDRESS) -> str:
    mailing.queue(
        DeliveryKind.MANAGE,
        petition=None,
        address=addresses.lock(address),
        address_index=addresses.site_index(address),
        language="en",
    )
    return _text(Delivery.objects.filter(kind=DeliveryKind.MANAGE).latest("pk"))


def _managed(text: str) -> list[Signature]:
    """The signatures that the links of a mail lead to."""
    prefix = f"{settings.PETITIONS_PUBLIC_BASE_URL}/m/"
    now = datetime.now(tz=UTC)
    return [
        Signature.objects.get(public_id=tokens.read_manage_token(line.removeprefix(prefix), now))
        for line in text.splitlines()
        if line.startswith(prefix)
    ]


# --- my signature ----------------------------------------------------------------------------


@pytest.mark.parametrize("state", PetitionState)
def test_a_signer_is_led_to_the_signature_whatever_became_of_the_petition(
    petition: Petition, state: PetitionState
) -> None:
    signature = make.confirmed(petition, email=ADDRESS)
    Petition.objects.filter(pk=petition.pk).update(state=state)
    assert _managed(_manage_mail()) == [signature]


def test_a_record_has_no_signers(petition: Petition) -> None:
    make.confirmed(petition, email=ADDRESS)
    Petition.objects.filter(pk=petition.pk).update(kind=PetitionKind.RECORD)
    assert _managed(_manage_mail()) == []


def test_a_rejected_signature_can_still_be_erased_by_its_signer(petition: Petition) -> None:
    signature = make.confirmed(petition, email=ADDRESS)
    withdrawing.withdraw(signature)
    Signature.objects.update(state=SignatureState.REJECTED)
    assert _managed(_manage_mail()) == [signature]


def test_the_counted_signature_goes_before_newer_ones(petition: Petition) -> None:
    counted = make.confirmed(petition, email=ADDRESS)
    make.submitted(petition, email=ADDRESS)
    assert _managed(_manage_mail()) == [counted]


def test_there_is_one_link_for_each_petition(petition: Petition) -> None:
    here = make.confirmed(petition, email=ADDRESS)
    there = make.submitted(make.open_petition(), email=ADDRESS)
    assert {row.pk for row in _managed(_manage_mail())} == {here.pk, there.pk}


def test_what_was_emptied_is_not_found_again(petition: Petition) -> None:
    withdrawing.erase(make.submitted(petition, email=ADDRESS))
    assert _managed(_manage_mail()) == []


# --- no longer needed ------------------------------------------------------------------------


def _delivery(signature: Signature) -> Delivery:
    return Delivery.objects.filter(signature=signature).select_related("signature__petition").get()


@pytest.mark.parametrize("act", [signing.confirm, withdrawing.withdraw, withdrawing.disown])
def test_a_row_that_is_settled_needs_no_link(petition: Petition, act: object) -> None:
    signature = make.submitted(petition)
    act(signature)  # type: ignore[operator]
    assert compose(_delivery(signature)) == Drop("not pending")


def test_a_link_that_was_replaced_is_not_sent(petition: Petition) -> None:
    signature = make.submitted(petition)
    signing.change_address(signature, "own@example.org")
    old, new = Delivery.objects.order_by("pk").select_related("signature__petition")
    assert compose(old) == Drop("replaced")
    message = compose(new)
    assert not isinstance(message, Drop)
    assert message.to == ["own@example.org"]


def test_a_row_that_is_gone_needs_no_mail(petition: Petition) -> None:
    signature = make.submitted(petition)
    delivery = Delivery.objects.get()
    signature.delete()
    delivery.refresh_from_db()
    assert compose(delivery) == Drop("not pending")


def test_no_link_is_sent_once_the_count_is_final(petition: Petition, set_clock: SetClock) -> None:
    signature = make.submitted(petition)
    assert petition.final_at is not None
    set_clock(petition.final_at - timedelta(seconds=1))
    assert tokens.confirm_code(signature.public_id, 0) in _text(_delivery(signature))
    set_clock(petition.final_at)
    assert compose(_delivery(signature)) == Drop("closed")


def test_who_stopped_news_is_not_told(petition: Petition) -> None:
    make.confirmed(petition, wants_news=True)
    Subscription.objects.all().delete()
    assert compose(Delivery.objects.get(kind=DeliveryKind.COUNTED)) == Drop("unsubscribed")


def test_a_goal_that_was_raised_before_the_mail_left_is_not_told(petition: Petition) -> None:
    petition.milestones.create(number=petition.threshold, reached_at=START)
    mailing.queue(
        DeliveryKind.GOAL,
        petition=petition,
        address=addresses.lock(ADDRESS),
        address_index=addresses.site_index(ADDRESS),
        language="en",
    )
    Petition.objects.update(threshold=900)
    assert compose(Delivery.objects.get()) == Drop("no crossing")


# --- until when the link works ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent_after", "first_after", "closes_after", "works_for"),
    [
        (None, None, 90, 7),
        (0, 0, 90, 7),
        (8, 0, 90, 14),  # the row dies first
        (10, 10, 90, 17),
        (28, 28, 90, 30),
        (0, 0, 3, 4),  # the count is final first
    ],
)
def test_the_mail_names_the_true_end_of_its_link(
    set_clock: SetClock,
    sent_after: int | None,
    first_after: int | None,
    closes_after: int,
    works_for: int,
) -> None:
    days = timedelta(days=1)
    set_clock(START)
    petition = make.open_petition(opens_at=START - days, closes_at=START + closes_after * days)
    signature = make.submitted(petition)
    signature.link_sent_at = None if sent_after is None else START + sent_after * days
    signature.first_mail_at = None if first_after is None else START + first_after * days
    assert link_end(signature) == START + works_for * days


def test_an_address_that_asked_for_silence_is_not_told_that_it_has_signed_nothing(
    petition: Petition,
) -> None:
    """Anybody may type it into "my signature"; its owner said that they did not sign."""
    withdrawing.disown(make.submitted(petition, email=ADDRESS))
    with pytest.raises(AssertionError):
        _manage_mail()
    newest = Delivery.objects.filter(kind=DeliveryKind.MANAGE).latest("pk")
    assert compose(newest) == Drop("suppressed")
    assert "manage" not in _manage_mail("other@example.org")


def test_an_address_that_asked_for_silence_still_reaches_what_it_signed(
    petition: Petition,
) -> None:
    withdrawing.disown(make.submitted(petition, email=ADDRESS))
    signature = make.confirmed(make.open_petition(), email=ADDRESS)
    assert _managed(_manage_mail()) == [signature]
