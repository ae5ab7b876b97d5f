"""The page that makes a briefing: looking changes nothing, posting answers the file."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import Settings

from campaign.accounts.roles import Role
from campaign.parliament.models import Briefing, Contact
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
def member() -> Member:
    return parliament.member(make.riding(), name="Zoë Gagné-Côté")


@pytest.fixture
def briefer() -> Client:
    return people.log_in(people.person(Role.BRIEFER))


def _path(member: Member) -> str:
    return f"/desk/parliament/{member.pk}/brief/"


def _asked(petition: Petition, **changes: str) -> dict[str, str]:
    return {"petition": petition.slug, "language": "en", **changes}


def _may_download(response: HttpResponse) -> bool:
    return "Download the PDF" in [button.text for button in pages.read(response).all("button")]


def _text(response: HttpResponse) -> str:
    return PdfReader(BytesIO(response.content)).pages[0].extract_text()


def test_looking_shows_the_page_and_makes_none(
    petition: Petition, member: Member, briefer: Client
) -> None:
    parliament.facts(petition)
    for _turn in range(6):
        make.confirmed(petition)
    counting.publish_day(petition)
    before = all_rows()
    response = briefer.get(_path(member), _asked(petition, language="fr"))
    assert _may_download(response)
    paper = pages.read(response).one("article", class_="paper")
    assert paper.attributes["lang"] == "fr-CA"
    assert petition.ask_fr in paper.text
    assert [item.text for item in paper.one("ul", class_="figures").all("li")][1:3] == [
        "6 dans la province (Colombie-Britannique)",
        "6 dans votre circonscription, estimation d'après les codes postaux",
    ]
    assert paper.all("strong")[1].text == "Note d'information"
    assert "Raison 1." in paper.text
    assert all_rows() == before


def test_posting_answers_the_file_and_records_it(
    petition: Petition, member: Member, briefer: Client
) -> None:
    parliament.facts(petition)
    response = briefer.post(_path(member), _asked(petition))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    made = Briefing.objects.get()
    day = pages.read(briefer.get(_path(member))).one("tbody").one("th").text[:10]
    assert response["Content-Disposition"] == (
        f'attachment; filename="briefing-coquitlam-port-coquitlam-{day}-en.pdf"'
    )
    assert response["Cache-Control"] == "no-store"
    assert "Zoë Gagné-Côté" in _text(response)
    assert (made.member, made.language) == (member, "en")


def test_a_briefing_made_before_keeps_its_numbers(
    petition: Petition, member: Member, briefer: Client
) -> None:
    parliament.facts(petition)
    for _turn in range(6):
        make.confirmed(petition)
    first = briefer.post(_path(member), _asked(petition))
    for _turn in range(5):
        make.confirmed(petition)
    page = briefer.get(_path(member))
    (link,) = pages.read(page).one("tbody").all("a")
    before = all_rows()
    again = briefer.get(link.attributes["href"])
    assert again.content == first.content
    assert again["Content-Disposition"] == first["Content-Disposition"]
    assert all_rows() == before
    figures = pages.read(page).one("ul", class_="figures").all("li")
    assert figures[0].text.startswith("11 confirmed signatures")


def test_a_briefing_that_is_not_there_is_not_found(briefer: Client) -> None:
    assert briefer.get("/desk/parliament/briefings/1.pdf").status_code == 404


def test_a_member_who_is_not_there_is_not_found(briefer: Client) -> None:
    assert briefer.get("/desk/parliament/1/brief/").status_code == 404


# --- what is missing -------------------------------------------------------------------------


def test_missing_texts_are_named_and_half_a_page_is_not_made(
    petition: Petition, member: Member, briefer: Client
) -> None:
    parliament.facts(petition, text_fr="")
    shown = briefer.get(_path(member), _asked(petition, language="fr"))
    notice = pages.read(shown).one("main").one("div", class_="notice")
    assert [item.text for item in notice.all("li")] == ["Write fact 1 in this language"]
    assert not _may_download(shown)
    sent = briefer.post(_path(member), _asked(petition, language="fr"))
    assert sent.status_code == 422
    assert pages.summary(sent) == [("Complete the texts named below, then download", "")]
    assert not Briefing.objects.exists()


def test_a_form_that_names_nothing_is_told_field_by_field(
    petition: Petition, member: Member, briefer: Client
) -> None:
    parliament.facts(petition)
    response = briefer.post(_path(member), {"petition": "no-such", "language": "km"})
    assert response.status_code == 422
    assert pages.summary(response) == [
        ("Select the petition", "id_petition"),
        ("Select English or French", "id_language_0"),
    ]
    assert not Briefing.objects.exists()


def test_whoever_has_left_is_shown_but_not_briefed(
    petition: Petition, member: Member, briefer: Client
) -> None:
    parliament.facts(petition)
    briefer.post(_path(member), _asked(petition))
    Member.objects.filter(pk=member.pk).update(left_on=parliament.CHECKED_ON)
    shown = briefer.get(_path(member))
    assert "No longer a Member" in pages.main_text(shown)
    assert not _may_download(shown)
    sent = briefer.post(_path(member), _asked(petition))
    assert sent.status_code == 422
    assert "no longer a Member" in pages.summary(sent)[0][0]
    assert Briefing.objects.count() == 1
    assert briefer.get(f"/desk/parliament/briefings/{Briefing.objects.get().pk}.pdf").content


def test_without_a_petition_that_has_opened_there_is_nothing_to_print(
    petition: Petition, member: Member, briefer: Client
) -> None:
    Petition.objects.update(kind=PetitionKind.RECORD)
    response = briefer.get(_path(member))
    assert response.status_code == 200
    assert "No petition has opened yet" in pages.main_text(response)
    assert not pages.read(response).one("main").all("form")


def test_an_old_list_of_members_is_warned_about(
    petition: Petition, member: Member, briefer: Client
) -> None:
    Member.objects.update(checked_on=petition.opens_at.date() - timedelta(days=100))
    assert "older than 90 days" in pages.main_text(briefer.get(_path(member)))
    Member.objects.update(checked_on=petition.opens_at.date())
    assert "older than 90 days" not in pages.main_text(briefer.get(_path(member)))


# --- what it begins with ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("province", "preferred", "usual"),
    [("BC", "", "en"), ("QC", "", "fr"), ("QC", "en", "en"), ("BC", "fr", "fr")],
)
def test_it_begins_in_the_language_of_the_member(
    petition: Petition, briefer: Client, province: str, preferred: str, usual: str
) -> None:
    riding = make.riding()
    riding.province = province
    riding.save()
    member = parliament.member(riding)
    Contact.objects.create(member=member, language=preferred, changed_at=petition.opens_at)
    form = pages.read(briefer.get(_path(member))).one("form", method="get")
    (checked,) = [each for each in form.all("input", type="radio") if "checked" in each.attributes]
    assert checked.attributes["value"] == usual


def test_several_petitions_are_offered_by_name(
    petition: Petition, member: Member, briefer: Client
) -> None:
    assert not pages.read(briefer.get(_path(member))).all("select", name="petition")
    other = make.open_petition()
    response = briefer.get(_path(member), {"petition": petition.slug})
    options = pages.read(response).one("select", name="petition").all("option")
    assert {option.attributes["value"] for option in options} == {petition.slug, other.slug}
    assert petition.ask_en in pages.read(response).one("article").text


def test_the_list_of_briefings_costs_the_same_for_one_and_three(
    petition: Petition, member: Member, briefer: Client
) -> None:
    parliament.facts(petition)
    counts = []
    for number in (1, 2):
        for _turn in range(number):
            briefer.post(_path(member), _asked(petition))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = briefer.get(_path(member))
        counts.append(len(queries))
    assert len(pages.read(response).one("tbody").all("tr")) == 3
    assert counts[0] == counts[1]


def test_the_page_of_a_member_leads_here(
    petition: Petition, member: Member, briefer: Client
) -> None:
    response = briefer.get(reverse("parliament:member", args=[member.pk]))
    assert pages.read(response).one("main").all("a", href=_path(member))
