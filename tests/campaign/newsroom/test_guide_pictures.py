"""The pictures of the guide's steps: all there, as large as the page says, and light."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from campaign.newsroom import guide_pictures
from campaign.newsroom.models import Guide, GuideStep
from tests.pages import read

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "fr", "km")


def _guide(slug: str, steps: int) -> None:
    guide = Guide.objects.create(slug=slug, title_en="Sign", intro_en="Here.")
    for position in range(1, steps + 1):
        GuideStep.objects.create(guide=guide, position=position, title_en="Step", text_en="Press.")


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
    _guide(slug, steps)
    found = read(client.get("/km/how-to-sign/")).all("img")
    assert len(found) == number
    assert {image.attributes["loading"] for image in found} <= {"lazy"}
    assert all(image.attributes["alt"] and image.attributes["width"] for image in found)
