"""The House's rules as far as a program can look: counted, named, with their sources."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.domain import editing, house_rules
from petitions.domain.editing import LIMITS, Texts
from petitions.models import Petition
from petitions.states import PetitionState
from tests.factories import petitions as make

WHEREAS = [
    "The opposition in Cambodia was dissolved before the election of 2018",
    "Its 118 leaders may not take part in politics",
]
REQUESTS = ["Call for free elections in Cambodia", "Speak with the parties to the agreements"]


def wording(text: str, language: str = "en") -> dict[str, str]:
    return {each: text if each == language else "" for each in editing.LANGUAGES}


def texts(
    *,
    title: str = "Free elections",
    whereas: list[str] = WHEREAS,
    requests: list[str] = REQUESTS,
    language: str = "en",
) -> Texts:
    fields = {name: wording(title if name == "title" else "", language) for name in LIMITS}
    return Texts(
        fields=fields,
        whereas=[wording(each, language) for each in whereas],
        requests=[wording(each, language) for each in requests],
    )


def keys(written: Texts, **fields: Any) -> dict[str, str]:
    """The findings of a petition that nobody has stored, by key."""
    petition = Petition(**{"addressee_kind": "house", "duration": 120, **fields})
    return {each.key: each.severity for each in house_rules.findings(petition, written)}


# --- counting words --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("One, two; three.", 3),
        ("The opposition’s leader", 3),
        ("l'élection d’octobre", 2),
        ("well-known and non\u2011violent", 3),
        ("5,007 councillors in 2,007 communes", 5),
        ("— and – a * dash …", 3),
    ],
)
def test_words_are_counted_as_a_reader_does(text: str, number: int) -> None:
    assert house_rules.words(text) == number


WORD = st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=8)


@given(st.lists(WORD), st.sampled_from([" ", "  ", ", ", "; ", "\n", " — "]))
def test_as_many_words_as_were_put_together(parts: list[str], gap: str) -> None:
    assert house_rules.words(gap.join(parts)) == len(parts)


def test_title_and_headings_are_not_counted() -> None:
    written = texts(title="One two three", whereas=["four five"], requests=["six"])
    assert house_rules.word_count(written, "en") == 3
    assert house_rules.word_count(written, "fr") == 0
    said = house_rules.counted_text(written, "en")
    assert said == "Words of grievances and requests together: 3 of 250"


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "found"), [(250, False), (251, True)])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_two_hundred_and_fifty_words_are_the_most(
    language: str, number: int, *, found: bool
) -> None:
    written = texts(whereas=["mot " * (number - 1)], requests=["mot"], language=language)
    assert ("words" in keys(written, original_language=language)) is found


# --- findings --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_nothing_stands_against_a_petition_as_the_house_wants_it() -> None:
    assert keys(texts()) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "key", "severity"),
    [
        (texts(title=""), "title", "blocking"),
        (texts(requests=[]), "request", "blocking"),
        (texts(whereas=[]), "whereas", "blocking"),
        (texts(requests=["See www.example.org"]), "address", "blocking"),
        (texts(title="x" * 81), "title_length", "warning"),
        (texts(requests=["We demand free elections"]), "demand", "warning"),
    ],
)
def test_a_rule_that_is_not_kept_is_named(written: Texts, key: str, severity: str) -> None:
    assert keys(written) == {key: severity}


@pytest.mark.django_db
def test_what_is_chosen_beside_the_text() -> None:
    assert keys(texts(), addressee_kind="", duration=None) == {
        "addressee": "blocking",
        "duration": "blocking",
    }


@pytest.mark.django_db
def test_every_finding_has_a_source() -> None:
    petition = Petition()
    nothing = texts(title="", whereas=[], requests=[])
    assert all(each.source for each in house_rules.findings(petition, nothing))


def _with_clauses(state: PetitionState) -> Petition:
    petition = make.draft_petition(title_en="The one before")
    petition.clauses.all().delete()
    for kind, clauses in (("whereas", WHEREAS), ("request", REQUESTS)):
        for position, text in enumerate(clauses, start=1):
            petition.clauses.create(kind=kind, position=position, text_en=text)
    Petition.objects.filter(pk=petition.pk).update(state=state)
    return petition


@pytest.mark.django_db
def test_a_petition_like_one_under_way_is_warned_of() -> None:
    _with_clauses(PetitionState.OPEN)
    changed = [WHEREAS[0], "Its leaders may not take part"]
    (finding,) = house_rules.findings(
        Petition(addressee_kind="house", duration=30), texts(whereas=changed)
    )
    assert (finding.key, finding.severity) == ("alike", "warning")
    assert "The one before" in finding.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "state", [PetitionState.DRAFT, PetitionState.WITHDRAWN, PetitionState.RESPONSE_TABLED]
)
def test_one_that_is_over_or_not_begun_stands_in_nobodys_way(state: PetitionState) -> None:
    _with_clauses(state)
    assert keys(texts()) == {}


@pytest.mark.django_db
def test_another_matter_is_not_alike() -> None:
    _with_clauses(PetitionState.OPEN)
    other = texts(whereas=["Fish are fewer every year"], requests=["Protect the wild salmon"])
    assert keys(other) == {}
