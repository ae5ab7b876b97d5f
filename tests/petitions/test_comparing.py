"""What a program can compare between languages: numbers and addresses."""

import pytest

from petitions.domain import comparing


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("118 of its members", {"118"}),
        ("សមាជិក ១១៨ រូប", {"118"}),
        ("សមាជិក118រូប", {"118"}),
        ("5,007 names", {"5007"}),
        ("5\u00a0007 noms", {"5007"}),
        ("5 007 noms", {"5007"}),
        ("in 2017, 118 members", {"2017", "118"}),
        ("on 07 May", {"7"}),
        ("petition e-1746", {"1746"}),
        ("five hundred", set()),
    ],
)
def test_numbers_are_read_in_any_script_and_spelling(text: str, found: set[str]) -> None:
    assert comparing.numbers(text) == found


def test_a_number_that_one_language_lacks_is_told_for_that_language() -> None:
    wording = {"en": "118 members for 5 years", "fr": "118 membres pour 5 ans", "km": "សមាជិក ៥ ឆ្នាំ"}
    assert comparing.missing_numbers(wording) == {"km": ["118"]}


def test_a_language_without_a_text_is_not_compared() -> None:
    assert comparing.missing_numbers({"en": "118 members", "fr": "", "km": ""}) == {}


@pytest.mark.parametrize(
    ("text", "holds_one"),
    [
        ("see https://example.org/page", True),
        ("see www.example.org", True),
        ("see ourcommons.ca for more", True),
        ("write to name@example.org", True),
        ("The House of Commons. Canada signed.", False),
        ("l'Assemblée nationale, etc.", False),
        ("គណបក្ស ... និង", False),
    ],
)
def test_addresses_of_pages_and_mailboxes_are_found(text: str, *, holds_one: bool) -> None:
    assert comparing.has_web_address(text) is holds_one
