"""Sealing: what the server stores it cannot read, and a box belongs to one row."""

import unicodedata
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey, SealedBox

from petitions.domain import vault, withdrawing
from petitions.domain.passphrases import WeakPassphraseError
from petitions.domain.vault import CeremonyError, VaultError
from petitions.models import KeySlot, Petition, Vault
from petitions.states import PetitionKind, PetitionState
from tests.factories import people
from tests.factories import petitions as make

KEY = PrivateKey.generate()
_words = st.text(max_size=100)


@given(st.dictionaries(st.sampled_from(["name", "postal_code", "email"]), _words))
def test_what_was_sealed_comes_out_again(content: dict[str, str]) -> None:
    row = {"petition": uuid4(), "signature": uuid4()}
    box = vault.seal(bytes(KEY.public_key), content=content, **row)
    assert vault.unseal(KEY, box, **row) == content


def test_a_box_of_another_row_or_petition_is_refused() -> None:
    petition, signature = uuid4(), uuid4()
    box = vault.seal(
        bytes(KEY.public_key), petition=petition, signature=signature, content={"name": "Sok"}
    )
    for other in ((uuid4(), signature), (petition, uuid4())):
        with pytest.raises(VaultError, match="another row"):
            vault.unseal(KEY, box, petition=other[0], signature=other[1])


@given(st.binary(max_size=400))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(VaultError):
        vault.unseal(KEY, noise, petition=uuid4(), signature=uuid4())


@pytest.mark.parametrize(
    "text",
    [b"[]", b'"a text"', b"17", b"null", b"[" * 5000, b'{"v": 1, "name": ["a list"]}', b"\xff"],
)
def test_what_somebody_else_sealed_is_refused(text: bytes) -> None:
    """The key to seal with is public: whoever writes to the database can put anything in a box."""
    box = SealedBox(KEY.public_key).encrypt(text)
    with pytest.raises(VaultError):
        vault.unseal(KEY, box, petition=uuid4(), signature=uuid4())


def test_another_key_opens_nothing() -> None:
    row = {"petition": uuid4(), "signature": uuid4()}
    box = vault.seal(bytes(KEY.public_key), content={"name": "Sok"}, **row)
    with pytest.raises(VaultError):
        vault.unseal(PrivateKey.generate(), box, **row)


def test_the_length_of_a_box_does_not_tell_the_length_of_a_name() -> None:
    row = {"petition": uuid4(), "signature": uuid4()}
    lengths = {
        len(vault.seal(bytes(KEY.public_key), content={"name": name}, **row))
        for name in ("Li", "Sok Dara", "Nguyễn Văn A")
    }
    assert len(lengths) == 1


@pytest.mark.django_db
def test_passphrase_and_recovery_sheet_open_the_same_key() -> None:
    petition = make.draft_petition()
    row, code = vault.create(petition, passphrase=make.PASSPHRASE)
    keys = {bytes(vault.open_vault(row, secret)) for secret in (make.PASSPHRASE, code)}
    assert len(keys) == 1
    with pytest.raises(VaultError):
        vault.open_vault(row, "something else")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code.lower(),
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: f" {code}\n",
    ],
    ids=["lower case", "without dashes", "with spaces", "with spaces around"],
)
def test_a_recovery_code_may_be_typed_as_it_comes(typed: Callable[[str], str]) -> None:
    row, code = vault.create(make.draft_petition(), passphrase=make.PASSPHRASE)
    assert bytes(vault.open_vault(row, typed(code))) == bytes(vault.open_vault(row, code))


@pytest.mark.django_db
def test_a_passphrase_opens_from_every_keyboard_that_writes_its_accents() -> None:
    words = "été à l'île, sans soucis, kangourou"
    row, _code = vault.create(make.draft_petition(), passphrase=unicodedata.normalize("NFC", words))
    vault.open_vault(row, unicodedata.normalize("NFD", words))
    with pytest.raises(VaultError):
        vault.open_vault(row, words.upper())


@pytest.mark.django_db
def test_a_vault_is_proved_by_both_secrets_only() -> None:
    petition = make.draft_petition()
    row, code = vault.create(petition, passphrase=make.PASSPHRASE)
    assert not vault.is_proved(petition)
    vault.open_vault(row, make.PASSPHRASE)
    assert not vault.is_proved(petition)
    vault.open_vault(row, code)
    assert vault.is_proved(petition)


@pytest.mark.django_db
def test_the_database_holds_no_secret_in_clear() -> None:
    petition = make.draft_petition()
    row, code = vault.create(petition, passphrase=make.PASSPHRASE)
    key = bytes(vault.open_vault(row, code))
    stored = [bytes(value) for value in KeySlot.objects.values_list("wrapped_key", flat=True)]
    stored += [bytes(Vault.objects.get().public_key), bytes(Vault.objects.get().challenge)]
    for secret in (key, make.PASSPHRASE.encode(), code.encode()):
        assert not any(secret in value for value in stored)


def test_recovery_codes_are_five_groups_of_letters_and_digits() -> None:
    codes = {vault.new_recovery_code() for _turn in range(50)}
    assert len(codes) == 50
    assert all(len(code.split("-")) == 5 and len(code) == 29 for code in codes)


@pytest.mark.django_db
def test_a_petition_has_one_vault(petition: Petition) -> None:
    assert Vault.objects.filter(petition=petition).count() == 1


# --- the ceremony ----------------------------------------------------------------------------


def _unproved() -> tuple[Petition, Vault, str]:
    petition = make.draft_petition()
    row, code = vault.create(petition, passphrase=make.PASSPHRASE)
    return petition, row, code


@pytest.mark.django_db
def test_a_weak_passphrase_makes_no_vault() -> None:
    petition = make.draft_petition()
    with pytest.raises(WeakPassphraseError):
        vault.create(petition, passphrase="a" * 30)
    assert not Vault.objects.exists()


@pytest.mark.django_db
def test_a_second_vault_is_refused_and_the_first_one_stays(petition: Petition) -> None:
    with pytest.raises(CeremonyError, match="has a vault already"):
        vault.create(petition, passphrase=make.PASSPHRASE)
    assert Vault.objects.get() == petition.vault
    assert KeySlot.objects.count() == 2
    vault.open_vault(petition.vault, make.PASSPHRASE)


@pytest.mark.django_db
def test_a_record_has_no_vault() -> None:
    record = make.draft_petition(kind=PetitionKind.RECORD)
    with pytest.raises(CeremonyError):
        vault.create(record, passphrase=make.PASSPHRASE)


@pytest.mark.django_db
def test_each_way_is_proved_by_its_own_secret_only() -> None:
    petition, row, code = _unproved()
    with pytest.raises(VaultError):
        vault.prove(row, code, kind=KeySlot.Kind.PASSPHRASE)
    with pytest.raises(VaultError):
        vault.prove(row, make.PASSPHRASE, kind=KeySlot.Kind.RECOVERY)
    assert not row.slots.filter(proved_at__isnull=False).exists()
    vault.prove(row, code, kind=KeySlot.Kind.RECOVERY)
    assert not vault.is_proved(petition)
    vault.prove(row, make.PASSPHRASE, kind=KeySlot.Kind.PASSPHRASE)
    assert vault.is_proved(petition)


def test_zero_and_one_are_read_as_the_letters_that_they_look_like() -> None:
    assert vault._as_printed("o1234 56701") == "OI234-567OI"


@pytest.mark.django_db
@pytest.mark.parametrize("proved", [(), (KeySlot.Kind.PASSPHRASE,), (KeySlot.Kind.RECOVERY,)])
def test_a_vault_that_was_never_fully_proved_can_be_made_anew(
    proved: tuple[KeySlot.Kind, ...],
) -> None:
    petition, row, code = _unproved()
    for kind in proved:
        secret = make.PASSPHRASE if kind == KeySlot.Kind.PASSPHRASE else code
        vault.prove(row, secret, kind=kind)
    assert vault.can_discard(petition)
    vault.discard(petition, by=people.person())
    assert not Vault.objects.exists()
    assert not KeySlot.objects.exists()
    vault.create(petition, passphrase=make.PASSPHRASE)


@pytest.mark.django_db
def test_a_proved_vault_stays() -> None:
    petition, row, code = _unproved()
    for secret in (code, make.PASSPHRASE):
        vault.open_vault(row, secret)
    assert not vault.can_discard(petition)
    with pytest.raises(CeremonyError, match="proved"):
        vault.discard(petition, by=people.person())
    assert Vault.objects.get() == row


def _withdrawn(petition: Petition) -> None:
    withdrawing.withdraw(make.confirmed(petition))


@pytest.mark.django_db
@pytest.mark.parametrize("sign", [make.submitted, make.confirmed, _withdrawn])
def test_a_vault_stays_once_there_is_any_signature(
    sign: Callable[[Petition], object], petition: Petition
) -> None:
    sign(petition)
    KeySlot.objects.update(proved_at=None)
    Petition.objects.update(state=PetitionState.DRAFT)
    petition.refresh_from_db()
    assert not vault.can_discard(petition)
    with pytest.raises(CeremonyError, match="sealed to this vault"):
        vault.discard(petition, by=people.person())
    assert Vault.objects.get() == petition.vault


@pytest.mark.django_db
def test_the_vault_of_an_open_petition_stays(petition: Petition) -> None:
    KeySlot.objects.update(proved_at=None)
    assert not vault.can_discard(petition)
    with pytest.raises(CeremonyError, match="sealed to this vault"):
        vault.discard(petition, by=people.person())


@pytest.mark.django_db
def test_where_there_is_no_vault_there_is_none_to_discard() -> None:
    petition = make.draft_petition()
    assert not vault.can_discard(petition)
    with pytest.raises(CeremonyError, match="no vault"):
        vault.discard(petition, by=people.person())


@pytest.mark.django_db
def test_a_vault_discarded_meanwhile_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    petition, row, code = _unproved()
    derive, by = vault._derive, people.person()

    def derive_slowly(*arguments: Any) -> bytes:
        vault.discard(petition, by=by)
        return derive(*arguments)

    monkeypatch.setattr(vault, "_derive", derive_slowly)
    with pytest.raises(VaultError):
        vault.prove(row, code, kind=KeySlot.Kind.RECOVERY)
