"""What a program can tell of three languages: the same figures, dates, names, terms, clauses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.domain import comparing, parity

_KHMER = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
#: How one number is written by English, French and Khmer hands.
_SPELLINGS = (
    str,
    lambda number: f"{number:,}",
    lambda number: f"{number:,}".replace(",", " "),
    lambda number: f"{number:,}".replace(",", "\u00a0"),
    lambda number: f"{number:,}".replace(",", "\u202f"),
    lambda number: f"{number:,}".replace(",", "."),
    lambda number: str(number).translate(_KHMER),
    lambda number: f"{number:,}".translate(_KHMER),
)


def _found(en: str, fr: str = "", km: str = "", *, name: str = "summary") -> list[parity.Finding]:
    return parity.findings({name: {"en": en, "fr": fr, "km": km}}, "en")


def _texts(en: str, fr: str = "", km: str = "", *, name: str = "summary") -> list[tuple[str, str]]:
    return [(each.language, each.text) for each in _found(en, fr, km, name=name)]


# --- figures ---------------------------------------------------------------------------------


@given(
    number=st.integers(0, 9_999_999),
    one=st.sampled_from(_SPELLINGS),
    two=st.sampled_from(_SPELLINGS),
)
def test_a_number_is_the_same_in_every_spelling(number: int, one, two) -> None:
    assert comparing.numbers(f"of {one(number)} names") == {str(number)}
    texts = {"summary": {"en": f"of {one(number)} names", "fr": f"de {two(number)} noms", "km": ""}}
    assert parity.findings(texts, "en") == []


@given(numbers=st.lists(st.integers(21, 9_999), min_size=2, max_size=4, unique=True))
def test_a_figure_that_one_language_lacks_is_always_found(numbers: list[int]) -> None:
    gone, *kept = numbers
    en, km = " and ".join(map(str, numbers)), " និង ".join(map(str, kept)).translate(_KHMER)
    found = [each for each in _found(en, km=km) if each.is_blocking]
    assert [(each.language, each.text.endswith(f": {gone}")) for each in found] == [("km", True)]


def test_other_figures_are_told_from_both_sides() -> None:
    assert _texts("118 members", "108 membres", "សមាជិក ១១៨ រូប") == [
        ("fr", "Figures that are not here: 118"),
        ("fr", "Figures that are only here: 108"),
    ]


@pytest.mark.parametrize(
    ("en", "fr", "km"),
    [
        ("82% of five years", "82 % de 5 ans", "82% ប្រាំឆ្នាំ"),
        ("five hundred names", "500 noms", "ឈ្មោះប្រាំរយ"),
        ("31 July 2016", "31 juillet 2016", "ថ្ងៃទី31 ខែកក្កដា ឆ្នាំ2016"),
        ("May 1, 2018", "1er mai 2018", "ថ្ងៃទី១ ខែឧសភា ឆ្នាំ២០១៨"),
        ("on July 31, 2016", "le 2016-07-31", "31/7/2016"),
        ("in 2017 the Supreme Court", "en 2017", "ឆ្នាំ2017 តុលាការកំពូល"),
    ],
)
def test_figures_dates_and_words_that_say_the_same(en: str, fr: str, km: str) -> None:
    assert _texts(en, fr, km) == []


def test_a_date_of_another_month_blocks_and_one_without_is_looked_at() -> None:
    (other,) = _found("in July 2018", "en août 2018")
    assert (other.is_blocking, other.text) == (True, "Another month: August")
    (gone,) = _found("in July 2018", "en 2018")
    assert (gone.is_blocking, gone.text) == (False, "Months that are not found here: July")


def test_may_and_march_are_words_too() -> None:
    assert parity.months("they may march", "en") == set()
    assert parity.months("May 2018", "en") == {5}
    assert parity.months("mars est loin; le 3 mars", "fr") == {3}


# --- clauses, names, terms, pages ------------------------------------------------------------


def test_a_request_that_one_language_lacks_is_counted() -> None:
    full, half = dict.fromkeys(("en", "fr", "km"), "x"), {"en": "x", "fr": "x", "km": ""}
    (found,) = parity.findings({"request_1": full, "request_2": half}, "en")
    assert (found.name, found.language, found.is_blocking) == ("request", "km", True)
    assert found.text == "1 here, 2 in English"


def test_names_in_latin_letters_are_looked_for() -> None:
    assert _texts("In 2017 Kem Sokha was jailed", "En 2017, Kem Sokah", "ឆ្នាំ2017 កឹម សុខា") == [
        ("fr", "Names that are not found here: Kem Sokha")
    ]
    assert _texts("The Supreme Court", "La Cour suprême") == []
    assert _texts("Prime Minister Hun Sen's party", "le parti de hun sen") == []


def test_terms_are_those_of_the_glossary() -> None:
    assert len(parity.terms()) == 12
    assert _texts("the House of Commons", "le Parlement", "រដ្ឋ\u200bសភា") == [
        ("fr", "The glossary says here: Chambre des communes")
    ]


def test_a_page_has_its_paragraphs_in_each_language() -> None:
    assert _texts("One.\n\nTwo.", "Un.", name="body") == [
        ("fr", "Paragraphs and points: 1 here, 2 in the source")
    ]


def test_what_is_not_written_is_not_compared() -> None:
    assert _texts("118 members", "", "") == []


@pytest.mark.parametrize("digits", ["9" * 5000, "១" * 5000])
def test_an_endless_figure_breaks_nothing(digits: str) -> None:
    assert len(_found(f"a {digits}", "un")) == 1
