"""The search through the news: spellings that look the same meet, and nothing is cut apart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.newsroom.domain import searching
from campaign.newsroom.domain.searching import excerpt, find, fold, words
from campaign.newsroom.models import Post
from tests.factories import news

KHMER = st.text(st.sampled_from("កខគងចដតថនបមយរលវសហអឱឲ្ាិីុូើោំៈ៊់។៣ \u200b\u200c\u2060"))

HANGING = "្ាិីុូើោំៈ៊់\u200b\u200c\u2060"


@given(st.one_of(st.text(), KHMER))
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(KHMER, KHMER, st.sampled_from("\u200b\u200c\u200d\u2060"))
def test_unseen_signs_make_no_difference(before: str, after: str, unseen: str) -> None:
    assert fold(f"{before}{unseen}{after}") == fold(before + after)


@pytest.mark.parametrize(
    "spellings",
    [
        ["ស្ត្រី", "ស្រ្តី", "ស្ដ្រី", "ស្រ្ដី"],
        ["ប្ដូរ", "ប្តូរ"],
        ["រាស្ត្រ", "រាស្ដ្រ", "រាស្រ្ត"],
        ["ឱ្យ", "ឲ្យ", "អោយ", "អោ\u200bយ"],
        ["អ៊ីម៉ែល", "អី៊មែ៉ល"],
        ["ឆ្នាំ2018", "ឆ្នាំ២០១៨", "ឆ្នាំ 2018".replace(" ", "\u2060")],
        ["Pétition", "PETITION", "pe\u0301tition"],
        ["l'œuvre", "L’OEUVRE"],
        ["57 ex-parlementaires", "57\u00a0ex‑parlementaires"],
    ],
)
def test_spellings_of_one_word_meet(spellings: list[str]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), [("ដី", "តី"), ("កា", "កិ"), ("ខ្មែរ", "ខែរ")])
def test_other_words_do_not_meet(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked",
    ["PETITION ottawa", "pétition", "រាស្ត្រ", "ឲ្យ២០១៨", "Parlement", "100%_", "  "],
)
def test_a_post_is_found_by_every_language_and_by_its_tags(asked: str) -> None:
    post = news.post(
        title_en="The petition reaches Ottawa",
        summary_km="តំណាងរាស្ដ្រ អោយ2018",
        body_fr="C'est 100%_sûr.",
        tags=[news.tag("parliament", name_fr="Parlement")],
    )
    assert list(find(Post.objects.all(), words(asked))) == [post]


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["petition toronto", "1000_", "ottawaa"])
def test_every_word_must_stand_there(asked: str) -> None:
    news.post(title_en="The petition reaches Ottawa", body_en="1000 names")
    assert not find(Post.objects.all(), words(asked)).exists()


@pytest.mark.django_db
def test_markup_does_not_part_words() -> None:
    post = news.post(body_en="One **meet**ing [with](https://example.org/x) them & us")
    for asked in ("meeting with them", "them & us"):
        assert list(find(Post.objects.all(), words(asked))) == [post]
    assert not find(Post.objects.all(), ["example.org"]).exists()


def test_a_long_question_is_cut() -> None:
    assert len(words("a " * 100)) == searching.MOST_WORDS


def test_an_excerpt_shows_what_was_found_as_it_is_written() -> None:
    text = f"{'before ' * 30}the Députés met{' after' * 30}"
    before, found, after = excerpt(text, words("deputes"))
    assert (found.text, found.is_found) == ("Députés", True)
    assert before.text.startswith("…before ")
    assert before.text.endswith("the ")
    assert after.text.startswith(" met")
    assert after.text.endswith(" after…")
    assert f"{before.text}{found.text}{after.text}".strip("…") in text


def test_an_excerpt_of_another_text_is_none() -> None:
    assert excerpt("Nothing of that.", ["ottawa"]) == []


@given(KHMER, KHMER)
def test_an_excerpt_cuts_no_khmer_cluster(before: str, after: str) -> None:
    text = f"ក{before}ស្ត្រី{after}"
    pieces = excerpt(text, words("ស្រ្តី"))
    cut = [piece.text.strip("…") for piece in pieces]
    assert "".join(cut) in text
    for left, right in pairwise(filter(None, cut)):
        assert not left.endswith("\u17d2")
        assert right[0] not in HANGING
