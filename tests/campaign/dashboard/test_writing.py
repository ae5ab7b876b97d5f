"""The editor keeps what was typed, whatever happens; goal and dates are said in words."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from campaign.accounts.roles import Role
from petitions import clock
from petitions.domain import editing, scheduling
from petitions.models import Clause, Petition
from petitions.states import PetitionState
from tests.factories import people
from tests.factories import petitions as make
from tests.pages import field_errors, main_text, read, summary

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return people.log_in(people.person(Role.TRANSLATOR))


@pytest.fixture
def draft(db: None) -> Petition:
    return make.draft_petition()


def _path(petition: Petition, page: str = "text") -> str:
    return f"/desk/petitions/{petition.slug}/{page}/"


def _typed(response: HttpResponse) -> dict[str, str]:
    """What a browser would send of the editor as it stands."""
    form = read(response).one("form", id="texts")
    hidden = {
        each.attributes["name"]: each.attributes.get("value", "") for each in form.all("input")
    }
    # A browser drops the line break that Django writes at the beginning of a textarea.
    texts = {each.attributes["name"]: each._raw().strip("\r\n") for each in form.all("textarea")}
    return {**hidden, **texts}


def _clauses(data: dict[str, str], kind: str, language: str = "en") -> list[str]:
    number = int(data[f"{kind}_rows"])
    return [data[f"{kind}_{place}_{language}"] for place in range(1, number + 1)]


# --- saving ----------------------------------------------------------------------------------


def test_three_languages_stand_side_by_side(editor: Client, draft: Petition) -> None:
    page = read(editor.get(_path(draft)))
    languages = {
        language: page.one("textarea", id=f"id_title_{language}") for language in ("en", "fr", "km")
    }
    assert {code: each.attributes["lang"] for code, each in languages.items()} == {
        "en": "en-CA",
        "fr": "fr-CA",
        "km": "km",
    }
    assert languages["km"].text == draft.title_km  # type: ignore[attr-defined]
    assert page.one("label", **{"for": "id_title_km"}).text == "Khmer"


def test_what_is_sent_is_stored_tidy(editor: Client, draft: Petition) -> None:
    data = _typed(editor.get(_path(draft))) | {
        "title_km": " ការបោះឆ្នោត\u200b ",
        "why_now_fr": "Parce\r\nque",
        "whereas_2_en": "A second grievance",
    }
    response = editor.post(_path(draft), data)
    assert (response.status_code, response["Location"]) == (302, _path(draft))
    draft.refresh_from_db()
    assert (draft.title_km, draft.why_now_fr) == ("ការបោះឆ្នោត", "Parce que")  # type: ignore[attr-defined]
    texts = Clause.objects.filter(kind="whereas").values_list("text_en", flat=True)
    assert list(texts) == ["whereas en", "A second grievance"]
    assert "The texts are saved." in main_text(editor.get(_path(draft)))


def test_saving_the_page_as_it_stands_changes_nothing(editor: Client, draft: Petition) -> None:
    before = editing.texts_of(draft)
    assert editor.post(_path(draft), _typed(editor.get(_path(draft)))).status_code == 302
    assert editing.texts_of(Petition.objects.get()) == before


def test_the_fullest_petition_can_be_saved(editor: Client, draft: Petition) -> None:
    data = _typed(editor.get(_path(draft)))
    for name, limit in editing.LIMITS.items():
        data |= {f"{name}_{language}": "ក" * limit for language in editing.LANGUAGES}
    for kind in ("whereas", "request"):
        data[f"{kind}_rows"] = str(editing.MOST_CLAUSES)
        for place in range(1, editing.MOST_CLAUSES + 1):
            data |= {
                f"{kind}_{place}_en": "e" * editing.CLAUSE_LIMIT,
                f"{kind}_{place}_fr": "é" * editing.CLAUSE_LIMIT,
                f"{kind}_{place}_km": "ក" * editing.CLAUSE_LIMIT,
            }
    assert editor.post(_path(draft), data).status_code == 302
    assert Clause.objects.count() == 2 * editing.MOST_CLAUSES
    page = read(editor.get(_path(draft)))
    assert not page.all("button", value="add-whereas")


@pytest.mark.parametrize("name", [*editing.LIMITS, "whereas_1", "request_1"])
def test_a_text_that_is_too_long_is_said_and_kept(
    editor: Client, draft: Petition, name: str
) -> None:
    limit = editing.LIMITS.get(name, editing.CLAUSE_LIMIT)
    before = editing.texts_of(draft)
    typed = _typed(editor.get(_path(draft))) | {"title_en": "Kept", f"{name}_fr": "x" * (limit + 1)}
    response = editor.post(_path(draft), typed)
    assert response.status_code == 422
    ((error, anchor),) = summary(response)
    assert f"(French) to {limit:,} characters: it has {limit + 1:,}" in error
    assert field_errors(response)[anchor.removeprefix("id_")] == [error]
    assert {**_typed(response), "csrfmiddlewaretoken": ""} == {**typed, "csrfmiddlewaretoken": ""}
    assert editing.texts_of(Petition.objects.get()) == before


# --- two people, two tabs --------------------------------------------------------------------


def test_what_somebody_else_saved_is_not_overwritten_unseen(
    editor: Client, draft: Petition
) -> None:
    mine = _typed(editor.get(_path(draft))) | {"title_en": "Mine", "summary_en": "Also mine"}
    other = people.log_in(people.person())
    theirs = _typed(other.get(_path(draft))) | {"title_en": "Theirs", "whereas_2_en": "Third"}
    other.post(_path(draft), theirs)
    other.post(_path(draft), _typed(other.get(_path(draft))) | {"whereas_3_en": "Fourth"})

    response = editor.post(_path(draft), mine)
    assert response.status_code == 422
    assert "Somebody else saved these texts meanwhile." in main_text(response)
    again = _typed(response)
    assert (again["title_en"], again["summary_en"]) == ("Mine", "Also mine")
    page = read(response)
    assert "Saved meanwhile: Theirs" in page.one("fieldset", id="title").text
    assert "Saved meanwhile: Fourth" in page.one("fieldset", id="whereas_3").text
    assert "Saved meanwhile" not in page.one("fieldset", id="addressee").text
    assert Petition.objects.get().title_en == "Theirs"  # type: ignore[attr-defined]

    # Having compared, the second press is meant.
    assert editor.post(_path(draft), again).status_code == 302
    assert Petition.objects.get().title_en == "Mine"  # type: ignore[attr-defined]


def test_texts_that_became_final_meanwhile_are_kept_on_the_page(
    editor: Client, draft: Petition
) -> None:
    typed = _typed(editor.get(_path(draft))) | {"title_en": "Too late"}
    Petition.objects.update(state=PetitionState.SCHEDULED)
    response = editor.post(_path(draft), typed)
    assert response.status_code == 422
    assert "This petition is now “Opens soon”" in main_text(response)
    assert _typed(response)["title_en"] == "Too late"
    assert Petition.objects.get().title_en != "Too late"  # type: ignore[attr-defined]


def test_final_texts_are_there_to_be_read(editor: Client, petition: Petition) -> None:
    page = read(editor.get(_path(petition)))
    assert not page.all("textarea")
    assert not page.one("main").all("button")
    assert page.one("fieldset", id="title").all("p", lang="km")[0].text == petition.title_km  # type: ignore[attr-defined]


# --- clauses without scripts -----------------------------------------------------------------


def _press(editor: Client, petition: Petition, data: dict[str, str], act: str) -> dict[str, str]:
    response = editor.post(_path(petition), {**data, "act": act})
    assert response.status_code == 200
    assert "Not saved yet" in main_text(response)
    return _typed(response)


def test_clauses_are_added_moved_and_removed_keeping_what_was_typed(
    editor: Client, draft: Petition
) -> None:
    data = _typed(editor.get(_path(draft))) | {"title_en": "Typed", "whereas_2_en": "two"}
    assert _clauses(data, "whereas") == ["whereas en", "two"]
    data = _press(editor, draft, data, "add-whereas")
    data |= {"whereas_3_en": "three", "whereas_3_km": "បី"}
    data = _press(editor, draft, data, "up-whereas-3")
    assert _clauses(data, "whereas") == ["whereas en", "three", "two"]
    assert _clauses(data, "whereas", "km") == ["whereas km", "បី", ""]
    data = _press(editor, draft, data, "remove-whereas-1")
    assert _clauses(data, "whereas") == ["three", "two"]
    assert _clauses(data, "request") == ["request en", ""]
    assert data["title_en"] == "Typed"
    assert Clause.objects.filter(kind="whereas").count() == 1
    editor.post(_path(draft), data)
    stored = Clause.objects.filter(kind="whereas").values_list("position", "text_en")
    assert list(stored) == [(1, "three"), (2, "two")]


@pytest.mark.parametrize(
    "act", ["up-whereas-1", "up-whereas-9", "remove-request-0", "remove-request-9", "nonsense"]
)
def test_an_act_on_a_clause_that_is_not_there_changes_nothing(
    editor: Client, draft: Petition, act: str
) -> None:
    data = _typed(editor.get(_path(draft)))
    shown = _press(editor, draft, data, act)
    assert {**shown, "csrfmiddlewaretoken": ""} == {**data, "csrfmiddlewaretoken": ""}


@pytest.mark.parametrize("number", ["", "x", "-1", "99999999", "១"])
def test_a_forged_number_of_rows_is_harmless(editor: Client, draft: Petition, number: str) -> None:
    data = _typed(editor.get(_path(draft))) | {"whereas_rows": number}
    assert editor.post(_path(draft), data).status_code == 302
    assert Clause.objects.filter(kind="whereas").count() == 1


# --- what to look at again -------------------------------------------------------------------


def test_differences_are_shown_and_keep_nobody_from_saving(editor: Client, draft: Petition) -> None:
    texts = {
        "whereas_1_en": "118 members, see www.example.org",
        "whereas_1_fr": "118 membres",
        "whereas_1_km": "សមាជិក ១៨ រូប",
    }
    editor.post(_path(draft), _typed(editor.get(_path(draft))) | texts)
    page = read(editor.get(_path(draft)))
    warnings = [item.text for item in page.one("ul", id="whereas_1_warnings").all("li")]
    assert warnings == [
        "English: not found here: 18",
        "French: not found here: 18",
        "Khmer: not found here: 118",
        "The House of Commons takes no web or e-mail address in the text of a petition.",
    ]
    assert not page.all("ul", id="title_warnings")
    assert [
        link.text for link in page.one("main").all("a") if link.attributes["href"][0] == "#"
    ] == ["Whereas 1"]


def test_a_missing_text_is_marked_where_it_is_due(editor: Client, draft: Petition) -> None:
    Petition.objects.update(title_km="", notice_en="Only here")
    page = read(editor.get(_path(draft)))

    def marked(name: str) -> list[str]:
        row = page.one("fieldset", id=name)
        return [label.text for label in row.all("label") if label.all("span", class_="lacking")]

    assert marked("title") == ["Khmer missing"]
    assert marked("notice") == ["French missing", "Khmer missing"]
    assert marked("why_now") == []
    # The place for the next clause.
    assert marked("whereas_2") == []
    # Without a request there is no petition: the first one is due even while it is empty.
    Clause.objects.filter(kind="request").delete()
    page = read(editor.get(_path(draft)))
    assert marked("request_1") == ["English missing", "French missing", "Khmer missing"]


# --- goal and dates --------------------------------------------------------------------------


def _dates(**changes: str) -> dict[str, str]:
    return {
        "threshold": "500",
        "opening": "at_once",
        "date": "",
        "time": "09:00",
        "days": "120",
        **changes,
    }


def test_goal_and_dates_are_stored_and_said(editor: Client, draft: Petition) -> None:
    day = (timezone.now() + timedelta(days=40)).date()
    khmer = f"{day}".translate(str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩"))
    data = _dates(threshold="១,៥០០", opening="later", date=khmer, time="14h40", days="60")
    response = editor.post(_path(draft, "dates"), data)
    assert (response.status_code, response["Location"]) == (302, f"/desk/petitions/{draft.slug}/")
    draft.refresh_from_db()
    assert draft.opens_at is not None
    assert draft.closes_at is not None
    local = draft.opens_at.astimezone(clock.TORONTO)
    assert (local.date(), local.hour, local.minute, draft.threshold) == (day, 14, 40, 1500)
    assert draft.closes_at == scheduling.closing(draft.opens_at, 60)
    text = main_text(editor.get(f"/desk/petitions/{draft.slug}/"))
    assert "The goal is 1,500 confirmed signatures. From " in text
    assert ": 60 days." in text
    form = read(editor.get(_path(draft, "dates")))
    assert form.one("input", name="date").attributes["value"] == f"{day}"
    assert form.one("input", name="time").attributes["value"] == "14:40"


def test_as_soon_as_possible_needs_no_date(editor: Client, draft: Petition) -> None:
    assert editor.post(_path(draft, "dates"), _dates(date="later", time="?")).status_code == 302
    text = main_text(editor.get(f"/desk/petitions/{draft.slug}/"))
    assert "Opens as soon as it is scheduled, for 120 days." in text


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"threshold": "0"}, "threshold", "Enter a goal from 1 to 1,000,000, like 500"),
        ({"threshold": "many"}, "threshold", "Enter a goal from 1 to 1,000,000, like 500"),
        ({"threshold": "9" * 30}, "threshold", "Enter a goal from 1 to 1,000,000, like 500"),
        ({"opening": ""}, "opening", "Select when it opens"),
        ({"days": "31"}, "days", "Select how many days it is open"),
        ({"opening": "later"}, "date", "Enter a date like 2018-10-24"),
        ({"opening": "later", "date": "2027-02-30"}, "date", "Enter a date like 2018-10-24"),
        ({"opening": "later", "date": "2999-01-01", "time": "25:00"}, "time", "Enter a time like"),
        ({"opening": "later", "date": "2018-06-26"}, "date", "This moment has passed"),
    ],
)
def test_refused_dates_are_said_and_kept(
    editor: Client, draft: Petition, changes: dict[str, str], field: str, words: str
) -> None:
    before = (draft.opens_at, draft.threshold)
    response = editor.post(_path(draft, "dates"), _dates(**changes))
    assert response.status_code == 422
    errors = field_errors(response)
    assert list(errors) == [field]
    assert words in errors[field][0]
    shown = read(response).one("input", name="threshold").attributes["value"]
    assert shown == _dates(**changes)["threshold"]
    draft.refresh_from_db()
    assert (draft.opens_at, draft.threshold) == before


def test_final_dates_are_said_and_not_asked(editor: Client, petition: Petition) -> None:
    page = editor.get(_path(petition, "dates"))
    assert "They are final: signing has been scheduled. From " in main_text(page)
    assert not read(page).one("main").all("form")
    response = editor.post(_path(petition, "dates"), _dates(threshold="1"))
    assert response.status_code == 422
    assert "can no longer be changed" in main_text(response)
    petition.refresh_from_db()
    assert petition.threshold == 500
