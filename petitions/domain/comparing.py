"""What differs between the three languages of one text, as far as a program can tell."""

import re

from petitions import validators

#: A number as written in English (1,234), in French (1 234), with a point or without a separator.
_NUMBER = re.compile(r"\d{1,3}(?:[,. ]\d{3})+(?!\d)|\d+")
_WEB_ADDRESS = re.compile(
    r"https?://|www\.|\b[a-z0-9-]+\.(?:ca|com|org|net|info|kh)\b", re.IGNORECASE
)


def numbers(text: str) -> set[str]:
    """The numbers of a text in Latin digits, whatever their script and separators."""
    found = _NUMBER.findall(validators.fold_digits(text))
    return {re.sub(r"[,. ]", "", number).lstrip("0") or "0" for number in found}


def missing_numbers(wording: dict[str, str]) -> dict[str, list[str]]:
    """By language the numbers that stand in another language's text and not in this one.

    Languages without a text are not compared.
    """
    by_language = {language: numbers(text) for language, text in wording.items() if text}
    every = set().union(*by_language.values())
    return {
        language: sorted(every - own, key=int)
        for language, own in by_language.items()
        if every - own
    }


def has_web_address(text: str) -> bool:
    """Whether a text holds what the House does not take: the address of a page or a mailbox."""
    return bool(_WEB_ADDRESS.search(text)) or "@" in text
