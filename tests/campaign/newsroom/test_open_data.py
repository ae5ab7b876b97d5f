"""What the page of open data says is what programs get."""

import json
from typing import Any

import pytest
from django.test import Client

from campaign.newsroom.data_guide import COUNT, PETITION, Fields
from petitions.licence import OPEN_DATA
from petitions.models import Petition
from tests.factories import petitions as make
from tests.pages import Element, read

pytestmark = pytest.mark.django_db


def _page(client: Client, language: str = "en") -> Element:
    return read(client.get(f"/{language}/open-data/"))


def _names(groups: tuple[Fields, ...]) -> list[str]:
    return sorted(name for group in groups for name in group.names)


@pytest.mark.parametrize(
    ("groups", "path"), [(PETITION, "{slug}.json"), (COUNT, "{slug}/count.json")]
)
def test_every_field_is_told_of_once_and_no_other(
    client: Client, petition: Petition, groups: tuple[Fields, ...], path: str
) -> None:
    answer: dict[str, Any] = client.get(f"/petitions/{path.format(slug=petition.slug)}").json()
    assert _names(groups) == sorted(answer)
    shown = [code.text for code in _page(client).all("code")]
    assert set(answer) <= set(shown)


def test_the_example_is_the_answer_itself(client: Client, petition: Petition) -> None:
    page = _page(client, "km")
    address = f"http://testserver/petitions/{petition.slug}/count.json?lang=en"
    assert page.one("pre").all("code")
    assert address in [link.attributes["href"] for link in page.all("a")]
    assert json.loads(page.one("pre").text) == client.get(address).json()


def test_a_record_is_no_example_of_a_count(client: Client) -> None:
    make.draft_petition()
    assert _page(client).all("pre") == []


@pytest.mark.parametrize(
    "path", ["petitions.json", "petitions/{slug}.json", "petitions/{slug}/count.json"]
)
def test_what_it_says_of_freshness_holds(client: Client, petition: Petition, path: str) -> None:
    address = "/" + path.format(slug=petition.slug)
    answer = client.get(address)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_every_page_leads_there(client: Client) -> None:
    (foot,) = read(client.get("/fr/")).all("footer")
    assert "/fr/open-data/" in [link.attributes["href"] for link in foot.all("a")]


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_the_page_leads_to_the_licence(client: Client, language: str) -> None:
    page = _page(client, language)
    (link,) = page.all("a", rel="license")
    assert link.attributes["href"] == OPEN_DATA.url
    assert OPEN_DATA.name in link.text
    assert page.one("link", rel="license").attributes["href"] == OPEN_DATA.url
