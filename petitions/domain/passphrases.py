"""Whether a vault's passphrase withstands guessing, and one that does.

Argon2id makes each guess cost a fifth of a second; how many guesses are needed is the
passphrase's own affair. The estimate counts what a guesser has to try: little for letters inside
a word, nothing for what stood there before.
"""

import secrets
from base64 import b32encode
from functools import cache
from itertools import pairwise

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

SHORTEST = 16
#: What the cautious estimate gives four unrelated words; drawn by dice they have 51 bits, which at
#: a million guesses a second is seventy years.
FEWEST_BITS = 42
_STRONG_BITS = 62
#: Bits for one character: inside a word, anywhere else by kind, and for the next of a row
#: (1234, aaaa).
_IN_A_WORD, _DIGIT, _LETTER, _SIGN, _IN_A_ROW = 2.0, 3.3, 4.7, 4.0, 0.5
_BETWEEN_WORDS = " -_.,'"
#: A text of this length that stood there before gives nothing when it comes again.
_REPEATED = 3


class Strength(models.TextChoices):
    WEAK = "weak", _("can be guessed")
    GOOD = "good", pgettext_lazy("passphrase", "good")
    STRONG = "strong", pgettext_lazy("passphrase", "very good")


class WeakPassphraseError(Exception):
    """Somebody who steals the database would guess this passphrase; the text says what to do."""


def check(passphrase: str) -> None:
    """Raises `WeakPassphraseError` for a passphrase that is not good enough for a new vault."""
    if len(passphrase.strip()) < SHORTEST:
        raise WeakPassphraseError(
            gettext("The passphrase must have %(number)s characters or more") % {"number": SHORTEST}
        )
    if strength(passphrase) == Strength.WEAK:
        raise WeakPassphraseError(
            gettext("This passphrase can be guessed. Add words that have nothing to do with it")
        )


def strength(passphrase: str) -> Strength:
    bits = estimated_bits(passphrase)
    if bits < FEWEST_BITS or _is_common(passphrase):
        return Strength.WEAK
    return Strength.GOOD if bits < _STRONG_BITS else Strength.STRONG


def estimated_bits(passphrase: str) -> float:
    """The guesses that it takes, as a power of two; cautious rather than exact."""
    text = passphrase.strip()
    folded = text.casefold() if len(text.casefold()) == len(text) else text
    seen: set[str] = set()
    total = 0.0
    for place, (before, character) in enumerate(pairwise(f" {text}")):
        recent = folded[max(0, place + 1 - _REPEATED) : place + 1]
        if recent not in seen:
            total += _bits(before, character)
        if len(recent) == _REPEATED:
            seen.add(recent)
    return total


def _bits(before: str, character: str) -> float:
    if abs(ord(character) - ord(before)) <= 1:
        return _IN_A_ROW
    if character in _BETWEEN_WORDS:
        return 0.0
    if character.isdecimal():
        return _DIGIT
    if not _is_letter(character):
        return _SIGN
    # A word begins after a space, and goes on in small letters: elsewhere any letter may stand.
    by_chance = character.isupper() and before.islower()
    in_a_word = before.isspace() or _is_letter(before)
    return _IN_A_WORD if in_a_word and not by_chance else _LETTER


def _is_letter(character: str) -> bool:
    """Letters, and the vowels and signs that Khmer writes around them."""
    return character.isalpha() or not character.isascii()


def _is_common(passphrase: str) -> bool:
    """One of the passwords that are tried first, also with something before or after it."""
    text = passphrase.strip().casefold()
    core = text.strip("0123456789 .,-_!?*#$%&+=/()")
    return text in _common() or core in _common()


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def suggestion() -> str:
    """A passphrase for a password manager: 125 random bits, easy to read aloud."""
    letters = b32encode(secrets.token_bytes(16)).decode().lower()[:25]
    return "-".join(letters[place : place + 5] for place in range(0, 25, 5))
