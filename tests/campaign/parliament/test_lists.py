"""Staff take in a newer list of Members: whole or not at all, and what it changed is kept."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from campaign.accounts.roles import Role
from petitions import clock
from petitions.models import Member, MemberList
from tests.factories import parliament, people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

ADDRESS = "/desk/parliament/list/"
HEADING = "member_id,name,riding_code,party_en,party_fr,province,honorific\n"


@pytest.fixture
def member(settings: Settings) -> Member:
    settings.DEMO = True
    return parliament.member(make.riding(59001, "Abbotsford"), name="Ann", member_id=1)


@pytest.fixture
def desk(member: Member) -> Client:
    return people.log_in(people.person(Role.BRIEFER))


def send(desk: Client, content: str | bytes, *, days: int = 0) -> HttpResponse:
    content = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile("list.csv", content)
    day = clock.today() + timedelta(days=days)
    return desk.post(ADDRESS, {"file": file, "day": f"{day}"})


def line(number: int, name: str, riding: int = 59001, party: str = "Liberal") -> str:
    return f"{number},{name},{riding},{party},Libéral,BC,\n"


def test_a_newer_list_changes_the_members_and_tells_what(desk: Client, member: Member) -> None:
    make.riding(59002, "Burnaby")
    answer = send(desk, HEADING + line(1, "Ann Lee", party="Green Party") + line(2, "Bo", 59002))
    assert (answer.status_code, answer["Location"]) == (302, ADDRESS)
    member.refresh_from_db()
    assert member.name == "Ann Lee"
    page = desk.get(ADDRESS).content.decode()
    assert "The list is taken in: 1 new, 0 gone, 3 details changed." in page
    assert "Full name: Ann → Ann Lee" in page
    assert "Party (English): Independent → Green Party" in page
    (kept,) = MemberList.objects.all()
    assert (kept.added, kept.gone) == (["Bo"], [])
    assert kept.imported_by is not None


def test_another_riding_is_told_by_its_name(desk: Client, member: Member) -> None:
    make.riding(59002, "Burnaby")
    send(desk, HEADING + line(1, "Ann", 59002))
    assert "Riding: Abbotsford → Burnaby" in desk.get(ADDRESS).content.decode()


def test_a_wrong_line_refuses_the_whole_list(desk: Client, member: Member) -> None:
    answer = send(desk, HEADING + line(1, "Ann Lee") + line(2, "Bo", 7))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Nothing was changed: the list has lines that do not fit" in page
    assert "line 3: there is no riding “7”" in page
    member.refresh_from_db()
    assert member.name == "Ann"
    assert not MemberList.objects.exists()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "This file is empty: choose the file with the list"),
        (b"\xff\xfe\x00", "Save the file as CSV UTF-8, then choose it again"),
        (b"x" * 500_001, "This file is too large for a list of Members"),
        (b"name\nAnn\n", "line 1: no column"),
        (HEADING.encode() + b'1,"' + b"x" * 200_000, "Nothing was changed"),
    ],
)
def test_what_is_no_list_is_refused(
    desk: Client, member: Member, content: bytes, error: str
) -> None:
    answer = send(desk, content)
    assert answer.status_code == 422
    assert error in answer.content.decode()
    member.refresh_from_db()
    assert (member.name, member.left_on) == ("Ann", None)


def test_a_list_of_tomorrow_or_of_before_is_refused(desk: Client, member: Member) -> None:
    good = HEADING + line(1, "Ann Lee")
    assert "Date must not be in the future" in send(desk, good, days=1).content.decode()
    assert "The Members are of" in send(desk, good, days=-30).content.decode()
    assert not MemberList.objects.exists()
