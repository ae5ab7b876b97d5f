"""First visit, health, and what stands around every page."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext
from pytest_django import DjangoAssertNumQueries

from campaign.newsroom.models import Happening, Post
from petitions import clock
from petitions.models import Delivery, Petition, Signature
from tests.conftest import SetClock
from tests.factories import news
from tests.factories import petitions as make
from tests.pages import Element, browser, read
from tests.routes import write_pages

NAMES = [("ខ្មែរ", "km"), ("English", "en-CA"), ("Français", "fr-CA")]


# --- the first visit -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "home"),
    [
        ("km", "/km/"),
        ("km-KH,km;q=0.9,en;q=0.5", "/km/"),
        ("fr-CA,fr;q=0.9,en;q=0.5", "/fr/"),
        ("en-US", "/en/"),
        ("de,vi;q=0.9,fr;q=0.3", "/fr/"),
        ("en;q=0.3,km;q=0.9", "/km/"),
        ("fr;q=0,en;q=0.5", "/en/"),
        ("FR-ca", "/fr/"),
    ],
)
def test_the_browsers_language_decides(asked: str, home: str) -> None:
    response = browser(accept_language=asked).get("/")
    assert (response.status_code, response["Location"]) == (302, home)
    assert set(response["Vary"].split(", ")) == {"Accept-Language", "Cookie"}


@pytest.mark.parametrize("asked", ["", "de", "vi,th;q=0.8", "*", "kmr", "frr", "x" * 600])
def test_else_there_are_three_links(asked: str) -> None:
    response = browser(accept_language=asked).get("/")
    page = read(response)
    links = page.one("main").all("a")
    assert response.status_code == 200
    assert [(link.text, link.attributes["lang"], link.attributes["href"]) for link in links] == [
        ("ខ្មែរ", "km", "/?language=km"),
        ("English", "en-CA", "/?language=en"),
        ("Français", "fr-CA", "/?language=fr"),
    ]
    assert page.one("html").attributes["lang"] == "km"


@pytest.mark.parametrize("chosen", ["km", "en", "fr"])
def test_a_choice_is_remembered_and_beats_the_browser(client: Client, chosen: str) -> None:
    response = client.get("/", {"language": chosen})
    cookie = response.cookies["language"]
    again = client.get("/", headers={"accept-language": "de,en;q=0.5,fr;q=0.4"})
    assert (response["Location"], again["Location"]) == (f"/{chosen}/", f"/{chosen}/")
    assert (cookie["samesite"], cookie["httponly"], cookie["max-age"], cookie["path"]) == (
        "Lax",
        True,
        365 * 24 * 3600,
        "/",
    )


@pytest.mark.parametrize("chosen", ["de", "KM", "//evil.example", "en/../x", ""])
def test_another_choice_is_none(client: Client, chosen: str) -> None:
    response = client.get("/", {"language": chosen}, headers={"accept-language": "fr"})
    assert (response["Location"], list(response.cookies)) == ("/fr/", [])


@pytest.mark.parametrize("kept", ["de", "//evil.example", ""])
def test_a_flawed_cookie_is_not_followed(client: Client, kept: str) -> None:
    client.cookies["language"] = kept
    assert client.get("/", headers={"accept-language": "fr"})["Location"] == "/fr/"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["km", "en", "fr"])
def test_the_address_decides_on_a_page_and_nothing_else(client: Client, language: str) -> None:
    client.cookies["language"] = "en"
    response = client.get(f"/{language}/petitions/", headers={"accept-language": "fr"})
    with translation.override(language):
        expected = gettext("Petitions")
    assert read(response).one("h1").text == expected
    assert "Vary" not in response or "Accept-Language" not in response["Vary"]


def test_a_page_in_no_language_of_ours_is_not_found(client: Client) -> None:
    assert client.get("/de/petitions/").status_code == 404


# --- the frame of every page -----------------------------------------------------------------


def frame(client: Client, path: str) -> Element:
    return read(client.get(path))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "petitions/", "my-signature/", "faq/", "contact/"])
def test_the_menu_of_languages_is_the_same_everywhere(client: Client, path: str) -> None:
    menu = frame(client, f"/fr/{path}").one("ul", class_="languages").all("a")
    assert [(link.text, link.attributes["lang"]) for link in menu] == NAMES
    assert [link.attributes["href"] for link in menu] == [
        f"/{code}/{path}" for code in ("km", "en", "fr")
    ]
    assert [link.attributes.get("aria-current") for link in menu] == [None, None, "true"]
    assert {link.attributes["translate"] for link in menu} == {"no"}


@pytest.mark.django_db
def test_the_menu_keeps_the_petition(client: Client, petition: Petition) -> None:
    menu = frame(client, f"/en/petitions/{petition.slug}/thanks/").one("ul", class_="languages")
    assert [link.attributes["href"] for link in menu.all("a")] == [
        f"/{code}/petitions/{petition.slug}/thanks/" for code in ("km", "en", "fr")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["km", "en", "fr"])
def test_every_link_of_the_frame_leads_somewhere(client: Client, language: str) -> None:
    write_pages()
    page = frame(client, f"/{language}/")
    addresses = {
        link.attributes["href"]
        for part in (page.one("header"), page.one("nav", class_="menu"), page.one("footer"))
        for link in part.all("a")
    }
    statuses = {address: client.get(address).status_code for address in addresses}
    assert set(statuses.values()) == {200}
    assert len(statuses) >= 10


@pytest.mark.django_db
def test_every_page_says_that_it_is_not_the_house(client: Client) -> None:
    words = (
        "This is a community website. It is not a site of the House of Commons "
        "or the Government of Canada."
    )
    for path in ("/en/", "/en/petitions/", "/en/my-signature/"):
        assert words in frame(client, path).one("footer").text


@pytest.mark.django_db
def test_one_style_sheet_and_one_script(client: Client) -> None:
    page = frame(client, "/en/")
    styles = [link.attributes["href"] for link in page.all("link", rel="stylesheet")]
    # Without an address: data for search engines, which no browser runs.
    scripts = [each.attributes["src"] for each in page.all("script") if "src" in each.attributes]
    assert (styles, scripts) == (
        ["/static/campaign/css/site.css"],
        ["/static/campaign/js/site.js"],
    )


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/km/", "/en/my-signature/", "/accounts/login/"])
def test_the_script_of_the_colours_waits_for_nothing_and_shows_their_choice(
    client: Client, path: str
) -> None:
    page = frame(client, path)
    loaded = [
        (each.tag, "defer" in each.attributes)
        for each in page.one("head").walk()
        if each.attributes.get("rel") == "stylesheet" or "src" in each.attributes
    ]
    assert loaded[:2] == [("script", False), ("link", False)]
    assert "hidden" in page.one("fieldset", class_="colours").attributes


# --- home ------------------------------------------------------------------------------------


def test_home_shows_what_is_new_beside_the_petition(client: Client, petition: Petition) -> None:
    write_pages()
    posts = [Post.objects.public().get(), *(news.post(days_ago=days) for days in range(2, 5))]
    soon = timezone.now() + timedelta(days=2)
    events = [news.happening(starts_at=soon + timedelta(days=days)) for days in range(3)]
    main = read(client.get("/en/")).one("main")
    links = [link.attributes["href"] for link in main.all("a")]
    assert [post.slug for post in posts if f"/en/news/{post.slug}/" in links] == [
        post.slug for post in posts[:3]
    ]
    assert [event.slug for event in events if f"/en/events/{event.slug}/" in links] == [
        event.slug for event in events[:2]
    ]
    assert "/en/events/" in links
    assert "/en/resolutions/a-decision/" in links
    assert f"/en/petitions/{petition.slug}/sign/" in links


def _event_rows(client: Client, language: str, event: Happening) -> list[Element]:
    """The event on the home page, by the way to its own page."""
    address = f"/{language}/events/{event.slug}/"
    rows = read(client.get(f"/{language}/")).one("main").all("li")
    return [row for row in rows if row.all("a", href=address)]


def test_an_event_is_shown_until_it_is_over(
    client: Client, petition: Petition, set_clock: SetClock
) -> None:
    start = datetime(2026, 7, 1, 18, 30, tzinfo=clock.TORONTO)
    event = news.happening(starts_at=start, hours=2)
    set_clock(start + timedelta(hours=1, minutes=59))
    (shown,) = _event_rows(client, "fr", event)
    hours = "18\u00a0h\u00a030 – 20\u00a0h\u00a030 (HAE)"
    assert f"mercredi 1er\u00a0juillet 2026 · {hours}" in shown.text
    assert "place fr" in shown.text
    set_clock(start + timedelta(hours=2))
    assert _event_rows(client, "fr", event) == []


def test_an_event_of_days_says_when_it_ends(client: Client, petition: Petition) -> None:
    start = datetime(2096, 7, 1, 18, tzinfo=clock.TORONTO)
    event = news.happening(starts_at=start, hours=24)
    (shown,) = _event_rows(client, "en", event)
    evening = "6:00\u00a0p.m. (EDT)"
    assert (
        f"Sunday, July\u00a01, 2096 · {evening} – Monday, July\u00a02, 2096 · {evening}"
        in shown.text
    )


def test_home_costs_the_same_whatever_is_new(
    client: Client, petition: Petition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _turn in range(2):
        news.post()
        news.happening(starts_at=timezone.now())
        make.open_petition()
        with django_assert_num_queries(5):
            client.get("/en/")


# --- health ----------------------------------------------------------------------------------


def test_the_process_is_up_whatever_the_database_does(client: Client) -> None:
    """No test database here: a query would be an error."""
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "up"})


@pytest.mark.django_db
def test_ready_with_an_empty_outbox(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        200,
        {"database": "up", "outbox_oldest_seconds": 0, "purge": "up", "status": "up"},
    )


@pytest.mark.parametrize(
    ("waited", "status", "word"),
    [
        (timedelta(minutes=14, seconds=58), 200, "up"),
        (timedelta(minutes=15, seconds=1), 503, "late"),
    ],
)
def test_not_ready_when_mail_waits_too_long(
    client: Client,
    petition: Petition,
    set_clock: SetClock,
    waited: timedelta,
    *,
    status: int,
    word: str,
) -> None:
    make.submitted(petition)
    queued = timezone.now()
    Delivery.objects.update(created_at=queued)
    set_clock(queued + waited)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        status,
        {
            "database": "up",
            "outbox_oldest_seconds": int(waited.total_seconds()),
            "purge": "up",
            "status": word,
        },
    )


@pytest.mark.parametrize(("days", "status", "word"), [(14, 200, "up"), (16, 503, "late")])
def test_not_ready_when_what_has_had_its_time_is_still_here(
    client: Client, petition: Petition, days: int, status: int, word: str
) -> None:
    signature = make.submitted(petition)
    Delivery.objects.all().delete()
    past = timezone.now() - timedelta(days=days)
    Signature.objects.filter(pk=signature.pk).update(created_at=past, first_mail_at=past)
    response = client.get("/readyz")
    said = response.json()
    assert (response.status_code, said["purge"], said["status"]) == (status, word, word)
