"""Submit and confirm: one person, one counted signature."""

from datetime import timedelta

import pytest
from django.utils import timezone

from petitions.domain import addresses, signing, tokens, vault
from petitions.domain.signing import Outcome
from petitions.models import Delivery, Petition, Signature, Subscription
from petitions.states import SignatureState
from tests.conftest import SetClock
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db


def test_submit_stores_a_pending_row_and_its_mail(petition: Petition) -> None:
    signature = make.submitted(petition, email="dara@example.org")
    assert signature.state == SignatureState.PENDING
    assert signature.counted_at is None
    assert list(Delivery.objects.values_list("signature_id", "language")) == [(signature.pk, "km")]


def test_submit_seals_the_person_for_this_row_only(petition: Petition) -> None:
    signature = make.submitted(petition, name="សុខ ដារ៉ា", email="dara@example.org")
    key = vault.open_vault(petition.vault, make.PASSPHRASE)
    opened = vault.unseal(
        key,
        signature.box_person,
        petition=petition.public_id,
        signature=signature.public_id,
    )
    assert opened == {"name": "សុខ ដារ៉ា", "postal_code": "V3B 1A1"}
    other = make.submitted(petition)
    with pytest.raises(vault.VaultError):
        vault.unseal(
            key,
            signature.box_person,
            petition=petition.public_id,
            signature=other.public_id,
        )


def test_submit_keeps_the_riding_of_the_postal_code(petition: Petition) -> None:
    riding = make.riding()
    signature = make.submitted(petition)
    assert (signature.riding_id, signature.riding_method) == (riding.pk, "likely")
    assert signature.riding_boundaries == "2023"


def test_the_same_form_twice_is_one_row_with_the_newer_answers(petition: Petition) -> None:
    token = tokens.form_token(petition.public_id, "en")
    first = make.answers(name="Dara Sok")
    second = make.answers(name="Dara S. Sok", email=first.email.upper(), province="ON")
    ids = {
        signing.submit(petition, each, form_token=token, language="en") for each in (first, second)
    }
    signature = Signature.objects.get()
    assert ids == {signature.public_id}
    assert signature.province == "ON"
    assert Delivery.objects.count() == 1
    key = vault.open_vault(petition.vault, make.PASSPHRASE)
    opened = vault.unseal(
        key, signature.box_person, petition=petition.public_id, signature=signature.public_id
    )
    assert opened["name"] == "Dara S. Sok"


def test_another_person_on_the_same_form_is_another_row(petition: Petition) -> None:
    token = tokens.form_token(petition.public_id, "en")
    for _turn in range(2):
        signing.submit(petition, make.answers(), form_token=token, language="en")
    assert Signature.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"paused_at": timezone.now()},
        {"closes_at": timezone.now() - timedelta(seconds=1)},
        {"state": "closed"},
    ],
)
def test_a_petition_that_is_not_open_stores_nothing(
    petition: Petition, change: dict[str, object]
) -> None:
    Petition.objects.filter(pk=petition.pk).update(**change)
    with pytest.raises(signing.NotOpenError):
        make.submitted(petition)
    assert not Signature.objects.exists()
    assert not Delivery.objects.exists()


def test_confirm_counts_once_and_wipes_the_address(petition: Petition) -> None:
    signature = make.submitted(petition)
    assert signing.confirm(signature) == Outcome.COUNTED
    assert signing.confirm(signature) == Outcome.ALREADY
    signature.refresh_from_db()
    assert signature.mail_address is None
    assert Signature.objects.counted().count() == 1


def test_a_second_row_of_one_address_never_counts(petition: Petition) -> None:
    rows = [make.submitted(petition, email="Dara@Example.org") for _turn in range(2)]
    assert [signing.confirm(row) for row in rows] == [Outcome.COUNTED, Outcome.ALREADY]
    states = Signature.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [SignatureState.CONFIRMED, SignatureState.PENDING]


def test_one_address_may_sign_two_petitions(petition: Petition) -> None:
    other = make.open_petition()
    for each in (petition, other):
        make.confirmed(each, email="dara@example.org")
    assert Signature.objects.counted().count() == 2


def test_confirm_with_news_keeps_the_address_for_news_only(petition: Petition) -> None:
    make.confirmed(petition, email="dara@example.org", wants_news=True)
    subscription = Subscription.objects.get()
    assert addresses.unlock(bytes(subscription.address)) == "dara@example.org"
    make.confirmed(petition, wants_news=False)
    assert Subscription.objects.count() == 1


@pytest.mark.parametrize(
    ("after_closing", "outcome"),
    [
        (timedelta(seconds=-1), Outcome.COUNTED),
        (timedelta(hours=23, minutes=59), Outcome.COUNTED),
        (timedelta(hours=24), Outcome.CLOSED),
    ],
)
def test_a_signature_begun_in_time_may_be_confirmed_for_a_day(
    petition: Petition, set_clock: SetClock, after_closing: timedelta, outcome: Outcome
) -> None:
    closes = timezone.now() + timedelta(hours=2)
    Petition.objects.filter(pk=petition.pk).update(closes_at=closes)
    signature = make.submitted(petition)
    Petition.objects.filter(pk=petition.pk).update(state="closed")
    set_clock(closes + after_closing)
    assert signing.confirm(signature) == outcome


def test_a_signature_begun_after_closing_never_counts(petition: Petition) -> None:
    signature = make.submitted(petition)
    Petition.objects.filter(pk=petition.pk).update(
        closes_at=signature.created_at - timedelta(seconds=1)
    )
    assert signing.confirm(signature) == Outcome.CLOSED


def test_a_link_lives_a_week_from_its_first_send(petition: Petition, set_clock: SetClock) -> None:
    signature = make.submitted(petition)
    sent = timezone.now()
    Signature.objects.update(link_sent_at=sent, first_mail_at=sent)
    signature.refresh_from_db()
    set_clock(sent + timedelta(days=7))
    assert signing.confirm(signature) == Outcome.EXPIRED
    signing.renew_link(signature)
    signature.refresh_from_db()
    assert signature.generation == 1
    assert signing.confirm(signature) == Outcome.COUNTED


def test_changing_the_address_kills_the_old_link_and_code(petition: Petition) -> None:
    signature = make.submitted(petition)
    old_link = tokens.read_confirm_token(tokens.confirm_token(signature.public_id, 0))
    old_code = tokens.confirm_code(signature.public_id, 0)
    signing.change_address(signature, "new@example.org")
    fresh = signing.find_by_token(old_link)
    assert fresh is not None
    assert signing.look(fresh, old_link) == Outcome.REPLACED
    assert signing.confirm_by_code(fresh, old_code) == Outcome.WRONG_CODE
    assert addresses.unlock(bytes(fresh.mail_address)) == "new@example.org"


def test_the_code_confirms_and_wrong_ones_are_counted(petition: Petition) -> None:
    signature = make.submitted(petition)
    right = tokens.confirm_code(signature.public_id, 0)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _turn in range(signing.CODE_TRIES - 1):
        assert signing.confirm_by_code(signature, wrong) == Outcome.WRONG_CODE
    assert signing.confirm_by_code(signature, right) == Outcome.COUNTED
    assert signing.confirm_by_code(signature, right) == Outcome.NO_TRIES_LEFT


def test_five_wrong_codes_lock_the_code_but_not_the_link(petition: Petition) -> None:
    signature = make.submitted(petition)
    right = tokens.confirm_code(signature.public_id, 0)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _turn in range(signing.CODE_TRIES):
        signing.confirm_by_code(signature, wrong)
    assert signing.confirm_by_code(signature, right) == Outcome.NO_TRIES_LEFT
    assert signing.confirm(signature) == Outcome.COUNTED
