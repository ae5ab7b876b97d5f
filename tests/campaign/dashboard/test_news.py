"""News on the desk: what each role finds, writes, and shows to everybody."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campaign.accounts.roles import Role
from campaign.newsroom import texts
from campaign.newsroom.models import Photo, Post, PostCorrection, Tag
from campaign.newsroom.states import PostState
from petitions.models import TranslationState
from tests.factories import people
from tests.factories import posts as make
from tests.pages import field_errors, heading, main_text, read, summary

pytestmark = pytest.mark.django_db
NOTE = {"text_en": "It was Monday.", "text_fr": "C'était lundi.", "text_km": "គឺថ្ងៃចន្ទ។"}


def _path(post: Post, page: str = "") -> str:
    return f"/desk/news/{post.pk}/{page}"


def _form(client: Client, post: Post) -> dict[str, str]:
    """The text page's fields as they stand."""
    form = read(client.get(_path(post, "text/"))).one("form", id="texts")
    fields = {each.attributes["name"]: each.attributes["value"] for each in form.all("input")}
    return fields | {each.attributes["name"]: each.text for each in form.all("textarea")}


def _upload(content: bytes) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("20180629_002454.jpg", content)}


def _links(response: HttpResponse) -> set[str]:
    found = read(response).one("main").all("a")
    return {each.attributes["href"].rstrip("/").rpartition("/")[2] for each in found}


# --- list and beginning ----------------------------------------------------------------------


def test_the_list_says_where_each_post_stands(
    organizer: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.photo(make.post(title_en="Being written"))
    path = "/desk/news/"
    organizer.get(path)
    with django_assert_num_queries(8):
        organizer.get(path)
    make.approved(make.published(title_en="Read"))
    make.published(title_en="To come", published_at=timezone.now() + timedelta(days=1))
    with django_assert_num_queries(8):
        page = read(organizer.get(path)).one("main")
    rows = [each for each in page.one("ul", class_="rows").all("li") if each.all("h2")]
    found = [(row.one("h2").text, row.one("span", class_="tag").text) for row in rows]
    assert found == [("Being written", "Draft"), ("To come", "Scheduled"), ("Read", "Published")]
    assert "English 0 of 4 approved" in rows[0].text
    assert "Khmer 3 of 3 approved" in rows[2].text


def test_a_long_list_has_pages(organizer: Client) -> None:
    Post.objects.bulk_create(Post(slug=f"p-{number}") for number in range(21))
    assert "Page 1 of 2" in main_text(organizer.get("/desk/news/"))
    assert len(read(organizer.get("/desk/news/?page=2")).one("main").all("h2")) == 1


def test_a_post_is_begun_with_a_title(translator: Client) -> None:
    data = {"language": "en", "title": "A meeting", "slug": ""}
    response = translator.post("/desk/news/new/", data)
    post = Post.objects.get()
    assert response["Location"] == _path(post, "text/")
    again = translator.post("/desk/news/new/", data)
    assert field_errors(again) == {"slug": ["The address “a-meeting” is taken: enter another one"]}


# --- texts -----------------------------------------------------------------------------------


def test_texts_are_written_and_the_writer_is_noted(translator: Client) -> None:
    post = make.post()
    data = _form(translator, post) | {"title_km": "ជំនួប", "body_en": "## One\n\n- two"}
    response = translator.post(_path(post, "text/"), data)
    assert response["Location"] == _path(post)
    post.refresh_from_db()
    assert (post.title_km, post.body_en) == ("ជំនួប", "## One\n\n- two")
    assert (
        TranslationState.objects.get(field="title", language="km").written_by.role == "translator"
    )


def test_a_text_that_is_too_long_is_kept_and_said(translator: Client) -> None:
    post = make.post()
    data = _form(translator, post) | {"title_fr": "a" * 121}
    response = translator.post(_path(post, "text/"), data)
    assert response.status_code == 422
    assert field_errors(response) == {
        "title_fr": ["Shorten “Title” (French) to 120 characters: it has 121"]
    }
    assert "a" * 121 in response.content.decode()


def test_what_somebody_saved_meanwhile_stands_beside(translator: Client) -> None:
    post = make.post()
    data = _form(translator, post) | {"title_en": "Mine"}
    Post.objects.update(title_en="Theirs")
    response = translator.post(_path(post, "text/"), data)
    assert response.status_code == 422
    assert "Saved meanwhile: Theirs" in main_text(response)
    again = {**data, "based_on": read(response).one("input", name="based_on").attributes["value"]}
    translator.post(_path(post, "text/"), again)
    post.refresh_from_db()
    assert post.title_en == "Mine"


def test_the_button_shows_what_was_typed_and_stores_nothing(translator: Client) -> None:
    post = make.post()
    data = _form(translator, post) | {"body_km": "## ចំណង", "act": "preview"}
    page = read(translator.post(_path(post, "text/"), data))
    assert page.one("div", id="id_body_km_preview").one("h2").text == "ចំណង"
    assert "Not saved yet" in page.one("main").text
    post.refresh_from_db()
    assert post.body_km == "body km"


def test_the_live_preview_answers_with_safe_html(translator: Client) -> None:
    data = {"language": "fr", "text": "{retention_months}\n\n<script>x</script> **[a](data:x)**"}
    response = translator.post("/desk/news/preview/", data)
    html = response.content.decode()
    assert "&lt;script&gt;" in html
    assert "href" not in html
    assert response["Cache-Control"] == "no-store"


def test_a_live_preview_needs_the_token_of_the_page() -> None:
    user = people.person()
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.post("/desk/news/preview/", {"text": "a"}).status_code == 403


def test_what_everybody_reads_is_changed_by_whoever_may_publish(
    organizer: Client, translator: Client
) -> None:
    post = make.published()
    data = _form(organizer, post) | {"title_en": "Changed"}
    refused = translator.post(_path(post, "text/"), data)
    assert refused.status_code == 422
    assert "ask an organizer to change the texts" in main_text(refused)
    assert read(translator.get(_path(post, "text/"))).one("form", id="texts").all("textarea") == []
    response = organizer.post(_path(post, "text/"), data)
    assert response["Location"] == _path(post, "correct/")
    assert "Tell them by a note" in main_text(organizer.get(response["Location"]))
    post.refresh_from_db()
    assert post.title_en == "Changed"


def test_the_gate_leads_to_the_texts_and_back(translator: Client) -> None:
    post = make.post()
    make.photo(post)
    page = read(translator.get(f"/desk/texts/post/{post.pk}/")).one("main")
    hrefs = {each.attributes["href"] for each in page.all("a")}
    assert {_path(post), f"{_path(post)}text/#id_alt_1_km"} <= hrefs
    assert "What photograph 1 shows" in page.text
    # Pages and questions have that list; news their own.
    assert "title en" not in main_text(translator.get("/desk/texts/"))


def test_the_preview_shows_one_language_with_its_photographs(translator: Client) -> None:
    post = make.post(body_fr="**Attention**\n\nTexte", author_fr="Dara")
    post.tags.add(Tag.objects.create(slug="vote", name_fr="Élections"))
    photo = make.photo(post)
    sheet = read(translator.get(_path(post, "preview/"), {"lang": "fr"})).one("article")
    assert sheet.attributes["lang"] == "fr-CA"
    assert sheet.one("img").attributes["alt"] == photo.alt_fr
    assert [each.text for each in sheet.all("h2")] == ["title fr", "Attention"]
    assert "Élections" in sheet.text
    assert "Dara" in sheet.text


# --- photographs -----------------------------------------------------------------------------


def test_a_photograph_is_taken_in_moved_and_removed(translator: Client) -> None:
    post = make.post()
    for colour in ("navy", "maroon"):
        translator.post(_path(post, "photos/"), _upload(make.jpeg(colour=colour)))
    first, second = Photo.objects.all()
    text = main_text(translator.get(_path(post)))
    assert "What it shows is missing in: English, French, Khmer" in text
    translator.post(_path(post, f"photos/{second.pk}/"), {"act": "up"})
    translator.post(_path(post, f"photos/{first.pk}/"), {"act": "remove"})
    assert list(Photo.objects.values_list("pk", "position")) == [(second.pk, 1)]


def test_what_is_refused_is_said_at_the_field(translator: Client) -> None:
    post = make.post()
    heic = BytesIO(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic").getvalue()
    response = translator.post(_path(post, "photos/"), _upload(heic))
    assert response.status_code == 422
    assert "This is a HEIC file" in summary(response)[0][0]
    response = translator.post(_path(post, "photos/"), {})
    assert field_errors(response) == {"file": ["Choose a file"]}


# --- steps -----------------------------------------------------------------------------------


def test_a_draft_says_what_is_missing_and_who_publishes(
    organizer: Client, translator: Client
) -> None:
    post = make.post(summary_km="")
    assert "Summary in Khmer is missing." in main_text(translator.get(_path(post)))
    assert "publish" not in _links(translator.get(_path(post)))
    assert "publish" in _links(organizer.get(_path(post)))
    page = organizer.get(_path(post, "publish/"))
    assert "This is not possible yet:" in main_text(page)
    assert read(page).one("main").all("form") == []
    response = organizer.post(_path(post, "publish/"), {"opening": "at_once"})
    assert response.status_code == 422
    assert not Post.objects.public().exists()


def test_an_approved_post_is_published_at_once_or_later_and_taken_back(organizer: Client) -> None:
    post = make.approved(make.post())
    past = {"opening": "later", "date": "2018-10-24", "time": "09:00"}
    response = organizer.post(_path(post, "publish/"), past)
    assert field_errors(response) == {"date": ["Enter a day and a time that are still to come"]}
    organizer.post(_path(post, "publish/"), past | {"date": "2099-10-24"})
    text = main_text(organizer.get(_path(post)))
    assert "It appears on October 24, 2099, 9:00 a.m. (EDT)." in text.replace("\xa0", " ")
    organizer.post(_path(post, "take-back/"))
    assert "A draft that only the desk sees." in main_text(organizer.get(_path(post)))
    organizer.post(_path(post, "publish/"), {"opening": "at_once", "date": "", "time": ""})
    assert Post.objects.public().get() == post
    organizer.post(_path(post, "take-back/"))
    assert "It has appeared." in main_text(organizer.get(_path(post)))
    assert Post.objects.public().get() == post


def test_a_correction_stands_on_the_desk_too(organizer: Client) -> None:
    post = make.published()
    response = organizer.post(_path(post, "correct/"), {**NOTE, "text_km": ""})
    assert field_errors(response) == {"text_km": ["Enter the note in Khmer"]}
    organizer.post(_path(post, "correct/"), NOTE)
    assert PostCorrection.objects.get().text_fr == "C'était lundi."
    assert "It was Monday." in main_text(organizer.get(_path(post)))
    assert organizer.get(_path(make.post(), "correct/")).status_code == 404


def test_a_post_is_withdrawn_after_a_page_that_says_what_it_means(organizer: Client) -> None:
    post = make.published()
    assert "It cannot be brought back." in main_text(organizer.get(_path(post, "withdraw/")))
    organizer.post(_path(post, "withdraw/"))
    post.refresh_from_db()
    assert post.state == PostState.WITHDRAWN
    page = organizer.get(_path(post))
    assert "Its address says that it was removed." in main_text(page)
    assert {"publish", "withdraw", "correct"} & _links(page) == set()


def test_details_are_changed_until_it_is_published(organizer: Client) -> None:
    tag = Tag.objects.create(slug="vote", name_en="Vote")
    post = make.post()
    organizer.post(_path(post), {"slug": "Better", "tags": [str(tag.pk)]})
    post.refresh_from_db()
    assert (post.slug, list(post.tags.all())) == ("better", [tag])
    Post.objects.update(state=PostState.PUBLISHED, published_at=timezone.now())
    organizer.post(_path(post), {"slug": "worse", "tags": []})
    post.refresh_from_db()
    assert (post.slug, list(post.tags.all())) == ("better", [])


# --- a journey -------------------------------------------------------------------------------


def test_the_back_office_looks_and_deletes_drafts_alone() -> None:
    admin = people.log_in(people.person(Role.ADMIN, superuser=True))
    draft, post = make.post(), make.published()
    for found, status in ((draft, 200), (post, 403)):
        path = f"/admin/newsroom/post/{found.pk}/"
        assert read(admin.get(f"{path}change/")).all("input", name="_save") == []
        assert admin.get(f"{path}delete/").status_code == status
    tag = Tag.objects.create(slug="vote", name_en="Vote")
    post.tags.add(tag)
    admin.post(f"/admin/newsroom/tag/{tag.pk}/change/", {"slug": "vote", "name_en": "Ballot"})
    post.refresh_from_db()
    assert "ballot" in post.search


def test_from_a_phone_photograph_to_three_languages() -> None:
    """Written and photographed by one person in Khmer, approved and published by another."""
    writer = people.log_in(people.person(Role.TRANSLATOR, language="km"))
    organizer = people.log_in(people.person(Role.ORGANIZER, language="km"))
    writer.post("/desk/news/new/", {"language": "km", "title": "ជំនួបនៅអូតាវ៉ា", "slug": "ottawa"})
    post = Post.objects.get()
    writer.post(_path(post, "photos/"), _upload(make.jpeg(1200, 900)))
    words = {"en": "A meeting", "fr": "Une rencontre", "km": "ជំនួបនៅអូតាវ៉ា"}
    data = _form(writer, post)
    for name in ("title", "summary", "body", "alt_1"):
        data |= {f"{name}_{language}": text for language, text in words.items()}
    assert writer.post(_path(post, "text/"), data)["Location"] == _path(post)
    assert heading(organizer.get(_path(post))) == "ជំនួបនៅអូតាវ៉ា"

    gate = f"/desk/texts/post/{post.pk}/"
    for language in words:
        based_on = read(organizer.get(gate)).one("input", name="based_on").attributes["value"]
        organizer.post(gate, {"based_on": based_on, "approve": f"all:{language}"})
    organizer.post(_path(post, "publish/"), {"opening": "at_once", "date": "", "time": ""})
    assert Post.objects.public().get() == post
    for source in texts.rows("post").get().photos.get().files.all():
        assert Client().get(source.get_absolute_url()).status_code == 200
