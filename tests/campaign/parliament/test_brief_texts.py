"""The texts of briefings: stored whole or not at all, measured, and what is missing told."""

from dataclasses import replace

import pytest

from campaign.accounts.roles import Role
from campaign.parliament.domain import brief_texts
from campaign.parliament.domain.brief_texts import Excess, Gap, Line, Part, Texts
from campaign.parliament.models import BriefText
from petitions.models import Petition
from tests.factories import parliament, people
from tests.tables import all_rows

pytestmark = pytest.mark.django_db


def _three(text: str) -> dict[str, str]:
    return {language: f"{text} {language}" for language in ("en", "fr", "km")}


def _save(petition: Petition, texts: Texts) -> None:
    stored = brief_texts.texts_of(petition)
    brief_texts.save(petition, texts, by=people.person(Role.BRIEFER), based_on=stored.digest())


TEXTS = Texts(
    ask=_three("Ask."),
    background=_three("Long ago."),
    facts=[Line(_three(f"Fact {number}."), f"example.org {number}") for number in (1, 2, 3)],
    decisions=[Line(_three("Decided."), "https://example.org/"), Line(), Line()],
)


# --- storing ---------------------------------------------------------------------------------


def test_texts_are_stored_as_they_were_written(petition: Petition) -> None:
    _save(petition, TEXTS)
    assert brief_texts.texts_of(petition) == TEXTS
    row = BriefText.objects.get()
    assert row.changed_by.role == Role.BRIEFER
    assert petition.facts.count() == 3
    assert petition.decisions.count() == 1


def test_nobody_has_written_an_ask_for_members_then_it_is_the_petitions(
    petition: Petition,
) -> None:
    assert brief_texts.texts_of(petition).ask["en"] == petition.ask_en
    _save(petition, replace(TEXTS, ask={**TEXTS.ask, "en": ""}))
    ask = brief_texts.texts_of(petition).ask
    assert (ask["en"], ask["fr"]) == (petition.ask_en, "Ask. fr")
    petition.refresh_from_db()
    assert petition.ask_fr != "Ask. fr"


def test_an_emptied_fact_keeps_its_place_and_a_fourth_stays(petition: Petition) -> None:
    parliament.facts(petition)
    petition.facts.create(position=4, text_en="Fourth.")
    _save(petition, replace(TEXTS, facts=[TEXTS.facts[0], Line(), TEXTS.facts[2]]))
    stored = brief_texts.texts_of(petition)
    assert stored.facts == [TEXTS.facts[0], Line(), TEXTS.facts[2]]
    assert petition.facts.get(position=4).text_en == "Fourth."


def test_a_fact_that_is_still_to_be_written_keeps_its_place(petition: Petition) -> None:
    _save(petition, replace(TEXTS, facts=[Line(), TEXTS.facts[1], Line()]))
    assert brief_texts.texts_of(petition).facts == [Line(), TEXTS.facts[1], Line()]
    _save(petition, TEXTS)
    assert brief_texts.texts_of(petition) == TEXTS


def test_facts_at_other_places_are_changed_where_they_are(petition: Petition) -> None:
    petition.facts.create(position=4, text_en="The only one.")
    _save(petition, TEXTS)
    assert brief_texts.texts_of(petition).facts == TEXTS.facts
    assert list(petition.facts.values_list("position", flat=True)) == [4, 5, 6]


def test_what_somebody_else_has_stored_is_not_written_over(petition: Petition) -> None:
    read = brief_texts.texts_of(petition).digest()
    _save(petition, TEXTS)
    mine, user = replace(TEXTS, ask=_three("Mine.")), people.person()
    before = all_rows()
    with pytest.raises(brief_texts.StaleError):
        brief_texts.save(petition, mine, by=user, based_on=read)
    assert all_rows() == before


def test_texts_that_are_too_long_are_not_stored(petition: Petition) -> None:
    long = replace(TEXTS, background=_three("word " * 121))
    with pytest.raises(brief_texts.TooLongError):
        _save(petition, long)
    assert not BriefText.objects.exists()
    assert not petition.facts.exists()


# --- measuring -------------------------------------------------------------------------------


def test_texts_that_just_fit_are_no_excess() -> None:
    assert (
        brief_texts.excesses(
            Texts(
                ask=dict.fromkeys(TEXTS.ask, "a" * 320),
                background=dict.fromkeys(TEXTS.ask, "word " * 120),
                facts=[Line(dict.fromkeys(TEXTS.ask, "f" * 300), "s" * 20)] * 3,
                decisions=[Line(dict.fromkeys(TEXTS.ask, "d" * 200), "l" * 200)] * 3,
            )
        )
        == []
    )


@pytest.mark.parametrize(
    ("changes", "excess"),
    [
        ({"ask": {"en": "a" * 321}}, Excess(Gap(Part.ASK, longest=320), "en", 321)),
        ({"ask": {"km": "ក" * 321}}, Excess(Gap(Part.ASK, longest=320), "km", 321)),
        (
            {"background": {"fr": "mot " * 121}},
            Excess(Gap(Part.BACKGROUND, longest=120, in_words=True), "fr", 121),
        ),
        (
            {"background": {"en": "w" * 1201}},
            Excess(Gap(Part.BACKGROUND, longest=1200), "en", 1201),
        ),
        (
            {"facts": [Line({"fr": "f" * 301}, "s" * 20)]},
            Excess(Gap(Part.FACT, 1, longest=320), "fr", 321),
        ),
        (
            {"decisions": [Line(), Line({"en": "d" * 201})]},
            Excess(Gap(Part.DECISION, 2, longest=200), "en", 201),
        ),
    ],
)
def test_a_text_that_is_too_long_is_named_with_its_length(
    changes: dict[str, object], excess: Excess
) -> None:
    empty = Texts(ask={}, background={}, facts=[], decisions=[])
    assert brief_texts.excesses(replace(empty, **changes)) == [excess]


# --- what is missing -------------------------------------------------------------------------


def test_the_first_page_asks_nothing_of_the_second(petition: Petition) -> None:
    parliament.facts(petition)
    assert brief_texts.gaps(petition, "en") == []
    assert brief_texts.gaps(petition, "en", pages=2) == [Gap(Part.BACKGROUND)]


def test_a_decision_is_missing_only_in_a_language_that_it_is_not_written_in(
    petition: Petition,
) -> None:
    only_english = Line({**Line().wording, "en": "Decided."})
    texts = replace(TEXTS, decisions=[Line(), only_english, Line()])
    assert brief_texts.gaps(petition, "en", pages=2, texts=texts) == []
    assert brief_texts.gaps(petition, "fr", pages=2, texts=texts) == [Gap(Part.DECISION, 2)]


def test_an_ask_that_makes_the_statement_too_long_is_a_gap_of_the_second_page(
    petition: Petition,
) -> None:
    texts = replace(TEXTS, ask=_three("a " * 50))
    assert brief_texts.gaps(petition, "en", texts=texts) == []
    assert brief_texts.gaps(petition, "en", pages=2, texts=texts) == [
        Gap(Part.STATEMENT, longest=60, in_words=True)
    ]


# --- what is kept ----------------------------------------------------------------------------


def test_all_that_may_change_later_is_kept(petition: Petition) -> None:
    member = parliament.member(name="Zoë Gagné-Côté", honorific="Hon.")
    kept = brief_texts.content(member, petition, "fr", texts=TEXTS)
    assert kept == {
        "name": "Hon. Zoë Gagné-Côté",
        "title": petition.title_fr,
        "subject": {"en": petition.short_title_en, "fr": petition.short_title_fr},
        "ask": {"en": "Ask. en", "fr": "Ask. fr"},
        "facts": [
            {"text": f"Fact {number}. fr", "source": f"example.org {number}"}
            for number in (1, 2, 3)
        ],
        "background": "Long ago. fr",
        "decisions": [{"text": "Decided. fr", "source": "https://example.org/"}],
        "quotes": [],
        "goal": petition.threshold,
        "closes_at": petition.closes_at.isoformat(),
        "number": "",
        "follows": "",
    }
