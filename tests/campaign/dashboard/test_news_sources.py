"""The sources of a post on the desk: rows without scripts, and what readers see of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from campaign.newsroom.domain import sources
from campaign.newsroom.models import Post
from campaign.newsroom.states import PostState
from tests.factories import posts as make
from tests.pages import field_errors, heading, main_text, read, summary

pytestmark = pytest.mark.django_db
SOURCE = {
    "title_1": "  Une résolution ",
    "publisher_1": "Parlement européen",
    "language_1": "fr",
    "url_1": "HTTPS://www.example.org/fr?a=b",
    "published_on_1": "2018-09-13",
}


def _path(post: Post) -> str:
    return f"/desk/news/{post.pk}/sources/"


def _form(client: Client, post: Post) -> dict[str, str]:
    """The page's fields as they stand; boxes are not ticked."""
    form = read(client.get(_path(post))).one("form", id="sources")
    inputs = [
        each.attributes for each in form.all("input") if each.attributes["type"] != "checkbox"
    ]
    chosen = {
        each.attributes["name"]: next(
            (one.attributes["value"] for one in each.all("option") if "selected" in one.attributes),
            "",
        )
        for each in form.all("select")
    }
    return {each["name"]: each.get("value", "") for each in inputs} | chosen


def _stored(post: Post) -> list[str]:
    return [source.title for source in sources.of(post)]


# --- writing ---------------------------------------------------------------------------------


def test_a_source_is_kept_as_it_was_typed(translator: Client) -> None:
    post = make.post()
    response = translator.post(_path(post), _form(translator, post) | SOURCE)
    assert response["Location"] == f"/desk/news/{post.pk}/"
    assert sources.of(post) == [
        sources.Source(
            title="Une résolution",
            publisher="Parlement européen",
            language="fr",
            url="https://www.example.org/fr?a=b",
            published_on=date(2018, 9, 13),
        )
    ]
    page = translator.get(f"/desk/news/{post.pk}/")
    assert "Une résolution" in main_text(page)
    assert "www.example.org" in main_text(page)


def test_more_than_the_empty_rows_are_added_step_by_step(translator: Client) -> None:
    post = make.post()
    rows = {f"{name}_2": value for name, value in (("title", "Two"), ("language", "km"))}
    data = _form(translator, post) | SOURCE | rows | {"url_2": "http://example.org/2"}
    response = translator.post(_path(post), data | {"act": "more"})
    assert response["Location"] == f"{_path(post)}#sources"
    fields = _form(translator, post)
    assert [name for name in fields if name.startswith("url_")] == [
        f"url_{number}" for number in range(1, 5)
    ]
    assert (fields["title_2"], fields["language_2"]) == ("Two", "km")
    translator.post(
        _path(post),
        fields | {"title_3": "Three", "language_3": "en", "url_3": "https://example.org/3"},
    )
    assert _stored(post) == ["Une résolution", "Two", "Three"]


def test_a_row_is_removed_by_its_box_or_by_emptying_it(translator: Client) -> None:
    post = make.post()
    for _number in range(3):
        make.source(post)
    emptied = {"title_3": "", "publisher_3": "", "url_3": "", "published_on_3": ""}
    translator.post(_path(post), _form(translator, post) | {"remove_1": "on"} | emptied)
    assert _stored(post) == ["Source 2"]
    assert post.sources.get().position == 1


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"title_1": " "}, {"title_1": ["Enter the title of source 1"]}),
        ({"language_1": ""}, {"language_1": ["Select the language of source 1"]}),
        ({"url_1": ""}, {"url_1": ["Enter the address of source 1"]}),
        ({"published_on_1": "13/9"}, {"published_on_1": ["Enter a date like 2018-10-24"]}),
        ({"title_1": "a" * 201}, {"title_1": ["Shorten it to 200 characters"]}),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(
    translator: Client, typed: dict[str, str], errors: dict[str, list[str]]
) -> None:
    post = make.post()
    response = translator.post(_path(post), _form(translator, post) | SOURCE | typed)
    assert response.status_code == 422
    assert field_errors(response) == errors
    assert not post.sources.exists()
    assert "Parlement européen" in response.content.decode()


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,hi", "ftp://example.org/", "//example.org/", "example"],
)
def test_only_addresses_of_the_web_are_taken(translator: Client, url: str) -> None:
    post = make.post()
    response = translator.post(_path(post), _form(translator, post) | SOURCE | {"url_1": url})
    assert field_errors(response) == {"url_1": ["Enter an address that begins with https://"]}
    assert not post.sources.exists()


def test_a_day_to_come_is_no_day_of_a_source(translator: Client) -> None:
    post = make.post()
    day = {"published_on_1": str(timezone.now().date() + timedelta(days=2))}
    response = translator.post(_path(post), _form(translator, post) | SOURCE | day)
    assert field_errors(response) == {"published_on_1": ["Date must not be in the future"]}


def test_an_address_stands_once(translator: Client) -> None:
    post = make.post()
    again = {name.replace("_1", "_2"): value for name, value in SOURCE.items()}
    response = translator.post(_path(post), _form(translator, post) | SOURCE | again)
    assert field_errors(response) == {"url_2": ["This address stands here already"]}


def test_there_are_no_more_than_readers_would_check(
    translator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = make.post()
    monkeypatch.setattr(sources, "MOST", 2)
    make.source(post)
    fields = _form(translator, post)
    assert "url_3" not in fields
    monkeypatch.setattr(sources, "MOST", 3)
    many = [
        sources.Source(str(number), "", "en", f"https://example.org/{number}", None)
        for number in range(4)
    ]
    with pytest.raises(sources.TextError):
        sources.save(post, many, based_on=sources.digest(post))


def test_what_somebody_saved_meanwhile_is_not_overwritten_unseen(translator: Client) -> None:
    post = make.post()
    data = _form(translator, post) | SOURCE
    make.source(post, title="Theirs")
    response = translator.post(_path(post), data)
    assert response.status_code == 422
    assert "Somebody else changed the sources meanwhile" in summary(response)[0][0]
    assert _stored(post) == ["Theirs"]
    page = read(response)
    assert page.one("main").one("a", href="https://example.org/1").text == "Theirs"
    again = data | {"based_on": page.one("input", name="based_on").attributes["value"]}
    translator.post(_path(post), again)
    assert _stored(post) == ["Une résolution"]


# --- who may, and when -----------------------------------------------------------------------


def test_of_a_published_post_a_note_is_asked_for(organizer: Client) -> None:
    post = make.published()
    make.source(post)
    page = read(organizer.get(_path(post)))
    assert [each.text for each in page.all("button") if each.attributes.get("name") == "act"] == [
        "Save"
    ]
    data = _form(organizer, post) | {"title_1": "Better named", "act": "more"}
    response = organizer.post(_path(post), data, follow=True)
    assert heading(response) == "Add a correction"
    assert "Tell them by a note what it was." in response.content.decode()
    assert _stored(post) == ["Better named"]


def test_what_everybody_reads_is_changed_by_whoever_may_publish(translator: Client) -> None:
    post = make.published()
    make.source(post)
    page = translator.get(_path(post))
    assert "Somebody who may publish can change them." in main_text(page)
    assert not read(page).one("main").all("input", name="url_1")
    data: dict[str, Any] = {**SOURCE, "based_on": sources.digest(post)}
    assert translator.post(_path(post), data).status_code == 422
    assert _stored(post) == ["Source 1"]


@pytest.mark.parametrize("state", ["scheduled", "withdrawn"])
def test_a_post_that_stays_as_it_is_keeps_its_sources(organizer: Client, state: str) -> None:
    at = timezone.now() + timedelta(days=1)
    post = (
        make.published(published_at=at)
        if state == "scheduled"
        else make.published(state=PostState.WITHDRAWN)
    )
    assert not read(organizer.get(_path(post))).one("main").all("input", name="url_1")
    response = organizer.post(_path(post), {**SOURCE, "based_on": sources.digest(post)})
    assert response.status_code == 422
    assert not post.sources.exists()


# --- what is read ----------------------------------------------------------------------------


def test_the_preview_shows_them(translator: Client) -> None:
    post = make.post()
    make.source(post)
    page = read(translator.get(f"/desk/news/{post.pk}/preview/?lang=fr"))
    assert page.one("article").one("a", href="https://example.org/1").text == "Source 1"
