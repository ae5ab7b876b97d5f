"""The official e-petition on the desk: a companion is begun, and its counts are entered."""

from datetime import date, timedelta

import pytest
from django.test import Client

from campaign.accounts.roles import Role
from petitions import clock
from petitions.models import OfficialCount, Petition
from petitions.states import PetitionKind, PetitionState
from tests.factories import people
from tests.factories import petitions as make
from tests.pages import field_errors, main_text, read, summary

pytestmark = pytest.mark.django_db


@pytest.fixture
def companion() -> Petition:
    return make.draft_petition(kind=PetitionKind.COMPANION, house_number="e-9999")


def _path(petition: Petition) -> str:
    return f"/desk/petitions/{petition.slug}/official-counts/"


def _count(**changes: str) -> dict[str, str]:
    return {"act": "enter", "number": "412", "seen_on": "2018-09-01", "source": "page", **changes}


def _days_ago(days: int) -> str:
    return f"{clock.today() - timedelta(days=days):%Y-%m-%d}"


# --- a companion -----------------------------------------------------------------------------


def test_a_companion_begins_with_its_official_number(organizer: Client) -> None:
    organizer.post(
        "/desk/petitions/new/",
        {
            "kind": "companion",
            "house_number": "E\u20111746",
            "language": "en",
            "title": "Cambodia",
            "slug": "",
        },
    )
    petition = Petition.objects.get()
    assert (petition.kind, petition.house_number) == (PetitionKind.COMPANION, "e-1746")


@pytest.mark.parametrize("typed", ["", "1746a", "e-", "123456"])
def test_a_companion_without_a_right_number_is_refused(organizer: Client, typed: str) -> None:
    data = {"kind": "companion", "house_number": typed, "language": "en", "title": "T", "slug": ""}
    response = organizer.post("/desk/petitions/new/", data)
    assert response.status_code == 422
    assert field_errors(response) == {"house_number": ["Enter the official number, like e-1746"]}
    assert not Petition.objects.exists()


def test_a_petition_of_the_campaign_has_no_official_number(organizer: Client) -> None:
    """What was typed into the field before it was hidden is dropped, right or wrong."""
    data = {"kind": "campaign", "house_number": "?", "language": "en", "title": "Title", "slug": ""}
    assert organizer.post("/desk/petitions/new/", data).status_code == 302
    petition = Petition.objects.get()
    assert (petition.kind, petition.house_number) == (PetitionKind.CAMPAIGN, "")


def test_a_wrong_number_is_corrected_until_signing_is_scheduled(
    organizer: Client, companion: Petition
) -> None:
    organizer.post(_path(companion), {"act": "number", "house_number": "e-1234"})
    companion.refresh_from_db()
    assert companion.house_number == "e-1234"
    assert (
        organizer.post(_path(companion), {"act": "number", "house_number": ""}).status_code == 422
    )
    Petition.objects.update(state=PetitionState.SCHEDULED)
    assert not read(organizer.get(_path(companion))).all("input", name="house_number")
    response = organizer.post(_path(companion), {"act": "number", "house_number": "e-5555"})
    companion.refresh_from_db()
    assert (response.status_code, companion.house_number) == (422, "e-1234")
    assert "can no longer be changed" in main_text(response)


# --- counts ----------------------------------------------------------------------------------


def test_a_count_is_entered_and_taken_back(organizer: Client, companion: Petition) -> None:
    response = organizer.post(_path(companion), _count(number="៤១២"), follow=True)
    count = OfficialCount.objects.get()
    assert (count.number, count.seen_on, count.source) == (412, date(2018, 9, 1), "page")
    assert "412 · September\u00a01, 2018" in main_text(response)
    response = organizer.post(_path(companion), {"act": f"remove-{count.pk}"}, follow=True)
    assert "The count is taken back." in main_text(response)
    assert not OfficialCount.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"number": "many"}, "number", "Enter a number of signatures, like 412"),
        ({"number": "-1"}, "number", "Enter a number of signatures, like 412"),
        ({"seen_on": "yesterday"}, "seen_on", "Enter a date like 2018-10-24"),
        ({"seen_on": "2999-01-01"}, "seen_on", "This day has not come yet"),
        ({"source": ""}, "source", "Select where the number was seen"),
    ],
)
def test_a_refused_count_keeps_its_input(
    organizer: Client, companion: Petition, changes: dict[str, str], field: str, words: str
) -> None:
    data = _count(**changes)
    response = organizer.post(_path(companion), data)
    assert response.status_code == 422
    (error,) = field_errors(response)[field]
    assert words in error
    assert [text for text, _anchor in summary(response)] == [error]
    typed = {name: read(response).one("input", name=name) for name in ("number", "seen_on")}
    assert {name: each.attributes.get("value") for name, each in typed.items()} == {
        "number": data["number"],
        "seen_on": data["seen_on"],
    }
    assert not OfficialCount.objects.exists()


def test_a_number_that_falls_asks_for_a_tick(organizer: Client, companion: Petition) -> None:
    organizer.post(_path(companion), _count(number="500", seen_on=_days_ago(3)))
    lower = _count(number="499", seen_on=_days_ago(1))
    assert not read(organizer.get(_path(companion))).all("input", name="may_fall")
    response = organizer.post(_path(companion), lower)
    assert response.status_code == 422
    assert (
        "it was 500: a count of the House hardly ever falls" in field_errors(response)["number"][0]
    )
    assert read(response).one("input", name="may_fall")
    assert OfficialCount.objects.count() == 1
    assert organizer.post(_path(companion), lower | {"may_fall": "on"}).status_code == 302
    assert OfficialCount.objects.count() == 2


def test_a_petition_without_an_official_one_has_no_such_page(organizer: Client) -> None:
    petition = make.draft_petition()
    assert organizer.get(_path(petition)).status_code == 404
    assert f"{_path(petition)}" not in organizer.get(f"/desk/petitions/{petition.slug}/").text


def test_the_way_there_is_for_those_who_move_petitions(companion: Petition) -> None:
    for role, sees in ((Role.ORGANIZER, True), (Role.TRANSLATOR, False)):
        client = people.log_in(people.person(role))
        page = client.get(f"/desk/petitions/{companion.slug}/").text
        assert (_path(companion) in page) is sees
