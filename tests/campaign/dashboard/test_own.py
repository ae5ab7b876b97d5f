"""A petitioner writes one petition: alone, by the House's rules, with every version kept."""

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from campaign.accounts.domain import invitations
from campaign.accounts.models import User
from campaign.accounts.roles import Role
from petitions.domain import drafting, editing, examining
from petitions.models import Petition
from petitions.states import PetitionState
from tests.factories import house, people
from tests.pages import main_text

pytestmark = pytest.mark.django_db

HOME = "/petitioner/"
TEXT = "/petitioner/text/"
WRITTEN = {
    "title": "Stand by voters in Cambodia",
    "summary": "A summary.",
    "whereas": "- The opposition was dissolved;\n\n2. 118 people may not stand;",
    "requests": "Call for free elections.",
    "addressee_kind": "house",
    "addressee": "",
    "duration": "120",
    "keywords": "Cambodia, elections",
}


@pytest.fixture
def petitioner() -> User:
    return people.person(Role.PETITIONER)


@pytest.fixture
def own(petitioner: User) -> Client:
    return people.log_in(petitioner)


@pytest.fixture
def petition(petitioner: User) -> Petition:
    return drafting.begin(title="Stand by voters", language="en", by=petitioner)


def save(own: Client, petition: Petition, **changes: str) -> HttpResponse:
    petition.refresh_from_db()
    based_on = editing.texts_of(petition).digest()
    return own.post(TEXT, {**WRITTEN, "based_on": based_on, **changes})


# --- who they are ----------------------------------------------------------------------------


def test_an_invited_petitioner_declares_and_has_no_desk(settings: Settings) -> None:
    row = invitations.invite(
        "dara@example.org", role=Role.PETITIONER, language="en", by=people.person(Role.ADMIN)
    )
    address = f"/accounts/invitation/{invitations.token(row)}/"
    data = {"name": "Sok Dara", "language": "en", "password": people.PASSWORD}
    refused = Client().post(address, data)
    assert refused.status_code == 422
    assert "Confirm that you agree to the terms of use" in refused.content.decode()
    assert not User.objects.filter(email="dara@example.org").exists()

    Client().post(address, {**data, "eligibility": "resident", "terms": "on"})
    user = User.objects.get(email="dara@example.org")
    assert (user.eligibility, user.is_staff, bool(user.terms_agreed_at)) == (
        "resident",
        False,
        True,
    )


def test_after_log_in_a_petitioner_comes_to_the_petition(petitioner: User) -> None:
    data = {"login": petitioner.email, "password": people.PASSWORD}
    assert Client().post("/accounts/login/", data)["Location"] == HOME


def test_a_petitioner_is_not_asked_for_a_second_factor_but_shows_one_that_there_is(
    own: Client, petitioner: User
) -> None:
    assert own.get(HOME).status_code == 200
    people.second_factor(petitioner)
    assert own.get(HOME).status_code == 302


@pytest.mark.parametrize("role", [Role.ADMIN, Role.ORGANIZER, Role.CLERK])
def test_the_team_has_no_petition_of_its_own(settings: Settings, role: Role) -> None:
    settings.DEMO = True
    assert people.log_in(people.person(role)).get(HOME).status_code == 403


def test_each_petitioner_sees_only_their_own(own: Client, petition: Petition) -> None:
    other = people.log_in(people.person(Role.PETITIONER))
    assert "Stand by voters" in own.get(HOME).content.decode()
    assert "Stand by voters" not in other.get(HOME).content.decode()
    assert other.get(TEXT).status_code == 404


# --- writing ---------------------------------------------------------------------------------


def test_a_petition_is_begun_and_written(own: Client) -> None:
    answer = own.post(HOME, {"title": "Stand by voters", "language": "fr"})
    assert answer["Location"] == TEXT
    petition = Petition.objects.get()
    assert (petition.state, petition.original_language) == (PetitionState.DRAFT, "fr")
    assert save(own, petition).status_code == 302
    petition.refresh_from_db()
    assert drafting.draft_of(petition) == drafting.Draft(
        title="Stand by voters in Cambodia",
        summary="A summary.",
        whereas=["The opposition was dissolved;", "118 people may not stand;"],
        requests=["Call for free elections."],
        keywords="Cambodia, elections",
        addressee_kind="house",
        addressee="La Chambre des communes",
        duration=120,
    )
    assert petition.addressee_en == "The House of Commons"
    assert petition.title_en == ""


def test_one_petition_at_a_time(own: Client, petition: Petition) -> None:
    answer = own.post(HOME, {"title": "Another", "language": "en"})
    assert answer.status_code == 422
    assert "one at a time may be written" in answer.content.decode()
    own.post("/petitioner/withdraw/", {"reason": ""})
    assert own.post(HOME, {"title": "Another", "language": "en"})["Location"] == TEXT
    assert "Another" in own.get(HOME).content.decode()


def test_half_written_is_welcome_and_says_what_is_to_mend(own: Client, petition: Petition) -> None:
    assert save(own, petition, requests="", duration="", addressee_kind="").status_code == 302
    page = own.get(TEXT).content.decode()
    for finding in (
        "Write at least one request",
        "Choose how many days it is open",
        "Choose to whom it is addressed",
        "Words of grievances and requests together: 9 of 250",
    ):
        assert finding in page


def test_a_script_saves_and_is_told_what_the_next_save_is_based_on(
    own: Client, petition: Petition
) -> None:
    based_on = editing.texts_of(petition).digest()
    headers = {"Accept": "application/json"}
    answer = own.post(TEXT, {**WRITTEN, "based_on": based_on}, headers=headers)
    content = answer.json()
    petition.refresh_from_db()
    assert content["based_on"] == editing.texts_of(petition).digest() != based_on
    assert content["text"].startswith("Saved at ")
    assert content["count"].endswith("13 of 250")
    again = own.post(TEXT, {**WRITTEN, "based_on": based_on}, headers=headers)
    assert again.status_code == 422
    assert "Somebody else saved these texts meanwhile" in again.json()["text"]


def test_what_was_typed_stays_beside_the_error(own: Client, petition: Petition) -> None:
    answer = save(own, petition, addressee_kind="minister", requests="x" * 1001)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Enter the name of the Minister or Member" in page
    assert "Requests: shorten line 1 to 1,000 characters" in page
    assert "118 people may not stand" in page
    petition.refresh_from_db()
    assert drafting.draft_of(petition).whereas == []


def test_once_supporters_are_asked_nothing_can_be_written(own: Client, petition: Petition) -> None:
    save(own, petition)
    for state in (PetitionState.GATHERING_SUPPORTERS, PetitionState.IN_TRANSLATION):
        Petition.objects.filter(pk=petition.pk).update(state=state)
        answer = save(own, petition, title="Something else")
        assert answer.status_code == 422
        petition.refresh_from_db()
        assert petition.title_en == "Stand by voters in Cambodia"
    assert "Text and days are frozen" in own.get(TEXT).content.decode()


def test_a_clause_that_stays_keeps_its_translations(own: Client, petition: Petition) -> None:
    save(own, petition)
    petition.clauses.filter(kind="whereas").update(text_km="ខ្មែរ")
    save(own, petition, whereas="The opposition was dissolved in 2017;\n118 people may not stand;")
    assert list(petition.clauses.filter(kind="whereas").values_list("text_km", flat=True)) == [
        "ខ្មែរ",
        "ខ្មែរ",
    ]


def test_versions_show_what_was_changed(own: Client, petition: Petition) -> None:
    save(own, petition)
    drafting.keep_version(petition, by=petition.petitioner)
    save(own, petition, summary="A short summary.")
    page = own.get("/petitioner/history/").content.decode()
    assert "A <ins>short </ins>summary." in page


def test_the_preview_is_in_the_petitions_own_language(own: Client, petition: Petition) -> None:
    save(own, petition)
    User.objects.update(language="km")
    page = own.get("/petitioner/preview/").content.decode()
    assert "We, the undersigned, call upon The House of Commons to:" in page
    assert "118 people may not stand;" in page


def test_an_open_petition_is_not_withdrawn_by_its_petitioner(
    own: Client, petition: Petition
) -> None:
    assert own.get("/petitioner/withdraw/").status_code == 200
    Petition.objects.filter(pk=petition.pk).update(state=PetitionState.CLOSED)
    assert own.get("/petitioner/withdraw/").status_code == 404
    assert "/petitioner/withdraw/" not in own.get(HOME).content.decode()


# --- supporters ------------------------------------------------------------------------------

SUPPORTERS = "/petitioner/supporters/"


def five(**changes: str) -> dict[str, str]:
    people_ = {
        key: text
        for row in range(5)
        for key, text in (
            (f"name_{row}", f"Person {'ABCDE'[row]}"),
            (f"email_{row}", f"person-{row}@example.net"),
            (f"language_{row}", "km"),
        )
    }
    return {**people_, "agreed": "on", **changes}


def test_five_people_are_asked_and_the_text_is_frozen(own: Client, petition: Petition) -> None:
    assert "Write at least one request" in own.get(SUPPORTERS).content.decode()
    save(own, petition)
    answer = own.post(SUPPORTERS, five())
    assert answer["Location"] == SUPPORTERS
    petition.refresh_from_db()
    assert petition.state == PetitionState.GATHERING_SUPPORTERS
    assert petition.supporters.count() == 5
    page = own.get(SUPPORTERS).content.decode()
    assert "Person A" in page
    assert "person-0@example.net" not in page
    assert "Supporters have been asked" in own.get(HOME).content.decode()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"agreed": ""}, "Confirm that all of them have agreed to be asked"),
        ({"email_4": "nothing"}, "5: Enter an e-mail address in the correct format"),
        ({"name_4": "", "email_4": ""}, "Name at least 5 people"),
        ({"email_4": "person-0@example.net"}, "5: This address stands in the list already"),
    ],
)
def test_who_cannot_be_asked_is_said_and_nobody_is_asked(
    own: Client, petition: Petition, changes: dict[str, str], error: str
) -> None:
    save(own, petition)
    answer = own.post(SUPPORTERS, five(**changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert error in page
    assert 'value="Person B"' in page
    petition.refresh_from_db()
    assert (petition.state, petition.supporters.count()) == (PetitionState.DRAFT, 0)


def test_a_text_against_the_rules_goes_to_nobody(own: Client, petition: Petition) -> None:
    save(own, petition, requests="")
    assert own.post(SUPPORTERS, five()).status_code == 422
    assert petition.supporters.count() == 0


def test_a_refused_petition_says_so_with_its_public_reason() -> None:
    petition = house.in_examination()
    reasons = {code: f"Beyond Parliament ({code})." for code in editing.LANGUAGES}
    examining.reject(petition, house.ALL_MET, reasons=reasons, by=people.person(Role.CLERK))
    words = main_text(people.log_in(house.petitioner_of(petition)).get(HOME))
    assert "It was not accepted. Title and reason are public. Beyond Parliament (en)." in words
