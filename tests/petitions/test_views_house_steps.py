"""Mailed links of the House's steps: what they show, what they change, and when no more."""

from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.translation import gettext

from petitions.domain import authorizing, lifecycle, supporting
from petitions.models import Clause, MPRequest, Petition, Supporter
from petitions.states import PetitionState, SupporterState
from tests.conftest import SetClock
from tests.factories import house
from tests.pages import browser, buttons, field_errors, heading, main_text, read, summary

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


# --- a supporter -----------------------------------------------------------------------------


def test_the_page_shows_the_text_who_asks_and_what_it_means() -> None:
    petition = house.asked()
    response = browser().get(house.support_link(petition))
    words = main_text(response)
    for expected in (
        petition.title,
        "whereas en",
        "request en",
        "Chea Sophal wrote it",
        "A supporter is not a signer.",
        "Your name is not published.",
    ):
        assert expected in words
    assert "Supporter a" not in words
    assert "example.org" not in words
    assert (response.status_code, summary(response)) == (200, [])
    assert buttons(response) == ["support", "decline"]
    assert not response.cookies


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_it_speaks_the_supporters_language(language: str) -> None:
    petition = house.asked(language=language)
    response = browser(accept_language="en").get(house.support_link(petition))
    assert read(response).one("html").attributes["lang"][:2] == language
    assert getattr(petition, f"title_{language}") in main_text(response)


def test_a_text_that_is_not_translated_yet_says_its_language() -> None:
    petition = house.draft(title_km="", summary_km="", addressee_km="")
    Clause.objects.filter(petition=petition).update(text_km="")
    house.asked(petition, language="km")
    response = browser().get(house.support_link(petition))
    title = read(response).one("article").one("h2")
    assert (title.text, title.attributes["lang"]) == (petition.title_en, "en-CA")  # type: ignore[attr-defined]
    with translation.override("km"):
        notice = gettext(
            "Some of this text is not available in this language yet. It is shown in another one."
        )
    assert notice in main_text(response)


def test_supporting_by_the_button() -> None:
    petition = house.asked()
    link = house.support_link(petition)
    response = browser().post(link, house.DECLARED)
    assert heading(response) == "You support this petition. Thank you."
    row = Supporter.objects.first()
    assert row is not None
    assert (row.state, row.place, row.province, row.country) == (
        SupporterState.SUPPORTED,
        1,
        "BC",
        "CA",
    )
    assert heading(browser().get(link)) == "You support this petition. Thank you."


def test_a_form_half_filled_keeps_what_was_chosen() -> None:
    petition = house.asked()
    data = {**house.DECLARED, "eligibility": "resident", "residence": "abroad", "terms": ""}
    response = browser().post(house.support_link(petition), data)
    assert response.status_code == 422
    assert set(field_errors(response)) == {"residence", "terms"}
    assert len(summary(response)) == 2
    chosen = [
        box.attributes["value"]
        for box in read(response).one("main").all("input", type="radio")
        if "checked" in box.attributes
    ]
    assert chosen == ["resident", "abroad"]
    assert not Supporter.objects.exclude(state=SupporterState.INVITED).exists()


def test_declining_by_the_button() -> None:
    petition = house.asked()
    response = browser().post(house.support_link(petition), {"act": "decline"})
    assert heading(response) == "You do not support this petition"
    assert buttons(response) == []


def test_why_there_is_no_form(set_clock: SetClock) -> None:
    petition = house.supported(by=4, number=7)
    late, back = house.support_link(petition, 5), house.support_link(petition, 6)
    supporting.support(Supporter.objects.all()[4], house.ANSWERS)
    assert heading(browser().get(late)) == "Five people already support it. Thank you!"
    assert heading(browser().post(late, house.DECLARED)) == (
        "Five people already support it. Thank you!"
    )
    ended = house.asked()
    link = house.support_link(ended)
    lifecycle.move(ended, PetitionState.WITHDRAWN, by=None)
    assert heading(browser().get(link)) == "This petition has ended"
    again = house.asked()
    link = house.support_link(again)
    supporting.take_back(again, by=house.petitioner_of(again))
    assert heading(browser().get(link)) == "This request was taken back"
    other = house.asked()
    row = Supporter.objects.filter(petition=other)[0]
    set_clock(row.invited_at + 30 * DAY)
    assert heading(browser().get(house.support_link(other))) == "This link has expired"
    assert heading(browser().get(back)) == "Five people already support it. Thank you!"


# --- a Member's office -----------------------------------------------------------------------


@pytest.fixture
def asked() -> MPRequest:
    return house.member_asked()


def test_the_office_reads_the_text_and_that_it_endorses_nothing(asked: MPRequest) -> None:
    response = browser().get(house.office_link(asked))
    words = main_text(response)
    for expected in (
        "Chea Sophal asks",
        asked.member.name,
        "Five people support",
        "does not mean endorsing",
        "whereas en",
    ):
        assert expected in words
    assert "Supporter a" not in words
    assert (response.status_code, summary(response)) == (200, [])
    assert buttons(response) == ["authorize", "decline"]


@pytest.mark.parametrize("named", ["on", ""])
def test_authorizing_by_the_button(asked: MPRequest, named: str) -> None:
    link = house.office_link(asked)
    response = browser().post(link, {"act": "authorize", "may_be_named": named})
    assert heading(response) == "Publication is authorized. Thank you."
    petition = Petition.objects.get(pk=asked.petition_id)
    assert (petition.state, bool(petition.sponsor_name)) == (
        PetitionState.IN_EXAMINATION,
        bool(named),
    )
    assert heading(browser().post(link, {"act": "decline"})) == (
        "Publication is authorized. Thank you."
    )


def test_declining_with_a_note(asked: MPRequest) -> None:
    link = house.office_link(asked)
    too_long = browser().post(link, {"act": "decline", "note": "x" * 301})
    assert too_long.status_code == 422
    assert "x" * 301 in too_long.content.decode()
    response = browser().post(link, {"act": "decline", "note": "Ask your own Member."})
    assert heading(response) == "Publication is not authorized"
    assert MPRequest.objects.get().note == "Ask your own Member."


def test_a_press_that_names_no_answer_answers_nothing(asked: MPRequest) -> None:
    browser().post(house.office_link(asked), {"may_be_named": "on"})
    assert authorizing.look(MPRequest.objects.get()) == authorizing.Standing.READY


def test_after_thirty_days_the_office_reads_that_they_are_over(
    asked: MPRequest, set_clock: SetClock
) -> None:
    set_clock(asked.answer_by)
    response = browser().post(house.office_link(asked), {"act": "authorize"})
    assert heading(response) == "The 30 days are over"


@pytest.mark.parametrize("wrong", ["nothing", "A" * 43])
@pytest.mark.parametrize("way", ["support", "mp"])
def test_an_unknown_link_is_nowhere(way: str, wrong: str) -> None:
    assert browser().get(f"/{way}/{wrong}").status_code == 404


def test_a_link_opens_nothing_but_its_own_page(asked: MPRequest) -> None:
    token = house.office_link(asked).removeprefix("/mp/")
    for way in ("support", "c", "m", "u"):
        assert browser().get(f"/{way}/{token}").status_code == 404
