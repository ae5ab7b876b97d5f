"""The overview as a page: its filters, who may narrow it, what is to do, and its queries."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaign.accounts.roles import Role
from campaign.dashboard import breakdowns
from campaign.dashboard.filters import Filters
from petitions.clock import TORONTO
from petitions.domain import counting
from petitions.models import Mailing, Petition, Signature, TranslationState, VisitDay
from petitions.states import DeliveryKind, PaperState, TextStatus
from tests.conftest import SetClock
from tests.factories import parliament, people, reviews
from tests.factories import petitions as make
from tests.pages import read

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=TORONTO)
#: Session, person, second factor; petitions; numbers, days, tables, funnel and visits; marks; what
#: is to do, and what is late.
MOST_QUERIES = 12


@pytest.fixture
def petition(db: None, set_clock: SetClock) -> Petition:
    """Open since 1 November; it is the 20th."""
    set_clock(NOON)
    return make.open_petition(
        opens_at=NOON - timedelta(days=19), closes_at=NOON + timedelta(days=30)
    )


def _signed(petition: Petition, day: int, number: int, **cells: str) -> None:
    for _turn in range(number):
        signature = make.confirmed(petition)
        when = NOON.replace(day=day)
        Signature.objects.filter(pk=signature.pk).update(
            created_at=when, counted_at=when, confirmed_at=when, **cells
        )


def _tiles(answer: HttpResponse) -> dict[str, str]:
    tiles = read(answer).one("ul", class_="tiles").all("li")
    return {tile.one("summary").text: tile.one("b").text for tile in tiles}


def _rows(answer: HttpResponse) -> dict[str, str]:
    """Every row of the tables below the chart: its name and its number."""
    tables = read(answer).one("div", class_="tables").all("tr")
    return {row.one("th").text: row.all("td")[0].text for row in tables if row.all("td")}


# --- what is chosen --------------------------------------------------------------------------


def test_days_and_rows_are_followed_by_every_number(petition: Petition) -> None:
    _signed(petition, 5, 3, province="ON", language="en", source="fb")
    _signed(petition, 18, 2, province="ON", language="km", source="")
    _signed(petition, 19, 1, province="QC", language="km", source="fb")
    client = people.log_in(people.person(Role.ORGANIZER))
    whole = client.get("/desk/")
    assert _tiles(whole)["Confirmed"] == "6"
    week = client.get("/desk/?period=7")
    assert _tiles(week)["Last 7 days"] == "3"
    assert {"Quebec": "1", "Facebook": "1", "Direct": "2"}.items() <= _rows(week).items()
    ontario = client.get("/desk/?province=ON&period=30")
    assert (_tiles(ontario)["Confirmed"], _tiles(ontario)["Last 30 days"]) == ("5", "5")
    # Its own table keeps the other rows, to press another; the others follow.
    assert {"Quebec": "1", "Facebook": "3", "Direct": "2"}.items() <= _rows(ontario).items()
    custom = client.get("/desk/?from=2026-11-05&until=2026-11-18&source=")
    assert _tiles(custom)["2026-11-05 – 2026-11-18"] == "2"
    bars = read(custom).one("figure").all("tbody")[0].all("tr")
    assert [row.all("th")[0].text for row in bars][::13] == ["2026-11-18", "2026-11-05"]


def test_a_period_is_compared_with_as_many_days_before(petition: Petition) -> None:
    _signed(petition, 6, 2)
    _signed(petition, 13, 3)
    answer = people.log_in(people.person(Role.ORGANIZER)).get("/desk/?period=7")
    assert "▲ 50% on the days before" in read(answer).one("ul", class_="tiles").text


def test_days_that_cannot_be_are_told_at_the_field(petition: Petition) -> None:
    client = people.log_in(people.person(Role.ORGANIZER))
    for asked, why in (
        ("from=2026-11-05&until=2026-11-04", "The end must be after the beginning"),
        ("from=2026-11-05&until=2026-11-21", "This day is still to come"),
        ("from=soon&until=2026-11-04", "Enter a date like 2018-10-24"),
        ("from=0001-01-01&until=2026-11-04", "Enter a date like 2018-10-24"),
    ):
        page = read(client.get(f"/desk/?{asked}"))
        assert page.one("div", class_="summary-of-errors").one("li").text == why


def test_an_address_nobody_could_have_pressed_chooses_nothing(petition: Petition) -> None:
    client = people.log_in(people.person(Role.ORGANIZER))
    for asked in ("period=soon", "province=XX", "language=de", "source=%00", "source=a%20b"):
        assert not read(client.get(f"/desk/?{asked}")).all("a", class_="clear")


def test_what_is_chosen_stands_in_the_address() -> None:
    found = Filters("p", period="7").with_row("province", "").with_row("source", "")
    assert found.address() == "?petition=p&period=7&province=abroad&source="
    assert found.with_row("source", "").address() == "?petition=p&period=7&province=abroad"
    assert found.with_period("").hidden() == [
        ("petition", "p"),
        ("province", "abroad"),
        ("source", ""),
    ]


def test_whoever_may_not_see_small_cells_cannot_subtract(petition: Petition) -> None:
    _signed(petition, 5, 7, province="ON", language="en", source="fb")
    _signed(petition, 18, 2, province="QC", language="km", source="wa")
    _signed(petition, 19, 6, province="BC", language="km", source="fb")
    counting.publish_day(petition)
    client = people.log_in(people.person(Role.BRIEFER))
    whole, narrow = client.get("/desk/"), client.get("/desk/?period=7&province=QC&language=km")
    assert _tiles(narrow)["Confirmed"] == _tiles(whole)["Confirmed"] == "15"
    tables = breakdowns.tables(
        Petition.objects.select_related("tally").get(), Filters(), small_cells=False
    )
    assert tables["province"] == {"ON": 7, "other": 8}
    shown = {name: number for name, number in _rows(narrow).items() if name in _rows(whole)}
    assert shown["Ontario"] == "7"
    assert "Quebec" not in _rows(narrow)
    assert not read(narrow).one("div", class_="tables").all("a")


# --- what the numbers mean -------------------------------------------------------------------


def test_every_tile_and_step_says_what_it_means(petition: Petition) -> None:
    make.sheet(petition, state=PaperState.ACCEPTED, accepted=12)
    page = read(people.log_in(people.person(Role.ORGANIZER)).get("/desk/"))
    labels = [tile.one("summary").text for tile in page.one("ul", class_="tiles").all("li")]
    assert labels == ["Confirmed", "Last 7 days", "Needed", "Waiting to confirm", "On paper"]
    meanings = [tile.one("p").text for tile in page.one("ul", class_="tiles").all("li")]
    assert len(set(meanings)) == len(labels)
    explained = [term.text for term in page.one("dl", class_="facts").all("dt")]
    assert explained[: len(labels)] == labels
    assert explained[len(labels) : -1] == [
        "Page shown",
        "Form opened",
        "Form sent",
        "Mail accepted",
    ]


def test_the_way_to_a_signature(petition: Petition) -> None:
    make.confirmed(petition)
    make.submitted(petition)
    Signature.objects.update(first_mail_at=NOON)
    for step, language, count in (
        ("visited", "km", 12),
        ("visited", "en", 90),
        ("started", "km", 6),
        ("submitted", "km", 2),
        ("mailed", "km", 2),
    ):
        VisitDay.objects.create(
            petition=petition, day=NOON.date(), step=step, language=language, count=count
        )
    client = people.log_in(people.person(Role.ORGANIZER))

    def steps(asked: str) -> list[list[str]]:
        table = read(client.get(f"/desk/?{asked}")).all("table", class_="funnel")
        rows = table[0].all("tbody")[0].all("tr") if table else []
        return [[cell.text for cell in row.all("td")[:2]] for row in rows]

    assert steps("language=km") == [
        ["12", ""],
        ["6", "50%"],
        ["4", "67%"],
        ["4", "100%"],
        ["1", "25%"],
    ]
    assert steps("")[0] == ["102", ""]
    assert [number for number, _share in steps("period=7")] == ["0"] * 5
    assert steps("province=BC") == []


# --- the chart -------------------------------------------------------------------------------


def test_the_chart_marks_what_happened(petition: Petition) -> None:
    _signed(petition, 18, 1)
    petition.milestones.create(number=100, reached_at=NOON.replace(day=17))
    Mailing.objects.create(
        petition=petition, kind=DeliveryKind.REMIND, recipients=7, started_at=NOON.replace(day=16)
    )
    parliament.meeting(parliament.member(), day=NOON.date(), state="held")
    parliament.meeting(parliament.member(), day=NOON.date(), state="planned")
    figure = read(people.log_in(people.person(Role.ORGANIZER)).get("/desk/")).one("figure")
    rows = figure.all("tbody")[1].all("tr")
    assert [(row.one("th").text, row.one("td").text) for row in rows] == [
        ("2026-11-20", "meeting with a Member"),
        ("2026-11-17", "100 signatures confirmed"),
        ("2026-11-16", "Reminder to confirm: to 7 people"),
    ]
    kinds = [sign.attributes["class"] for sign in figure.all("svg")[0].all("path", class_="sign")]
    assert kinds == ["sign mail", "sign milestone", "sign meeting"]


def test_a_long_series_has_a_bar_a_week(petition: Petition) -> None:
    Petition.objects.update(opens_at=NOON - timedelta(days=100))
    _signed(petition, 17, 2)
    _signed(petition, 18, 1)
    figure = read(people.log_in(people.person(Role.ORGANIZER)).get("/desk/")).one("figure")
    newest = figure.all("tbody")[0].all("tr")[0]
    assert newest.one("th").text == "2026-11-16"
    assert [cell.text for cell in newest.all("td")] == ["3", "3"]


# --- what is to do ---------------------------------------------------------------------------


def test_each_sees_what_they_may_do_and_where(petition: Petition) -> None:
    petition.milestones.create(number=petition.threshold, reached_at=NOON)
    reviews.held(petition)
    make.sheet(petition, state=PaperState.TO_CHECK)
    TranslationState.objects.create(
        subject="petitions.petition",
        subject_id=petition.pk,
        field="title",
        language="fr",
        status=TextStatus.STALE,
    )

    def places(role: Role) -> list[str]:
        page = read(people.log_in(people.person(role)).get("/desk/"))
        found = [link for todo in page.all("ul", class_="todo") for link in todo.all("a")]
        return [link.attributes["href"].removeprefix("/desk/") for link in found]

    here = f"petitions/{petition.slug}"
    tell = f"parliament/tell/?petition={petition.slug}"
    review, translation, paper = f"{here}/review/", f"{here}/translation/", f"{here}/paper/"
    assert places(Role.ORGANIZER) == [tell, review, translation, paper]
    assert places(Role.BRIEFER) == [tell]
    assert places(Role.TRANSLATOR) == [translation]
    assert places(Role.CLERK) == []


# --- queries ---------------------------------------------------------------------------------


def _queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/desk/").status_code == 200
    return len(captured)


def test_the_whole_page_takes_few_queries_however_many_rows(petition: Petition) -> None:
    client = people.log_in(people.person(Role.ADMIN))
    found = []
    for number in (1, 3):
        for _turn in range(number):
            make.confirmed(petition)
            make.submitted(petition)
            parliament.meeting(parliament.member(), day=NOON.date() - timedelta(days=3))
            make.open_petition()
        found.append(_queries(client))
    assert found[0] == found[1] <= MOST_QUERIES
