"""The page of what is passed on: texts, codes and posters, and what a shared link shows."""

import pytest
from django.urls import reverse
from django.utils import translation

from petitions import share_kit
from petitions.models import Petition
from petitions.states import PetitionKind, PetitionState
from tests.factories import petitions as make
from tests.pages import browser, read

pytestmark = pytest.mark.django_db

#: Where each text's visitors come from.
_SOURCES = ["fb", "me", "wa", "tg", "sms", "mail", "guide"]


def address(petition: Petition, rest: str = "share/", language: str = "en") -> str:
    return f"/{language}/petitions/{petition.slug}/{rest}"


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_each_text_ends_in_the_petition_of_its_language_and_tells_its_way(
    petition: Petition, language: str
) -> None:
    with translation.override(language):
        found = share_kit.texts(petition)
    base = f"http://testserver/{language}/petitions/{petition.slug}/"
    ways = [f"{base}?s={source}" for source in _SOURCES]
    assert [way in each["text"] for way, each in zip(ways, found, strict=True)] == [True] * 7
    say = getattr(petition, f"share_text_{language}")
    assert found[2]["text"] == f"{say}\n{ways[2]}"
    assert found[4]["text"] == f"{say} {ways[4]}"


def test_the_guide_is_five_steps_and_a_warning(petition: Petition) -> None:
    lines = share_kit.guide(petition).splitlines()
    assert [line[:2] for line in lines[1:6]] == ["1.", "2.", "3.", "4.", "5."]
    assert lines[6].startswith("Do not share the link in that e-mail.")
    assert len(lines) == 7


def test_the_page_has_all_of_it_without_a_script(petition: Petition) -> None:
    page = read(browser().get(address(petition))).one("main")
    texts = [each.text for each in page.all("textarea")]
    assert len(texts) == len(_SOURCES)
    assert all("readonly" in each.attributes for each in page.all("textarea"))
    shown_by_script = [each for each in page.all("button") if "hidden" in each.attributes]
    copied = {each.attributes.get("data-copy") for each in shown_by_script}
    assert {each.attributes["id"] for each in page.all("textarea")} < copied
    assert len(page.all("svg", class_="qr")) == 1
    files = [each.attributes["href"] for each in page.all("a") if "." in each.attributes["href"]]
    ours = [path for path in files if path.startswith("/petitions/")]
    assert {browser().get(path).status_code for path in ours} == {200}
    assert len(ours) == 9


def test_nothing_to_sign_with_is_given_once_it_is_closed(petition: Petition) -> None:
    Petition.objects.update(state=PetitionState.CLOSED)
    page = read(browser().get(address(petition))).one("main")
    assert not [each for each in page.all("a") if "poster" in each.attributes["href"]]


def test_a_record_is_signed_nowhere_and_has_no_such_page() -> None:
    record = make.draft_petition(kind=PetitionKind.RECORD, state=PetitionState.CLOSED)
    assert browser().get(address(record)).status_code == 404
    page = read(browser().get(address(record, "")))
    assert not [each for each in page.all("a") if each.attributes["href"] == address(record)]


@pytest.mark.parametrize("rest", ["", "thanks/"])
def test_the_way_there_stands_beneath_the_links(petition: Petition, rest: str) -> None:
    page = read(browser().get(address(petition, rest))).one("main")
    assert [each for each in page.all("a") if each.attributes["href"] == address(petition)]


def test_thanks_has_a_code_to_show_a_friend(petition: Petition) -> None:
    page = read(browser().get(address(petition, "thanks/"))).one("details")
    (code,) = page.all("svg", class_="qr")
    assert code.one("title").text == "QR code of the petition's page"


# --- what networks show ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "locale"), [("en", "en_CA"), ("fr", "fr_CA"), ("km", "km_KH")]
)
def test_a_shared_link_shows_its_language_and_its_picture(
    petition: Petition, language: str, locale: str
) -> None:
    for path in (f"/{language}/", address(petition, "?s=fb", language)):
        metas = read(browser().get(path)).all("meta")
        shown = {
            each.attributes["property"]: each.attributes["content"]
            for each in metas
            if "property" in each.attributes
        }
        picture = reverse("card", args=[petition.slug, language])
        assert shown["og:locale"] == locale
        assert shown["og:image"] == f"http://testserver{picture}"
        assert shown["og:url"] == f"http://testserver{path.partition('?')[0]}"
        assert (shown["og:image:width"], shown["og:image:height"]) == ("1200", "630")


def test_who_cannot_sign_is_not_asked_to(petition: Petition) -> None:
    Petition.objects.update(state=PetitionState.CLOSED)
    page = read(browser().get(address(petition, "")))
    assert page.one("meta", property="og:title").attributes["content"] == petition.title


def test_pages_of_one_person_show_networks_nothing(petition: Petition) -> None:
    page = read(browser().get(address(petition, "thanks/")))
    assert not [each for each in page.all("meta") if "property" in each.attributes]
