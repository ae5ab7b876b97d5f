"""Keying in a sheet on the desk, by two people, without a script."""

from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from campaign.accounts.roles import Role
from campaign.parliament import sheets
from petitions.domain import paper
from petitions.models import PaperBatch, Petition
from petitions.states import PaperState, PetitionState
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

SHEET = {
    "place": "Temple hall",
    "collected_on": "2026-11-01",
    "sheet_number": "៤",
    "collector": "Vithu",
    "claimed": "2",
}
LINES = {
    "name_1": "Sok Dara",
    "city_1": "Surrey",
    "province_1": "BC",
    "name_2": "Chan Bopha",
    "city_2": "Surrey",
    "province_2": "BC",
}


@pytest.fixture
def first() -> Client:
    return people.log_in(people.person(Role.ORGANIZER))


@pytest.fixture
def second() -> Client:
    return people.log_in(people.person(Role.LIST_KEEPER))


def test_from_an_empty_sheet_to_the_public_page(
    petition: Petition, first: Client, second: Client, client: Client
) -> None:
    home = f"/desk/petitions/{petition.slug}/paper/"
    answer = first.post(f"{home}new/", SHEET)
    assert answer["Location"] == f"{home}4/"
    batch = PaperBatch.objects.get()
    assert paper.collector(batch) == "Vithu"
    first.post(f"{home}4/", LINES)
    batch.refresh_from_db()
    assert batch.state == PaperState.TO_CHECK
    assert "Now somebody else checks this sheet" in first.get(f"{home}4/").content.decode()

    (position,) = paper.lines_to_check(batch)
    page = second.get(f"{home}4/").content.decode()
    assert f'name="name_{position}"' in page
    assert "Sok Dara" not in page
    again = {name: text for name, text in LINES.items() if name.endswith(str(position))}
    second.post(f"{home}4/check/", {"counted": "2", **again})
    batch.refresh_from_db()
    assert (batch.state, batch.accepted) == (PaperState.ACCEPTED, 2)
    assert "0 online + 2 on paper" in first.get(home).content.decode()
    assert "2 more on paper" in client.get(f"/en/petitions/{petition.slug}/").content.decode()

    first.post(f"{home}4/send/", {"sent_on": "2026-11-02", "sent_to": "Office of an MP"})
    assert "Office of an MP" in first.get(f"{home}4/").content.decode()


def test_the_next_sheet_begins_where_the_last_one_was(petition: Petition, first: Client) -> None:
    make.sheet(petition, number=4, place="Pagoda")
    page = first.get(f"/desk/petitions/{petition.slug}/paper/new/").content.decode()
    assert 'value="5"' in page
    assert 'value="Pagoda"' in page


def test_a_line_without_a_name_is_said_and_the_others_stay(
    petition: Petition, first: Client
) -> None:
    make.sheet(petition, claimed=2)
    data = {**LINES, "name_2": "", "city_2": "Burnaby"}
    answer = first.post(f"/desk/petitions/{petition.slug}/paper/1/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "2: Enter a name, or mark the row as not legible" in page
    assert 'value="Sok Dara"' in page
    assert not PaperBatch.objects.get().rows.exists()


def test_lines_may_be_keyed_in_by_and_by(petition: Petition, first: Client) -> None:
    make.sheet(petition, claimed=2)
    address = f"/desk/petitions/{petition.slug}/paper/1/"
    first.post(address, {"name_1": "Sok Dara", "city_1": "Surrey"})
    page = first.get(address).content.decode()
    assert 'name="name_2"' in page
    assert 'name="name_1"' not in page
    assert PaperBatch.objects.get().state == PaperState.OPEN


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"place": ""}, "Enter the event or place"),
        ({"collected_on": "yesterday"}, "Enter a date like 2018-10-24"),
        ({"collected_on": "2999-01-01"}, "Date must not be in the future"),
        ({"sheet_number": "four"}, "Enter the number of the sheet"),
        ({"claimed": "61"}, "Enter how many signatures are on the sheet, 1 to 60"),
        ({"sheet_number": "1"}, "Sheet 1 is already entered"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(
    petition: Petition, first: Client, changes: dict[str, str], error: str
) -> None:
    make.sheet(petition)
    answer = first.post(f"/desk/petitions/{petition.slug}/paper/new/", {**SHEET, **changes})
    assert answer.status_code == 422
    assert error in answer.content.decode()
    assert PaperBatch.objects.count() == 1


# --- what is printed -------------------------------------------------------------------------


def pdf(client: Client, petition: Petition, name: str) -> PdfReader:
    answer = client.get(f"/petitions/{petition.slug}/{name}.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return PdfReader(BytesIO(answer.content))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_houses_sheet_holds_the_text_lines_and_nothing_else(
    client: Client, petition: Petition, language: str
) -> None:
    reader = pdf(client, petition, f"paper-sheet.{language}")
    texts = [page.extract_text() for page in reader.pages]
    data = sheets.sheet_data(petition, language)
    whole = " ".join(" ".join(texts).split())
    for wanted in (data["heading"], data["requests_heading"], *data["whereas"], *data["requests"]):
        assert " ".join(wanted.split()) in whole
    assert all(data["subject"] in text for text in texts)
    assert not any(page.images for page in reader.pages)
    assert not any("\u1780" <= sign <= "\u17ff" for sign in whole)
    assert not any(word in whole for word in ("http", "@", "localhost", "testserver"))
    assert {tuple(map(round, page.mediabox[2:])) for page in reader.pages} == {(612, 792)}


def test_the_note_speaks_three_languages_and_leads_to_the_petition(
    client: Client, petition: Petition
) -> None:
    (page,) = pdf(client, petition, "cover-sheet").pages
    text = page.extract_text()
    assert "Signing on paper" in text
    assert "Signer sur papier" in text
    assert any("\u1780" <= sign <= "\u17ff" for sign in text)
    assert f"/en/petitions/{petition.slug}" in text


def test_a_sheet_is_not_made_of_half_a_petition(client: Client, petition: Petition) -> None:
    petition.clauses.filter(kind="request").update(text_fr="")
    assert client.get(f"/petitions/{petition.slug}/paper-sheet.fr.pdf").status_code == 404
    assert client.get(f"/petitions/{petition.slug}/paper-sheet.en.pdf").status_code == 200
    assert client.get(f"/petitions/{petition.slug}/paper-sheet.km.pdf").status_code == 404


def test_nothing_is_printed_of_what_nobody_may_read_yet(client: Client) -> None:
    draft = make.draft_petition()
    assert draft.state == PetitionState.DRAFT
    assert client.get(f"/petitions/{draft.slug}/paper-sheet.en.pdf").status_code == 404
    assert client.get(f"/petitions/{draft.slug}/cover-sheet.pdf").status_code == 404


def test_who_has_the_sheet_is_not_sent_it_again(client: Client, petition: Petition) -> None:
    address = f"/petitions/{petition.slug}/paper-sheet.en.pdf"
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("addressee", "text"),
    [
        (
            "House of Commons in Parliament assembled",
            "the House of Commons in Parliament assembled",
        ),
        ("The Government of Canada", "the Government of Canada"),
        ("Chambre des communes", "la Chambre des communes"),
        ("Gouvernement du Canada", "le Gouvernement du Canada"),
        ("Ron McKinnon", "Ron McKinnon"),
    ],
)
def test_an_addressee_stands_in_the_sentence_with_its_article(addressee: str, text: str) -> None:
    assert sheets._with_article(addressee) == text
