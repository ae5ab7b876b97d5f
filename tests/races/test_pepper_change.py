"""A petition gets another pepper while people sign, confirm, change their address and erase."""

from collections import Counter
from functools import partial

import pytest
from pytest_django import Settings

from petitions.domain import addresses, delivering, pepper_change, signing, vault, withdrawing
from petitions.models import Petition, Signature, Suppression
from petitions.states import SignatureState
from tests.factories import petitions as make
from tests.races.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

FORMER, NEWER = "a former pepper of the site", "a newer pepper of the site"
PEOPLE = 4


@pytest.fixture
def petition(raced_database: None, settings: Settings) -> Petition:
    settings.PETITIONS_INDEX_PEPPER = FORMER
    return make.open_petition()


def _with_both(settings: Settings) -> None:
    settings.PETITIONS_INDEX_PEPPER = NEWER
    settings.PETITIONS_INDEX_PEPPER_FALLBACKS = [FORMER]


def test_nobody_counts_twice_and_nobody_is_lost(
    petition: Petition, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each address has one row that counts, one that is pressed, and one sent at that moment."""
    emails = [f"signer-of-{number}@example.org" for number in range(PEOPLE)]
    for email in emails[: PEOPLE // 2]:
        make.confirmed(petition, email=email)
    pressed = [make.submitted(petition, email=email) for email in emails]
    erasing = make.confirmed(petition, email="erasing@example.org")
    moving = make.submitted(petition, email="moving@example.org")
    denied_at = "denied@example.org"
    denied = make.submitted(petition, email=denied_at)
    key = vault.open_vault(petition.vault, make.PASSPHRASE)
    _with_both(settings)
    race(
        partial(pepper_change.change, petition, key),
        partial(signing.change_address, moving, emails[0]),
        partial(withdrawing.erase, erasing),
        partial(withdrawing.disown, denied),
        *(partial(signing.confirm, row) for row in pressed),
        *(partial(make.submitted, petition, email=email) for email in emails),
    )
    # However slow the machine: nobody confirms whose mail was not written.
    monkeypatch.setattr(delivering, "ROUND_SECONDS", 600)
    delivering.drain()
    late = Signature.objects.filter(state=SignatureState.PENDING)
    assert {signing.confirm(row) for row in late} == {signing.Outcome.ALREADY}
    present = Petition.objects.get(pk=petition.pk)
    assert Counter(
        bytes(index or b"")
        for index in Signature.objects.counted().values_list("email_index", flat=True)
    ) == {addresses.index(email, present): 1 for email in emails}
    assert Signature.objects.filter(erased_at__isnull=False).count() == 1
    # Denied before the change, its address is not here any more; denied after it, it is as new.
    entry, newer_or_former = Suppression.objects.get(), addresses.every_index(denied_at, present)
    assert bytes(entry.email_index) == newer_or_former[bool(entry.former_pepper)]


def test_two_operators_change_it_once(petition: Petition, settings: Settings) -> None:
    for _turn in range(PEOPLE):
        make.confirmed(petition)
    key = vault.open_vault(petition.vault, make.PASSPHRASE)
    _with_both(settings)

    def change() -> str:
        try:
            return str(pepper_change.change(petition, key).signatures)
        except pepper_change.PepperError:
            return "refused"

    assert Counter(race(change, change)) == {str(PEOPLE): 1, "refused": 1}
