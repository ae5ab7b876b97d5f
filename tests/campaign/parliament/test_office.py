"""Mail drafted for a Member's office, a meeting for the calendar, Members looked up anew."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django import Settings

from campaign.accounts.roles import Role
from campaign.parliament import office_mail, queries
from campaign.parliament.domain import briefings, contacts
from campaign.parliament.models import Briefing, Contact
from campaign.parliament.states import MeetingState
from petitions import clock
from petitions.models import Member, Petition
from tests.factories import parliament, people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

PRIVATE = "Do not tell anybody about the cousin"


@pytest.fixture
def member() -> Member:
    return parliament.member(make.riding(), name="Ron Example")


@pytest.fixture
def petition() -> Petition:
    petition = make.open_petition(
        title_en="Stand by Cambodians",
        ask_en="It asks for sanctions.",
        title_fr="Avec les Cambodgiens",
        ask_fr="Elle demande des sanctions.",
    )
    parliament.facts(petition)
    return petition


@pytest.fixture
def desk(settings: Settings) -> Client:
    settings.DEMO = True
    return people.log_in(people.person(Role.BRIEFER))


# --- letters ---------------------------------------------------------------------------------


def test_the_request_names_riding_petition_and_sender(
    member: Member, petition: Petition, settings: Settings
) -> None:
    settings.ORGANIZER_NAME = "Vithu"
    letter = office_mail.ask_for_meeting(member, petition, language="en")
    assert letter.subject == "Request for a meeting: Coquitlam—Port Coquitlam"
    assert "about the petition “Stand by Cambodians”. It asks for sanctions." in letter.body
    assert letter.body.rstrip().split("\n")[-2] == "Vithu"


def test_thanks_quote_what_was_said_and_nothing_private(member: Member) -> None:
    meeting = parliament.meeting(
        member,
        state=MeetingState.HELD,
        day=date(2018, 9, 22),
        promise="I will write to the Minister",
        private_notes=PRIVATE,
    )
    letter = office_mail.thank(meeting, language="en")
    assert "Thank you for meeting us on September\xa022, 2018." in letter.body
    assert "“I will write to the Minister”" in letter.body
    assert PRIVATE not in letter.body
    meeting.promise = ""
    assert "noted" not in office_mail.thank(meeting, language="en").body


def test_a_letter_goes_to_the_office_in_the_members_language(
    desk: Client, member: Member, petition: Petition
) -> None:
    Contact.objects.create(
        member=member, language="fr", email="office@example.org", changed_at=petition.opens_at
    )
    address = f"/desk/parliament/{member.pk}/request-meeting/"
    page = desk.get(address).content.decode()
    assert "Avec les Cambodgiens" in page
    assert "mailto:office@example.org?" in page
    assert "Stand by Cambodians" in desk.get(f"{address}?language=en").content.decode()


def test_a_mail_link_of_the_office_carries_address_subject_and_text(
    member: Member, petition: Petition
) -> None:
    letter = office_mail.ask_for_meeting(member, petition, language="fr")
    query = parse_qs(urlsplit(letter.mail_link).query)
    assert query["subject"] == [letter.subject]
    assert query["body"] == [letter.body.replace("\n", "\r\n")]


def test_thanks_are_for_a_meeting_that_took_place(desk: Client, member: Member) -> None:
    planned = parliament.meeting(member)
    held = parliament.meeting(member, state=MeetingState.HELD)
    assert desk.get(f"/desk/parliament/meetings/{planned.pk}/thanks/").status_code == 404
    assert desk.get(f"/desk/parliament/meetings/{held.pk}/thanks/").status_code == 200


def test_who_has_left_is_not_asked_for_a_meeting(
    desk: Client, member: Member, petition: Petition
) -> None:
    address = f"/desk/parliament/{member.pk}/request-meeting/"
    assert desk.get(address).status_code == 200
    Member.objects.filter(pk=member.pk).update(left_on=parliament.CHECKED_ON)
    assert desk.get(address).status_code == 404
    assert address not in desk.get(f"/desk/parliament/{member.pk}/").content.decode()


# --- the calendar ----------------------------------------------------------------------------


def test_a_planned_meeting_is_a_day_in_the_calendar(desk: Client, member: Member) -> None:
    meeting = parliament.meeting(
        member, day=date(2026, 12, 1), place="Office; Main St, Coquitlam", private_notes=PRIVATE
    )
    response = desk.get(f"/desk/parliament/meetings/{meeting.pk}.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert PRIVATE.encode() not in response.content
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert event["dtstart"].dt == date(2026, 12, 1)
    assert event["dtend"].dt == date(2026, 12, 2)
    assert str(event["summary"]) == "Meeting with Ron Example"
    assert str(event["location"]) == "Office; Main St, Coquitlam"


def test_a_meeting_that_was_moved_replaces_its_former_entry(desk: Client, member: Member) -> None:
    meeting = parliament.meeting(member)
    address = f"/desk/parliament/meetings/{meeting.pk}.ics"
    before = Calendar.from_ical(desk.get(address).content).walk("VEVENT")[0]
    meeting.day += timedelta(days=7)
    meeting.save()
    after = Calendar.from_ical(desk.get(address).content).walk("VEVENT")[0]
    assert after["uid"] == before["uid"]
    assert after["dtstart"].dt == meeting.day


def test_a_cancelled_meeting_is_in_no_calendar(desk: Client, member: Member) -> None:
    meeting = parliament.meeting(member, state=MeetingState.CANCELLED)
    assert desk.get(f"/desk/parliament/meetings/{meeting.pk}.ics").status_code == 404


# --- an old list -----------------------------------------------------------------------------


@pytest.fixture
def unchecked(member: Member) -> Member:
    member.checked_on = clock.today() - timedelta(days=91)
    member.save()
    return member


def test_an_old_list_keeps_a_briefing_from_being_made(
    desk: Client, unchecked: Member, petition: Petition
) -> None:
    with pytest.raises(briefings.OldListError):
        briefings.make_briefing(
            unchecked, petition=petition, language="en", by=people.person(Role.BRIEFER)
        )
    address = f"/desk/parliament/{unchecked.pk}/brief/"
    answer = desk.post(address, {"petition": petition.slug, "language": "en"})
    assert answer.status_code == 422
    assert "then press “They agree”" in answer.content.decode()
    assert "Download the PDF" not in answer.content.decode()
    assert not Briefing.objects.exists()


def test_one_press_says_that_the_member_was_looked_up(
    desk: Client, unchecked: Member, petition: Petition
) -> None:
    address = f"/desk/parliament/{unchecked.pk}/brief/"
    page = desk.get(address).content.decode()
    assert f"https://www.ourcommons.ca/members/en/{unchecked.pk}" in page
    answer = desk.post(f"/desk/parliament/{unchecked.pk}/checked/", {"back": "brief"})
    assert answer["Location"] == address
    page = desk.get(address).content.decode()
    assert "Compared with the House’s page on" in page
    assert "They agree" not in page
    answer = desk.post(address, {"petition": petition.slug, "language": "en"})
    assert answer["Content-Type"] == "application/pdf"


def test_a_look_of_long_ago_is_old_again(unchecked: Member) -> None:
    contacts.confirm_current(unchecked, by=people.person(Role.BRIEFER))
    Contact.objects.update(seen_on=clock.today() - timedelta(days=91))
    unchecked.refresh_from_db()
    assert queries.is_old(queries.known_on(unchecked))


def test_looking_somebody_up_changes_nothing_else_of_the_contact(unchecked: Member) -> None:
    by = people.person(Role.BRIEFER)
    contacts.set_contact(
        unchecked, state="met", language="fr", email="a@example.org", phone="", by=by
    )
    contact = contacts.confirm_current(unchecked, by=by)
    assert (contact.state, contact.language, contact.email) == ("met", "fr", "a@example.org")
    assert contact.seen_on == clock.today()
