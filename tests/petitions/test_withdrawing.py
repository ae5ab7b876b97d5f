"""A signer's own acts."""

import pytest
from django.utils import timezone

from petitions.domain import addresses, mailing, signing, withdrawing
from petitions.models import Delivery, Petition, Signature, Subscription, Suppression
from petitions.states import DeliveryState, SignatureState
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db


def test_withdrawing_takes_one_from_the_count_and_keeps_the_sealed_row(petition: Petition) -> None:
    signature = make.confirmed(petition)
    make.confirmed(petition)
    assert withdrawing.withdraw(signature)
    assert not withdrawing.withdraw(signature)
    signature.refresh_from_db()
    assert signature.state == SignatureState.WITHDRAWN
    assert signature.uncounted_at >= signature.counted_at
    assert signature.box_person is not None
    assert Signature.objects.counted().count() == 1


def test_whoever_withdrew_may_sign_again(petition: Petition) -> None:
    withdrawing.withdraw(make.confirmed(petition, email="dara@example.org"))
    make.confirmed(petition, email="dara@example.org")
    assert Signature.objects.counted().count() == 1


def test_erasing_empties_every_row_of_the_address(petition: Petition) -> None:
    make.riding()
    signature = make.confirmed(petition, email="dara@example.org", wants_news=True)
    make.submitted(petition, email="DARA@example.org")
    other = make.confirmed(petition)
    assert signature.riding_boundaries == "2023"
    assert withdrawing.erase(signature)
    assert not withdrawing.erase(signature)
    rows = Signature.objects.exclude(pk=other.pk)
    for row in rows:
        assert row.state == SignatureState.WITHDRAWN
        assert row.erased_at is not None
        kept = (row.box_person, row.box_email, row.mail_address, row.email_index)
        assert kept == (None, None, None, None)
        assert (row.province, row.country, row.source, row.riding_id) == ("", "", "", None)
        assert (row.riding_method, row.riding_boundaries) == ("", "")
    assert len(rows) == 2
    assert not Subscription.objects.exists()
    index = addresses.index("dara@example.org", petition)
    assert not Delivery.objects.filter(address_index=index).exists()
    other.refresh_from_db()
    assert other.is_counted


def test_erasing_reaches_a_held_row_and_gives_its_review_up(petition: Petition) -> None:
    signature = make.submitted(petition)
    Signature.objects.update(held_at=timezone.now(), held_rule="test")
    signature.refresh_from_db()
    signing.confirm(signature)
    assert withdrawing.erase(signature)
    signature.refresh_from_db()
    assert (signature.state, signature.held_at, signature.held_rule) == ("withdrawn", None, "")
    assert (signature.mail_address, signature.counted_at) == (None, None)


def test_erasing_spares_the_address_on_another_petition(petition: Petition) -> None:
    other = make.open_petition()
    kept = make.confirmed(other, email="dara@example.org")
    withdrawing.erase(make.confirmed(petition, email="dara@example.org"))
    kept.refresh_from_db()
    assert (kept.is_counted, kept.erased_at) == (True, None)


def test_handles_of_erased_rows_live_on(petition: Petition) -> None:
    rows = [make.submitted(petition, email="dara@example.org") for _turn in range(2)]
    signing.confirm(rows[0])
    rows[0].refresh_from_db()
    withdrawing.erase(rows[0])
    found = [signing.find_by_handle(petition, row.public_id) for row in rows]
    assert [row.state for row in found if row] == [SignatureState.WITHDRAWN] * 2


def test_erasing_does_not_open_the_caps_of_a_mailbox_typed_before(petition: Petition) -> None:
    """Or a row that is moved from address to address would be a way round them."""
    victim = addresses.index("victim@example.org", petition)
    for _turn in range(2):
        signature = make.submitted(petition, email="victim@example.org")
        mailing.mark_sent(_claimed())
        signing.change_address(signature, "own@example.org")
        mailing.mark_sent(_claimed())
        signature.refresh_from_db()
        withdrawing.erase(signature)
    mails = Delivery.objects.all()
    assert [(bytes(mail.address_index), mail.signature_id) for mail in mails] == [
        (victim, None),
        (victim, None),
    ]


def _claimed() -> Delivery:
    delivery = mailing.claim()
    assert delivery is not None
    return delivery


def test_stopping_news_reaches_every_row_of_the_address(petition: Petition) -> None:
    first, second = (
        make.submitted(petition, email="dara@example.org", wants_news=True) for _turn in range(2)
    )
    signing.confirm(first)
    withdrawing.stop_news(Signature.objects.get(pk=first.pk))
    withdrawing.withdraw(first)
    assert signing.confirm(second) == signing.Outcome.COUNTED
    assert not Subscription.objects.exists()


def test_stopping_news_keeps_the_signature(petition: Petition) -> None:
    signature = make.confirmed(petition, wants_news=True)
    assert withdrawing.wants_news(signature)
    withdrawing.stop_news(signature)
    assert not withdrawing.wants_news(signature)
    counted = Delivery.objects.get(kind="counted")
    assert (counted.state, counted.address) == (DeliveryState.DROPPED, None)
    signature.refresh_from_db()
    assert signature.is_counted


def test_i_did_not_sign_empties_the_row_and_stops_mail_for_good(petition: Petition) -> None:
    signature = make.submitted(petition, email="victim@example.org")
    assert withdrawing.disown(signature)
    signature.refresh_from_db()
    assert (signature.box_person, signature.mail_address) == (None, None)
    assert Suppression.objects.count() == 1
    make.submitted(petition, email="victim@example.org")
    newest = Delivery.objects.latest("pk")
    assert mailing.is_over_cap(newest)


def test_i_did_not_sign_empties_everything_pending_of_the_address(petition: Petition) -> None:
    rows = [make.submitted(petition, email="victim@example.org") for _turn in range(3)]
    other = make.submitted(petition)
    withdrawing.disown(rows[1])
    for row in Signature.objects.exclude(pk=other.pk):
        kept = (row.box_person, row.box_email, row.mail_address, row.email_index)
        assert kept == (None, None, None, None)
        assert (row.state, row.eligibility, row.province) == (SignatureState.REJECTED, "", "")
    other.refresh_from_db()
    assert other.state == SignatureState.PENDING


def test_a_counted_signature_cannot_be_disowned(petition: Petition) -> None:
    signature = make.confirmed(petition)
    assert not withdrawing.disown(signature)
    assert signing.confirm(signature) == signing.Outcome.ALREADY
    assert Signature.objects.counted().count() == 1
