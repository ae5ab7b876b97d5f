"""Which passphrases a new vault takes: what a guesser tries first is refused."""

import pytest

from petitions.domain import passphrases
from petitions.domain.passphrases import Strength, WeakPassphraseError
from tests.factories import petitions as make


@pytest.mark.parametrize(
    "weak",
    [
        "a" * 30,
        "abcdefghijklmnopqrstuvwxyz",
        "1234567890123456",
        "qwertyuiopasdfghjkl",
        "battery battery battery battery",
        "password1234567890",
        "P4ssw0rd!P4ssw0rd?",
        "cambodia-follow-up",
        "the cat sat on the mat today",
    ],
)
def test_what_is_tried_first_is_refused(weak: str) -> None:
    with pytest.raises(WeakPassphraseError, match="Add words"):
        passphrases.check(weak)


@pytest.mark.parametrize(
    "good",
    [
        make.PASSPHRASE,
        "ទន្លេ ដំរី ផ្កាយ ស្ពាន ខ្លា",
        "Xk9#qT2v!Lm7$Rw4",
        "kangourou-brouillard-tiroir-lampe",
    ],
)
def test_unrelated_words_and_made_ones_are_taken(good: str) -> None:
    passphrases.check(good)


def test_fewer_than_sixteen_characters_are_refused_however_they_look() -> None:
    fifteen = "Xk9#qT2v!Lm7$Rw"
    assert passphrases.estimated_bits(fifteen) > passphrases.FEWEST_BITS
    with pytest.raises(WeakPassphraseError, match="16 characters or more"):
        passphrases.check(fifteen)
    with pytest.raises(WeakPassphraseError, match="16 characters or more"):
        passphrases.check(f"{fifteen}  ")


def test_a_common_password_is_weak_whatever_stands_around_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long_one = "Kz9#pQ4v!Xm2&Lw8"
    assert passphrases.strength(long_one) != Strength.WEAK
    monkeypatch.setattr(passphrases, "_common", lambda: frozenset({long_one.casefold()}))
    assert passphrases.strength(long_one.upper()) == Strength.WEAK
    monkeypatch.setattr(passphrases, "_common", lambda: frozenset({"kz9#pq4v!xm2&lw"}))
    assert passphrases.strength(f"12. {long_one}?") == Strength.WEAK


def test_the_list_of_common_passwords_is_read() -> None:
    assert passphrases._is_common("  Password123!")
    assert not passphrases._is_common(make.PASSPHRASE)


def test_case_does_not_hide_a_repetition() -> None:
    once = passphrases.estimated_bits("kangourou")
    assert passphrases.estimated_bits("kangourouKANGOUROU") - once < once / 2


def test_every_suggestion_is_taken() -> None:
    made = {passphrases.suggestion() for _turn in range(200)}
    assert len(made) == 200
    for each in made:
        passphrases.check(each)
        assert len(each.replace("-", "")) == 25
