"""The guide's pictures: all there, as large as the page says, light, and given to pass on."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from campaign.newsroom import guide_pictures
from tests.factories import news
from tests.pages import Element, browser, read

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "fr", "km")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_five_twice_as_fine_as_shown_and_light(language: str) -> None:
    for step in range(1, 6):
        path = Path(str(finders.find(guide_pictures.name(language, step))))
        assert path.stat().st_size <= 24 * 1024
        with Image.open(path) as picture:
            assert picture.size == (2 * guide_pictures.WIDTH, 2 * guide_pictures.HEIGHT)


@pytest.mark.parametrize(
    ("slug", "steps", "number"), [("this-site", 5, 5), ("this-site", 4, 0), ("house-site", 5, 0)]
)
def test_only_the_five_steps_here_have_pictures(
    client: Client, slug: str, steps: int, number: int
) -> None:
    news.guide(slug, steps=steps)
    found = read(client.get("/km/how-to-sign/")).all("img")
    assert len(found) == number
    assert {image.attributes["loading"] for image in found} <= {"lazy"}
    assert all(image.attributes["alt"] and image.attributes["width"] for image in found)


# --- to pass on ------------------------------------------------------------------------------


def downloads(page: Element) -> list[tuple[str, str]]:
    links = [each.attributes for each in page.all("a") if "download" in each.attributes]
    return [(link["href"], link["download"]) for link in links]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_step_is_given_to_pass_on_and_all_of_them_at_the_end(language: str) -> None:
    news.guide()
    page = read(browser().get(f"/{language}/how-to-sign/"))
    each = [
        (f"/{language}/how-to-sign/step-{step}.png", f"how-to-sign-{language}-{step}.png")
        for step in range(1, 6)
    ]
    whole = (f"/{language}/how-to-sign/steps.png", f"how-to-sign-{language}.png")
    assert downloads(page.one("section", id="this-site")) == each
    assert downloads(page.one("section", id="pass-on")) == [whole, *each]


def test_a_shared_link_shows_the_five_pictures_and_says_what_they_show() -> None:
    news.guide()
    shown = {
        each.attributes["property"]: each.attributes["content"]
        for each in read(browser().get("/fr/how-to-sign/")).all("meta")
        if "property" in each.attributes
    }
    assert shown["og:image"] == "http://testserver/fr/how-to-sign/card.png"
    assert shown["og:image:alt"] == (
        "title fr · 1. step 1 fr · 2. step 2 fr · 3. step 3 fr · 4. step 4 fr · 5. step 5 fr"
    )


def test_a_guide_without_pictures_gives_none_to_pass_on() -> None:
    news.guide(steps=4)
    page = read(browser().get("/en/how-to-sign/"))
    assert downloads(page) == []
    assert not [each for each in page.all("meta") if "property" in each.attributes]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_guide_is_a_text_to_paste_with_the_way_to_its_page(language: str) -> None:
    no_note = {f"note_{code}": "" for code in LANGUAGES}
    news.guide()
    news.guide("house-site", steps=1, position=1, **no_note)
    page = read(browser().get(f"/{language}/how-to-sign/")).one("section", id="pass-on")
    fields = page.all("textarea")
    ours, theirs = ("".join(map(str, field.children)) for field in fields)
    assert ours.split("\n\n") == [
        f"title {language}",
        f"intro {language}",
        *(f"{step}. step {step} {language}\ntext {language}" for step in range(1, 6)),
        f"note {language}",
        f"http://testserver/{language}/how-to-sign/#this-site",
    ]
    assert theirs.split("\n\n")[-2:] == [
        f"1. step 1 {language}\ntext {language}",
        f"http://testserver/{language}/how-to-sign/#house-site",
    ]
    assert all("readonly" in field.attributes for field in fields)
    copied = {each.attributes.get("data-copy") for each in page.all("button")}
    assert {each.attributes["id"] for each in fields} < copied


def test_a_borrowed_text_to_paste_names_its_language() -> None:
    news.guide(title_km="")
    page = read(browser().get("/km/how-to-sign/")).one("section", id="pass-on")
    assert page.one("textarea").attributes["lang"] == "en-CA"
