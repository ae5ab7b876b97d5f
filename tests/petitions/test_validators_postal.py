"""Postal codes: every spelling of one folds to one, and nothing else passes."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from petitions.validators import POSTAL_PROVINCES, postal_code

_codes = st.from_regex(
    r"[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] [0-9][ABCEGHJ-NPRSTV-Z][0-9]", fullmatch=True
)
_GAPS = ["", "", "", " ", "  ", "-", " - ", "\u00a0", "\u200b", "\ufeff", "\t", "\n"]


def _spellings(figure: str) -> list[str]:
    """How people type one letter or digit."""
    if not figure.isdigit():
        return [figure, figure.lower(), chr(ord(figure) + 0xFEE0)]
    letters = {"0": ["O", "o"], "1": ["I", "i"]}.get(figure, [])
    return [figure, "០១២៣៤៥៦៧៨៩"[int(figure)], chr(ord(figure) + 0xFEE0), *letters]


@given(_codes, st.data())
@settings(deadline=None)
def test_every_spelling_of_a_postal_code_folds_to_one(code: str, data: st.DataObject) -> None:
    typed = data.draw(st.sampled_from(_GAPS))
    for figure in code.replace(" ", ""):
        typed += data.draw(st.sampled_from(_spellings(figure)))
        typed += data.draw(st.sampled_from(_GAPS))
    assert postal_code(typed) == code
    assert postal_code(postal_code(typed)) == code


@pytest.mark.parametrize(
    "typed",
    ["K1A 0A6", "k1a0a6", "K1A-0A6", "K1A–0A6", "k1a oa6", "KIA OA6", "K១A ០A៦", " k 1 a 0 a 6 "],
)
def test_well_known_spellings_of_one_postal_code(typed: str) -> None:
    assert postal_code(typed) == "K1A 0A6"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        (" - ", "required"),
        ("K1A", "format"),
        ("K1A 0A", "format"),
        ("K1A 0A66", "format"),
        ("D1A 0A6", "format"),
        ("W1A 0A6", "format"),
        ("K1O 0A6", "format"),
        ("K1A 0D6", "format"),
        ("11A 0A6", "format"),
        ("90210", "format"),
        ("SW1A 1AA", "format"),
        ("12000", "format"),
        ("K1A.0A6", "format"),
        ("К1А 0А6", "format"),  # Cyrillic letters
        ("K\u0661A \u0660A\u0666", "format"),  # Arabic-Indic digits
        ("K๑A ๐A๖", "format"),  # Thai digits
    ],
    ids=ascii,
)
def test_what_is_no_canadian_postal_code_is_refused(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        postal_code(typed)
    assert refusal.value.code == code


@given(st.text(max_size=12))
@settings(deadline=None)
def test_any_other_text_is_refused_or_becomes_a_postal_code(text: str) -> None:
    try:
        code = postal_code(text)
    except ValidationError:
        return
    assert (len(code), code.isascii(), postal_code(code)) == (7, True, code)


@given(_codes)
def test_every_postal_code_lies_in_a_province(code: str) -> None:
    assert code[0] in POSTAL_PROVINCES
