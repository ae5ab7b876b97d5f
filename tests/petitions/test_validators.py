"""What a signer may type: names of many scripts pass as typed, defaced texts do not."""

import re
import unicodedata
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from petitions.validators import email_address, full_name

_UNSEEN = re.compile(r"\\u([0-9a-f]{4})")
#: Made up, of every script that people of this country write their names in.
NAMES = [
    _UNSEEN.sub(lambda match: chr(int(match[1], 16)), line)
    for line in (Path(__file__).parent / "names.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]

NOT_A_NAME = {
    "right-to-left override": "Sok \u202eDara",
    "override at the start": "\u202eSok Dara",
    "override at the end": "Sok Dara\u202c",
    "left-to-right embedding": "Sok\u202a Dara",
    "isolate": "Sok \u2066Dara\u2069",
    "right-to-left mark": "Sok\u200fDara",
    "left-to-right mark": "Sok\u200e Dara",
    "Arabic letter mark": "Sok\u061cDara",
    "bidi control beside Khmer": "សុខ\u202eដារ៉ា",
    "zalgo on one letter": "S" + "\u0336" * 5 + "ok Dara",
    "zalgo on every letter": "".join(letter + "\u0334\u0330\u0359\u0317\u033b" for letter in "Sok"),
    "nine marks in a Khmer cluster": "ក" + "\u17d0" * 9 + "សុខ",
    "marks before any letter": "\u0336" * 5 + "Sok",
    "marks alone": "\u0336\u0336",
    "null": "Sok\x00Dara",
    "bell": "Sok\x07Dara",
    "escape": "Sok \x1b[31mDara",
    "delete": "Sok\x7fDara",
    "unit separator": "Sok\x1fDara",
    "unit separator at the end": "S\x1f",
    "next line": "Sok\x85Dara",
    "form feed": "Sok\x0cDara",
    "application command": "Sok\x9fDara",
    "lone surrogate": "Sok\ud800Dara",
    "private use": "Sok \ue000Dara",
    "unassigned": "Sok\u0378Dara",
    "https address": "https://example.org/x",
    "address after a name": "Sok Dara http://example.com",
    "www": "www.example.org",
    "bare .com": "example.com",
    "bare .CA": "Visit Example.CA now",
    "bare .kh": "example.kh",
    "path": "Sok/Dara",
    "e-mail": "sok@example.org",
    "e-mail after a name": "Sok Dara <sok@example.org>",
    "at sign": "@sokdara",
    "markup": "<b>Sok</b>",
    "script": "<script>alert(1)</script>",
    "formula": "=SUM(A,B)",
    "digit": "Sok Dara 2",
    "phone": "604 555 0199",
    "Khmer digit": "សុខ ២",
    "Arabic-Indic digit": "Sok \u0662",
    "Roman numeral": "Sok \u2162",
    "superscript": "Sok\u00b2 Dara",
    "emoji": "Sok 🙂 Dara",
    "flag": "Sok \U0001f1f0\U0001f1ed",
    "heart": "Sok ♥",
    "zero-width space between Latin letters": "Sok\u200bDara",
    "non-joiner between Latin letters": "Sok\u200cDara",
    "joiner between Latin letters": "Sok\u200dDara",
    "word joiner between Latin letters": "Sok\u2060Dara",
    "byte order mark between Latin letters": "Sok\ufeffDara",
    "soft hyphen": "Sok\u00adDara",
    "zero-width away from the Khmer": "សុខ So\u200bk",
    "Hangul fillers alone": "\u3164\u3164",
    "Hangul filler within": "Sok\u3164Dara",
    "half-width filler": "Sok\uffa0Dara",
    "braille blank": "Sok\u2800Dara",
    "punctuation alone": "-- ..",
    "underscore": "sok_dara",
    "template": "{{ name }}",
    "Khmer full stop": "សុខ។",
    "percent": "Sok%20Dara",
    "quotation": '"Sok" Dara',
    "joiner between Arabic and Latin, beside the Latin only": "علي So\u200dk",
    "space of no width beside Arabic": "علي\u200bحسن",
    "Arabic diacritics stacked": "ع" + "\u064b" * 5 + "لي",
    "Thai vowels stacked": "ก" + "\u0e49" * 5 + "นก",
    "invisible separator": "Sok\u2063Dara",
    "invisible plus": "Sok\u2064Dara",
    "variation selectors": "S\ufe0f\ufe0f\ufe0f\ufe0f\ufe0fok",
    "tag letters": "Sok\U000e0041\U000e0042",
    "language tag": "Sok\U000e0001Dara",
    "line separator inside": "Sok=\u2028Dara",
    "noncharacter": "Sok\ufffe\uffff",
    "replacement character": "Sok\ufffdDara",
    "backslash": "Sok\\Dara",
    "pipe": "Sok|calc",
    "plus formula": "+1+1",
    "at formula": "@SUM(1)",
    "tab then formula": "\t=cmd",
    "full-width formula": "\uff1d1",
    "DDE": "=cmd|' /C calc'!A0",
    "SQL": "Robert'); DROP TABLE",
    "semicolon": "Sok; Dara",
    "colon": "javascript:alert",
    "Khmer colon": "សុខ៖ ដារ៉ា",
    "brackets": "Sok [Dara]",
    "parentheses": "Sok (Dara)",
    "curly quotation": "“Sok” Dara",
    "hash": "Sok #1",
    "dollar": "${Sok}",
    "ampersand entity": "Sok &amp; Dara",
    "star": "*****",
    "math letters with a digit": "𝐒𝐨𝐤 𝟏",
    "circled letters": "Ⓢⓞⓚ",
    "Tibetan ornament": "༄༅",
    "box": "█████",
    "fraction": "Sok ½",
    "bare .xyz": "cheap.xyz",
    "tag with a handler": "<img src=x onerror=alert(1)>",
    "template literal": "{% load %}",
    "header": "Sok\r\nBcc: x",
    "carriage return alone": "Sok\x0b Dara",
}
CODES = {
    "": "required",
    " \t\n ": "required",
    "\u200b\ufeff\u00a0": "required",
    "S": "short",
    " S ": "short",
    "ស": "short",
    "S\u200b": "short",
    "S\u2003": "short",
    "🙂": "short",
    "e\u0301": "short",
    "a" * 101: "long",
    "ក" * 101: "long",
    "Sok " * 30: "long",
    "https://example.org/" + "a" * 100: "long",
}


def test_the_lists_are_as_long_as_promised() -> None:
    assert len(set(NAMES)) >= 300
    assert len(NOT_A_NAME) + len(CODES) >= 100


def test_every_name_comes_back_as_typed() -> None:
    assert [full_name(name) for name in NAMES] == NAMES


def test_spaces_around_and_doubled_are_dropped() -> None:
    typed = [f"\ufeff \u200b{name.replace(' ', '  ')}\u00a0\n" for name in NAMES]
    assert [full_name(name) for name in typed] == NAMES


def test_a_name_typed_with_loose_accents_is_composed() -> None:
    # Where Khmer stands among them nothing is composed: it is kept as typed.
    latin = [name for name in NAMES if not re.search("[\u0600-\u1dff\u2e80-\uffff]", name)]
    assert sum(unicodedata.normalize("NFD", name) != name for name in latin) > 40
    assert [full_name(unicodedata.normalize("NFD", name)) for name in latin] == latin


def test_khmer_marks_keep_the_order_they_were_typed_in() -> None:
    name = "ក\u17dd\u17d2រ"
    assert unicodedata.normalize("NFC", name) != name
    assert full_name(name) == name


@pytest.mark.parametrize("length", [2, 100])
def test_the_shortest_and_the_longest_name_pass(length: int) -> None:
    assert full_name("a" * length) == "a" * length


@pytest.mark.parametrize("marks", ["S" + "\u0336" * 4 + "ok", "ក" + "\u17d0" * 8 + "សុខ"])
def test_as_many_marks_as_a_name_can_have_pass(marks: str) -> None:
    assert full_name(marks) == marks


def _refusal(text: str) -> str | None:
    """The code of the sentence that a text is refused with; None when it is taken."""
    try:
        full_name(text)
    except ValidationError as error:
        return error.code
    return None


def test_a_defaced_text_is_refused() -> None:
    assert {why: _refusal(text) for why, text in NOT_A_NAME.items()} == dict.fromkeys(
        NOT_A_NAME, "link"
    )


def test_an_empty_short_or_long_text_says_so() -> None:
    assert {text: _refusal(text) for text in CODES} == CODES


@given(st.text(max_size=120))
@settings(deadline=None)
def test_a_name_that_passed_passes_again_unchanged(text: str) -> None:
    try:
        name = full_name(text)
    except ValidationError:
        return
    assert full_name(name) == name


# --- e-mail ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("sok@example.org", "sok@example.org"),
        ("  sok@example.org\n", "sok@example.org"),
        ("\u200bsok@example.org\ufeff", "sok@example.org"),
        ("Sok.Dara@EXAMPLE.Org", "Sok.Dara@example.org"),
        ("sok+petition@example.org", "sok+petition@example.org"),
        ("ｓｏｋ＠ｅｘａｍｐｌｅ．ｏｒｇ", "sok@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("sok@québec.example", "sok@xn--qubec-csa.example"),
        ("sok@QUÉBEC.example", "sok@xn--qubec-csa.example"),
        ("sok@que\u0301bec.example", "sok@xn--qubec-csa.example"),
        ("sok១៩៧៩@example.org", "sok1979@example.org"),
    ],
)
def test_an_address_takes_its_canonical_form_and_keeps_it(typed: str, address: str) -> None:
    assert email_address(typed) == address
    assert email_address(address) == address


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        (" \u200b ", "required"),
        ("សុខ@example.org", "khmer"),
        ("sok@ឧទាហរណ៍.example", "khmer"),
        ("sok", "format"),
        ("sok@", "format"),
        ("@example.org", "format"),
        ("sok@example", "format"),
        ("sok@localhost", "format"),
        ("sok@[127.0.0.1]", "format"),
        ("sok@[IPv6:::1]", "format"),
        ("sok dara@example.org", "format"),
        ("sok@exa mple.org", "format"),
        ("sok@@example.org", "format"),
        ("sok@example..org", "format"),
        ("sok@-example.org", "format"),
        ("séok@example.org", "format"),
        ('"sok dara"@example.org', "format"),
        ('"sok"@example.org', "format"),
        ("sok@example.org\nBcc: dara@example.org", "format"),
        ("sok@example.org, dara@example.org", "format"),
        ("Sok <sok@example.org>", "format"),
        ("sok\x00@example.org", "format"),
        ("sok\u202e@example.org", "format"),
        ("sok@example.org\ud800", "format"),
        ("a" * 64 + "@" + ".".join(["b" * 62] * 3) + ".org", "format"),
    ],
    ids=ascii,
)
def test_an_address_that_cannot_get_mail_is_refused(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        email_address(typed)
    assert refusal.value.code == code


def test_the_longest_address_has_254_characters() -> None:
    domain = ".".join(["b" * 61, "b" * 61, "b" * 61]) + ".org"
    local = "a" * (254 - len(domain) - 1)
    assert len(email_address(f"{local}@{domain}")) == 254
    with pytest.raises(ValidationError):
        email_address(f"a{local}@{domain}")


@given(st.text(max_size=60) | st.emails())
@settings(deadline=None)
def test_an_address_that_passed_passes_again_unchanged(text: str) -> None:
    try:
        address = email_address(text)
    except ValidationError:
        return
    assert email_address(address) == address
