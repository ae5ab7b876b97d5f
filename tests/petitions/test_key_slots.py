"""A second way to open a vault is added and removed by whoever can open it, and never the last."""

import pytest

from campaign.accounts.models import User
from petitions.domain import key_slots, vault
from petitions.domain.key_slots import SlotError
from petitions.domain.passphrases import WeakPassphraseError
from petitions.domain.vault import CeremonyError, VaultError
from petitions.models import AuditEvent, KeySlot, Petition, Vault
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

SECOND = "another horse, another battery, other staples"


@pytest.fixture
def row() -> Vault:
    return make.open_petition().vault


@pytest.fixture
def person() -> User:
    return people.person()


def _add(row: Vault, person: User, **changes: str) -> KeySlot:
    words = {"opened_with": make.PASSPHRASE, "passphrase": SECOND, "label": "at home", **changes}
    return key_slots.add_passphrase(row, keeper=person, by=person, **words)


def _acts(kind: AuditEvent.Kind) -> list[dict[str, object]]:
    return list(AuditEvent.objects.filter(kind=kind).values_list("detail", flat=True))


def test_both_passphrases_open_the_same_key(row: Vault, person: User) -> None:
    slot = _add(row, person)
    assert (slot.keeper, slot.label, slot.proved_at) == (person, "at home", None)
    keys = {bytes(vault.open_vault(row, secret)) for secret in (make.PASSPHRASE, SECOND)}
    assert len(keys) == 1
    assert _acts(AuditEvent.Kind.SLOT_ADDED) == [{"way": "passphrase", "person": person.pk}]


def test_nothing_is_added_by_whoever_cannot_open_it(row: Vault, person: User) -> None:
    with pytest.raises(VaultError):
        _add(row, person, opened_with="mistaken")
    assert row.slots.count() == 2
    assert _acts(AuditEvent.Kind.VAULT_SHUT) == [{}]


def test_each_keeper_has_a_good_passphrase_of_their_own(row: Vault, person: User) -> None:
    with pytest.raises(WeakPassphraseError):
        _add(row, person, passphrase="short")
    with pytest.raises(SlotError, match="every list keeper has their own"):
        _add(row, person, passphrase=make.PASSPHRASE)
    assert row.slots.count() == 2


def test_a_lost_passphrase_is_replaced_by_the_sheet(person: User) -> None:
    """The drill of docs/operations.md."""
    row, code = vault.create(make.draft_petition(), passphrase=make.PASSPHRASE)
    vault.prove(row, code, kind=KeySlot.Kind.RECOVERY)
    (lost,) = row.slots.filter(kind=KeySlot.Kind.PASSPHRASE)
    _add(row, person, opened_with=code)
    with pytest.raises(SlotError, match="It stays"):
        key_slots.remove(lost, opened_with=code, by=person)
    vault.prove(row, SECOND, kind=KeySlot.Kind.PASSPHRASE)
    key_slots.remove(lost, opened_with=SECOND, by=person)
    assert vault.is_proved(row.petition)
    with pytest.raises(VaultError):
        vault.open_vault(row, make.PASSPHRASE)
    assert _acts(AuditEvent.Kind.SLOT_GONE) == [{"way": "passphrase"}]


def test_a_new_sheet_takes_the_place_of_the_old_one_once_it_is_proved(
    row: Vault, person: User
) -> None:
    (old,) = row.slots.filter(kind=KeySlot.Kind.RECOVERY)
    _slot, code = key_slots.renew_sheet(row, opened_with=make.PASSPHRASE, by=person)
    with pytest.raises(SlotError, match="It stays"):
        key_slots.remove(old, opened_with=make.PASSPHRASE, by=person)
    vault.prove(row, code, kind=KeySlot.Kind.RECOVERY)
    key_slots.remove(old, opened_with=make.PASSPHRASE, by=person)
    assert vault.is_proved(row.petition)
    assert bytes(vault.open_vault(row, code)) == bytes(vault.open_vault(row, make.PASSPHRASE))


def test_a_way_is_not_removed_by_its_own_secret(row: Vault, person: User) -> None:
    slot = _add(row, person)
    vault.open_vault(row, SECOND)
    with pytest.raises(VaultError):
        key_slots.remove(slot, opened_with=SECOND, by=person)
    assert row.slots.count() == 3


def test_the_last_of_a_kind_stays(row: Vault, person: User) -> None:
    _slot, code = key_slots.renew_sheet(row, opened_with=make.PASSPHRASE, by=person)
    (only,) = row.slots.filter(kind=KeySlot.Kind.PASSPHRASE)
    with pytest.raises(SlotError, match="It stays"):
        key_slots.remove(only, opened_with=code, by=person)
    assert row.slots.count() == 3


def test_a_new_way_leaves_a_proved_vault_proved(row: Vault, person: User) -> None:
    petition = Petition.objects.get(pk=row.petition_id)
    _add(row, person)
    assert vault.is_proved(petition)
    with pytest.raises(CeremonyError, match="is proved"):
        vault.discard(petition, by=person)
