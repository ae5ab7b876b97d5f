"""The feed of news: valid, in its language only, its names the same for ever."""

from datetime import datetime
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from pytest_django import Settings

from campaign.newsroom.models import PostCorrection
from petitions import clock
from petitions.licence import OPEN_DATA
from tests.factories import news
from tests.pages import read

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(autouse=True)
def public_address(settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = "https://petition.example.org:8443"


def feed(language: str = "en") -> ET.Element:
    response = Client().get(f"/{language}/feed.atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content)


def texts(root: ET.Element, name: str) -> list[str | None]:
    return [entry.findtext(f"{ATOM}{name}") for entry in root.findall(f"{ATOM}entry")]


@pytest.mark.parametrize(("language", "said"), [("en", "en-CA"), ("fr", "fr-CA"), ("km", "km")])
def test_a_feed_has_what_a_reader_needs(language: str, said: str) -> None:
    post = news.post(
        tags=[news.tag("one")],
        **{f"summary_{language}": "This isn't & <that>", f"author_{language}": "A person"},
    )
    root = feed(language)
    base = "https://petition.example.org:8443"
    links = {link.attrib["rel"]: link.attrib["href"] for link in root.findall(f"{ATOM}link")}
    assert root.attrib[LANG] == said
    assert links["alternate"] == f"{base}/{language}/news/"
    assert links["self"] == f"{base}/{language}/feed.atom"
    assert root.findtext(f"{ATOM}id") == f"tag:petition.example.org,2026:news/{language}"
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == f"title {language}"
    assert entry.findtext(f"{ATOM}id") == f"tag:petition.example.org,2026:news/{post.pk}/{language}"
    assert entry.findtext(f"{ATOM}summary") == "This isn't &amp; &lt;that&gt;"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "A person"
    address = f"{base}/{language}/news/{post.slug}/"
    assert [link.attrib["href"] for link in entry.findall(f"{ATOM}link")] == [address]
    published = datetime.fromisoformat(str(entry.findtext(f"{ATOM}published")))
    assert published == post.published_at


def test_only_public_posts_that_are_written_in_its_language_stand_there() -> None:
    news.post(days_ago=-1)
    news.post(body_fr="")
    news.post(summary_fr=None)
    whole = news.post()
    assert texts(feed("fr"), "id") == [f"tag:petition.example.org,2026:news/{whole.pk}/fr"]
    names = texts(feed("en"), "id")
    assert len(set(names)) == len(names) == 3


def test_a_correction_is_an_update() -> None:
    post = news.post(days_ago=9)
    (before,) = texts(feed(), "updated")
    today = clock.today()
    PostCorrection.objects.create(post=post, noted_on=today, text_en="Note")
    root = feed()
    (after,) = texts(root, "updated")
    published = datetime.fromisoformat(str(before))
    assert published.date() == post.published_at.date()
    assert datetime.fromisoformat(str(after)).astimezone(clock.TORONTO).date() == today
    assert root.findtext(f"{ATOM}updated") == after


def test_whoever_has_it_is_told_that_nothing_has_changed(client: Client) -> None:
    for changed in (False, True):
        if changed:
            news.post()
        first = client.get("/en/feed.atom")
        again = client.get("/en/feed.atom", headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
        assert {each["Access-Control-Allow-Origin"] for each in (first, again)} == {"*"}


@pytest.mark.parametrize("path", ["", "news/"])
@pytest.mark.parametrize("language", ["en", "km"])
def test_pages_lead_to_the_feed_of_their_language(client: Client, path: str, language: str) -> None:
    link = read(client.get(f"/{language}/{path}")).one("link", type="application/atom+xml")
    assert link.attributes["href"] == f"/{language}/feed.atom"
    # `hreflang` is for the page in other languages, and the feed is none of them.
    assert "hreflang" not in link.attributes


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_a_feed_names_its_licence(language: str) -> None:
    news.post()
    root = feed(language)
    (link,) = [each for each in root.findall(f"{ATOM}link") if each.attrib["rel"] == "license"]
    assert link.attrib["href"] == OPEN_DATA.url
    assert OPEN_DATA.name in str(root.findtext(f"{ATOM}rights"))
    # Atom has its own elements before the entries.
    assert [each.tag for each in root].index(f"{ATOM}rights") < [each.tag for each in root].index(
        f"{ATOM}entry"
    )
