"""The desk's gate: who sees what, who approves what, and the notes that everybody reads."""

import pytest
from django.http import HttpResponse
from django.test import Client

from campaign.accounts.models import User
from campaign.accounts.roles import PERMISSIONS, Permission, Role
from campaign.newsroom import texts
from campaign.newsroom.models import Guide, GuideStep, Page
from petitions.domain import editing, translating
from petitions.models import Petition, PublicNote, TranslationState
from petitions.states import PetitionState, TextStatus
from tests.factories import people
from tests.factories import petitions as make
from tests.pages import field_errors, main_text, read, summary

pytestmark = pytest.mark.django_db
S = PetitionState
NOTE = {"text_en": "We are few.", "text_fr": "Nous sommes peu.", "text_km": "យើងមានគ្នាតិច។"}


@pytest.fixture
def writer() -> User:
    return people.person(Role.TRANSLATOR)


@pytest.fixture
def waiting(writer: User) -> Petition:
    """In translation, complete, all written by one person, with a proved vault."""
    petition = make.open_petition(title_en="A title", title_fr="Un titre", title_km="ចំណងជើង")
    translating.record(editing.subject_of(petition), by=writer)
    Petition.objects.update(state=S.IN_TRANSLATION)
    return Petition.objects.get()


def _path(petition: Petition, page: str = "translation") -> str:
    return f"/desk/petitions/{petition.slug}/{page}/"


def _press(client: Client, path: str, value: str) -> HttpResponse:
    """A button of the page as it stands."""
    based_on = read(client.get(path)).one("input", name="based_on").attributes["value"]
    return client.post(path, {"based_on": based_on, "approve": value})


def _buttons(client: Client, path: str) -> list[str]:
    found = read(client.get(path)).one("form", id="texts").all("button", name="approve")
    return [each.attributes["value"] for each in found]


def _approved() -> set[tuple[str, str]]:
    rows = TranslationState.objects.filter(status=TextStatus.APPROVED)
    return set(rows.values_list("field", "language"))


# --- approving -------------------------------------------------------------------------------


def test_one_press_approves_one_text_or_a_language(organizer: Client, waiting: Petition) -> None:
    response = _press(organizer, _path(waiting), "title:km")
    assert (response.status_code, response["Location"]) == (302, _path(waiting))
    assert _approved() == {("title", "km")}
    assert "1 text is approved." in main_text(organizer.get(_path(waiting)))
    _press(organizer, _path(waiting), "all:fr")
    assert {language for _name, language in _approved()} == {"km", "fr"}
    text = main_text(organizer.get(_path(waiting)))
    assert "English 0 of 8 approved 8 drafts" in text
    assert "French 8 of 8 approved" in text
    assert "Khmer 1 of 8 approved 7 drafts" in text


def test_the_writer_has_no_button_and_is_told_why(writer: User, waiting: Petition) -> None:
    client = people.log_in(writer)
    assert _buttons(client, _path(waiting)) == []
    assert "You wrote it: somebody else approves it." in main_text(client.get(_path(waiting)))
    response = _press(client, _path(waiting), "title:km")
    assert response.status_code == 422
    assert summary(response) == [("Title in Khmer: You wrote it: somebody else approves it.", "")]
    assert _approved() == set()


def test_a_superuser_approves_nothing_of_their_own(waiting: Petition) -> None:
    admin = people.person(Role.ADMIN, superuser=True)
    translating.record(editing.subject_of(waiting), by=admin)
    TranslationState.objects.update(written_by=admin)
    assert _press(people.log_in(admin), _path(waiting), "all:km").status_code == 422
    assert _approved() == set()


def test_whoever_may_not_approve_only_reads(
    writer: User, waiting: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    may = PERMISSIONS[Role.ORGANIZER] - {Permission.APPROVE_TEXTS}
    monkeypatch.setitem(PERMISSIONS, Role.ORGANIZER, may)
    reader = people.log_in(people.person(Role.ORGANIZER))
    page = Page.objects.create(slug="about", title_en="About", body_en="Text")
    for path in (_path(waiting), f"/desk/texts/page/{page.pk}/"):
        assert _buttons(reader, path) == []
        assert _press(reader, path, "title:en").status_code == 403
    assert _approved() == set()


def test_a_text_with_other_figures_has_no_button_and_is_named(
    organizer: Client, waiting: Petition
) -> None:
    Petition.objects.update(ask_en="118 members", ask_fr="108 membres", ask_km="សមាជិក ១១៨ រូប")
    page = read(organizer.get(_path(waiting)))
    (mend,) = [each for each in page.all("li", class_="blocking") if "118" in each.text]
    assert mend.one("a").attributes["href"] == "?#ask"
    assert page.one("section", id="ask")
    assert "ask:fr" not in _buttons(organizer, _path(waiting))
    assert {"ask:en", "ask:km"} <= set(_buttons(organizer, _path(waiting)))


def test_an_approval_of_what_has_changed_meanwhile_is_refused(
    organizer: Client, waiting: Petition
) -> None:
    page = read(organizer.get(_path(waiting)))
    based_on = page.one("input", name="based_on").attributes["value"]
    Petition.objects.update(title_km="ផ្សេង")
    response = organizer.post(_path(waiting), {"based_on": based_on, "approve": "title:km"})
    assert response.status_code == 422
    assert "Somebody changed these texts meanwhile" in summary(response)[0][0]
    assert _approved() == set()


@pytest.mark.parametrize("value", ["", "all:de", "nonsense", "title:de"])
def test_a_press_that_names_nothing_is_refused(
    organizer: Client, waiting: Petition, value: str
) -> None:
    assert _press(organizer, _path(waiting), value).status_code == 422


# --- what the page shows ---------------------------------------------------------------------


def test_parts_of_the_bars_lead_to_filtered_lists(organizer: Client, waiting: Petition) -> None:
    Petition.objects.update(title_km="")
    page = read(organizer.get(_path(waiting)))
    (missing,) = [each for each in page.all("a") if each.text == "1 missing"]
    address = missing.attributes["href"].partition("#")[0]
    assert address == "?show=missing&lang=km"
    shown = read(organizer.get(_path(waiting) + address))
    assert [each.text for each in shown.one("form", id="texts").all("h3")] == ["Title"]
    assert "Texts that are missing: Khmer" in shown.text


def test_a_phone_shows_the_source_and_the_language_asked_for(
    organizer: Client, waiting: Petition
) -> None:
    row = read(organizer.get(_path(waiting) + "?lang=fr")).one("section", id="title")
    away = [each.text for each in row.all("div", class_="wide-only")]
    assert len(away) == 1
    assert away[0].startswith("Khmer")


def test_break_points_stand_where_the_zero_width_spaces_are(
    organizer: Client, waiting: Petition
) -> None:
    Petition.objects.update(title_km="ការ\u200bបោះ\u200bឆ្នោត")
    row = read(organizer.get(_path(waiting) + "?breaks=1")).one("section", id="title")
    assert len(row.all("span", class_="break-mark")) == 2
    assert "2 zero-width spaces" in row.text
    plain = read(organizer.get(_path(waiting))).one("section", id="title")
    assert not plain.all("span", class_="break-mark")


@pytest.mark.parametrize(("language", "words"), [("km", "ចំណងជើង"), ("fr", "Un titre")])
def test_the_preview_speaks_the_language_asked_for(
    organizer: Client, waiting: Petition, language: str, words: str
) -> None:
    page = read(organizer.get(_path(waiting, "preview") + f"?lang={language}"))
    sheet = page.one("article")
    assert sheet.attributes["lang"].startswith(language)
    assert words in sheet.text
    assert f"/{language}/petitions/{waiting.slug}/" in page.one("div", class_="share-card").text


def test_the_editor_and_the_petitions_page_say_how_far_it_is(
    organizer: Client, waiting: Petition
) -> None:
    _press(organizer, _path(waiting), "all:en")
    page = organizer.get(f"/desk/petitions/{waiting.slug}/")
    assert "English 8 of 8 approved French 0 of 8 approved" in main_text(page)
    assert _path(waiting) in page.content.decode()
    editor = organizer.get(_path(waiting, "text"))
    assert "English 8 of 8 texts (8 of 8 approved)" in main_text(editor)
    assert _path(waiting) in editor.content.decode()


# --- notes -----------------------------------------------------------------------------------


def test_past_the_gate_with_a_note(organizer: Client, waiting: Petition) -> None:
    assert _path(waiting, "override") in organizer.get(_path(waiting)).content.decode()
    page = main_text(organizer.get(_path(waiting, "override")))
    assert "Title in English is not approved yet." in page
    assert "signing opens at once" in page
    response = organizer.post(_path(waiting, "override"), NOTE)
    assert response.status_code == 302
    assert Petition.objects.get().state == S.OPEN
    assert PublicNote.objects.get().kind == PublicNote.Kind.OVERRIDE
    # Pressed twice.
    assert organizer.post(_path(waiting, "override"), NOTE).status_code == 302
    assert PublicNote.objects.count() == 1


def test_a_half_written_note_is_kept_and_not_published(
    organizer: Client, waiting: Petition
) -> None:
    response = organizer.post(_path(waiting, "override"), {**NOTE, "text_km": " "})
    assert response.status_code == 422
    assert field_errors(response) == {"text_km": ["Enter the note in Khmer"]}
    assert read(response).one("textarea", name="text_fr").text == "Nous sommes peu."
    assert Petition.objects.get().state == S.IN_TRANSLATION
    assert not PublicNote.objects.exists()


def test_there_is_no_way_past_a_missing_text(organizer: Client, waiting: Petition) -> None:
    Petition.objects.update(title_km="")
    assert _path(waiting, "override") not in organizer.get(_path(waiting)).content.decode()
    assert organizer.get(_path(waiting, "override"))["Location"] == _path(waiting)
    response = organizer.post(_path(waiting, "override"), NOTE)
    assert response.status_code == 422
    assert summary(response) == [("A text is missing: without it nothing is let through", "")]
    assert read(response).one("textarea", name="text_en").text == "We are few."
    assert not PublicNote.objects.exists()
    assert Petition.objects.get().state == S.IN_TRANSLATION


def test_a_correction_of_an_open_petition(organizer: Client, petition: Petition) -> None:
    path = _path(petition, "correction")
    response = organizer.post(path, {**NOTE, "text_fr": "x" * 601})
    assert field_errors(response) == {"text_fr": ["Shorten the note in French to 600 characters"]}
    assert organizer.post(path, NOTE).status_code == 302
    assert "We are few." in main_text(Client().get(f"/en/petitions/{petition.slug}/"))
    assert "We are few." in main_text(organizer.get(path))


# --- pages, questions, guides ----------------------------------------------------------------


@pytest.fixture
def page(writer: User) -> Page:
    made = Page.objects.create(
        slug="about",
        **{f"title_{each}": "Title" for each in ("en", "fr", "km")},
        **{f"body_{each}": "Founded in 2016." for each in ("en", "fr")},
    )
    texts.record(made, by=writer)
    return made


def test_a_page_goes_through_the_same_gate(organizer: Client, page: Page, writer: User) -> None:
    path = f"/desk/texts/page/{page.pk}/"
    assert path in organizer.get("/desk/texts/").content.decode()
    assert "English 0 of 2 approved" in main_text(organizer.get("/desk/texts/"))
    assert "Khmer 0 of 2 approved 1 missing · 1 draft" in main_text(organizer.get(path))
    assert _buttons(people.log_in(writer), path) == []
    assert _press(organizer, path, "all:fr").status_code == 302
    assert _approved() == {("title", "fr"), ("body", "fr")}
    assert _press(organizer, path, "body:km").status_code == 422


def test_a_guide_has_its_steps_in_the_table(organizer: Client) -> None:
    guide = Guide.objects.create(slug="sign", title_en="How", intro_en="So")
    GuideStep.objects.create(guide=guide, position=1, title_en="Open", text_en="Open it")
    page = read(organizer.get(f"/desk/texts/guide/{guide.pk}/"))
    rows = [each.text for each in page.one("form", id="texts").all("h3")]
    assert rows == ["Title", "Introduction", "Step 1", "Text of step 1"]


def test_a_change_in_the_back_office_is_somebodys(page: Page, organizer: Client) -> None:
    admin = people.person(Role.ADMIN, superuser=True)
    client = people.log_in(admin)
    path = f"/admin/newsroom/page/{page.pk}/change/"
    form = {"slug": "about", "position": "0"} | {
        f"{field}_{each}": getattr(page, f"{field}_{each}") or ""
        for field in ("title", "body")
        for each in ("en", "fr", "km")
    }
    assert client.post(path, form | {"body_km": "បង្កើតឆ្នាំ 2016។"}).status_code == 302
    row = TranslationState.objects.get(field="body", language="km")
    assert (row.status, row.written_by) == (TextStatus.DRAFT, admin)
    assert _press(client, f"/desk/texts/page/{page.pk}/", "body:km").status_code == 422


@pytest.mark.parametrize("path", ["nonsense/1/", "page/999999/"])
def test_an_unknown_text_is_not_found(organizer: Client, path: str) -> None:
    assert organizer.get(f"/desk/texts/{path}").status_code == 404
