"""The news: what is listed and found, one post, and what is not there."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext
from pytest_django import DjangoAssertNumQueries

from campaign.newsroom.models import Post, PostCorrection
from campaign.newsroom.states import PostState
from petitions import formats
from petitions.models import Petition
from tests.factories import news, posts
from tests.pages import main_text, read

pytestmark = pytest.mark.django_db
NOTICE = "components/fallback_notice.html"


def listed(client: Client, address: str) -> list[str]:
    """The posts of a list in their order."""
    response = client.get(address)
    assert response.status_code == 200
    (rows,) = read(response).one("main").all("ul", class_="rows") or [read(response).one("main")]
    return re.findall(
        r"/news/([\w-]+)/", " ".join(link.attributes["href"] for link in rows.all("a"))
    )


def withdrawn(**fields: Any) -> Post:
    return news.post(state=PostState.WITHDRAWN, **fields)


def draft() -> Post:
    return news.post(state=PostState.DRAFT, published_at=None)


# --- the list --------------------------------------------------------------------------------


def test_only_what_is_public_is_listed_the_newest_first(client: Client) -> None:
    old, new = news.post(days_ago=9), news.post(days_ago=1)
    for hidden in (draft(), withdrawn(), news.post(days_ago=-1)):
        assert hidden.slug not in listed(client, "/en/news/")
    assert listed(client, "/en/news/") == [new.slug, old.slug]


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_the_list_speaks_the_pages_language(client: Client, language: str) -> None:
    post = news.post()
    text = main_text(client.get(f"/{language}/news/"))
    with translation.override(language):
        day = formats.long_date(post.published_at)
    assert {f"title {language}", f"summary {language}"} <= set(re.findall(r"\w+ \w\w\b", text))
    assert day in text


def test_a_post_that_lacks_a_language_names_those_it_has(client: Client) -> None:
    news.post(body_km="")
    row = read(client.get("/km/news/")).one("ul", class_="rows")
    assert [span.attributes["lang"] for span in row.all("span", translate="no")] == [
        "en-CA",
        "fr-CA",
    ]
    news.post()
    rows = read(client.get("/km/news/")).one("ul", class_="rows").all("li")
    assert not rows[0].all("span", translate="no")


def test_ten_stand_on_a_page_with_links_to_the_others(client: Client) -> None:
    slugs = [news.post(days_ago=days, slug=f"of-{days}").slug for days in range(1, 13)]
    assert listed(client, "/en/news/") == slugs[:10]
    second = read(client.get("/en/news/?page=2"))
    assert listed(client, "/en/news/?page=2") == slugs[10:]
    assert second.one("a", rel="prev").attributes["href"] == "?page=1"
    assert second.one("link", rel="canonical").attributes["href"].endswith("/en/news/")


def test_a_subject_has_an_address(client: Client) -> None:
    tag = news.tag("parliament")
    found, _other = news.post(tags=[tag]), news.post()
    assert listed(client, "/en/news/?tag=parliament") == [found.slug]
    page = read(client.get("/en/news/?tag=parliament"))
    (chosen,) = page.one("main").all("a", **{"aria-current": "page"})
    assert chosen.text == "name en"
    assert "robots" not in {meta.attributes.get("name") for meta in page.all("meta")}


def test_a_subject_of_hidden_posts_only_is_not_offered(client: Client) -> None:
    news.post()
    news.post(days_ago=-1, tags=[news.tag("secret", name_en="Secret")])
    assert "Secret" not in client.get("/en/news/").content.decode()


def test_a_search_finds_any_language_and_shows_where(client: Client) -> None:
    found = news.post(body_fr="Il y eut **une rencontre** à Ottawa.", tags=[news.tag("one")])
    news.post()
    response = client.get("/en/news/", {"q": "RENCONTRE", "tag": "one"})
    page = read(response)
    mark = page.one("mark")
    around = next(each for each in page.all("p", lang="fr-CA") if mark in each.walk())
    assert listed(client, "/en/news/?q=rencontre") == [found.slug]
    assert (mark.text, around.text) == ("rencontre", "Il y eut une rencontre à Ottawa.")
    assert page.one("meta", name="robots").attributes["content"] == "noindex"
    assert page.one("link", rel="canonical").attributes["href"].endswith("/en/news/")
    assert page.one("input", name="q").attributes["value"] == "RENCONTRE"


def test_what_was_asked_and_what_is_found_are_text(client: Client) -> None:
    news.post(body_en="A &lt;b&gt;word&lt;/b&gt; in it.")
    text = client.get("/en/news/", {"q": "<b>word"}).content.decode()
    assert "<b>word" not in text
    assert "<mark>&lt;b&gt;word</mark>" in text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "There is no news yet."),
        ("?q=ottawa", "No post has “ottawa” in it."),
        ("?tag=nothing", "There is no news on this subject."),
    ],
)
def test_an_empty_list_says_what_to_do(client: Client, query: str, words: str) -> None:
    response = client.get(f"/en/news/{query}")
    assert words in main_text(response)
    assert read(response).one("main").all("a")


@pytest.mark.parametrize("query", ["?q=%00", "?tag=%00", "?page=x", "?page=99", "?q=%E2%80%8B"])
def test_a_strange_address_is_answered(client: Client, query: str) -> None:
    post = news.post()
    status = client.get(f"/en/news/{query}").status_code
    assert (status, Post.objects.get()) == (200, post)


def test_three_posts_cost_as_much_as_one(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tag = news.tag("one")
    news.post(tags=[tag])
    with django_assert_num_queries(4):
        client.get("/en/news/?q=title")
    news.post(tags=[tag])
    news.post(tags=[tag])
    with django_assert_num_queries(4):
        client.get("/en/news/?q=title")


# --- one post --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_a_post_in_its_language(client: Client, language: str) -> None:
    post = news.post(**{f"body_{language}": "**Heading**\n\nA [link](https://example.org/)."})
    response: Any = client.get(f"/{language}/news/{post.slug}/")
    article = read(response).one("article")
    with translation.override(language):
        assert gettext("All news") in article.text
        assert formats.long_date(post.published_at) in article.text
    assert article.one("h1").text == f"title {language}"
    assert [heading.text for heading in article.all("h2")] == ["Heading"]
    assert article.one("a", href="https://example.org/").text == "link"
    assert NOTICE not in {used.name for used in response.templates}


def test_a_borrowed_text_names_its_language_under_a_notice(client: Client) -> None:
    post = news.post(body_km="")
    response: Any = client.get(f"/km/news/{post.slug}/")
    assert read(response).one("article").one("div", lang="en-CA").text == "body en"
    assert NOTICE in {used.name for used in response.templates}


def test_corrections_stand_above_the_text_the_newest_first(client: Client) -> None:
    post = news.post()
    for day in (1, 2):
        PostCorrection.objects.create(post=post, noted_on=date(2026, 3, day), text_en=f"Note {day}")
    text = main_text(client.get(f"/en/news/{post.slug}/"))
    assert re.findall(r"Corrected on March.(\d), 2026 Note (\d)", text) == [("2", "2"), ("1", "1")]
    assert text.index("Note 1") < text.index("summary en")


def test_a_post_leads_to_the_petition_and_is_shared_itself(
    client: Client, petition: Petition
) -> None:
    post = news.post()
    aside = read(client.get(f"/en/news/{post.slug}/")).one("aside")
    addresses = [link.attributes["href"] for link in aside.all("a")]
    assert f"/en/petitions/{petition.slug}/" in addresses
    assert f"/en/petitions/{petition.slug}/sign/" in addresses
    link = aside.one("input", id="share-link").attributes["value"]
    assert link.endswith(f"/en/news/{post.slug}/")


def test_a_post_leads_to_its_neighbours(client: Client) -> None:
    at = timezone.now() - timedelta(days=1)
    first, second, third = (news.post(published_at=at) for _turn in range(3))
    news.post(days_ago=-1)
    page = read(client.get(f"/en/news/{second.slug}/"))
    assert page.one("a", rel="prev").attributes["href"] == f"/en/news/{first.slug}/"
    assert page.one("a", rel="next").attributes["href"] == f"/en/news/{third.slug}/"
    assert not read(client.get(f"/en/news/{third.slug}/")).all("a", rel="next")


def test_what_was_never_public_is_not_found(client: Client) -> None:
    scheduled = news.post(days_ago=-1)
    for post in (draft(), scheduled, withdrawn(days_ago=-1)):
        assert client.get(f"/en/news/{post.slug}/").status_code == 404
    assert client.get("/en/news/nothing/").status_code == 404


def test_what_was_withdrawn_is_gone_in_three_languages(client: Client) -> None:
    response = client.get(f"/en/news/{withdrawn().slug}/")
    text = response.content.decode()
    assert response.status_code == 410
    assert all(words in text for words in ("This page is gone", "plus", "លែងមាន"))
    assert "title en" not in text


# --- sources ---------------------------------------------------------------------------------


def test_an_article_ends_with_its_sources(client: Client) -> None:
    post = news.post()
    posts.source(post, title="Later", position=2)
    posts.source(
        post,
        position=1,
        title="Une résolution",
        publisher="Parlement européen",
        language="fr",
        url="https://www.example.org/a?b=c&d",
        published_on=date(2018, 9, 13),
    )
    page = read(client.get(f"/km/news/{post.slug}/"))
    (section,) = page.all("section", **{"aria-labelledby": "sources"})
    first, second = section.all("li")
    link = first.one("a")
    assert link.text == "Une résolution"
    assert link.attributes == {
        "href": "https://www.example.org/a?b=c&d",
        "rel": "noopener",
        "hreflang": "fr",
        "lang": "fr",
    }
    assert first.one("span", class_="break").text == "www.example.org"
    assert "ថ្ងៃទី13 ខែកញ្ញា ឆ្នាំ2018" in first.text
    assert first.one("span", lang="fr", translate="no").text == "Français"
    assert second.one("a").text == "Later"


def test_the_host_is_that_to_which_the_link_leads(client: Client) -> None:
    post = news.post()
    posts.source(post, url="https://www.ourcommons.ca@elsewhere.example.org/")
    section = read(client.get(f"/en/news/{post.slug}/")).one("section")
    assert section.one("span", class_="break").text == "elsewhere.example.org"


def test_an_article_without_sources_says_nothing_of_them(client: Client) -> None:
    assert not read(client.get(f"/en/news/{news.post().slug}/")).all("h2", id="sources")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/"])
def test_no_other_address_can_be_stored(url: str) -> None:
    post = news.post()
    with pytest.raises(IntegrityError):
        posts.source(post, url=url)
