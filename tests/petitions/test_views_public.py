"""What anybody reads: the list, a petition in each of its states, what was removed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.translation import gettext

from petitions.domain import tokens
from petitions.models import Clause, Milestone, Petition, PetitionEvent, Tally
from petitions.states import PUBLIC, PetitionKind, PetitionState
from tests.factories import petitions as make
from tests.pages import Element, browser, heading, main_text, read
from tests.routes import removed_petition

pytestmark = pytest.mark.django_db


def address(petition: Petition, language: str = "en") -> str:
    return f"/{language}/petitions/{petition.slug}/"


def sign_links(response: HttpResponse) -> list[str]:
    links = read(response).one("main").all("a")
    return sorted(
        {each.attributes["href"] for each in links if "/sign/" in each.attributes["href"]}
    )


def tag(response: HttpResponse) -> str:
    return read(response).one("main").all("span", class_="tag")[0].text


def meta(response: HttpResponse, name: str) -> str:
    return read(response).one("meta", property=name).attributes["content"]


# --- a petition ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_an_open_petition_in_each_language(petition: Petition, language: str) -> None:
    response = browser().get(address(petition, language))
    page = read(response)
    with translation.override(language):
        expected = (petition.title, str(PetitionState.OPEN.label), petition.summary)
        og_title = gettext("Sign the petition: %(title)s") % {"title": petition.title}
    canonical = page.one("link", rel="canonical").attributes["href"]
    lead = page.one("main").all("p", class_="lead")[0].text
    assert (heading(response), tag(response), lead) == expected
    assert canonical == f"http://testserver{address(petition, language)}"
    assert (meta(response, "og:title"), meta(response, "og:url")) == (og_title, canonical)
    assert sign_links(response) == [f"{address(petition, language)}sign/"]


def test_every_language_names_the_same_page_in_the_others(petition: Petition) -> None:
    for language in ("en", "fr", "km"):
        page = read(browser().get(address(petition, language)))
        alternates = {
            each.attributes["hreflang"]: each.attributes["href"]
            for each in page.all("link", rel="alternate")
        }
        menu = page.one("ul", class_="languages").all("a")
        assert alternates == {
            html: f"http://testserver{address(petition, code)}"
            for code, html in (("km", "km"), ("en", "en-CA"), ("fr", "fr-CA"))
        }
        assert [(each.text, each.attributes["href"]) for each in menu] == [
            ("ខ្មែរ", address(petition, "km")),
            ("English", address(petition, "en")),
            ("Français", address(petition, "fr")),
        ]


def test_the_source_of_the_visit_goes_along_but_not_into_the_canonical(
    petition: Petition,
) -> None:
    response = browser().get(address(petition), {"s": "wa"})
    page = read(response)
    assert sign_links(response) == [f"{address(petition)}sign/?s=wa"]
    menu = [each.attributes["href"] for each in page.one("ul", class_="languages").all("a")]
    assert menu == [f"{address(petition, code)}?s=wa" for code in ("km", "en", "fr")]
    found = [each.attributes["href"] for each in page.all("link", rel="alternate")]
    found.append(page.one("link", rel="canonical").attributes["href"])
    assert {each for each in found if "s=" in each} == set()
    assert f"http://testserver{address(petition)}" in found


def test_the_whole_text_is_there(petition: Petition) -> None:
    Clause.objects.create(
        petition=petition, kind="request", position=2, text_en="Second", text_fr="-", text_km="-"
    )
    details = read(browser().get(address(petition))).one("main").one("details")
    assert [each.text for each in details.all("li")] == ["whereas en", "request en", "Second"]


STATES = {
    "paused": ({"paused_at": timezone.now()}, "Signing is paused"),
    "closed by the clock": (
        {"closes_at": timezone.now() - timedelta(seconds=1)},
        "Closed for signature",
    ),
    **{
        str(state): ({"state": state}, str(state.label))
        # What a dissolution ended is seen or not by its history: test_dissolving.py.
        for state in sorted(PUBLIC - {PetitionState.OPEN, PetitionState.CLOSED_ON_DISSOLUTION})
    },
}


@pytest.mark.parametrize("name", STATES)
def test_no_way_to_sign_unless_open(petition: Petition, name: str) -> None:
    change, label = STATES[name]
    Petition.objects.update(**change)
    response = browser().get(address(petition))
    assert (response.status_code, sign_links(response), tag(response)) == (200, [], label)


def test_a_petition_that_opens_soon_says_when_and_counts_nothing(petition: Petition) -> None:
    Petition.objects.update(state=PetitionState.SCHEDULED)
    counter = read(browser().get(address(petition))).one("section", class_="counter")
    assert counter.text.startswith("Opens on ")
    assert not counter.all("progress")


def test_a_paused_petition_says_that_links_still_work(petition: Petition) -> None:
    Petition.objects.update(paused_at=timezone.now())
    words = "Signing is paused for now. Signatures already sent can still be confirmed."
    assert words in main_text(browser().get(address(petition)))


def test_a_record_shows_no_counter(client: Client) -> None:
    record = make.draft_petition(kind=PetitionKind.RECORD, house_number="e-1746")
    Petition.objects.update(state=PetitionState.RESPONSE_TABLED)
    response = client.get(address(record))
    assert not read(response).all("section", class_="counter")
    assert "e-1746" in main_text(response)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {},
            "This is a campaign petition. Signatures here are not counted by the House of Commons.",
        ),
        (
            {"kind": PetitionKind.COMPANION, "house_number": "e-9999"},
            "Signing here does not sign the official petition e-9999.",
        ),
        ({"notice_en": "A notice of its own."}, "A notice of its own."),
    ],
)
def test_every_petition_says_what_a_signature_here_is(fields: dict[str, str], words: str) -> None:
    petition = make.open_petition(**fields)
    assert words in main_text(browser().get(address(petition)))


def test_the_counter(petition: Petition) -> None:
    Tally.objects.update(total=412)
    counter = read(browser().get(address(petition))).one("section", class_="counter")
    progress = counter.one("progress").attributes
    assert counter.one("p", class_="number").text == "412"
    assert counter.one("p", class_="label").text == "confirmed signatures, goal 500"
    assert (progress["value"], progress["max"]) == ("412", "500")
    assert counter.attributes["data-count-url"] == f"/petitions/{petition.slug}/count.json?lang=en"


def test_among_the_first_there_is_no_bar(petition: Petition) -> None:
    Tally.objects.update(total=4)
    counter = read(browser().get(address(petition))).one("section", class_="counter")
    assert counter.all("p", class_="left")[0].text == "Be among the first to sign"
    assert not counter.all("progress")


def test_progress_newest_first(petition: Petition) -> None:
    now = timezone.now()
    PetitionEvent.objects.create(
        petition=petition,
        happened_at=now - timedelta(days=3),
        from_state=PetitionState.SCHEDULED,
        to_state=PetitionState.OPEN,
    )
    PetitionEvent.objects.create(
        petition=petition,
        happened_at=now - timedelta(days=9),
        from_state=PetitionState.DRAFT,
        to_state=PetitionState.IN_TRANSLATION,
    )
    Milestone.objects.create(petition=petition, number=100, reached_at=now - timedelta(days=1))
    items = read(browser().get(address(petition))).one("ol", class_="timeline").all("li")
    words = [item.text.removeprefix(item.one("time").text).strip() for item in items]
    assert [each.partition(" · ")[0] for each in words] == [
        "100 signatures confirmed",
        "Open for signature",
    ]


def test_the_table_of_places(petition: Petition) -> None:
    Tally.objects.update(
        total=40, provinces={"BC": 20, "abroad": 8, "other": 12}, provinces_day=timezone.now()
    )
    table = read(browser().get(address(petition))).one("main").one("table")
    rows = [
        [cell.text for cell in row.walk() if cell.tag in {"th", "td"}][:2]
        for row in table.one("tbody").all("tr")
    ]
    assert rows == [
        ["British Columbia", "20"],
        ["Outside Canada", "8"],
        ["Other places, and changes under 5", "12"],
    ]


def test_no_table_before_there_are_enough(petition: Petition) -> None:
    Tally.objects.update(total=4, provinces={}, provinces_day=timezone.now())
    assert not read(browser().get(address(petition))).one("main").all("table")


def test_removals_are_told_by_reason_once_there_are_enough(petition: Petition) -> None:
    assert "Removed after review" not in main_text(browser().get(address(petition)))
    Tally.objects.update(removed={"other": 5, "machine": 9})
    text = " ".join(main_text(browser().get(address(petition))).split())
    told = text.partition("Removed after review")[2]
    assert told.startswith(
        " 14 signatures were held back by written rules, looked at and not counted. "
        "Sent by a program: 9Other reasons: 5"
    )


def test_no_name_of_a_signer_is_anywhere(petition: Petition) -> None:
    for _turn in range(6):
        make.confirmed(petition, name="Chhaya Unusual", email=f"u{_turn}@unusual.example")
    for path in ("/en/", "/en/petitions/", address(petition), f"{address(petition)}thanks/"):
        content = browser().get(path).content.decode().lower()
        assert "unusual" not in content


# --- the list --------------------------------------------------------------------------------


def _rows(response: HttpResponse) -> list[Element]:
    return read(response).one("ul", class_="rows").all("li")


def test_the_list_names_public_petitions_only(client: Client) -> None:
    shown = [make.open_petition(title_en=f"Shown {number}") for number in range(3)]
    make.draft_petition(title_en="Hidden")
    removed_petition()
    titles = {row.all("a")[0].text for row in _rows(client.get("/en/petitions/"))}
    assert titles == {petition.title_en for petition in shown}


def test_the_list_of_none(client: Client) -> None:
    make.draft_petition()
    assert "No petition is published yet." in main_text(client.get("/en/petitions/"))


@pytest.mark.parametrize("path", ["/en/", "/en/petitions/"])
def test_a_longer_list_asks_the_database_no_more_often(client: Client, path: str) -> None:
    numbers = []
    for _turn in range(3):
        petition = make.open_petition()
        Milestone.objects.create(petition=petition, number=500, reached_at=timezone.now())
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        numbers.append(len(captured.captured_queries))
    assert numbers == [numbers[0]] * 3


def test_home_shows_the_petition_that_may_be_signed_first(client: Client) -> None:
    make.open_petition(closes_at=timezone.now() - timedelta(seconds=1))
    signable = make.open_petition(opens_at=timezone.now() - timedelta(days=30))
    response = client.get("/en/")
    assert heading(response) == signable.title
    assert sign_links(response) == [f"{address(signable)}sign/"]


def test_home_without_a_petition(client: Client) -> None:
    response = client.get("/en/")
    assert (response.status_code, heading(response)) == (200, "Petition for Cambodia")


# --- thank you -------------------------------------------------------------------------------


def test_thanks_offers_plain_links_without_a_personal_part(petition: Petition) -> None:
    response = browser().get(f"{address(petition)}thanks/")
    links = [
        each.attributes["href"] for each in read(response).one("ul", class_="button-row").all("a")
    ]
    kinds = [each.partition(":")[0] for each in links]
    assert sorted(kinds) == ["fb-messenger", "https", "https", "https", "mailto", "sms"]
    shared = read(response).one("input", id="share-link").attributes["value"]
    assert shared == f"http://testserver{address(petition)}"


@pytest.mark.parametrize(
    ("agent", "first"),
    [("Mozilla/5.0", "Share with WhatsApp"), ("[FBAN/FBIOS]", "Share with Messenger")],
)
def test_thanks_leads_with_what_the_phone_has(petition: Petition, agent: str, first: str) -> None:
    response = browser(user_agent=agent).get(f"{address(petition)}thanks/")
    links = read(response).one("ul", class_="button-row").all("a")
    assert links[0].text == first


# --- removed, and never seen -----------------------------------------------------------------


def personal_paths(petition: Petition) -> list[str]:
    handle = tokens.make_handle(petition.public_id, "dara@example.org")
    return [
        address(petition),
        f"{address(petition)}sign/",
        f"{address(petition)}check-email/{handle}/",
        f"{address(petition)}thanks/",
    ]


@pytest.mark.parametrize("state", [PetitionState.WITHDRAWN, PetitionState.REJECTED])
def test_a_removed_petition_says_since_when(state: PetitionState) -> None:
    petition = removed_petition()
    Petition.objects.update(state=state)
    PetitionEvent.objects.update(to_state=state)
    for path in personal_paths(petition):
        response = browser().get(path)
        assert (response.status_code, heading(response)) == (
            410,
            "This petition is no longer here",
        )
        assert read(response).one("p", class_="lead").text.startswith(str(state.label))
    assert petition.title not in main_text(response)


def test_a_removed_petition_takes_no_signature() -> None:
    petition = removed_petition()
    response = browser().post(f"{address(petition)}sign/", make.form_data(petition))
    assert response.status_code == 410
    assert not petition.signatures.exists()


@pytest.mark.parametrize("state", sorted(set(PetitionState) - PUBLIC))
def test_what_was_never_public_does_not_exist(state: PetitionState) -> None:
    petition = make.draft_petition()
    Petition.objects.update(state=state)
    PetitionEvent.objects.create(
        petition=petition,
        happened_at=timezone.now(),
        from_state=PetitionState.DRAFT,
        to_state=state,
    )
    found = [browser().get(path).status_code for path in personal_paths(petition)]
    assert found == [404] * 4
