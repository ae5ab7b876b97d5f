"""The statement that a Member may read out: subject, number, source, prayer, in sixty words."""

import pytest

from campaign.parliament.domain import statements

SUBJECT = "Free elections in Cambodia"
ASK = "Study the situation in committee."


def _statement(ask: str = ASK, riding: int | None = None) -> str:
    return statements.statement(SUBJECT, ask, language="en", total=1412, riding=riding)


def test_it_names_subject_number_source_and_prayer() -> None:
    assert _statement() == (
        "I present a petition on this subject: Free elections in Cambodia. It has 1,412 signatures "
        "of citizens or residents of Canada. The petitioners ask: Study the situation in committee."
    )


def test_it_names_the_riding_where_the_number_is_known() -> None:
    assert "About 18 of the signers live in my riding." in _statement(riding=18)


def test_the_riding_gives_way_to_the_ask() -> None:
    full, over = " ".join(["word"] * 27), " ".join(["word"] * 28)
    assert statements.words(_statement(full, riding=18)) == 60
    assert "riding" in _statement(full, riding=18)
    assert "riding" not in _statement(over, riding=18)
    assert over in _statement(over, riding=18)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("One two three", 3),
        ("l'élection d’aujourd'hui", 2),
        ("no.\u00a0421-03054 – and more", 4),
        ("Objectif\u00a0: tenir « parole »", 3),
    ],
)
def test_words_are_counted_as_a_word_processor_does(text: str, number: int) -> None:
    assert statements.words(text) == number


def test_sixty_words_fit_and_no_more() -> None:
    assert statements.fits("word " * 60)
    assert not statements.fits("word " * 61)
