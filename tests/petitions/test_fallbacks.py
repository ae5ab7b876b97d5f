"""No text in another language without saying so."""

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from petitions import fallbacks
from petitions.models import Petition
from tests.factories import petitions as make
from tests.pages import main_text, read

NOTICE = "Some of this text is not available in this language yet. It is shown in another one."


@pytest.mark.parametrize(
    ("asked", "written", "shown"),
    [
        ("km", "en fr km", ("km", "")),
        ("km", "en fr", ("en", "en-CA")),
        ("km", "fr", ("fr", "fr-CA")),
        ("fr", "en fr km", ("fr", "")),
        ("fr", "en km", ("en", "en-CA")),
        ("fr", "km", ("km", "km")),
        ("en", "fr km", ("fr", "fr-CA")),
        ("en", "km", ("km", "km")),
        ("en", "", ("en", "")),
    ],
)
def test_which_language_a_field_speaks(asked: str, written: str, shown: tuple[str, str]) -> None:
    petition = Petition(**{f"title_{code}": f"title {code}" for code in written.split()})
    with translation.override(asked):
        assert (fallbacks.spoken(petition, "title"), fallbacks.lang(petition, "title")) == shown
        assert petition.title == (f"title {shown[0]}" if written else "")


@pytest.fixture
def without_khmer(db: None) -> Petition:
    petition = make.open_petition()
    Petition.objects.filter(pk=petition.pk).update(title_km="")
    return Petition.objects.get(pk=petition.pk)


def pages(petition: Petition, language: str) -> list[str]:
    return [f"/{language}/", f"/{language}/petitions/{petition.slug}/"]


def test_a_missing_khmer_title_is_english_and_says_so(
    client: Client, without_khmer: Petition
) -> None:
    with translation.override("km"):
        notice = gettext(NOTICE)
    for path in pages(without_khmer, "km"):
        response = client.get(path)
        title = read(response).one("h1")
        assert (title.text, title.attributes["lang"]) == (without_khmer.title_en, "en-CA")
        assert notice in main_text(response)


def test_the_list_says_it_of_the_title(client: Client, without_khmer: Petition) -> None:
    link = read(client.get("/km/petitions/")).one("ul", class_="rows").all("a")[0]
    assert (link.text, link.attributes["lang"]) == (without_khmer.title_en, "en-CA")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_languages_that_have_it_say_nothing(
    client: Client, without_khmer: Petition, language: str
) -> None:
    with translation.override(language):
        notice = gettext(NOTICE)
    for path in pages(without_khmer, language):
        response = client.get(path)
        assert "lang" not in read(response).one("h1").attributes
        assert notice not in main_text(response)


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_a_complete_petition_has_no_notice_and_no_mark(
    client: Client, petition: Petition, language: str
) -> None:
    with translation.override(language):
        notice = gettext(NOTICE)
    for path in pages(petition, language):
        response = client.get(path)
        words = read(response).one("main")
        marked = [
            each.text
            for each in words.walk()
            if "lang" in each.attributes and each.text not in {"ខ្មែរ", "English", "Français"}
        ]
        assert (marked, notice in main_text(response)) == ([], False)
