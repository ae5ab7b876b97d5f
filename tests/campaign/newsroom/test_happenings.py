"""Events: which everybody sees and in what order, one event's page, its file for calendars."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar, Event
from pytest_django import DjangoAssertNumQueries, Settings

from campaign.accounts.roles import Role
from campaign.newsroom import texts
from campaign.newsroom.models import Happening, happenings
from petitions import clock
from petitions.domain import translating
from petitions.models import Petition
from tests.conftest import SetClock
from tests.factories import news, people
from tests.factories import petitions as make
from tests.pages import Element, main_text, read

pytestmark = pytest.mark.django_db
START = datetime(2026, 7, 1, 18, 30, tzinfo=clock.TORONTO)


def _in(days: int, **fields: Any) -> Happening:
    return news.happening(starts_at=timezone.now() + timedelta(days=days), **fields)


def _page(client: Client, happening: Happening, language: str = "en") -> Element:
    return read(client.get(f"/{language}/events/{happening.slug}/"))


def _listed(client: Client, query: str = "") -> list[str]:
    rows = read(client.get(f"/en/events/{query}")).one("main").all("h3")
    return [row.one("a").attributes["href"].rstrip("/").rpartition("/")[2] for row in rows]


# --- which are public ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "language"), list(product(["title", "place"], ["en", "fr", "km"]))
)
@pytest.mark.parametrize("lacking", ["", None])
def test_nobody_sees_an_event_that_lacks_a_language(
    client: Client, petition: Petition, field: str, language: str, lacking: str | None
) -> None:
    happening = _in(2, **{f"{field}_{language}": lacking})
    for address in (f"events/{happening.slug}/", f"events/{happening.slug}.ics"):
        assert client.get(f"/en/{address}").status_code == 404
    assert _listed(client) == []
    assert f"/events/{happening.slug}/" not in client.get("/en/").content.decode()


@pytest.mark.parametrize("field", ["note", "body"])
@pytest.mark.parametrize("written", list(product(["", "Text"], repeat=3)))
def test_what_may_be_left_out_stands_in_all_languages_or_in_none(
    field: str, written: tuple[str, ...]
) -> None:
    names = [f"{field}_{code}" for code in ("en", "fr", "km")]
    happening = _in(2, **dict(zip(names, written, strict=True)))
    is_public = Happening.objects.public().exists()
    assert is_public == (len(set(written)) == 1)
    # The page where it is translated asks for the same texts.
    unmet = translating.unmet(texts.subject_of(happening))
    assert is_public != any(each.is_missing for each in unmet)


def test_the_gate_asks_for_the_text_at_length(client: Client, settings: Settings) -> None:
    settings.DEMO = True
    happening = _in(2, body_en="Text")
    desk = people.log_in(people.person(Role.TRANSLATOR))
    page = read(desk.get(f"/desk/texts/happening/{happening.pk}/"))
    (row,) = page.all("section", id="body")
    assert [each.text for each in row.all("span", class_="tag")] == ["Draft", "Missing", "Missing"]
    happening.body_fr = happening.body_km = "Text"
    happening.save()
    assert client.get(f"/en/events/{happening.slug}/").status_code == 200


def test_the_back_office_says_which_everybody_sees(client: Client, settings: Settings) -> None:
    settings.DEMO = True
    client.force_login(people.person(superuser=True))
    whole, lacking = _in(2), _in(3, place_km="")
    rows = read(client.get("/admin/newsroom/happening/")).one("tbody").all("tr")
    marks = {
        happening: row.all("img")[0].attributes["alt"]
        for row in rows
        for happening in (whole, lacking)
        if f"/{happening.pk}/change/" in row.all("a")[0].attributes["href"]
    }
    assert marks == {whole: "True", lacking: "False"}


def test_the_back_office_asks_for_every_text_in_three_languages(
    client: Client, settings: Settings
) -> None:
    settings.DEMO = True
    client.force_login(people.person(superuser=True))
    form = read(client.get("/admin/newsroom/happening/add/")).one("form", id="happening_form")
    names = {each.attributes.get("name") for each in form.walk()}
    assert {
        f"{field}_{code}"
        for field in (*happenings.REQUIRED, *happenings.OPTIONAL)
        for code in ("en", "fr", "km")
    } <= names


# --- the list --------------------------------------------------------------------------------


def test_what_is_to_come_stands_before_what_is_over(client: Client) -> None:
    long_over, later, soon, over = _in(-9), _in(9), _in(1), _in(-1)
    order = [soon, later, over, long_over]
    assert _listed(client) == [each.slug for each in order]
    main = read(client.get("/en/events/")).one("main")
    assert [each.text for each in main.all("h2")] == ["Coming events", "Past events"]


def test_an_event_is_to_come_until_its_end(client: Client, set_clock: SetClock) -> None:
    happening = news.happening(starts_at=START, hours=2)
    set_clock(START + timedelta(hours=1, minutes=59))
    assert "Past events" not in main_text(client.get("/en/events/"))
    assert "over" not in main_text(client.get(f"/en/events/{happening.slug}/"))
    set_clock(START + timedelta(hours=2))
    assert "Past events" in main_text(client.get("/en/events/"))
    assert "This event is over." in main_text(client.get(f"/en/events/{happening.slug}/"))


def test_ten_stand_on_a_page(client: Client) -> None:
    slugs = [_in(days).slug for days in range(1, 8)] + [_in(-days).slug for days in range(1, 6)]
    assert _listed(client) == slugs[:10]
    assert _listed(client, "?page=2") == slugs[10:]
    second = read(client.get("/en/events/?page=2")).one("main")
    assert [each.text for each in second.all("h2")] == ["Past events"]
    assert second.one("a", rel="prev").attributes["href"] == "?page=1"


def test_an_empty_list_says_so(client: Client) -> None:
    text = main_text(client.get("/en/events/"))
    assert "No event is announced at the moment." in text
    assert "Past events" not in text
    over = _in(-1)
    assert "No event is announced at the moment." in main_text(client.get("/en/events/"))
    assert _listed(client) == [over.slug]


def test_the_list_costs_the_same_whatever_it_holds(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for days in (-1, 1, 2):
        _in(days)
        with django_assert_num_queries(2):
            client.get("/en/events/")


def test_the_news_lead_there(client: Client) -> None:
    links = read(client.get("/en/news/")).one("main").all("a")
    assert "/en/events/" in [each.attributes["href"] for each in links]


# --- one event -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "when"),
    [
        ("en", "Wednesday, July\u00a01, 2026 · 6:30\u00a0p.m. – 8:30\u00a0p.m. (EDT)"),
        ("fr", "mercredi 1er\u00a0juillet 2026 · 18\u00a0h\u00a030 – 20\u00a0h\u00a030 (HAE)"),
        ("km", "ថ្ងៃពុធ ទី1 ខែកក្កដា ឆ្នាំ2026 · ម៉ោង 18:30 – 20:30 (EDT)"),
    ],
)
def test_its_page_says_all_in_its_language(
    client: Client, set_clock: SetClock, language: str, when: str
) -> None:
    set_clock(START)
    bodies = {f"body_{code}": f"**Bring**\n\n- bread {code}" for code in ("en", "fr", "km")}
    happening = news.happening(starts_at=START, **news.in_three("note"), **bodies)
    main = _page(client, happening, language).one("main")
    assert main.one("h1").text == f"title {language}"
    assert when in main.text
    assert f"place {language}" in main.text
    assert f"note {language}" in main.text
    assert main.one("div", class_="text").all("ul")[0].text == f"bread {language}"


def test_it_names_itself_in_three_languages(client: Client, settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = "https://petition.example.org"
    happening = _in(1)
    page = _page(client, happening, "fr")
    address = f"https://petition.example.org/fr/events/{happening.slug}/"
    assert page.one("link", rel="canonical").attributes["href"] == address
    others = [each.attributes.get("hreflang") for each in page.all("link", rel="alternate")]
    assert {"en-CA", "fr-CA", "km"} <= set(others)


def test_a_description_stands_also_without_a_note(client: Client) -> None:
    bodies = {f"body_{code}": f"**Bread** {code}" for code in ("en", "fr", "km")}
    written = _page(client, _in(1, **bodies)).one("meta", name="description")
    assert written.attributes["content"] == "Bread en"
    least = _page(client, news.happening(starts_at=START)).one("meta", name="description")
    assert least.attributes["content"] == "Wednesday, July\u00a01, 2026 · place en"


def test_beside_it_stands_the_petition_that_can_be_signed(
    client: Client, petition: Petition
) -> None:
    links = {each.attributes["href"] for each in _page(client, _in(1)).one("main").all("a")}
    assert f"/en/petitions/{petition.slug}/" in links
    assert f"/en/petitions/{petition.slug}/sign/" in links
    assert any(link.startswith("https://t.me/share/") for link in links)


def test_a_record_has_no_way_to_sign_beside_an_event(client: Client) -> None:
    make.draft_petition()
    links = [each.attributes["href"] for each in _page(client, _in(1)).one("main").all("a")]
    assert not [link for link in links if link.endswith("/sign/")]


def test_a_cancelled_event_says_so_wherever_it_stands(client: Client, petition: Petition) -> None:
    happening = _in(1, is_cancelled=True)
    page = _page(client, happening).one("main")
    assert "This event is cancelled." in page.text
    assert not page.all("a", href=f"/en/events/{happening.slug}.ics")
    for address in ("/en/", "/en/events/"):
        (tag,) = read(client.get(address)).one("main").all("span", class_="wait")
        assert tag.text == "Cancelled"
    # Whoever has it in a calendar is told by the same file.
    assert str(_entry(client, happening)["status"]) == "CANCELLED"


def test_an_event_that_takes_place_is_not_called_cancelled(client: Client) -> None:
    happening = _in(1)
    assert "ancelled" not in _page(client, happening).one("main").text
    assert not read(client.get("/en/events/")).one("main").all("span", class_="tag")
    assert "status" not in _entry(client, happening)


# --- the calendar ----------------------------------------------------------------------------


def _entry(client: Client, happening: Happening, language: str = "en") -> Event:
    response = client.get(f"/{language}/events/{happening.slug}.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    name = f'attachment; filename="{happening.slug}.ics"'
    assert response["Content-Disposition"] == name
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    found = Calendar.from_ical(response.content).walk("VEVENT")[0]
    assert isinstance(found, Event)
    return found


def test_its_file_stands_in_a_calendar_at_the_same_instant_everywhere(
    client: Client, settings: Settings
) -> None:
    settings.PUBLIC_BASE_URL = settings.PETITIONS_PUBLIC_BASE_URL = "https://petition.example.org"
    titles = {"title_km": "ជួយចុះហត្ថលេខា ជាភាសាខ្មែរ អង់គ្លេស និងបារាំង នៅសាលសហគមន៍; a, b"}
    happening = news.happening(starts_at=START, **news.in_three("note"), **titles)
    entry = _entry(client, happening, "km")
    assert entry["dtstart"].dt == datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert entry["dtend"].dt == datetime(2026, 7, 2, 0, 30, tzinfo=UTC)
    assert str(entry["summary"]) == titles["title_km"]
    assert entry["summary"].params["language"] == "km"
    assert (str(entry["location"]), str(entry["description"])) == ("place km", "note km")
    address = f"https://petition.example.org/km/events/{happening.slug}/"
    assert str(entry["url"]) == address


def test_an_event_that_was_moved_replaces_its_entry_of_any_language(client: Client) -> None:
    happening = news.happening(starts_at=START)
    before = _entry(client, happening, "en")
    happening.starts_at += timedelta(minutes=30)
    happening.save()
    after = _entry(client, happening, "fr")
    assert after["uid"] == before["uid"]
    assert after["dtstart"].dt > before["dtstart"].dt
    assert after["dtstamp"].dt >= before["dtstamp"].dt


def test_only_what_is_to_come_is_offered_for_calendars(client: Client) -> None:
    def offered(happening: Happening) -> bool:
        links = [each.attributes["href"] for each in _page(client, happening).all("a")]
        return f"/en/events/{happening.slug}.ics" in links

    assert offered(_in(1))
    assert not offered(_in(-1))
