"""The texts of a briefing on its page: shown, saved, refused, warned of, kept with what is made."""

from io import BytesIO

import pytest
from django.http import HttpResponse
from django.test import Client
from pypdf import PdfReader
from pytest_django import Settings

from campaign.accounts.roles import Role
from campaign.parliament.models import Briefing
from petitions.models import Member, Petition
from tests import pages
from tests.factories import parliament, people
from tests.factories import petitions as make
from tests.tables import all_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


@pytest.fixture
def member() -> Member:
    return parliament.member(make.riding(), name="Zoë Gagné-Côté")


@pytest.fixture
def briefer() -> Client:
    return people.log_in(people.person(Role.BRIEFER))


def _path(member: Member) -> str:
    return f"/desk/parliament/{member.pk}/brief/"


def _asked(petition: Petition, **changes: str) -> dict[str, str]:
    return {"petition": petition.slug, "language": "en", **changes}


def _may_download(response: HttpResponse) -> bool:
    return "Download the PDF" in [button.text for button in pages.read(response).all("button")]


def _text(response: HttpResponse) -> str:
    return PdfReader(BytesIO(response.content)).pages[0].extract_text()


def _typed(page: HttpResponse, act: str, **changes: str) -> dict[str, str]:
    """All that the form of the texts would send."""
    (form,) = [
        form
        for form in pages.read(page).one("main").all("form", method="post")
        if form.all("textarea")
    ]
    fields = {
        field.attributes["name"]: field.attributes.get("value", "")
        for field in form.all("input")
        if field.attributes["name"] != "csrfmiddlewaretoken"
    }
    texts = {area.attributes["name"]: area.text for area in form.all("textarea")}
    return {**fields, **texts, "act": act, **changes}


def test_what_was_typed_is_shown_on_the_paper_and_not_stored(
    petition: Petition, member: Member, briefer: Client
) -> None:
    parliament.facts(petition)
    sent = _typed(briefer.get(_path(member)), "show", ask_en="Ask once more.", fact_2_en="Because.")
    before = all_rows()
    response = briefer.post(_path(member), sent)
    assert response.status_code == 200
    paper = pages.read(response).one("article", class_="paper").text
    assert "Ask once more." in paper
    assert "Because." in paper
    assert _typed(response, "show") == sent
    assert "Not saved yet" in pages.main_text(response)
    assert not _may_download(response)
    assert all_rows() == before


def test_saved_texts_are_those_of_every_member(
    petition: Petition, member: Member, briefer: Client
) -> None:
    sent = _typed(
        briefer.get(_path(member), _asked(petition, second="on")),
        "save",
        ask_fr="Demander.",
        background_en="Long ago.",
        background_km="យូរហើយ។",
        decision_1_en="They decided.",
        decision_1_source="example.org/decision",
        **{f"fact_{number}_en": f"Reason {number}." for number in (1, 2, 3)},
    )
    response = briefer.post(_path(member), sent)
    assert response.status_code == 302
    other = parliament.member()
    page = briefer.get(_path(other) + response["Location"].partition("/brief/")[2])
    first, second = (paper.text for paper in pages.read(page).all("article", class_="paper"))
    assert "Reason 2." in first
    assert "Long ago." in second
    assert "They decided. example.org/decision" in second
    assert _may_download(page)
    stored = _typed(page, "save")
    assert stored["ask_fr"] == "Demander."
    assert stored["background_km"] == "យូរហើយ។"
    assert stored["decision_1_source"] == "https://example.org/decision"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"ask_fr": "a" * 321},
            ("Shorten the ask to 320 characters (French): it has 321", "id_ask_fr"),
        ),
        (
            {"background_en": "word " * 124},
            ("Shorten the background to 120 words (English): it has 124", "id_background_en"),
        ),
        (
            {"fact_2_en": "f" * 319, "fact_2_source": "ab"},
            (
                "Shorten fact 2 to 320 characters, its source included (English): it has 321",
                "id_fact_2_en",
            ),
        ),
        (
            {"decision_3_source": "not an address"},
            ("Enter an address like https://www.ipu.org/", "id_decision_3_source"),
        ),
    ],
)
def test_texts_that_do_not_fit_are_refused_and_kept_in_the_form(
    petition: Petition,
    member: Member,
    briefer: Client,
    changes: dict[str, str],
    expected: tuple[str, str],
) -> None:
    parliament.facts(petition)
    sent = _typed(briefer.get(_path(member)), "save", **changes)
    before = all_rows()
    response = briefer.post(_path(member), sent)
    assert response.status_code == 422
    assert pages.summary(response) == [expected]
    kept = _typed(response, "save")
    assert all(kept[name].split() == text.split() for name, text in changes.items())
    assert all_rows() == before
    assert not _may_download(response)


def test_an_error_in_another_language_is_not_folded_away(
    petition: Petition, member: Member, briefer: Client
) -> None:
    sent = _typed(briefer.get(_path(member)), "save", ask_fr="a" * 321, decision_1_fr="d" * 201)
    page = pages.read(briefer.post(_path(member), sent))
    opened = [each for each in page.all("details") if "open" in each.attributes]
    names = {area.attributes["name"] for each in opened for area in each.all("textarea")}
    assert {"ask_fr", "decision_1_fr"} <= names
    assert "fact_1_fr" not in names


def test_whoever_is_overtaken_is_told_and_may_insist(
    petition: Petition, member: Member, briefer: Client
) -> None:
    read = briefer.get(_path(member))
    briefer.post(_path(member), _typed(read, "save", ask_en="Theirs."))
    response = briefer.post(_path(member), _typed(read, "save", ask_en="Mine."))
    assert response.status_code == 422
    assert "Somebody else has saved other texts" in pages.summary(response)[0][0]
    again = _typed(response, "save")
    assert again["ask_en"] == "Mine."
    assert "Theirs." in _typed(briefer.get(_path(member)), "save")["ask_en"]
    assert briefer.post(_path(member), again).status_code == 302
    assert _typed(briefer.get(_path(member)), "save")["ask_en"] == "Mine."


def test_loaded_words_are_warned_of_and_saved_all_the_same(
    petition: Petition, member: Member, briefer: Client
) -> None:
    sent = _typed(briefer.get(_path(member)), "save", fact_1_fr="Le régime.", ask_en="No sham.")
    assert briefer.post(_path(member), sent).status_code == 302
    blocks = pages.read(briefer.get(_path(member))).all("div", class_="block")
    warned = {
        block.all("label")[0].text: [
            item.text for item in block.one("ul", class_="warnings").all("li")
        ]
        for block in blocks
        if block.all("ul", class_="warnings")
    }
    assert warned == {
        "The ask (English)": [
            "“sham” (English) takes a side or judges: say it in facts if you can"
        ],
        "Fact 1 (English)": [
            "“régime” (French) takes a side or judges: say it in facts if you can"
        ],
    }


def test_a_briefing_made_before_keeps_its_texts(
    petition: Petition, member: Member, briefer: Client
) -> None:
    parliament.facts(petition)
    first = briefer.post(_path(member), _asked(petition))
    sent = _typed(briefer.get(_path(member)), "save", ask_en="Something else.")
    briefer.post(_path(member), sent)
    (link,) = pages.read(briefer.get(_path(member))).one("tbody").all("a")
    assert briefer.get(link.attributes["href"]).content == first.content
    assert "Something else." in _text(briefer.post(_path(member), _asked(petition)))


def test_two_pages_are_made_only_when_the_second_is_complete(
    petition: Petition, member: Member, briefer: Client
) -> None:
    parliament.facts(petition)
    asked = _asked(petition, second="on")
    shown = briefer.get(_path(member), asked)
    assert "Write the background in this language" in pages.main_text(shown)
    assert briefer.post(_path(member), asked).status_code == 422
    assert not Briefing.objects.exists()
    briefer.post(_path(member), _typed(shown, "save", background_en="Long ago."))
    made = briefer.post(_path(member), asked)
    assert len(PdfReader(BytesIO(made.content)).pages) == 2
    row = pages.read(briefer.get(_path(member))).one("tbody").all("td")
    assert [cell.text for cell in row[1:3]] == ["English", "2"]
