"""The official e-petition: its number, the way to it, and the counts of its page."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import translation

from campaign.accounts.models import User
from petitions import clock
from petitions.domain.lifecycle import MoveError, move
from petitions.domain.official import (
    DayError,
    FallingCountError,
    NumberError,
    canonical_number,
    house_url,
    record_count,
)
from petitions.models import OfficialCount, Petition, Tally
from petitions.presentation import official_petition
from petitions.states import PetitionKind, PetitionState
from tests.factories import people
from tests.factories import petitions as make
from tests.pages import browser, heading, main_text, read

NOTICE = {
    "en": "Signing here does not sign the official petition e-9999. To be counted in Parliament, "
    "sign on the House of Commons site.",
    "fr": "Signer ici ne signe pas la pétition officielle e-9999. Pour être compté au Parlement, "
    "signez sur le site de la Chambre des communes.",
    "km": "ការចុះហត្ថលេខានៅទីនេះ មិនមែនជាការចុះហត្ថលេខាលើញត្តិផ្លូវការ e-9999 ទេ។ "
    "ដើម្បីឱ្យសភារាប់ សូមចុះហត្ថលេខានៅលើគេហទំព័ររបស់រដ្ឋសភា។",
}


# --- numbers and addresses -------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["e-1746", "E-1746", " e1746 ", "1746", "e 1746", "e\u20131746", "e-១៧៤៦", "\u200be-1746"],
)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert canonical_number(typed) == "e-1746"


@pytest.mark.parametrize("typed", ["", "e-", "e-0", "e-123456", "421-03054", "e-17x", "ee-1746"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(NumberError):
        canonical_number(typed)


@pytest.mark.parametrize(("language", "page"), [("en", "en"), ("fr", "fr"), ("km", "en")])
def test_the_way_leads_to_the_page_in_the_readers_language(language: str, page: str) -> None:
    assert house_url("e-1746", language) == (
        f"https://www.ourcommons.ca/petitions/{page}/Petition/Details?Petition=e-1746"
    )


# --- counts ----------------------------------------------------------------------------------


@pytest.fixture
def companion(db: None) -> Petition:
    return make.open_petition(kind=PetitionKind.COMPANION, house_number="e-9999")


@pytest.fixture
def somebody(db: None) -> User:
    return people.person()


def _enter(petition: Petition, number: int, day: date, by: User, *, may_fall: bool = False) -> None:
    record_count(petition, number=number, seen_on=day, source="page", by=by, may_fall=may_fall)


def test_a_day_has_one_count(companion: Petition, somebody: User) -> None:
    _enter(companion, 412, clock.today(), somebody)
    with pytest.raises(DayError, match="This day has its count already, 412"):
        _enter(companion, 413, clock.today(), somebody, may_fall=True)
    assert OfficialCount.objects.get().number == 412


def test_no_count_is_of_a_day_to_come(companion: Petition, somebody: User) -> None:
    with pytest.raises(DayError, match="has not come yet"):
        _enter(companion, 412, clock.today() + timedelta(days=1), somebody, may_fall=True)
    assert not OfficialCount.objects.exists()


@pytest.mark.parametrize(
    ("number", "days_ago", "falls"),
    [
        (99, 15, True),  # it was more before
        (201, 15, True),  # it is fewer after
        (150, 15, False),
        (199, 5, True),
        (200, 5, False),
        (100, 25, False),
    ],
)
def test_a_count_that_falls_is_asked_about(
    companion: Petition, somebody: User, number: int, days_ago: int, *, falls: bool
) -> None:
    """It was 100 twenty days ago, and 200 ten days ago."""
    today = clock.today()
    _enter(companion, 100, today - timedelta(days=20), somebody)
    _enter(companion, 200, today - timedelta(days=10), somebody)
    day = today - timedelta(days=days_ago)
    if falls:
        with pytest.raises(FallingCountError):
            _enter(companion, number, day, somebody)
        assert OfficialCount.objects.count() == 2
    _enter(companion, number, day, somebody, may_fall=falls)
    assert OfficialCount.objects.count() == 3


def test_an_official_count_is_shown_apart_and_added_to_nothing(
    companion: Petition, somebody: User
) -> None:
    Tally.objects.update(total=7)
    _enter(companion, 412, date(2018, 9, 1), somebody)
    response = browser().get(f"/en/petitions/{companion.slug}/")
    number = read(response).one("p", class_="number")
    assert number.text == "7"
    assert (
        "On the House of Commons site: 412 signatures, seen on September\u00a01, 2018 "
        "(the petition’s page)" in main_text(response)
    )
    counted = browser().get(f"/petitions/{companion.slug}/count.json").json()
    assert counted["confirmed"] == 7
    assert Tally.objects.get().total == 7


def test_the_newest_day_is_shown_whenever_it_was_entered(
    companion: Petition, somebody: User
) -> None:
    _enter(companion, 500, date(2018, 9, 9), somebody)
    _enter(companion, 412, date(2018, 9, 1), somebody)
    found = official_petition(companion)
    assert found is not None
    assert "500 signatures" in found["count_text"]


# --- pages of a companion --------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "km"])
@pytest.mark.parametrize("rest", ["", "sign/", "thanks/", "official/"])
def test_every_page_says_that_a_signature_here_is_not_one_there(
    companion: Petition, rest: str, language: str
) -> None:
    response = browser().get(f"/{language}/petitions/{companion.slug}/{rest}")
    assert main_text(response).replace("\u00a0", " ").count(NOTICE[language]) == 1


def test_a_notice_of_its_own_stands_beside_the_fixed_one(companion: Petition) -> None:
    Petition.objects.update(notice_en="A notice of its own.")
    text = main_text(browser().get(f"/en/petitions/{companion.slug}/"))
    assert NOTICE["en"] in text
    assert "A notice of its own." in text


@pytest.mark.parametrize("state", [PetitionState.SCHEDULED, PetitionState.OPEN])
def test_the_main_button_leads_to_the_house_by_way_of_the_guide(
    companion: Petition, state: PetitionState
) -> None:
    Petition.objects.update(state=state)
    page = read(browser().get(f"/en/petitions/{companion.slug}/")).one("main")
    guide = f"/en/petitions/{companion.slug}/official/"
    main_buttons = {
        link.attributes["href"]
        for link in page.all("a", class_="button")
        if "quiet" not in link.attributes["class"]
    }
    assert main_buttons == {guide}
    (way,) = read(browser().get(guide)).one("main").all("a", class_="wide")
    assert way.attributes["href"] == house_url("e-9999", "en")
    assert "noreferrer" in way.attributes["rel"].split()


def test_the_campaigns_own_signatures_are_taken_as_well(companion: Petition) -> None:
    client = browser()
    sign = f"/en/petitions/{companion.slug}/sign/"
    quiet = (
        read(client.get(f"/en/petitions/{companion.slug}/")).one("main").all("a", class_="quiet")
    )
    assert sign in {link.attributes["href"] for link in quiet}
    assert client.post(sign, make.form_data(companion)).status_code == 303


def test_a_page_in_khmer_says_that_the_houses_is_in_english(companion: Petition) -> None:
    page = read(browser().get(f"/km/petitions/{companion.slug}/official/")).one("main")
    (way,) = page.all("a", class_="wide")
    assert way.attributes["href"] == house_url("e-9999", "en")
    with translation.override("km"):
        said = translation.gettext(
            "The House of Commons has no page in Khmer: this opens the one in English."
        )
    assert said in page.text


def test_after_closing_the_house_is_only_named(companion: Petition) -> None:
    Petition.objects.update(state=PetitionState.CLOSED)
    guide = f"/en/petitions/{companion.slug}/official/"
    page = read(browser().get(f"/en/petitions/{companion.slug}/")).one("main")
    links = [link.attributes["href"] for link in page.all("a")]
    assert guide not in links
    assert house_url("e-9999", "en") in links
    assert "This campaign no longer collects signatures." in main_text(browser().get(guide))


def test_other_kinds_have_no_such_guide(client: Client, petition: Petition) -> None:
    record = make.draft_petition(kind=PetitionKind.RECORD, house_number="e-1746")
    Petition.objects.filter(pk=record.pk).update(state=PetitionState.RESPONSE_TABLED)
    draft = make.draft_petition(kind=PetitionKind.COMPANION, house_number="e-5")
    for row in (petition, record, draft):
        assert client.get(f"/en/petitions/{row.slug}/official/").status_code == 404
    record_page = read(client.get(f"/fr/petitions/{record.slug}/")).one("main")
    assert house_url("e-1746", "fr") in [a.attributes["href"] for a in record_page.all("a")]


def test_the_home_page_leads_there_too(companion: Petition) -> None:
    response = browser().get("/en/")
    assert heading(response) == companion.title
    assert f"/en/petitions/{companion.slug}/official/" in {
        link.attributes["href"] for link in read(response).one("main").all("a", class_="wide")
    }


# --- the life cycle --------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_companion_is_not_scheduled_without_its_number() -> None:
    petition = make.draft_petition(kind=PetitionKind.COMPANION)
    Petition.objects.update(state=PetitionState.IN_TRANSLATION)
    with pytest.raises(MoveError, match="The number of the official petition is missing"):
        move(petition, PetitionState.SCHEDULED, by=None)
