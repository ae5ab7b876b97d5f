"""What others decided: what the list finds, and what is said of official text and summary."""

import json
import re
from datetime import date

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from campaign.newsroom import library, texts
from campaign.newsroom.models import Resolution, ResolutionPoint
from petitions import formats
from petitions.domain.text_names import language_name
from tests.factories import resolutions as make
from tests.factories.news import in_three
from tests.pages import Element, main_text, read

pytestmark = pytest.mark.django_db
LIST = "/en/resolutions/"
ITEM = "/en/resolutions/decision/"


@pytest.fixture
def decisions() -> dict[str, Resolution]:
    """Two bodies in two years, one text in French only."""
    union = {f"organization_{code}": f"Union {code}" for code in ("en", "fr", "km")}
    parliament = {f"organization_{code}": f"Parliament {code}" for code in ("en", "fr", "km")}
    return {
        "union-2018": make.resolution(slug="union-2018", adopted_on=date(2018, 10, 18), **union),
        "union-2020": make.resolution(
            slug="union-2020", adopted_on=date(2020, 1, 2), official_languages="fr", **union
        ),
        "parliament-2018": make.resolution(
            slug="parliament-2018", adopted_on=date(2018, 9, 13), **parliament
        ),
    }


def _found(client: Client, query: str = "", language: str = "en") -> list[str]:
    rows = read(client.get(f"/{language}/resolutions/{query}")).all("ul", class_="library")
    links = [link.attributes["href"] for row in rows for link in row.all("a")]
    return [link.split("/")[3] for link in links if link.startswith(f"/{language}/resolutions/")]


def _chosen(client: Client, query: str) -> dict[str, str]:
    """What the form says that the list is narrowed by."""
    form = read(client.get(f"{LIST}{query}")).one("form", class_="filters")
    return {
        select.attributes["name"]: option.text
        for select in form.all("select")
        for option in select.all("option")
        if "selected" in option.attributes
    }


# --- the list --------------------------------------------------------------------------------


def test_without_a_filter_all_are_listed_the_newest_first(
    client: Client, decisions: dict[str, Resolution]
) -> None:
    newest_first = ["union-2020", "union-2018", "parliament-2018"]
    assert _found(client) == newest_first
    assert _found(client, "?body=&year=&language=") == newest_first
    assert client.get("/en/resolutions/nothing/").status_code == 404


@pytest.mark.parametrize("language", ["en", "fr", "km"])
@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("?body=Union+en", ["union-2020", "union-2018"]),
        ("?body=Parliament+en", ["parliament-2018"]),
        ("?year=2018", ["union-2018", "parliament-2018"]),
        ("?language=en", ["union-2018", "parliament-2018"]),
        ("?language=fr", ["union-2020", "union-2018", "parliament-2018"]),
        ("?body=Union+en&year=2018", ["union-2018"]),
        ("?body=Union+en&year=2020&language=fr", ["union-2020"]),
        ("?body=Union+en&language=en", ["union-2018"]),
    ],
)
def test_each_filter_narrows_alone_and_with_others_in_every_language(
    client: Client,
    decisions: dict[str, Resolution],
    language: str,
    query: str,
    slugs: list[str],
) -> None:
    assert _found(client, query, language) == slugs


def test_where_nothing_fits_the_page_says_so_and_leads_back(
    client: Client, decisions: dict[str, Resolution]
) -> None:
    page = read(client.get(f"{LIST}?body=Parliament+en&year=2020")).one("main")
    status = page.one("p", role="status")
    assert status.text == "No decision has all of that. All decisions"
    assert status.one("a").attributes["href"] == LIST
    assert _found(client, "?body=Parliament+en&year=2020") == []


@pytest.mark.parametrize(
    "query", ["?body=Nobody", "?year=1899", "?year=x", "?language=km", "?language=de", "?x=1"]
)
def test_what_no_decision_has_narrows_nothing(
    client: Client, decisions: dict[str, Resolution], query: str
) -> None:
    assert len(_found(client, query)) == 3
    assert set(_chosen(client, query).values()) <= {"All"}
    page = read(client.get(f"{LIST}{query}"))
    assert not page.all("p", role="status")


def test_the_form_offers_what_there_is_and_keeps_what_was_chosen(
    client: Client, decisions: dict[str, Resolution]
) -> None:
    form = read(client.get(LIST)).one("form", class_="filters")
    assert (form.attributes["method"], form.attributes["action"]) == ("get", LIST)
    offered = {
        select.attributes["name"]: [option.text for option in select.all("option")]
        for select in form.all("select")
    }
    assert offered == {
        "body": ["All", "Parliament en", "Union en"],
        "year": ["All", "2020", "2018"],
        "language": ["All", "English", "French"],
    }
    assert _chosen(client, "?body=Union+en&year=2018") | {"language": ""} == {
        "body": "Union en",
        "year": "2018",
        "language": "",
    }


def test_bodies_are_named_in_the_language_of_the_page(
    client: Client, decisions: dict[str, Resolution]
) -> None:
    form = read(client.get("/km/resolutions/")).one("form", class_="filters")
    options = form.one("select", name="body").all("option")
    assert {option.attributes["value"]: option.text for option in options[1:]} == {
        "Parliament en": "Parliament km",
        "Union en": "Union km",
    }


def test_a_body_without_an_english_name_is_found_by_the_one_it_has(client: Client) -> None:
    make.resolution(slug="one", organization_en="", organization_km="", organization_fr="Sénat")
    make.resolution(slug="two")
    for language in ("en", "fr", "km"):
        assert _found(client, "?body=Sénat", language) == ["one"]


def test_a_narrowed_list_is_none_for_search_engines(
    client: Client, decisions: dict[str, Resolution]
) -> None:
    for query, robots in (("?year=2018", 1), ("", 0), ("?year=1899", 0)):
        page = read(client.get(f"{LIST}{query}"))
        assert len(page.all("meta", name="robots", content="noindex")) == robots
        assert page.one("link", rel="canonical").attributes["href"].endswith(LIST)


def test_each_row_says_what_it_is_and_what_a_download_costs(client: Client) -> None:
    decision = make.resolution(official_url="https://example.org/decision")
    kept = make.document(decision, content=make.pdf(size=214 * 1024))
    row = read(client.get(LIST)).one("ul", class_="library")
    names = [each.text for each in row.all("dt")]
    values = [each.text for each in row.all("dd")]
    assert dict(zip(names, values, strict=True)) == {
        "Decided by": "organization en",
        "Date": "October\u00a018, 2018",
        "Reference": decision.reference,
        "Official text": "English, FrenchRead the official text",
        "Archived copy": "PDF, English, 214\u00a0KB",
    }
    assert _addresses(row) == [
        f"/en/resolutions/{decision.slug}/",
        "https://example.org/decision",
        kept.get_absolute_url(),
    ]
    assert "Our summary" in row.text
    assert "summary en" in row.text


def test_an_empty_library_has_no_form(client: Client) -> None:
    page = read(client.get(LIST)).one("main")
    assert (page.all("form"), "No decision stands here yet." in page.text) == ([], True)


def test_a_long_list_asks_as_often_as_a_short_one(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.document()
    with django_assert_num_queries(2):
        client.get(LIST)
    for _turn in range(5):
        make.document(make.document().resolution, "fr")
    with django_assert_num_queries(2):
        client.get(f"{LIST}?year=2018")


def _addresses(element: Element) -> list[str]:
    return [link.attributes["href"] for link in element.all("a")]


# --- one of them -----------------------------------------------------------------------------


def _decision(**fields: str) -> Resolution:
    row = make.resolution(slug="decision", **fields)
    for number in (1, 3):
        ResolutionPoint.objects.create(
            resolution=row,
            number=number,
            **{f"text_{code}": f"text {number} {code}" for code in ("en", "fr", "km")},
        )
    return row


def test_a_decision_keeps_the_numbers_of_its_official_text(client: Client) -> None:
    _decision()
    text = client.get("/km/resolutions/decision/").content.decode()
    assert re.findall(r'<li value="(\d)" id="point-\d">(.*?)</li>', text) == [
        ("1", "text 1 km"),
        ("3", "text 3 km"),
    ]


def test_the_official_text_comes_first_and_apart_from_our_summary(client: Client) -> None:
    _decision(official_url="https://example.org/decision")
    page = read(client.get(ITEM)).one("main")
    assert [each.text for each in page.all("h2")] == ["Official text", "Our summary"]
    (box,) = page.all("section", class_="panel")
    assert _addresses(box) == ["https://example.org/decision"]
    assert "summary en" not in box.text
    assert "In our own words: this is not the official text." in page.text


def test_a_decision_without_a_known_address_names_its_reference(client: Client) -> None:
    _decision()
    assert "It is published by that body under the reference above." in main_text(client.get(ITEM))


@pytest.mark.parametrize(
    ("written", "page", "named"),
    [
        ("en fr", "km", ["en", "fr"]),
        ("fr", "en", ["fr"]),
        ("en fr", "en", []),
        ("en fr km", "km", []),
    ],
)
def test_a_page_whose_language_the_text_lacks_says_in_which_it_exists(
    client: Client, written: str, page: str, named: list[str]
) -> None:
    row = _decision(official_languages=written)
    with translation.override(page):
        sentence = library.not_in_this_language(row)
        assert bool(sentence) == bool(named)
        assert all(language_name(code) in sentence for code in named)
    (notice,) = read(client.get(f"/{page}/resolutions/decision/")).all("div", class_="notice")
    assert notice.text.endswith(sentence) if sentence else "only in" not in notice.text


def test_a_copy_stands_with_size_day_source_and_digest(client: Client) -> None:
    kept = make.document(_decision(), "fr", content=make.pdf(size=2048))
    (box,) = read(client.get(ITEM)).all("section", class_="panel")
    assert _addresses(box) == [kept.get_absolute_url(), make.SOURCE]
    assert [link.text for link in box.all("a")][1] == "parliament.example.org"
    assert box.one("code", class_="digest").text == kept.sha256
    for words in ("Archived copy", "PDF, French, 2\u00a0KB", "November\u00a02, 2018"):
        assert words in box.text
    assert "certutil -hashfile FILE SHA256" in box.text


def test_without_a_copy_nothing_is_said_of_one(client: Client) -> None:
    _decision()
    text = main_text(client.get(ITEM))
    assert not [words for words in ("Archived", "PDF", "SHA-256") if words in text]


def test_a_borrowed_text_says_so(client: Client) -> None:
    notice = "Some of this text is not available in this language yet."
    _decision()
    with translation.override("en"):
        assert notice not in main_text(client.get(ITEM))
    ResolutionPoint.objects.filter(number=3).update(text_en="")
    assert notice in main_text(client.get(ITEM))


def test_a_decision_asks_as_often_with_many_points_as_with_few(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = make.resolution(slug="decision")
    with django_assert_num_queries(3):
        client.get(ITEM)
    for number in range(9):
        ResolutionPoint.objects.create(resolution=row, number=number, **in_three("text"))
    make.document(row, "en")
    make.document(row, "fr")
    with django_assert_num_queries(3):
        client.get(ITEM)


def test_every_text_of_a_decision_goes_through_the_translation_gate() -> None:
    names = list(texts.subject_of(_decision()).texts)
    assert names[-2:] == ["point_1", "point_3"]
    assert {"title", "organization", "kind", "summary", "relation", "place"} <= set(names)
    assert [texts.text_name(name) for name in ("point_3", "point")] == ["Point 3", "Points"]


# --- search engines --------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "km"])
def test_search_engines_are_told_what_our_summary_is_based_on(
    client: Client, language: str
) -> None:
    row = _decision(official_url="https://example.org/decision")
    kept = make.document(row)
    page = read(client.get(f"/{language}/resolutions/decision/"))
    (block,) = page.all("script", type="application/ld+json")
    work, crumbs = json.loads(str(block.children[0]))["@graph"]
    assert (work["name"], work["inLanguage"]) == (
        f"title {language}",
        formats.HTML_LANGUAGES[language],
    )
    official = work["isBasedOn"]
    assert (official["sameAs"], official["identifier"]) == (row.official_url, row.reference)
    assert official["inLanguage"] == ["en-CA", "fr-CA"]
    (copy,) = official["encoding"]
    assert (copy["sha256"], copy["contentSize"]) == (kept.sha256, str(kept.size))
    assert copy["contentUrl"].endswith(kept.get_absolute_url())
    assert [step["position"] for step in crumbs["itemListElement"]] == [1, 2, 3]
