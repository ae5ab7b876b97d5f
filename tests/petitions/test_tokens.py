"""Tokens: each opens one thing, for its time, and no changed one opens anything."""

import struct
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from petitions.domain import tokens
from petitions.domain.tokens import BadTokenError, ExpiredTokenError, Handle

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PETITION, SIGNATURE = UUID(int=5), UUID("11112222-3333-4444-8555-666677778888")
ADDRESS = "sok.dara@example.org"


def _read_confirm(token: str) -> UUID:
    read = tokens.read_confirm_token(token)
    if not read.fits(1):
        raise BadTokenError
    return read.public_id


def _read_manage(token: str) -> UUID:
    return tokens.read_manage_token(token, NOW)


def _read_form(token: str) -> UUID:
    tokens.check_form_token(token, PETITION)
    return SIGNATURE


def _read_handle(token: str) -> UUID:
    return tokens.read_handle(token).public_id


MAKE: dict[str, Callable[[], str]] = {
    "confirm": lambda: tokens.confirm_token(SIGNATURE, 1),
    "manage": lambda: tokens.manage_token(SIGNATURE, NOW),
    "unsubscribe": lambda: tokens.unsubscribe_token(SIGNATURE),
    "form": lambda: tokens.form_token(PETITION, "km"),
    "handle": lambda: tokens.make_handle(SIGNATURE, ADDRESS),
    # Boxes of other lengths: base64 then ends in bits that belong to no byte.
    "handle of a short address": lambda: tokens.make_handle(SIGNATURE, "a@b.ca"),
    "handle of a long address": lambda: tokens.make_handle(SIGNATURE, "a" * 30 + ADDRESS),
}
READ: dict[str, Callable[[str], UUID]] = {
    "confirm": _read_confirm,
    "manage": _read_manage,
    "unsubscribe": tokens.read_unsubscribe_token,
    "form": _read_form,
    "handle": _read_handle,
}
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _others(character: str) -> str:
    """The neighbours of a character, which may stand for the same bits, and what is no base64."""
    place = _ALPHABET.find(character)
    near = [_ALPHABET[(place + step) % 64] for step in (1, 2, 3, 61, 62, 63, 32)]
    return "".join({*near, "!", "=", "+", "/", ".", " ", ":", "é"} - {character})


def _reader(name: str) -> Callable[[str], UUID]:
    return READ[name.partition(" ")[0]]


@pytest.mark.parametrize("name", MAKE)
def test_a_token_is_read_for_its_purpose(name: str) -> None:
    assert _reader(name)(MAKE[name]()) == SIGNATURE


@pytest.mark.parametrize("name", MAKE)
def test_a_token_with_any_character_changed_is_refused(name: str) -> None:
    token, read = MAKE[name](), _reader(name)
    accepted = []
    for place, character in enumerate(token):
        for other in _others(character):
            changed = token[:place] + other + token[place + 1 :]
            try:
                read(changed)
            except BadTokenError:
                continue
            accepted.append(changed)
    assert accepted == []


@pytest.mark.parametrize("name", MAKE)
@pytest.mark.parametrize(
    "change",
    [
        lambda token: "",
        lambda token: token[:-1],
        lambda token: token[1:],
        lambda token: token + "A",
        lambda token: token + "=",
        lambda token: token + "!",
        lambda token: token + "\n",
        lambda token: " " + token,
        lambda token: token + token,
        lambda token: token[:9] + "\n" + token[9:],
    ],
    ids=["empty", "cut", "beheaded", "A", "=", "!", "newline", "space", "twice", "broken"],
)
def test_a_token_cut_or_with_something_added_is_refused(
    name: str, change: Callable[[str], str]
) -> None:
    with pytest.raises(BadTokenError):
        _reader(name)(change(MAKE[name]()))


@pytest.mark.parametrize("purpose", READ)
@pytest.mark.parametrize("name", MAKE)
def test_a_token_of_one_purpose_is_refused_for_every_other(name: str, purpose: str) -> None:
    if READ[purpose] is _reader(name):
        return
    with pytest.raises(BadTokenError):
        READ[purpose](MAKE[name]())


def test_one_content_gets_another_mac_for_each_purpose() -> None:
    macs = {tokens._mac(purpose, b"one") for purpose in ("confirm", "manage", "unsubscribe")}
    assert len(macs) == 3


@pytest.mark.parametrize("purpose", READ)
@given(token=st.text(max_size=200))
@hypothesis_settings(deadline=None)
def test_noise_is_refused(purpose: str, token: str) -> None:
    with pytest.raises(BadTokenError):
        READ[purpose](token)


@pytest.mark.parametrize("purpose", ["confirm", "manage", "unsubscribe"])
def test_another_link_key_kills_every_mailed_link(purpose: str, settings: Settings) -> None:
    token = MAKE[purpose]()
    settings.PETITIONS_LINK_KEY = "another key"
    with pytest.raises(BadTokenError):
        READ[purpose](token)


@pytest.mark.parametrize("name", ["confirm", "manage", "unsubscribe"])
def test_a_link_of_a_former_key_works_while_it_is_among_the_fallbacks(
    name: str, settings: Settings
) -> None:
    former = MAKE[name]()
    settings.PETITIONS_LINK_KEY_FALLBACKS = ["older", settings.PETITIONS_LINK_KEY]
    settings.PETITIONS_LINK_KEY = "another key"
    _reader(name)(former)
    present = MAKE[name]()
    assert present != former
    settings.PETITIONS_LINK_KEY_FALLBACKS = []
    _reader(name)(present)
    with pytest.raises(BadTokenError):
        _reader(name)(former)


def test_a_code_of_a_former_key_is_right_while_it_is_among_the_fallbacks(
    settings: Settings,
) -> None:
    former = tokens.confirm_code(SIGNATURE, 1)
    settings.PETITIONS_LINK_KEY_FALLBACKS = [settings.PETITIONS_LINK_KEY]
    settings.PETITIONS_LINK_KEY = "another key"
    typed = (former, tokens.confirm_code(SIGNATURE, 1), tokens.confirm_code(SIGNATURE, 2))
    assert [tokens.is_confirm_code(code, SIGNATURE, 1) for code in typed] == [True, True, False]
    settings.PETITIONS_LINK_KEY_FALLBACKS = []
    assert [tokens.is_confirm_code(code, SIGNATURE, 1) for code in typed] == [False, True, False]


def test_a_token_is_for_one_signature() -> None:
    other = uuid4()
    for make in (
        lambda who: tokens.confirm_token(who, 1),
        lambda who: tokens.manage_token(who, NOW),
        tokens.unsubscribe_token,
    ):
        mac_length = 16
        mine, theirs = _raw(make(SIGNATURE)), _raw(make(other))
        assert mine[:16] == SIGNATURE.bytes
        assert mine[-mac_length:] != theirs[-mac_length:]


def _raw(token: str) -> bytes:
    return urlsafe_b64decode(token + "=" * (-len(token) % 4))


# --- confirmation ----------------------------------------------------------------------------


@given(st.uuids(), st.integers(0, 65535), st.integers(0, 65535))
def test_a_confirmation_fits_its_own_generation_alone(
    public_id: UUID, generation: int, asked: int
) -> None:
    read = tokens.read_confirm_token(tokens.confirm_token(public_id, generation))
    assert (read.public_id, read.fits(asked)) == (public_id, asked == generation)


def test_the_mailed_token_has_43_characters_and_can_be_made_again() -> None:
    first, again = tokens.confirm_token(SIGNATURE, 1), tokens.confirm_token(SIGNATURE, 1)
    assert (len(first), first) == (43, again)


@given(st.uuids(), st.integers(0, 65535))
def test_the_code_is_six_ascii_digits(public_id: UUID, generation: int) -> None:
    code = tokens.confirm_code(public_id, generation)
    assert (len(code), code.isascii(), code.isdigit()) == (6, True, True)


def test_the_code_changes_with_the_signature_the_generation_and_the_key(
    settings: Settings,
) -> None:
    codes = {
        tokens.confirm_code(SIGNATURE, 1),
        tokens.confirm_code(SIGNATURE, 2),
        tokens.confirm_code(UUID(int=1), 1),
    }
    settings.PETITIONS_LINK_KEY = "another key"
    codes.add(tokens.confirm_code(SIGNATURE, 1))
    assert len(codes) == 4


def test_the_code_comes_from_the_half_that_the_link_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever holds the link knows the first half only: two MACs that differ in the other half
    alone have one link and two codes, so no rule leads from the link to the code."""
    links, codes = set(), set()
    for second_half in (b"\x00" * 15 + b"\x01", b"\x00" * 7 + b"\x02" + b"\x00" * 8):
        mac = b"\x09" * 16 + second_half
        monkeypatch.setattr(tokens, "_confirm_macs", lambda *_, mac=mac: [mac])
        links.add(tokens.confirm_token(SIGNATURE, 1))
        codes.add(tokens.confirm_code(SIGNATURE, 1))
    assert (len(links), codes) == (1, {"000000", "000002"})


def test_no_eight_bytes_of_the_link_give_the_code() -> None:
    found = []
    for number in range(50):
        public_id = UUID(int=number)
        raw = _raw(tokens.confirm_token(public_id, 1))
        code = int(tokens.confirm_code(public_id, 1))
        windows = (raw[place : place + 8] for place in range(len(raw) - 7))
        found += [1 for window in windows if struct.unpack(">Q", window)[0] % 1_000_000 == code]
    assert found == []


# --- my signature, news ----------------------------------------------------------------------


def test_a_link_to_my_signature_lives_thirty_minutes_to_the_second() -> None:
    token = tokens.manage_token(SIGNATURE, NOW)
    last = NOW + timedelta(minutes=29, seconds=59)
    assert tokens.read_manage_token(token, last) == SIGNATURE
    with pytest.raises(ExpiredTokenError):
        tokens.read_manage_token(token, NOW + timedelta(minutes=30))


def test_a_link_whose_end_was_moved_is_bad_not_late() -> None:
    raw = _raw(tokens.manage_token(SIGNATURE, NOW))
    later = struct.pack(">I", int((NOW + timedelta(days=1)).timestamp()))
    with pytest.raises(BadTokenError):
        tokens.read_manage_token(tokens._encode(raw[:16] + later + raw[20:]), NOW)


def test_an_unsubscribe_link_is_the_same_at_any_time_and_reads_years_later() -> None:
    with time_machine.travel(NOW, tick=False):
        token = tokens.unsubscribe_token(SIGNATURE)
    with time_machine.travel(NOW + timedelta(days=3650), tick=False):
        assert tokens.read_unsubscribe_token(token) == SIGNATURE
        assert tokens.unsubscribe_token(SIGNATURE) == token


# --- form and handle -------------------------------------------------------------------------


def test_a_form_lives_a_day() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        token = tokens.form_token(PETITION, "fr")
        clock.move_to(NOW + timedelta(hours=24))
        tokens.check_form_token(token, PETITION)
        clock.shift(timedelta(seconds=1))
        with pytest.raises(ExpiredTokenError):
            tokens.check_form_token(token, PETITION)


def test_a_form_of_another_petition_is_refused() -> None:
    token = tokens.form_token(PETITION, "fr")
    with pytest.raises(BadTokenError):
        tokens.check_form_token(token, UUID(int=6))


def test_two_forms_shown_in_one_second_differ() -> None:
    with time_machine.travel(NOW, tick=False):
        shown = [tokens.form_token(PETITION, "en") for _ in range(20)]
    assert len(set(shown)) == 20


def test_another_secret_key_kills_open_forms(settings: Settings) -> None:
    token = tokens.form_token(PETITION, "en")
    settings.SECRET_KEY = "another"
    with pytest.raises(BadTokenError):
        tokens.check_form_token(token, PETITION)


@given(st.uuids(), st.emails())
@hypothesis_settings(deadline=None)
def test_a_handle_carries_the_signature_the_address_and_its_time(
    public_id: UUID, address: str
) -> None:
    with time_machine.travel(NOW, tick=False):
        handle = tokens.make_handle(public_id, address)
    assert tokens.read_handle(handle) == Handle(public_id, address, NOW)


def test_a_handle_does_not_show_what_it_carries() -> None:
    raw = _raw(tokens.make_handle(SIGNATURE, ADDRESS))
    assert (ADDRESS.encode() in raw, SIGNATURE.bytes in raw) == (False, False)


def test_a_handle_outlives_a_change_of_mail_key_but_not_its_end(settings: Settings) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    settings.PETITIONS_MAIL_KEYS = [old]
    handle = tokens.make_handle(SIGNATURE, ADDRESS)
    settings.PETITIONS_MAIL_KEYS = [new, old]
    assert tokens.read_handle(handle).address == ADDRESS
    settings.PETITIONS_MAIL_KEYS = [new]
    with pytest.raises(BadTokenError):
        tokens.read_handle(handle)
