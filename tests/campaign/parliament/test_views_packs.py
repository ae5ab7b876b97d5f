"""The page that briefs many Members at once: whom, why not, and the file."""

import io
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from campaign.accounts.roles import Role
from campaign.parliament.models import Briefing, Pack
from petitions.domain import counting
from petitions.models import Member, Petition
from petitions.states import PetitionKind
from tests import pages
from tests.factories import parliament, people
from tests.factories import petitions as make
from tests.tables import all_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


@pytest.fixture
def member(petition: Petition) -> Member:
    """The Member for Coquitlam, with six signers in the riding."""
    found = parliament.member(make.riding(), name="Zoë Gagné-Côté")
    parliament.facts(petition)
    for _turn in range(6):
        make.confirmed(petition)
    counting.publish_day(petition)
    return found


@pytest.fixture
def briefer() -> Client:
    return people.log_in(people.person(Role.BRIEFER))


def _path(petition: Petition) -> str:
    return f"/desk/parliament/packs/{petition.slug}/"


def test_looking_shows_whom_it_is_for_and_makes_none(
    petition: Petition, member: Member, briefer: Client
) -> None:
    before = all_rows()
    page = pages.read(briefer.get(_path(petition)))
    (row,) = page.one("tbody").all("tr")
    assert [cell.text for cell in (*row.all("th"), *row.all("td"))] == [
        "Zoë Gagné-Côté",
        "Coquitlam—Port CoquitlamBritish Columbia",
        "English",
        "6",
    ]
    assert page.one("h2", id="plan").text == "1 Member"
    assert all_rows() == before


def test_a_pack_is_made_and_opened_again(
    petition: Petition, member: Member, briefer: Client
) -> None:
    response = briefer.post(_path(petition), {"least": "6"}, follow=True)
    assert "The pack is made: 1 briefing." in pages.main_text(response)
    assert Pack.objects.get().least == 6
    (link,) = pages.read(response).all("tbody")[-1].all("a")
    before = all_rows()
    first, again = (briefer.get(link.attributes["href"]) for _turn in range(2))
    assert first["Content-Type"] == "application/zip"
    assert first["Content-Disposition"].startswith(
        f'attachment; filename="briefings-{petition.slug}-'
    )
    assert first["Cache-Control"] == "no-store"
    content = b"".join(first.streaming_content)
    assert content == b"".join(again.streaming_content)
    assert len(ZipFile(io.BytesIO(content)).namelist()) == 2
    assert all_rows() == before


def test_a_pack_stands_among_the_briefings_of_a_member(
    petition: Petition, member: Member, briefer: Client
) -> None:
    briefer.post(_path(petition), {"least": "5"})
    page = briefer.get(f"/desk/parliament/{member.pk}/brief/")
    (link,) = pages.read(page).one("tbody").all("a")
    assert link.attributes["href"] == f"/desk/parliament/briefings/{Briefing.objects.get().pk}.pdf"


@pytest.mark.parametrize("least", ["4", "", "many", "-5"])
def test_a_number_under_five_is_refused(
    petition: Petition, member: Member, briefer: Client, least: str
) -> None:
    shown = briefer.get(_path(petition), {"least": least})
    sent = briefer.post(_path(petition), {"least": least})
    assert (shown.status_code, sent.status_code) == (200, 422)
    for response in (shown, sent):
        assert pages.summary(response) == [("Enter a number, 5 or more", "id_least")]
        assert "Zoë" not in pages.main_text(response)
    assert not Pack.objects.exists()


def test_texts_that_are_missing_are_named_with_the_page_to_write_them(
    petition: Petition, member: Member, briefer: Client
) -> None:
    petition.facts.filter(position=2).update(text_en="")
    shown = briefer.get(_path(petition), {"second": "on"})
    notice = pages.read(shown).one("main").one("div", class_="notice")
    assert [item.text for item in notice.all("li")] == [
        "Write fact 2 in this language",
        "Write the background in this language",
    ]
    written = briefer.get(notice.one("a").attributes["href"])
    assert "Write the background in this language" in pages.main_text(written)
    assert not pages.read(shown).one("main").all("form", method="post")
    sent = briefer.post(_path(petition), {"least": "5"})
    assert sent.status_code == 422
    assert pages.summary(sent) == [("Complete the texts named below, then download", "")]
    assert not Pack.objects.exists()


def test_an_old_list_is_said_with_whom_it_concerns(
    petition: Petition, member: Member, briefer: Client
) -> None:
    Member.objects.update(checked_on="2020-01-01")
    shown = briefer.get(_path(petition))
    notice = pages.read(shown).one("main").one("div", class_="notice")
    assert [item.text for item in notice.all("li")] == ["Zoë Gagné-Côté"]
    assert not pages.read(shown).one("main").all("form", method="post")
    sent = briefer.post(_path(petition), {"least": "5"})
    assert "not looked up for 90 days" in pages.summary(sent)[0][0]
    assert not Pack.objects.exists()


def test_a_pack_for_nobody_is_said_so(petition: Petition, member: Member, briefer: Client) -> None:
    assert "No riding has that many signers" in pages.main_text(
        briefer.get(_path(petition), {"least": "7"})
    )
    sent = briefer.post(_path(petition), {"least": "7"})
    assert pages.summary(sent) == [("No riding has that many signers: enter a smaller number", "")]


def test_a_petition_without_numbers_here_has_no_page(
    petition: Petition, member: Member, briefer: Client
) -> None:
    Petition.objects.update(kind=PetitionKind.RECORD)
    assert briefer.get(_path(petition)).status_code == 404
    assert briefer.post(_path(petition), {"least": "5"}).status_code == 404
    assert briefer.get("/desk/parliament/packs/1.zip").status_code == 404


def test_the_list_of_members_leads_here(
    petition: Petition, member: Member, briefer: Client
) -> None:
    links = pages.read(briefer.get("/desk/parliament/")).one("main").all("a", href=_path(petition))
    assert len(links) == 1
    Petition.objects.update(opens_at=None, closes_at=None, state="draft")
    assert "packs" not in briefer.get("/desk/parliament/").content.decode()


def test_the_page_costs_the_same_for_one_and_three(
    petition: Petition, member: Member, briefer: Client
) -> None:
    counts = []
    for extra in (0, 2):
        for number in range(extra):
            parliament.member(make.riding(59800 + number, f"Other {number}", fsa=f"V{number}X"))
            for _turn in range(5):
                make.confirmed(petition, postal_code=f"V{number}X 1A1")
        counting.publish_day(petition)
        with CaptureQueriesContext(connection) as queries:
            page = briefer.get(_path(petition))
        counts.append((len(queries), len(pages.read(page).one("tbody").all("tr"))))
    assert [rows for _queries, rows in counts] == [1, 3]
    assert counts[0][0] == counts[1][0]
