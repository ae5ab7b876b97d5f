"""The House's steps on the desk and on the petitioner's pages."""

import pytest
from django.test import Client
from pytest_django import Settings

from campaign.accounts.roles import Role
from petitions.domain import authorizing, examining
from petitions.models import Clause, Examination, MPRequest, Petition
from petitions.states import MPRequestState, PetitionState
from tests.factories import house, parliament, people
from tests.factories import petitions as make
from tests.pages import buttons, field_errors, heading, main_text, summary

pytestmark = pytest.mark.django_db
S = PetitionState
REASONS = {"public_en": "Not federal.", "public_fr": "Pas fédéral.", "public_km": "មិនមែន។"}
MET = {f"met_{point.key}": "met" for point in examining.POINTS}


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    """Where an account without a second factor may pass."""
    settings.DEMO = True


def desk(role: Role = Role.ORGANIZER) -> Client:
    return people.log_in(people.person(role))


def page(petition: Petition, name: str = "") -> str:
    return f"/desk/petitions/{petition.slug}/{name}"


# --- where it stands -------------------------------------------------------------------------


def test_the_petitions_page_says_where_it_stands_and_leads_on() -> None:
    client = desk()
    petition = house.asked()
    words = main_text(client.get(page(petition)))
    assert "5 people have been asked; 0 of 5 support it." in words
    assert "Supporter a" not in words
    house_client = desk(Role.CLERK)
    examined = house.in_examination()
    response = house_client.get(page(examined))
    assert page(examined, "examination/") in response.content.decode()
    assert page(examined, "member/") not in response.content.decode()
    assert "Steps of the House" not in main_text(client.get(page(make.draft_petition())))


def test_the_desk_sends_it_back_to_the_draft_with_its_supporters() -> None:
    petition = house.supported(by=2)
    client = desk()
    words = main_text(client.get(page(petition, "move/draft/")))
    assert "Supporters and the Member have agreed to this text" in words
    client.post(page(petition, "move/draft/"), {"reason": "A slip"})
    petition.refresh_from_db()
    assert petition.state == S.DRAFT
    assert not petition.supporters.exclude(state="cancelled").exists()


def test_the_history_names_who_moved_it() -> None:
    petition = house.in_examination()
    words = main_text(desk().get(page(petition)))
    assert "the fifth supporter" in words
    assert "the Member’s office" in words
    assert "by the fifth supporter" not in words


# --- a Member --------------------------------------------------------------------------------


def test_a_member_is_found_and_asked() -> None:
    petition = house.supported()
    member = parliament.member(name="Anne Exemple")
    client = desk()
    address = page(petition, "member/")
    assert "5 Members may still be asked" in main_text(client.get(address))
    found = client.get(address, {"q": "exemple"})
    assert f"member={member.pk}" in found.content.decode()
    data = {"act": "ask", "member": str(member.pk), "language": "fr"}
    refused = client.post(address, {**data, "email": "nothing"})
    assert refused.status_code == 422
    assert set(field_errors(refused)) == {"email"}
    assert client.post(address, {**data, "email": "office@example.org"}).status_code == 302
    asked = MPRequest.objects.get()
    assert (asked.member, asked.language, asked.state) == (member, "fr", MPRequestState.ASKED)
    assert "Anne Exemple is asked" in main_text(client.get(address))


def test_what_the_domain_refuses_is_said_with_what_was_typed() -> None:
    petition = house.member_asked().petition
    member = parliament.member()
    data = {"act": "ask", "member": str(member.pk), "language": "en", "email": "a@example.org"}
    response = desk().post(page(petition, "member/"), data)
    assert response.status_code == 422
    assert summary(response) == [("A Member is asked already: one at a time", "")]


@pytest.mark.parametrize(("answer", "state"), [("yes", S.IN_EXAMINATION), ("no", S.AWAITING_MP)])
def test_an_answer_by_letter_is_recorded(answer: str, state: PetitionState) -> None:
    asked = house.member_asked()
    client, address = desk(), page(asked.petition, "member/")
    response = client.post(address, {"act": "letter", "answer": answer, "written_on": ""})
    assert set(field_errors(response)) == {"written_on"}
    future = {"act": "letter", "answer": answer, "written_on": "2099-01-01"}
    assert set(field_errors(client.post(address, future))) == {"written_on"}
    day = f"{asked.asked_at.astimezone(authorizing.clock.TORONTO):%Y-%m-%d}"
    client.post(address, {"act": "letter", "answer": answer, "written_on": day})
    asked.refresh_from_db()
    assert f"{asked.letter_on}" == day
    assert Petition.objects.get(pk=asked.petition_id).state == state


def test_a_request_is_taken_back_by_its_number() -> None:
    asked = house.member_asked()
    client, address = desk(), page(asked.petition, "member/")
    client.post(address, {"act": "take_back", "request": "0"})
    asked.refresh_from_db()
    assert asked.state == MPRequestState.ASKED
    client.post(address, {"act": "take_back", "request": str(asked.pk)})
    asked.refresh_from_db()
    assert asked.state == MPRequestState.CANCELLED


# --- the petitioner --------------------------------------------------------------------------


def test_a_petitioner_writes_to_an_address_of_the_house_alone() -> None:
    petition = house.supported()
    client = people.log_in(house.petitioner_of(petition))
    member = parliament.member()
    data = {"act": "ask", "member": str(member.pk), "language": "en"}
    for address in ("me@example.org", "me@parl.gc.ca.example.org", "me@notparl.gc.ca"):
        refused = client.post("/petitioner/member/", {**data, "email": address})
        assert set(field_errors(refused)) == {"email"}
    assert not MPRequest.objects.exists()
    client.post("/petitioner/member/", {**data, "email": "office@parl.gc.ca"})
    assert MPRequest.objects.get().member == member
    assert buttons(client.get("/petitioner/member/")) == []


def test_a_petitioner_asks_nobody_before_there_are_five() -> None:
    petition = house.asked()
    client = people.log_in(house.petitioner_of(petition))
    assert client.get("/petitioner/member/").status_code == 404


def test_a_petitioner_goes_back_to_the_draft_after_a_page_that_says_what_it_costs() -> None:
    petition = house.asked()
    client = people.log_in(house.petitioner_of(petition))
    assert "support that was given no longer counts" in main_text(
        client.get("/petitioner/take-back/")
    )
    petition.refresh_from_db()
    assert petition.state == S.GATHERING_SUPPORTERS
    client.post("/petitioner/take-back/", {"reason": ""})
    petition.refresh_from_db()
    assert petition.state == S.DRAFT
    assert client.get("/petitioner/take-back/").status_code == 404


# --- the examination -------------------------------------------------------------------------


@pytest.fixture
def examined() -> Petition:
    return house.in_examination()


def test_the_clerk_reads_text_rules_and_what_a_program_found(examined: Petition) -> None:
    Clause.objects.filter(petition=examined, kind="request").update(text_en="demand an answer")
    response = desk(Role.CLERK).get(page(examined, "examination/"))
    words = main_text(response)
    assert "demand an answer" in words
    assert "It requests and does not demand." in words
    assert "look at “demand”" in words
    assert buttons(response) == ["save", "accept", "send_back", "reject"]
    assert not Examination.objects.exists()


def test_points_are_saved_and_shown_again(examined: Petition) -> None:
    client, address = desk(Role.CLERK), page(examined, "examination/")
    data = {"met_courts": "not_met", "note_courts": "A case in Ottawa", "act": "save"}
    assert client.post(address, data).status_code == 302
    assert "A case in Ottawa" in client.get(address).content.decode()
    assert Examination.objects.get().points["courts"]["met"] is False


@pytest.mark.parametrize(
    ("act", "more", "state"),
    [
        ("accept", {}, S.IN_TRANSLATION),
        ("send_back", {"reason": "Name no company."}, S.DRAFT),
        ("reject", REASONS, S.REJECTED),
    ],
)
def test_each_end_needs_what_belongs_to_it(
    examined: Petition, act: str, more: dict[str, str], state: PetitionState
) -> None:
    client, address = desk(Role.CLERK), page(examined, "examination/")
    note = {"note_true": "kept as typed"}
    refused = client.post(address, {"act": act, **note})
    assert refused.status_code == 422
    assert "kept as typed" in refused.content.decode()
    examined.refresh_from_db()
    assert examined.state == S.IN_EXAMINATION
    assert client.post(address, {"act": act, **MET, **more}).status_code == 302
    examined.refresh_from_db()
    assert examined.state == state
    assert heading(client.get(address)) == "Examination of form and content"
