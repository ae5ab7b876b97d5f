"""Words that take a side or judge: found as people write them, and not inside other words."""

import unicodedata

import pytest

from campaign.parliament import loaded_words


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("The regime held a sham election.", "en", ["regime", "sham"]),
        ("REGIMES and Dictators", "en", ["REGIMES", "Dictators"]),
        (
            "Ask the Liberal, Conservative and NDP Members.",
            "en",
            ["Liberal", "Conservative", "NDP"],
        ),
        ("A so-called far‑right party, so called", "en", ["so-called", "far‑right", "so called"]),
        ("Le régime d'extrême droite", "fr", ["régime", "extrême droite"]),
        ("le regime, LES NÉO-DÉMOCRATES", "fr", ["regime", "NÉO-DÉMOCRATES"]),
        # Inside other words, or of the other language.
        ("The shampoo of the blockade is unevil and liberalized.", "en", []),
        ("Les volets et le bloc-notes", "fr", ["bloc"]),
        ("sham", "fr", []),
        ("régime", "km", []),
        ("On July 29, 2018, the ruling party won all 125 seats.", "en", []),
    ],
)
def test_loaded_words_are_found_as_they_are_written(
    text: str, language: str, words: list[str]
) -> None:
    assert loaded_words.found(text, language) == words


def test_accents_may_be_typed_apart() -> None:
    typed = unicodedata.normalize("NFD", "Un régime, un œuf")
    assert loaded_words.found(typed, "fr") == ["régime"]


def test_a_word_is_told_once() -> None:
    assert loaded_words.found("corrupt and corrupt", "en") == ["corrupt"]
