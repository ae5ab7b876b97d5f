"""E-mail addresses: the duplicate index tells nothing, and mail keys can be changed."""

from base64 import urlsafe_b64decode
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from petitions.domain import addresses
from petitions.domain.addresses import UnreadableAddressError
from petitions.models import Petition

ADDRESS = "sok.dara@example.org"
ONE, OTHER = (Petition(public_id=UUID(int=number)) for number in (7, 8))


def _keys(number: int) -> list[str]:
    return [Fernet.generate_key().decode() for _ in range(number)]


def test_one_address_has_another_index_in_each_petition() -> None:
    of_petitions = {addresses.index(ADDRESS, petition) for petition in (ONE, OTHER)}
    assert len(of_petitions | {addresses.site_index(ADDRESS)}) == 3


@pytest.mark.parametrize("spelling", ["Sok.Dara@example.org", "SOK.DARA@EXAMPLE.ORG", ADDRESS])
def test_letter_case_does_not_change_the_index(spelling: str) -> None:
    assert addresses.index(spelling, ONE) == addresses.index(ADDRESS, ONE)


@pytest.mark.parametrize(
    "other", ["sokdara@example.org", "sok.dara+1@example.org", "sok.dara@example.com"]
)
def test_addresses_that_may_be_two_people_have_two_indexes(other: str) -> None:
    assert addresses.index(other, ONE) != addresses.index(ADDRESS, ONE)


def test_another_pepper_gives_another_index(settings: Settings) -> None:
    before = addresses.site_index(ADDRESS)
    settings.PETITIONS_INDEX_PEPPER = "another pepper"
    assert addresses.site_index(ADDRESS) != before


def test_the_index_is_32_bytes_and_the_same_each_time() -> None:
    first, second = addresses.index(ADDRESS, ONE), addresses.index(ADDRESS, ONE)
    assert (len(first), first) == (32, second)


@given(st.text(max_size=254), st.uuids())
def test_the_index_of_any_text_is_the_index_of_its_canonical_form(text: str, scope: UUID) -> None:
    text, petition = text.encode("utf-8", "ignore").decode(), Petition(public_id=scope)
    assert addresses.index(text, petition) == addresses.index(addresses.canonical(text), petition)


@given(st.emails())
def test_what_was_locked_is_unlocked_as_it_was(address: str) -> None:
    assert addresses.unlock(addresses.lock(address)) == address


def test_a_box_read_from_the_database_as_memory_is_unlocked() -> None:
    assert addresses.unlock(memoryview(addresses.lock(ADDRESS))) == ADDRESS


def test_two_boxes_of_one_address_differ_and_do_not_show_it() -> None:
    first, second = addresses.lock(ADDRESS), addresses.lock(ADDRESS)
    assert first != second
    assert ADDRESS.encode() not in urlsafe_b64decode(first)


def test_a_box_of_the_old_key_opens_while_the_key_is_listed(settings: Settings) -> None:
    old, new = _keys(2)
    settings.PETITIONS_MAIL_KEYS = [old]
    box = addresses.lock(ADDRESS)
    settings.PETITIONS_MAIL_KEYS = [new, old]
    assert addresses.unlock(box) == ADDRESS


def test_the_first_key_locks(settings: Settings) -> None:
    old, new = _keys(2)
    settings.PETITIONS_MAIL_KEYS = [new, old]
    box = addresses.lock(ADDRESS)
    settings.PETITIONS_MAIL_KEYS = [new]
    assert addresses.unlock(box) == ADDRESS


def test_a_box_of_a_retired_key_says_which_setting_to_mend(settings: Settings) -> None:
    old, new = _keys(2)
    settings.PETITIONS_MAIL_KEYS = [old]
    box = addresses.lock(ADDRESS)
    settings.PETITIONS_MAIL_KEYS = [new]
    with pytest.raises(UnreadableAddressError, match="PETITIONS_MAIL_KEYS"):
        addresses.unlock(box)


@given(st.binary(max_size=200))
def test_noise_is_unreadable(noise: bytes) -> None:
    with pytest.raises(UnreadableAddressError):
        addresses.unlock(noise)


def test_a_changed_box_is_unreadable() -> None:
    box = bytearray(addresses.lock(ADDRESS))
    box[30] ^= 1
    with pytest.raises(UnreadableAddressError):
        addresses.unlock(bytes(box))
