"""Decisions on the desk: who keeps copies of official texts, and what is said of each."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campaign.accounts.roles import Role
from campaign.newsroom.domain import documents
from campaign.newsroom.models import Document, Resolution
from petitions import clock
from petitions.models import AuditEvent
from tests.factories import people
from tests.factories import resolutions as make
from tests.pages import field_errors, heading, main_text, read

pytestmark = pytest.mark.django_db
LIST = "/desk/resolutions/"


def _path(resolution: Resolution, page: str = "") -> str:
    return f"{LIST}{resolution.pk}/{page}"


def _form(content: bytes = b"", *, name: str = "text.pdf", **fields: str) -> dict[str, Any]:
    file = SimpleUploadedFile(name, content or make.pdf(), content_type="application/pdf")
    return {"file": file, "source_url": make.SOURCE, "retrieved_on": "2018-11-02", **fields}


def _links(response: HttpResponse) -> set[str]:
    return {each.attributes["href"] for each in read(response).one("main").all("a")}


# --- looking ---------------------------------------------------------------------------------


def test_the_list_says_of_which_decisions_copies_are_kept(
    translator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.document(make.resolution(title_en="Kept"), content=make.pdf(size=4096))
    translator.get(LIST)
    with django_assert_num_queries(5):
        translator.get(LIST)
    make.resolution(title_en="Not kept")
    make.document(make.document().resolution, "fr")
    with django_assert_num_queries(5):
        page = read(translator.get(LIST)).one("main")
    rows = {
        row.one("h2").text: row.one("ul", class_="facts-row").text
        for row in page.one("ul", class_="rows").all("li")
        if row.all("h2")
    }
    assert rows["Kept"] == "PDF, English, 4\u00a0KB"
    assert rows["Not kept"] == "No copy of the official text is kept."


def test_without_decisions_the_list_says_so(translator: Client) -> None:
    assert "No decision stands here yet." in main_text(translator.get(LIST))


def test_a_page_has_a_place_for_each_language_of_the_official_text(organizer: Client) -> None:
    row = make.resolution(official_languages="fr")
    links = _links(organizer.get(_path(row)))
    assert _path(row, "documents/fr/") in links
    assert _path(row, "documents/en/") not in links
    assert _path(row, "documents/fr/remove/") not in links
    assert f"/en/resolutions/{row.slug}/" in links
    for language in ("en", "km", "de"):
        assert organizer.get(_path(row, f"documents/{language}/")).status_code == 404


def test_a_copy_in_a_language_that_is_none_any_more_can_only_be_removed(
    organizer: Client,
) -> None:
    row = make.document().resolution
    Resolution.objects.update(official_languages="fr")
    links = _links(organizer.get(_path(row)))
    assert _path(row, "documents/en/") not in links
    assert _path(row, "documents/en/remove/") in links


def test_a_translator_sees_the_copies_and_changes_none(translator: Client) -> None:
    kept = make.document()
    page = translator.get(_path(kept.resolution))
    assert kept.get_absolute_url() in _links(page)
    assert not [link for link in _links(page) if "/documents/" in link]
    assert "ask an organizer" in main_text(page)
    for page_name in ("documents/en/", "documents/en/remove/"):
        assert translator.post(_path(kept.resolution, page_name), _form()).status_code == 403
    assert Document.objects.count() == 1


def test_only_whoever_may_change_the_texts_is_led_to_the_back_office() -> None:
    row = make.resolution()
    admin_page = f"/admin/newsroom/resolution/{row.pk}/change/"
    for superuser in (True, False):
        client = people.log_in(people.person(Role.ADMIN, superuser=superuser))
        assert (admin_page in _links(client.get(_path(row)))) == superuser


# --- keeping ---------------------------------------------------------------------------------


def test_a_copy_is_kept_and_everybody_has_it(organizer: Client) -> None:
    row = make.resolution()
    response = organizer.post(_path(row, "documents/fr/"), _form(make.pdf("texte")))
    assert response["Location"] == _path(row)
    kept = Document.objects.get()
    assert (kept.resolution, kept.language, kept.source_url) == (row, "fr", make.SOURCE)
    assert kept.added_by is not None
    assert kept.added_by.role == Role.ORGANIZER
    assert Client().get(kept.get_absolute_url()).content == make.pdf("texte")
    assert kept.sha256 in main_text(organizer.get(_path(row)))


def test_the_form_begins_with_what_is_most_often_right(organizer: Client) -> None:
    row = make.resolution(official_url="https://example.org/decision")
    form = read(organizer.get(_path(row, "documents/en/"))).one("main").one("form")
    assert form.attributes["enctype"] == "multipart/form-data"
    assert _values(organizer, row) == ("https://example.org/decision", f"{clock.today():%Y-%m-%d}")
    make.document(row)
    assert _values(organizer, row) == (make.SOURCE, f"{clock.today():%Y-%m-%d}")


def _values(client: Client, row: Resolution) -> tuple[str, str]:
    form = read(client.get(_path(row, "documents/en/"))).one("main").one("form")
    source, day = (form.one("input", name=name) for name in ("source_url", "retrieved_on"))
    return source.attributes["value"], day.attributes["value"]


def test_before_a_copy_is_replaced_the_page_says_what_becomes_of_it(organizer: Client) -> None:
    row = make.resolution()
    erased = "The copy kept now is erased."
    assert erased not in main_text(organizer.get(_path(row, "documents/en/")))
    old = make.document(row)
    page = main_text(organizer.get(_path(row, "documents/en/")))
    assert (erased in page, old.sha256 in page) == (True, True)
    organizer.post(_path(row, "documents/en/"), _form(make.pdf("new")))
    assert bytes(Document.objects.get().content) == make.pdf("new")
    assert AuditEvent.objects.filter(kind="document_kept").first().detail["before"] == old.sha256


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>not a PDF</html>", "This is no whole PDF."),
        (make.pdf("<</Encrypt 5 0 R>>"), "This PDF is locked."),
        (make.pdf(size=documents.LARGEST + 1), "The file has more than 10 MB"),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_at_its_field(
    organizer: Client, content: bytes, words: str
) -> None:
    row = make.resolution()
    response = organizer.post(_path(row, "documents/en/"), _form(content))
    assert response.status_code == 422
    errors = field_errors(response)
    assert list(errors) == ["file"]
    assert errors["file"][0].startswith(words)
    assert "Browsers forget chosen files" in main_text(response)
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"file": ""}, {"file": ["Choose a file"]}),
        (
            {"file": SimpleUploadedFile("text.pdf", b"")},
            {"file": ["Choose a file"]},
        ),
        (
            {"source_url": "javascript:alert(1)"},
            {"source_url": ["Enter an address like https://www.ipu.org/"]},
        ),
        (
            {"source_url": ""},
            {"source_url": ["Enter an address like https://www.ipu.org/"]},
        ),
        ({"retrieved_on": "yesterday"}, {"retrieved_on": ["Enter a date like 2018-10-24"]}),
        ({"retrieved_on": ""}, {"retrieved_on": ["Enter a date like 2018-10-24"]}),
        ({"retrieved_on": "2999-01-01"}, {"retrieved_on": ["This day is still to come"]}),
        (
            {"retrieved_on": "2018-10-17"},
            {"retrieved_on": ["On this day the text had not been adopted yet"]},
        ),
    ],
)
def test_each_slip_is_said_at_its_field(
    organizer: Client, fields: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    row = make.resolution()
    response = organizer.post(_path(row, "documents/en/"), _form() | fields)
    assert (response.status_code, field_errors(response)) == (422, errors)
    assert not Document.objects.exists()


def test_digits_of_any_script_make_a_day(organizer: Client) -> None:
    row = make.resolution()
    organizer.post(_path(row, "documents/en/"), _form(retrieved_on="២០១៨-១១-០២"))
    assert f"{Document.objects.get().retrieved_on}" == "2018-11-02"


# --- removing --------------------------------------------------------------------------------


def test_a_copy_is_removed_after_a_page_that_says_what_it_means(organizer: Client) -> None:
    kept = make.document()
    path = _path(kept.resolution, "documents/en/remove/")
    page = organizer.get(path)
    assert heading(page) == "Remove the copy in English"
    assert "Of it only the digest stays" in main_text(page)
    assert Document.objects.exists()
    for _turn in range(2):
        assert organizer.post(path)["Location"] == _path(kept.resolution)
    assert not Document.objects.exists()
    assert Client().get(kept.get_absolute_url()).status_code == 404
    assert AuditEvent.objects.filter(kind="document_removed").count() == 1


def test_the_audit_log_names_the_copy_and_both_digests() -> None:
    kept = make.document(make.resolution(slug="ipu"), content=make.pdf("old"))
    new = documents.keep(kept.resolution, make.copy(), by=people.person())
    admin = people.log_in(people.person(Role.ADMIN))
    words = main_text(admin.get("/desk/team/audit/?kind=document_kept"))
    assert f"ipu · English · {kept.sha256} → {new.sha256}" in words
