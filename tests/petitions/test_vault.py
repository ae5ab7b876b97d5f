"""Sealing: what the server stores it cannot read, and a box belongs to one row."""

import unicodedata
from collections.abc import Callable
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey, SealedBox

from petitions.domain import vault
from petitions.domain.vault import VaultError
from petitions.models import KeySlot, Petition, Vault
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
    words = "été à l'île, sans soucis"
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
