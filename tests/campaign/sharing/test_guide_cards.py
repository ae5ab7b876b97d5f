"""The steps of signing as pictures: their size and weight, what stands on them, and when not."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from PIL import Image
from pypdf import PdfReader

from campaign.demo import loading
from campaign.newsroom.models import GuideStep
from campaign.parliament import typesetting
from campaign.sharing import drawing, guide_cards
from petitions.views import kept
from tests.factories import news

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "fr", "km")
_HEAVIEST = 150 * 1024


def address(name: str, language: str = "en") -> str:
    return f"/{language}/how-to-sign/{name}.png"


def data(name: str, language: str = "en") -> dict[str, Any]:
    with translation.override(language):
        found = guide_cards.data(name)
    assert found is not None
    return found


def words(part: dict[str, Any]) -> str:
    return "".join(run["text"] for run in part["runs"])


# --- what it is ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_have_the_size_that_networks_show_and_are_light(language: str) -> None:
    loading.load_pages()
    found = {}
    for name, (width, height, _only) in guide_cards.NAMES.items():
        response = Client().get(address(name, language))
        assert (response.status_code, response["Content-Type"]) == (200, "image/png")
        with Image.open(BytesIO(response.content)) as picture:
            assert picture.size == (width, height)
        found[name] = response.content
    assert [name for name, content in found.items() if len(content) > _HEAVIEST] == []
    assert len(set(found.values())) == len(guide_cards.NAMES) == 7
    assert drawing.PLAIN.read_bytes() not in found.values()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_is_one_page_with_its_step_and_the_guides_address(language: str) -> None:
    loading.load_pages()
    for name, (_width, _height, only) in guide_cards.NAMES.items():
        shown = data(name, language)
        drawn = typesetting._compile("guide", shown, format="pdf")
        (page,) = PdfReader(BytesIO(drawn)).pages
        assert len(page.images) == (1 if only else 5)
        text = page.extract_text()
        assert (f"testserver/{language}/how-to-sign" in text) is (name != "card")
        for step in shown["steps"]:
            assert str(step["number"]) in text
            assert language == "km" or words(step["title"]).replace("'", "’").split()[0] in text
        fonts = {
            font.get_object()["/BaseFont"].partition("+")[2]
            for font in page["/Resources"]["/Font"].values()
        }
        assert ("NotoSansKhmer-Bold" in fonts) is (language == "km")


def test_a_step_shows_its_own_picture_and_words_and_all_steps_show_all() -> None:
    news.guide()
    (third,) = data("step-3", "fr")["steps"]
    assert (third["number"], words(third["title"]), words(third["text"])) == (
        3,
        "step 3 fr",
        "text fr",
    )
    for name in ("steps", "card"):
        shown = data(name, "fr")
        assert [step["number"] for step in shown["steps"]] == [1, 2, 3, 4, 5]
        assert shown["steps"][2] == third
    pictures = {step["picture"] for step in data("steps", "fr")["steps"]}
    pictures |= {step["picture"] for step in data("steps", "km")["steps"]}
    assert len(pictures) == 10


def test_words_of_buttons_stay_bold_and_spaces_of_french_unbroken() -> None:
    news.guide()
    GuideStep.objects.update(text_fr="Lisez\u00a0:\nappuyez sur **Signer**.")
    assert data("step-1", "fr")["steps"][0]["text"] == {
        "language": "fr",
        "runs": [
            {"text": "Lisez\u00a0: appuyez sur ", "bold": False},
            {"text": "Signer", "bold": True},
            {"text": ".", "bold": False},
        ],
    }


def test_a_borrowed_text_is_set_in_its_own_language() -> None:
    news.guide()
    GuideStep.objects.update(text_km="")
    (step,) = data("step-1", "km")["steps"]
    assert (step["title"]["language"], step["text"]["language"]) == ("km", "en")


# --- how often it is made, and when not ------------------------------------------------------


def test_whoever_has_it_is_told_so_and_other_words_are_another_one() -> None:
    news.guide()
    first = Client().get(address("step-2"))
    assert first["Cache-Control"] == "public, max-age=86400"
    again = Client(headers={"If-None-Match": first["ETag"]}).get(address("step-2"))
    assert (again.status_code, again.content) == (304, b"")
    GuideStep.objects.filter(position=2).update(title_en="Choose")
    changed = Client(headers={"If-None-Match": first["ETag"]}).get(address("step-2"))
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)


def test_another_picture_of_a_step_is_another_one() -> None:
    news.guide()
    shown = data("step-2")
    (step,) = shown["steps"]
    other = {**shown, "steps": [{**step, "picture": step["picture"][::-1]}]}
    assert drawing.tag("guide", shown) != drawing.tag("guide", other)


def test_a_fault_gives_the_plain_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_template: str, _data: object) -> bytes:
        raise typesetting.TypesettingError("no typst")

    monkeypatch.setattr(typesetting, "picture", fail)
    news.guide()
    response = Client().get(address("steps", "km"))
    assert (response.status_code, response["Cache-Control"]) == (200, "public, max-age=60")
    assert response.content == drawing.PLAIN.read_bytes()


@pytest.mark.parametrize("name", ["step-0", "step-6", "step", "steps-1", "step-1-2", "plain"])
def test_there_are_no_other_pictures_and_nothing_is_kept_of_their_names(name: str) -> None:
    news.guide()
    before = len(kept._kept)
    assert Client().get(address(name)).status_code == 404
    assert len(kept._kept) == before


def test_a_guide_without_its_five_steps_has_none() -> None:
    assert Client().get(address("steps")).status_code == 404
    news.guide(steps=4)
    assert Client().get(address("steps")).status_code == 404
