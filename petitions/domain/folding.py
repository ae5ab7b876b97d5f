"""Texts that look or sound alike made equal, for comparing and finding names."""

import re
import unicodedata

from petitions import validators

_COENG = "\u17d2"
#: Letters below a letter, each a coeng and a consonant: their order does not show.
_BELOW = re.compile(f"(?:{_COENG}[\u1780-\u17a2]){{2,}}")
#: Vowels and signs around a letter: their order does not show either.
_AROUND = re.compile("[\u17b6-\u17d1\u17dd]{2,}")
_KHMER = re.compile("[\u1780-\u17ff]")
#: One sound or one look, written in several ways: a vowel of two parts, ឱ as ឲ or អោ, and below
#: a letter ដ, which is drawn like ត.
_SPELLINGS = (
    ("\u17c1\u17b8", "\u17be"),
    ("\u17c1\u17b6", "\u17c4"),
    ("ឲ", "ឱ"),
    ("ឱ្យ", "អោយ"),
    (f"{_COENG}ដ", f"{_COENG}ត"),
)


def fold(text: str) -> str:
    """Text without case, accents, punctuation, unseen signs, and ways of spelling Khmer.

    Khmer keeps its marks: there they are letters, not accents.
    """
    decomposed = unicodedata.normalize("NFKD", validators.trim(text).casefold())
    kept = (
        sign if unicodedata.category(sign)[0] in "LMN" else " "
        for sign in decomposed
        if not "\u0300" <= sign <= "\u036f" and unicodedata.category(sign) != "Cf"
    )
    return " ".join(_khmer("".join(kept)).split())


def _khmer(text: str) -> str:
    if not _KHMER.search(text):
        return text
    for written, folded in _SPELLINGS:
        text = text.replace(written, folded)
    text = _BELOW.sub(lambda found: "".join(sorted(re.findall("..", found[0]))), text)
    return _AROUND.sub(lambda found: "".join(sorted(found[0])), text)


def finds(words: list[str], name: str) -> bool:
    """Whether a name has all these folded words, whichever of its parts stands first.

    A word is the beginning of a part, or of all parts written as one. In Khmer, which need not
    part them, it may stand anywhere.
    """
    parts = fold(name).split()
    wholes = ["".join(parts), "".join(reversed(parts))]
    return all(_stands_in(word, parts, wholes) for word in words)


def _stands_in(word: str, parts: list[str], wholes: list[str]) -> bool:
    if _KHMER.search(word):
        return any(word in whole for whole in wholes)
    return any(each.startswith(word) for each in (*parts, *wholes))
