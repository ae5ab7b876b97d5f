"""The board of meetings: who stands where, what is late, and one press that moves a Member."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from campaign.accounts.models import User
from campaign.accounts.roles import Role
from campaign.parliament import board
from campaign.parliament.domain import contacts, meetings
from campaign.parliament.models import Contact, Meeting
from campaign.parliament.states import ContactState, MeetingState
from petitions import clock
from petitions.domain import counting
from petitions.models import Member, Petition, Riding
from tests.factories import parliament, people
from tests.factories import petitions as make
from tests.pages import Element, main_text, read

pytestmark = pytest.mark.django_db

BOARD = "/desk/parliament/board/"


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


@pytest.fixture
def user() -> User:
    return people.person(Role.BRIEFER)


@pytest.fixture
def briefer(user: User) -> Client:
    return people.log_in(user)


def _at(state: ContactState, **fields: object) -> Member:
    member = parliament.member(**fields)
    Contact.objects.create(member=member, state=state, changed_at="2026-11-01T12:00Z")
    return member


def _sections(client: Client, query: str = "") -> dict[str, list[str]]:
    """The names in each section."""
    sections = read(client.get(BOARD + query)).all("section")
    return {
        section.one("h2").attributes["id"].removeprefix("column-"): [
            heading.text for heading in section.all("h3")
        ]
        for section in sections
    }


def _card(client: Client, query: str = "") -> Element:
    return read(client.get(BOARD + query)).one("li", class_="card")


def test_every_state_has_its_section_in_order(briefer: Client) -> None:
    names = {state: _at(state, name=f"Member {state}").name for state in ContactState}
    fresh = parliament.member(name="Never heard of")
    found = _sections(briefer)
    assert list(found) == list(ContactState)
    names_found = {state: [name] for state, name in names.items()}
    names_found[ContactState.TO_CONTACT].append(fresh.name)
    assert {state: sorted(names) for state, names in found.items()} == {
        state: sorted(names) for state, names in names_found.items()
    }


def test_who_has_left_and_vacant_seats_are_not_on_the_board(briefer: Client) -> None:
    parliament.member(name="Gone", left_on=clock.today())
    assert [name for names in _sections(briefer).values() for name in names] == []


def test_the_board_is_filtered_by_province_and_state(briefer: Client) -> None:
    ann, bo = _at(ContactState.MET, name="Ann"), _at(ContactState.BOOKED, name="Bo")
    Riding.objects.filter(pk=bo.riding_id).update(province="YT")
    assert _sections(briefer, "?province=YT")["booked"] == ["Bo"]
    assert _sections(briefer, "?province=YT")["met"] == []
    assert _sections(briefer, "?state=met") == {"met": [ann.name]}
    assert list(_sections(briefer, "?state=unknown")) == list(ContactState)


def test_small_numbers_are_hidden_on_the_board(petition: Petition) -> None:
    parliament.member(make.riding())
    for _turn in range(3):
        make.confirmed(petition)
    for role, number in ((Role.ORGANIZER, "3"), (Role.BRIEFER, "not shown")):
        client = people.log_in(people.person(role))
        assert _card(client).one("dl").all("dd")[0].text == number


def test_the_day_of_numbers_that_stand_still_is_told(petition: Petition) -> None:
    parliament.member(make.riding())
    for _turn in range(5):
        make.confirmed(petition)
    counting.publish_day(petition)
    for role, is_told in ((Role.ORGANIZER, False), (Role.BRIEFER, True)):
        client = people.log_in(people.person(role))
        assert _card(client).one("dl").all("dd")[0].text == "5"
        said = "they change once a day at most" in main_text(client.get(BOARD))
        assert said is is_told


def test_a_card_tells_what_comes_next_and_how_late_it_is(briefer: Client) -> None:
    member, today = _at(ContactState.PROMISED), clock.today()
    for name, days in (("Call", -3), ("Write", 2)):
        parliament.meeting(
            member,
            state=MeetingState.HELD,
            day=today - timedelta(days=9),
            next_step=name,
            next_by="Dara",
            next_due=today + timedelta(days=days),
        )
    parliament.meeting(member, day=today - timedelta(days=1))
    signers, contact, planned, step = [each.text for each in _card(briefer).all("dd")]
    assert (signers, contact) == ("not shown", str(today - timedelta(days=9)))
    assert planned == f"{today - timedelta(days=1)} not recorded yet"
    assert step == "Call · Dara · 3 days late"
    Meeting.objects.filter(next_step="Call").update(next_due=today)
    assert "Call · Dara · due today" in _card(briefer).text
    Meeting.objects.filter(next_step="Call").update(next_done_at="2026-11-01T12:00Z")
    assert "Write · Dara · by " in _card(briefer).text


def test_private_notes_never_stand_on_the_board(briefer: Client) -> None:
    member = _at(ContactState.MET)
    parliament.meeting(member, private_notes="he was ill", place="Ottawa")
    response = briefer.get(BOARD)
    assert member.name in response.content.decode()
    assert "he was ill" not in response.content.decode()


def test_what_is_due_first_stands_first(briefer: Client) -> None:
    today = clock.today()
    for name, days in (("Later", 5), ("Late", -5), ("Soon", 1)):
        parliament.meeting(_at(ContactState.BOOKED, name=name), day=today + timedelta(days=days))
    _at(ContactState.BOOKED, name="Without a day")
    assert _sections(briefer)["booked"] == ["Late", "Soon", "Later", "Without a day"]


def test_a_long_column_leads_to_the_list(
    briefer: Client, monkeypatch: pytest.MonkeyPatch, petition: Petition
) -> None:
    monkeypatch.setattr(board, "SHOWN", 2)
    for _turn in range(3):
        _at(ContactState.MET)
    section = read(briefer.get(BOARD + "?province=BC&state=met")).one("section")
    assert len(section.all("h3")) == 2
    assert section.one("h2").text == "Met 3"
    (link,) = [link for link in section.all("a") if "?" in link.attributes["href"]]
    assert link.text == "All 3 Members in the list"
    assert (
        link.attributes["href"]
        == f"/desk/parliament/?state=met&province=BC&petition={petition.slug}"
    )


def test_queries_do_not_grow_with_the_board(
    petition: Petition, briefer: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for turn in (1, 2):
        for _number in range(turn):
            member = _at(ContactState.MET)
            parliament.meeting(member, state=MeetingState.HELD)
            parliament.meeting(member)
            make.confirmed(petition)
        with django_assert_num_queries(10):
            briefer.get(BOARD)


# --- moving ----------------------------------------------------------------------------------


def test_a_button_moves_a_member_and_keeps_the_filter(user: User, briefer: Client) -> None:
    member = parliament.member(name="Ann")
    form = _card(briefer, "?province=BC&state=").one("form")
    hidden = {each.attributes["name"]: each.attributes["value"] for each in form.all("input")}
    (button,) = form.all("button")
    data = {**hidden, "to": button.attributes["value"]}
    response = briefer.post(form.attributes["action"], data)
    assert (response.status_code, response["Location"]) == (302, BOARD + "?province=BC&state=")
    contact = Contact.objects.get(member=member)
    assert (contact.state, contact.changed_by) == (ContactState.BOOKED, user)
    assert "Ann is now under “Meeting booked”." in read(briefer.get(BOARD)).text


def test_both_neighbours_are_offered_and_nothing_beyond_the_ends(briefer: Client) -> None:
    offered = {}
    for state in ContactState:
        _at(state)
        card = _card(briefer, f"?state={state}")
        offered[state] = [button.attributes["value"] for button in card.all("button")]
    assert offered == {
        "to_contact": ["booked"],
        "booked": ["met", "to_contact"],
        "met": ["promised", "booked"],
        "promised": ["done", "met"],
        "done": ["promised"],
    }


def test_a_member_moved_meanwhile_stays_where_they_are(user: User, briefer: Client) -> None:
    member = _at(ContactState.DONE, name="Ann")
    path = f"/desk/parliament/{member.pk}/move/"
    briefer.post(path, {"seen": "met", "to": "promised"})
    assert Contact.objects.get().state == ContactState.DONE
    assert "Ann has been moved meanwhile" in read(briefer.get(BOARD)).text
    fresh = parliament.member()
    with pytest.raises(contacts.MovedMeanwhileError):
        contacts.move(fresh, seen=ContactState.MET, to=ContactState.DONE, by=user)
    assert not Contact.objects.filter(member=fresh).exists()


@pytest.mark.parametrize("data", [{}, {"seen": "met"}, {"seen": "met", "to": "moon"}])
def test_nothing_else_moves_anybody(briefer: Client, data: dict[str, str]) -> None:
    member = _at(ContactState.MET)
    response = briefer.post(f"/desk/parliament/{member.pk}/move/", data)
    assert response["Location"] == BOARD
    assert Contact.objects.get().state == ContactState.MET
    assert "press one of the board’s buttons" in read(briefer.get(BOARD)).text


def test_what_was_typed_into_back_leads_nowhere_else(briefer: Client) -> None:
    member = parliament.member()
    data = {"seen": "to_contact", "to": "booked", "back": "//evil.example/?a=b\r\nX: y"}
    where = briefer.post(f"/desk/parliament/{member.pk}/move/", data)["Location"]
    assert where.startswith(BOARD + "?")
    assert "\n" not in where


def test_who_has_left_is_moved_no_more(briefer: Client) -> None:
    member = parliament.member(left_on=clock.today())
    path = f"/desk/parliament/{member.pk}/move/"
    assert briefer.post(path, {"seen": "to_contact", "to": "booked"}).status_code == 404
    assert not Contact.objects.exists()


def test_a_planned_meeting_books_on_the_board(user: User, briefer: Client) -> None:
    member = parliament.member(name="Ann")
    details = meetings.Details(day=clock.today() + timedelta(days=3))
    meetings.plan(Meeting(member=member), details, by=user)
    assert _sections(briefer)["booked"] == ["Ann"]
    assert "Members of Parliament" in main_text(briefer.get(BOARD))
