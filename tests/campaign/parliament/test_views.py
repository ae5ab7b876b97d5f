"""The pages on Members: found, met, followed up."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, Settings

from campaign.accounts.roles import Role
from campaign.parliament import queries
from campaign.parliament.models import Contact, Meeting
from campaign.parliament.states import MeetingState
from petitions import clock
from petitions.domain import counting
from petitions.models import Member, Petition, PostalPrefix
from tests.factories import parliament, people
from tests.factories import petitions as make
from tests.pages import field_errors, main_text, read, summary

pytestmark = pytest.mark.django_db

LIST = "/desk/parliament/"


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


@pytest.fixture
def briefer() -> Client:
    return people.log_in(people.person(Role.BRIEFER))


def _path(member: Member) -> str:
    return f"{LIST}{member.pk}/"


def _names(client: Client, query: str = "") -> list[str]:
    page = read(client.get(LIST + query))
    return [cell.text for cell in page.all("th", scope="row")]


# --- the list --------------------------------------------------------------------------------


def test_members_are_found_by_name_riding_and_postal_code(briefer: Client) -> None:
    levis = make.riding(24001, "Lévis—Lotbinière", "G6V")
    parliament.member(levis, name="Jacques Gourde")
    parliament.member(make.riding(), name="Zoe Royer")
    assert _names(briefer, "?q=gourde") == ["Jacques Gourde"]
    assert _names(briefer, "?q=levis+lotbiniere") == ["Jacques Gourde"]
    assert _names(briefer, "?q=v%E1%9F%A3b+1a1") == ["Zoe Royer"]
    assert "92%" in main_text(briefer.get(LIST + "?q=v3b"))
    assert "92%" not in main_text(briefer.get(LIST + "?q=royer"))


def test_a_search_without_a_result_says_what_to_try(briefer: Client) -> None:
    parliament.member(name="Zoe Royer")
    text = main_text(briefer.get(LIST + "?q=nobody"))
    assert "Try a part of the name, the riding in English or French" in text
    assert "Zoe Royer" not in text


def test_the_list_is_filtered_by_province_and_state(briefer: Client) -> None:
    ann = parliament.member(name="Ann")
    bo = parliament.member(name="Bo")
    queries.Riding.objects.filter(pk=bo.riding_id).update(province="YT")
    Contact.objects.create(member=ann, state="met", changed_at="2026-11-01T12:00Z")
    assert _names(briefer, "?province=YT") == ["Bo"]
    assert _names(briefer, "?state=met") == ["Ann"]
    assert _names(briefer, "?state=to_contact") == ["Bo"]
    assert _names(briefer, "?province=ZZ&state=zz") == ["Ann", "Bo"]


def test_a_long_list_has_pages(briefer: Client) -> None:
    for number in range(52):
        parliament.member(make.riding(59100 + number, f"Riding {number}", "V1A"))
    assert len(_names(briefer)) == 50
    assert len(_names(briefer, "?page=2")) == 2
    links = read(briefer.get(LIST + "?province=BC")).all("a", rel="next")
    assert [link.attributes["href"] for link in links] == ["?province=BC&page=2"]


def test_queries_do_not_grow_with_members(
    petition: Petition, briefer: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for turn in (1, 2):
        for _number in range(turn):
            member = parliament.member()
            parliament.meeting(member, state=MeetingState.HELD)
            Contact.objects.create(member=member, changed_at="2026-11-01T12:00Z")
            make.confirmed(petition)
        with django_assert_num_queries(10):
            briefer.get(LIST)


def test_small_numbers_are_for_those_who_may_see_them(petition: Petition) -> None:
    riding = make.riding()
    member = parliament.member(riding)
    for _turn in range(3):
        make.confirmed(petition)
    for role, number in ((Role.ORGANIZER, "3"), (Role.BRIEFER, "not shown")):
        client = people.log_in(people.person(role))
        (row,) = read(client.get(LIST)).one("tbody").all("tr")
        assert [cell.text for cell in row.all("td")][3] == number
        tiles = read(client.get(_path(member))).all("li", class_="tile")
        assert [tile.one("b").text for tile in tiles] == [number, number]


def test_the_day_of_numbers_is_told_where_they_stand_still(petition: Petition) -> None:
    member = parliament.member(make.riding())
    for _turn in range(5):
        make.confirmed(petition)
    counting.publish_day(petition)
    for role, is_told in ((Role.BRIEFER, True), (Role.ORGANIZER, False)):
        client = people.log_in(people.person(role))
        for path in (LIST, _path(member), "/desk/"):
            said = "they change once a day at most" in main_text(client.get(path))
            assert said is is_told, path


@pytest.mark.parametrize(
    ("method", "share", "said"),
    [
        ("territory", "1.000", "Its riding is certain: the whole territory is one."),
        ("points", "0.920", "The first riding is likely."),
        ("points", "0.600", "The first riding is only the best guess."),
        ("renamed", "1.000", "The first riding is only the best guess."),
    ],
)
def test_a_postal_code_is_found_with_how_sure_that_is(
    briefer: Client, method: str, share: str, said: str
) -> None:
    make.riding()
    PostalPrefix.objects.update(method=method, share=share)
    assert said in main_text(briefer.get(f"{LIST}?q=V3B+1A1"))


def test_signers_of_a_riding_are_marked_as_an_estimate(petition: Petition, briefer: Client) -> None:
    member = parliament.member(make.riding())
    headings = [cell.text for cell in read(briefer.get(LIST)).one("thead").all("th")]
    assert "Signers (estimated)" in headings
    tile = read(briefer.get(_path(member))).all("li", class_="tile")[0]
    assert tile.text.endswith("estimated from postal codes")


def test_an_unknown_petition_is_not_found(petition: Petition, briefer: Client) -> None:
    other = make.open_petition()
    assert briefer.get(f"{LIST}?petition={other.slug}").context["petition"] == other
    assert briefer.get(f"{LIST}?petition=unknown").status_code == 404


def test_an_old_list_says_so(briefer: Client) -> None:
    member = parliament.member(checked_on=clock.today() - timedelta(days=91))
    for path in (LIST, _path(member)):
        assert "older than 90 days" in main_text(briefer.get(path))
    Member.objects.update(checked_on=clock.today())
    for path in (LIST, _path(member)):
        assert "older than 90 days" not in main_text(briefer.get(path))


# --- a Member --------------------------------------------------------------------------------


def test_the_contact_is_saved(briefer: Client) -> None:
    member = parliament.member()
    data = {"state": "done", "language": "fr", "email": " Ann@Parl.GC.ca ", "phone": "៦13 555-0100"}
    assert briefer.post(_path(member), data)["Location"] == _path(member)
    contact = Contact.objects.get(member=member)
    assert (contact.state, contact.language, contact.email, contact.phone) == (
        "done",
        "fr",
        "Ann@parl.gc.ca",
        "613 555-0100",
    )
    assert contact.changed_by is not None


def test_a_refused_contact_keeps_what_was_typed(briefer: Client) -> None:
    member = parliament.member()
    data = {"state": "met", "language": "", "email": "no address", "phone": "613 555-0100"}
    response = briefer.post(_path(member), data)
    assert response.status_code == 422
    assert [target for _text, target in summary(response)] == ["id_email"]
    assert response.context["form"]["phone"].value() == "613 555-0100"
    assert not Contact.objects.exists()


def test_whoever_left_keeps_a_page_that_says_so(briefer: Client) -> None:
    left = parliament.member(name="Ann Once", left_on=clock.today())
    now = parliament.member(left.riding, name="Bo Now")
    assert "No longer a Member" in main_text(briefer.get(_path(left)))
    text = main_text(briefer.get(_path(now)))
    assert "No longer a Member" not in text
    assert "Ann Once" in text


def test_private_notes_stand_apart_and_are_not_printed(briefer: Client) -> None:
    member = parliament.member()
    parliament.meeting(member, private_notes="be careful", asked="to present it")
    page = read(briefer.get(_path(member)))
    (private,) = page.all("div", class_="private")
    assert "no-print" in private.attributes["class"].split()
    assert "be careful" in private.text
    assert page.one("main").text.count("be careful") == 1


def test_what_is_late_stands_on_top_until_it_is_done(briefer: Client) -> None:
    due = clock.today() - timedelta(days=1)
    meeting = parliament.meeting(
        parliament.member(),
        state=MeetingState.HELD,
        next_step="Send the letter",
        next_by="Dara",
        next_due=due,
    )
    path = _path(meeting.member)
    (panel,) = [
        panel for panel in read(briefer.get(path)).all("div", class_="notice") if panel.all("ul")
    ]
    assert panel.one("li").text == f"Send the letter (Dara, by {due})"
    response = briefer.post(f"{LIST}meetings/{meeting.pk}/done/", follow=True)
    assert response.redirect_chain == [(path, 302)]
    assert f"(Dara, by {due})" not in main_text(response)
    assert "Done on" in main_text(response)


# --- meetings --------------------------------------------------------------------------------


def _filled(**changes: str) -> dict[str, str]:
    return {
        "state": "planned",
        "day": "2026-12-01",
        "place": "Ottawa",
        "participants": "Ann, Bo",
        "asked": "to present it",
        "promise": "",
        "next_step": "",
        "next_by": "",
        "next_due": "",
        "private_notes": "",
        **changes,
    }


def test_a_meeting_is_planned_then_recorded(briefer: Client) -> None:
    member = parliament.member()
    new = f"{_path(member)}meetings/new/"
    assert briefer.post(new, _filled(day="២០២៦-12-០១"))["Location"] == _path(member)
    meeting = Meeting.objects.get()
    assert (str(meeting.day), meeting.state, member.contact.state) == (
        "2026-12-01",
        "planned",
        "booked",
    )
    path = f"{LIST}meetings/{meeting.pk}/"
    form = briefer.get(path).context["form"]
    assert (form["place"].value(), form["state"].value()) == ("Ottawa", "planned")
    data = _filled(state="held", day=str(clock.today()), promise="I will present it")
    assert briefer.post(path, data)["Location"] == _path(member)
    meeting.refresh_from_db()
    member.contact.refresh_from_db()
    assert (meeting.state, meeting.promise, member.contact.state) == (
        "held",
        "I will present it",
        "promised",
    )
    assert briefer.get(path).context["form"]["state"].value() == "held"


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"day": ""}, {"day": "Enter a date like 2018-10-24"}),
        ({"day": "24 October"}, {"day": "Enter a date like 2018-10-24"}),
        ({"day": "2018-02-30"}, {"day": "Enter a date like 2018-10-24"}),
        ({"state": ""}, {"state": "Select whether it is planned or took place"}),
        (
            {"next_step": "Call", "next_due": "2026-12-02"},
            {"next_by": "Enter who does the next step"},
        ),
        ({"next_by": "Dara", "next_due": "2026-12-02"}, {"next_step": "Enter the next step"}),
        (
            {"next_step": "Call", "next_by": "Dara"},
            {"next_due": "Enter by when it is to be done, like 2018-10-24"},
        ),
        (
            {"next_step": "Call", "next_by": "Dara", "next_due": "soon"},
            {"next_due": "Enter a date like 2018-10-24"},
        ),
        ({"place": "x" * 201}, {"place": "Place must have 200 characters or fewer"}),
    ],
)
def test_a_refused_meeting_says_what_to_do(
    briefer: Client, changes: dict[str, str], errors: dict[str, str]
) -> None:
    path = f"{_path(parliament.member())}meetings/new/"
    response = briefer.post(path, _filled(**changes))
    assert response.status_code == 422
    assert field_errors(response) == {name: [text] for name, text in errors.items()}
    assert response.context["form"]["participants"].value() == "Ann, Bo"
    assert not Meeting.objects.exists()


def test_a_meeting_held_tomorrow_is_refused_and_today_is_not(briefer: Client) -> None:
    path = f"{_path(parliament.member())}meetings/new/"
    tomorrow = clock.today() + timedelta(days=1)
    response = briefer.post(path, _filled(state="held", day=str(tomorrow)))
    assert field_errors(response) == {"day": ["Date must not be in the future"]}
    assert briefer.post(path, _filled(state="held", day=str(clock.today()))).status_code == 302


@pytest.mark.parametrize(
    ("language", "errors"),
    [
        ("fr", ("Entrez une date comme 2018-10-24", "Indiquez qui s'occupe de la suite")),
        ("km", ("សូមបំពេញកាលបរិច្ឆេទ ដូចជា 2018-10-24", "សូមបញ្ជាក់អ្នកទទួលបន្ទុកជំហានបន្ទាប់")),
    ],
)
def test_errors_come_in_the_language_of_the_person(language: str, errors: tuple[str, str]) -> None:
    client = people.log_in(people.person(Role.BRIEFER, language=language))
    path = f"{_path(parliament.member())}meetings/new/"
    with translation.override("en"):
        response = client.post(path, _filled(day="", next_step="X", next_due="2026-12-02"))
    assert field_errors(response) == {"day": [errors[0]], "next_by": [errors[1]]}


def test_a_planned_meeting_is_cancelled_and_a_held_one_is_not(briefer: Client) -> None:
    meeting = parliament.meeting(parliament.member())
    path = f"{LIST}meetings/{meeting.pk}/cancel/"
    assert "The meeting is cancelled." in main_text(briefer.post(path, follow=True))
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CANCELLED
    Meeting.objects.update(state=MeetingState.HELD)
    response = briefer.post(path, follow=True)
    assert "Only a planned meeting can be cancelled." in main_text(response)
    assert Meeting.objects.get().state == MeetingState.HELD


@pytest.mark.parametrize(
    "way", ["", "?q=ann", "{pk}/", "{pk}/meetings/new/", "meetings/{meeting}/"]
)
def test_looking_changes_nothing(briefer: Client, way: str) -> None:
    meeting = parliament.meeting(parliament.member(name="Ann"))
    path = LIST + way.format(pk=meeting.member_id, meeting=meeting.pk)
    assert briefer.get(path).status_code == 200
    assert briefer.head(path).status_code == 200
    assert not Contact.objects.exists()
    assert list(Meeting.objects.values_list("pk", "state")) == [(meeting.pk, "planned")]


@pytest.mark.parametrize("way", ["{n}/", "{n}/meetings/new/", "meetings/{n}/"])
def test_an_unknown_number_is_not_found(briefer: Client, way: str) -> None:
    for number in (7, 10**30):
        assert briefer.get(LIST + way.format(n=number)).status_code == 404


# --- the overview ----------------------------------------------------------------------------


def test_the_overview_tells_those_who_meet_members_what_is_late(petition: Petition) -> None:
    day = clock.today() - timedelta(days=2)
    meeting = parliament.meeting(parliament.member(name="Ann Late"), day=day)
    links = [f"{LIST}meetings/{meeting.pk}/"]
    for role, shown in ((Role.BRIEFER, links), (Role.TRANSLATOR, [])):
        page = read(people.log_in(people.person(role)).get("/desk/"))
        found = [
            link.attributes["href"]
            for todo in page.all("ul", class_="todo")
            for link in todo.all("a")
        ]
        assert found == shown
        assert ("Ann Late" in page.one("main").text) is bool(shown)


def test_the_menu_leads_to_members_for_those_who_meet_them(petition: Petition) -> None:
    for role, shown in ((Role.BRIEFER, True), (Role.TRANSLATOR, False)):
        menu = read(people.log_in(people.person(role)).get("/desk/")).one("nav", class_="menu")
        assert (LIST in [link.attributes["href"] for link in menu.all("a")]) is shown
