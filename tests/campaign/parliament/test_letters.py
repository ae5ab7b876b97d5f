"""Somebody finds their Member by postal code and gets a letter to send; nothing is kept."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaign.parliament import letters
from petitions.models import Member, Petition, PostalPrefix
from tests.factories import parliament
from tests.factories import petitions as make
from tests.pages import main_text, read

pytestmark = pytest.mark.django_db

ADDRESS = "/en/write-to-my-mp/"


@pytest.fixture
def petition() -> Petition:
    return make.open_petition(
        title_en="Stand by Cambodians",
        ask_en="It asks for sanctions.",
        title_fr="Avec les Cambodgiens",
        ask_fr="Elle demande des sanctions.",
    )


@pytest.fixture
def member(petition: Petition) -> Member:
    return parliament.member(make.riding(), name="Ron Example")


def write(member: Member, petition: Petition, **changes: str) -> letters.Letter:
    said = {"name": "Sok Dara", "postal_code": "V3B 1A1", "why": "", "language": "en", **changes}
    return letters.write(member, petition, deed=letters.Deed.SPEAK, **said)


def post(client: Client, member: Member, address: str = ADDRESS, **changes: str) -> str:
    data = {
        "act": "write",
        "postal_code": "v3b1a1",
        "member": str(member.pk),
        "language": "en",
        "deed": "meet",
        "why": "My aunt was arrested.",
        "name": "Sok Dara",
        **changes,
    }
    response = client.post(address, data)
    assert response["Cache-Control"] == "no-store"
    return response.content.decode()


def test_a_letter_names_member_riding_petition_and_what_is_asked(
    member: Member, petition: Petition
) -> None:
    letter = write(member, petition, why="My aunt was arrested.")
    assert letter.body.split("\n\n") == [
        "Dear Ron Example,",
        "I live in your riding, Coquitlam—Port Coquitlam (V3B 1A1).",
        "I am writing about the petition “Stand by Cambodians”. It asks for sanctions.",
        "My aunt was arrested.",
        "I ask you to speak about this in the House of Commons.",
        "Please let me know what you will do.",
        "Yours sincerely,\nSok Dara\n",
    ]


def test_a_letter_in_french_has_the_petition_in_french(member: Member, petition: Petition) -> None:
    body = write(member, petition, language="fr").body
    assert "Avec les Cambodgiens" in body
    assert "Elle demande des sanctions." in body
    assert "Stand by" not in body


def test_the_mail_link_carries_the_whole_letter(member: Member, petition: Petition) -> None:
    letter = write(member, petition, why="50 % & more?")
    address = urlsplit(letter.mail_link)
    assert (address.scheme, address.path) == ("mailto", "")
    query = parse_qs(address.query)
    assert query["subject"] == [letter.subject]
    assert query["body"] == [letter.body.replace("\n", "\r\n")]


def test_from_postal_code_to_letter(client: Client, member: Member) -> None:
    first = client.post(ADDRESS, {"postal_code": "v3b 1a1"}).content.decode()
    assert f'value="{member.pk}"' in first
    assert "Coquitlam—Port Coquitlam – Ron Example" in first
    page = post(client, member)
    assert "Dear Ron Example," in page
    assert "My aunt was arrested." in page
    assert f"https://www.ourcommons.ca/members/en/{member.pk}" in page


def test_the_page_in_khmer_lets_the_letter_be_read_along(client: Client, member: Member) -> None:
    page = post(client, member, "/km/write-to-my-mp/")
    assert "Dear Ron Example," in page
    assert "សូមជម្រាបសួរ Ron Example" in page


def test_candidates_come_with_the_likeliest_first(client: Client, member: Member) -> None:
    other = parliament.member(make.riding(59009, "Port Moody", fsa="V3C"), name="Ann Other")
    PostalPrefix.objects.create(fsa="V3B", riding=other.riding, share="0.050", method="points")
    seats = letters.seats("V3B 1A1")
    assert [seat.member for seat in seats] == [member, other]
    page = client.post(ADDRESS, {"postal_code": "V3B 1A1"}).content.decode()
    assert "may lie in several ridings" in page
    assert page.index("Ron Example") < page.index("Ann Other")


@pytest.mark.parametrize(
    ("method", "said", "is_chosen"),
    [
        ("territory", "Your riding for the postal code V3B 1A1:", True),
        ("points", "Most likely your riding", True),
        ("renamed", "its borders have moved, so please check", False),
    ],
)
def test_the_page_says_how_sure_the_riding_is(
    client: Client, member: Member, method: str, said: str, *, is_chosen: bool
) -> None:
    PostalPrefix.objects.update(method=method)
    response = client.post(ADDRESS, {"postal_code": "V3B 1A1"})
    assert said in main_text(response)
    radios = read(response).one("form", id="letter-form").all("input", name="member")
    assert ["checked" in radio.attributes for radio in radios] == [is_chosen]


@pytest.mark.parametrize(
    "data", [{"postal_code": "A1A 1A1"}, {"postal_code": "V3B 1A1", "act": "all"}]
)
def test_all_ridings_are_offered_to_whom_none_fits(
    client: Client, member: Member, data: dict[str, str]
) -> None:
    other = parliament.member(name="Ann Other")
    page = client.post(ADDRESS, data).content.decode()
    assert f'<option value="{member.pk}">' in page
    assert f'<option value="{other.pk}">' in page


def test_a_member_who_was_chosen_from_all_gets_the_letter(client: Client, member: Member) -> None:
    other = parliament.member(name="Ann Other")
    assert "Dear Ann Other," in post(client, other, all="1")
    assert "Select your Member of Parliament" in post(client, other)


def test_who_has_left_is_not_written_to(client: Client, member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(left_on=parliament.CHECKED_ON)
    parliament.member(name="Ann Other")
    page = client.post(ADDRESS, {"postal_code": "V3B 1A1"}).content.decode()
    assert "is vacant at present" in page
    assert "Ron Example" not in page


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"postal_code": ""}, "Enter your postal code"),
        ({"postal_code": "12345"}, "Enter a Canadian postal code, like K1A 0A6"),
        ({"deed": ""}, "Select what you ask the Member to do"),
        ({"language": "km"}, "Select English or French"),
        ({"why": "x" * 601}, "Why it matters to you must have 600 characters or fewer"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    client: Client, member: Member, changes: dict[str, str], error: str
) -> None:
    data = {"why": "My aunt.", **changes}
    page = post(client, member, **data)
    assert error in page
    assert data["why"] in page or "postal_code" in changes
    assert "Dear Ron Example," not in page


def test_nothing_is_written_to_the_database(client: Client, member: Member) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        post(client, member)
    assert [row["sql"] for row in queries if not row["sql"].startswith("SELECT")] == []


def test_a_post_of_another_site_is_refused(client: Client, member: Member) -> None:
    response = client.post(
        ADDRESS, {"postal_code": "V3B 1A1"}, headers={"Origin": "https://evil.example"}
    )
    assert response.status_code == 403


def test_without_a_public_petition_there_is_no_page(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 404


def test_the_petition_of_the_address_is_the_one_that_is_written_about(
    client: Client, member: Member
) -> None:
    other = make.open_petition(title_en="Another matter")
    page = post(client, member, f"{ADDRESS}?petition={other.slug}")
    assert "Another matter" in page
    assert client.get(f"{ADDRESS}?petition=nothing").status_code == 404
