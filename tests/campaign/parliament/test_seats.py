"""Who held a seat, read from what the lists of Members changed."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from campaign.accounts.roles import Role
from campaign.parliament import seats
from campaign.parliament.seats import Event
from petitions.domain.members import import_text
from petitions.models import Member, Petition
from tests.factories import parliament, people
from tests.factories import petitions as make
from tests.pages import main_text, read

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD, FOURTH = (date(2026, month, 1) for month in (1, 2, 3, 4))
_HEAD = "member_id,name,riding_code,party_en,party_fr,province,honorific\n"


def _take_in(day: date, *lines: tuple[int, str, int], party: str = "Liberal") -> None:
    rows = (f"{pk},{name},{riding},{party},{party},BC,\n" for pk, name, riding in lines)
    import_text(_HEAD + "".join(rows), checked_on=day, by=people.person())


@pytest.fixture(autouse=True)
def ridings() -> None:
    make.riding(59001, "Abbotsford")
    make.riding(59002, "Burnaby")


def _told(member_id: int) -> list[tuple[date, str, Event]]:
    history = seats.history(Member.objects.get(pk=member_id))
    return [(entry.day, entry.name, entry.event) for entry in history]


def test_whoever_came_and_left_stands_with_the_day_of_the_list() -> None:
    _take_in(FIRST, (1, "Ann", 59001), (2, "Bo", 59002))
    _take_in(SECOND, (2, "Bo", 59002))
    _take_in(THIRD, (3, "Cy", 59001), (2, "Bo", 59002))
    expected = [
        (THIRD, "Cy", Event.CAME),
        (SECOND, "Ann", Event.GONE),
        (FIRST, "Ann", Event.FIRST),
    ]
    assert _told(3) == _told(1) == expected
    assert _told(2) == [(FIRST, "Bo", Event.FIRST)]


def test_a_move_belongs_to_both_ridings() -> None:
    _take_in(FIRST, (1, "Ann", 59001), (2, "Bo", 59002))
    _take_in(SECOND, (1, "Ann", 59002), (2, "Bo", 59001))
    moves = {(SECOND, "Ann", Event.CHANGED), (SECOND, "Bo", Event.CHANGED)}
    firsts = {(FIRST, "Ann", Event.FIRST), (FIRST, "Bo", Event.FIRST)}
    _take_in(THIRD, (1, "Ann", 59002), (3, "Cy", 59001))
    gone = (THIRD, "Bo", Event.GONE)
    # Of Ann all, and of Bo what concerns the seat that she has now: not that he left the other.
    assert set(_told(1)) == moves | firsts
    assert set(_told(3)) == {(THIRD, "Cy", Event.CAME), gone} | moves | {
        (FIRST, "Ann", Event.FIRST)
    }


def test_a_member_is_followed_back_through_another_name() -> None:
    _take_in(FIRST, (1, "Ann Old", 59001), (2, "Bo", 59002))
    _take_in(SECOND, (1, "Ann Old", 59002))
    _take_in(THIRD, (1, "Ann New", 59002), (3, "Cy", 59001))
    assert _told(1) == [
        (THIRD, "Ann New", Event.CHANGED),
        (SECOND, "Ann Old", Event.CHANGED),
        (SECOND, "Bo", Event.GONE),
        (FIRST, "Ann Old", Event.FIRST),
        (FIRST, "Bo", Event.FIRST),
    ]
    assert (SECOND, "Ann Old", Event.CHANGED) in _told(3)


def test_a_change_is_told_with_what_it_was() -> None:
    _take_in(FIRST, (1, "Ann", 59001))
    _take_in(SECOND, (1, "Ann", 59001), party="Independent")
    entry = seats.history(Member.objects.get())[0]
    assert entry.changes == [
        ("party_en", "Liberal", "Independent"),
        ("party_fr", "Liberal", "Independent"),
    ]


def test_the_page_of_a_member_tells_it(settings: Settings) -> None:
    settings.DEMO = True
    _take_in(FIRST, (1, "Ann", 59001), (2, "Bo", 59002))
    _take_in(SECOND, (2, "Bo", 59001), party="Independent")
    client = people.log_in(people.person(Role.BRIEFER))
    page = read(client.get("/desk/parliament/2/")).one("main")
    assert "Ann: missing from the list" in page.text
    changes = page.all("dl")[1]
    assert [term.text for term in changes.all("dt")] == [
        "Riding",
        "Party (English)",
        "Party (French)",
    ]
    assert [each.text for each in changes.all("dd")][:2] == [
        "Burnaby → Abbotsford",
        "Liberal → Independent",
    ]
    assert [link.text for link in page.all("a", href="/desk/parliament/1/")][-1] == "Ann"


def test_more_lists_need_no_more_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    lines = [(1, "Ann", 59001), (2, "Bo", 59002)]
    _take_in(FIRST, *lines)
    member = Member.objects.select_related("riding").get(pk=1)
    with django_assert_num_queries(2):
        seats.history(member)
    _take_in(SECOND, (2, "Bo", 59001), (3, "Cy", 59002))
    _take_in(THIRD, (2, "Bo", 59002), (3, "Cy", 59001))
    with django_assert_num_queries(2):
        seats.history(member)


# --- the day beside the name -----------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["", "{member}/", "{member}/brief/", "{member}/meetings/new/", "{member}/request-meeting/"],
)
def test_wherever_a_member_is_named_stands_the_day_of_the_list(
    petition: Petition, settings: Settings, path: str
) -> None:
    settings.DEMO = True
    member = parliament.member()
    client: Client = people.log_in(people.person(Role.BRIEFER))
    response = client.get(f"/desk/parliament/{path.format(member=member.pk)}")
    assert "House list of" in main_text(response)
