"""What search engines and phones are told of a page: valid, in its language, under its address."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from campaign.newsroom.models import Guide, GuideStep, Question
from petitions import clock
from petitions.licence import OPEN_DATA
from petitions.models import Petition
from tests.factories import news
from tests.pages import read

pytestmark = pytest.mark.django_db
#: Every type in use; schema.org has no other word for a petition than a work.
_TYPES = {
    *("WebSite", "Organization", "CreativeWork", "BreadcrumbList", "ListItem"),
    *("FAQPage", "Question", "Answer", "HowTo", "HowToStep", "MediaObject", "Event", "Place"),
    *("Dataset", "DataDownload"),
}


@pytest.fixture(autouse=True)
def base(settings: Settings) -> None:
    address = "https://petition.example.org"
    settings.PUBLIC_BASE_URL = settings.PETITIONS_PUBLIC_BASE_URL = address


def told(path: str) -> list[dict[str, Any]]:
    """The things that a page's block tells of, each of a known type, all addresses our own."""
    (block,) = read(Client().get(path)).all("script", type="application/ld+json")
    content = json.loads(str(block.children[0]))
    assert content["@context"] == "https://schema.org"
    for thing in _things(content["@graph"]):
        assert thing.get("@type", "WebSite") in _TYPES
        for name in ("url", "item", "image", "@id"):
            assert str(thing.get(name, "https://petition.example.org/")).startswith(
                "https://petition.example.org/"
            )
    found: list[dict[str, Any]] = content["@graph"]
    return found


def _things(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [thing for each in value for thing in _things(each)]
    if isinstance(value, dict):
        return [value, *_things(list(value.values()))]
    return []


@pytest.mark.parametrize(
    ("is_cancelled", "status"), [(False, "EventScheduled"), (True, "EventCancelled")]
)
def test_an_event_says_whether_it_takes_place(*, is_cancelled: bool, status: str) -> None:
    starts = datetime(2096, 7, 1, 18, 30, tzinfo=clock.TORONTO)
    happening = news.happening(starts_at=starts, is_cancelled=is_cancelled)
    event, _crumbs = told(f"/en/events/{happening.slug}/")
    assert event["eventStatus"] == f"https://schema.org/{status}"


def test_open_data_are_a_dataset_under_their_licence() -> None:
    (data,) = told("/fr/open-data/")
    assert (data["@type"], data["inLanguage"]) == ("Dataset", "fr-CA")
    assert data["url"] == "https://petition.example.org/fr/open-data/"
    assert data["license"] == OPEN_DATA.url
    assert data["distribution"]["contentUrl"] == "https://petition.example.org/petitions.json"
    assert data["name"] != data["description"]


def test_an_event_is_told_with_its_hours_and_its_place() -> None:
    starts = datetime(2096, 7, 1, 18, 30, tzinfo=clock.TORONTO)
    happening = news.happening(starts_at=starts, **news.in_three("note"))
    address = f"https://petition.example.org/km/events/{happening.slug}/"
    event, crumbs = told(f"/km/events/{happening.slug}/")
    assert (event["@type"], event["name"], event["url"]) == ("Event", "title km", address)
    assert (event["startDate"], event["endDate"]) == (
        "2096-07-01T18:30:00-04:00",
        "2096-07-01T20:30:00-04:00",
    )
    assert event["location"]["name"] == "place km"
    assert (event["description"], event["inLanguage"]) == ("note km", "km")
    assert crumbs["itemListElement"][-1]["item"] == address


@pytest.mark.parametrize(("language", "html"), [("en", "en-CA"), ("km", "km")])
def test_a_petition_is_a_work_under_its_own_address(
    petition: Petition, language: str, html: str
) -> None:
    address = f"https://petition.example.org/{language}/petitions/{petition.slug}/"
    work, crumbs = told(f"/{language}/petitions/{petition.slug}/")
    assert (work["@type"], work["url"], work["inLanguage"]) == ("CreativeWork", address, html)
    assert work["name"] == getattr(petition, f"title_{language}")
    assert [step["position"] for step in crumbs["itemListElement"]] == [1, 2, 3]
    assert crumbs["itemListElement"][-1]["item"] == address


def test_a_borrowed_title_says_its_language(petition: Petition) -> None:
    Petition.objects.update(title_km="")
    work, _crumbs = told(f"/km/petitions/{petition.slug}/")
    assert (work["name"], work["inLanguage"]) == (petition.title_en, "en-CA")


def test_no_text_ends_the_block(petition: Petition) -> None:
    title = 'A "title" </script><!-- & more'
    Petition.objects.update(title_en=title)
    work, _crumbs = told(f"/en/petitions/{petition.slug}/")
    assert work["name"] == title


def test_the_home_page_is_the_site_and_who_publishes_it() -> None:
    site, publisher = told("/fr/")
    assert (site["url"], site["inLanguage"]) == ("https://petition.example.org/fr/", "fr-CA")
    assert site["publisher"]["@id"] == publisher["@id"]


def test_questions_of_the_pages_language_have_their_answers_as_words() -> None:
    Question.objects.create(slug="who", question_en="Who?", answer_en="**You** & me.")
    Question.objects.create(slug="why", question_km="ហេតុអ្វី?", answer_km="ព្រោះ")
    (page,) = told("/en/faq/")
    assert [(each["name"], each["acceptedAnswer"]["text"]) for each in page["mainEntity"]] == [
        ("Who?", "You & me.")
    ]


def test_the_guide_has_its_steps_each_with_a_picture_of_ours() -> None:
    guide = Guide.objects.create(slug="this-site", title_fr="Signer", intro_fr="Ici.")
    for position in range(1, 6):
        GuideStep.objects.create(
            guide=guide, position=position, title_fr=f"Étape {position}", text_fr="Appuyez."
        )
    (how_to,) = told("/fr/how-to-sign/")
    assert (how_to["name"], how_to["inLanguage"]) == ("Signer", "fr-CA")
    assert [(step["position"], step["name"]) for step in how_to["step"]] == [
        (position, f"Étape {position}") for position in range(1, 6)
    ]
    assert [step["image"].rsplit("/", 1)[1] for step in how_to["step"]] == [
        f"fr-{position}.webp" for position in range(1, 6)
    ]


@pytest.mark.parametrize(("language", "html"), [("en", "en-CA"), ("km", "km")])
def test_a_phone_keeps_the_site_in_the_language_of_the_page(language: str, html: str) -> None:
    page = read(Client().get(f"/{language}/"))
    (link,) = page.all("link", rel="manifest")
    content = Client().get(link.attributes["href"]).json()
    assert (content["lang"], content["start_url"]) == (html, f"/{language}/")
    assert content["name"] in page.one("title").text
    (touch,) = page.all("link", rel="apple-touch-icon")
    assert touch.attributes["href"].endswith("/180.png")
