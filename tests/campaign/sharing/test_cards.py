"""The picture that goes with a shared link: its size, its figures, and how often it is made."""

from datetime import date
from io import BytesIO
from threading import Event, Thread

import pytest
from django.test import Client
from django.utils import translation
from PIL import Image
from pypdf import PdfReader

from campaign.parliament import typesetting
from campaign.sharing import cards, drawing
from petitions.domain import counting
from petitions.models import Petition, Tally, TallyDay
from petitions.states import PetitionKind
from tests.factories import petitions as make
from tests.routes import removed_petition

pytestmark = pytest.mark.django_db

_LONG = "សូមកាណាដារក្សាការសន្យា ដើម្បីការបោះឆ្នោតដោយសេរី និងយុត្តិធម៌នៅកម្ពុជា " * 2
_HEAVIEST = 80 * 1024


def address(petition: Petition, language: str = "en") -> str:
    return f"/petitions/{petition.slug}/card-{language}.png"


def counted(petition: Petition, number: int) -> None:
    """So many on one day, as the figures of the next day have them."""
    TallyDay.objects.create(petition=petition, day=date(2026, 11, 26), counted=number)
    Tally.objects.filter(petition=petition).update(total=number + 3, figures_day=date(2026, 11, 27))


@pytest.fixture
def making(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The languages of the pictures made, without making any."""
    made: list[str] = []

    def make_one(_template: str, data: dict[str, str]) -> bytes:
        made.append(data["language"])
        return b"picture"

    monkeypatch.setattr(typesetting, "picture", make_one)
    return made


# --- what it is ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_a_picture_has_the_size_that_networks_ask_for(petition: Petition, language: str) -> None:
    Petition.objects.filter(pk=petition.pk).update(title_km=_LONG[:160])
    counted(petition, 412)
    response = Client().get(address(petition, language))
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert len(response.content) <= _HEAVIEST
    with Image.open(BytesIO(response.content)) as picture:
        assert picture.size == (cards.WIDTH, cards.HEIGHT)


def test_khmer_is_set_in_a_khmer_font(petition: Petition) -> None:
    """The same template as a file whose fonts can be read back."""
    Petition.objects.filter(pk=petition.pk).update(title_km="ឱ្យក្រុមប្រឹក្សា")
    petition.refresh_from_db()
    drawn = typesetting._compile("card", cards.data(petition, "km"), format="pdf")
    page = PdfReader(BytesIO(drawn)).pages[0]
    fonts = page["/Resources"]["/Font"].values()
    assert "NotoSansKhmer-Bold" in {
        font.get_object()["/BaseFont"].partition("+")[2] for font in fonts
    }


def test_the_count_is_of_the_day_and_no_finer(petition: Petition) -> None:
    counted(petition, 412)
    shown = cards.data(petition, "en")
    assert (shown["figure"], shown["foot"]) == ("412", "As of November\u00a027, 2026")
    make.confirmed(petition)
    counting.tally_changed()
    assert cards.data(petition, "en") == shown


def test_few_signatures_show_no_number(petition: Petition) -> None:
    counted(petition, 4)
    shown = cards.data(petition, "en")
    assert (shown["figure"], shown["label"]) == (None, "Be among the first to sign")
    counting.publish_day(petition)
    assert cards.data(petition, "en")["figure"] is None


def test_a_goal_passed_fills_the_bar_and_no_more(petition: Petition) -> None:
    counted(petition, 700)
    assert cards.data(petition, "en")["part"] == 1


def test_a_record_shows_its_state(petition: Petition) -> None:
    record = make.draft_petition(kind=PetitionKind.RECORD)
    with translation.override("km"):
        shown = cards.data(record, "en")
    assert (shown["figure"], shown["title"]) == (None, record.title_en)


# --- how often it is made --------------------------------------------------------------------


def test_one_picture_is_made_for_all_who_ask(petition: Petition, making: list[str]) -> None:
    answers = [Client().get(address(petition, "fr")) for _turn in range(3)]
    assert making == ["fr"]
    assert {each["Cache-Control"] for each in answers} == {"public, max-age=3600"}
    assert len({each["ETag"] for each in answers}) == 1


def test_whoever_has_it_is_told_so_and_nothing_is_made(
    petition: Petition, making: list[str]
) -> None:
    tag = f'"{drawing.tag("card", cards.data(petition, "en"))}"'
    response = Client(headers={"If-None-Match": tag}).get(address(petition))
    assert (response.status_code, making) == (304, [])


def test_other_figures_are_another_picture(petition: Petition, making: list[str]) -> None:
    first = cards.data(petition, "en")
    counted(petition, 412)
    second = cards.data(petition, "en")
    assert drawing.tag("card", first) != drawing.tag("card", second)
    assert [drawing.picture("card", each) for each in (first, second, first)] == [b"picture"] * 3
    assert making == ["en", "en"]


def test_one_picture_is_made_at_a_time(petition: Petition, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits too long for another one gets the plain one, which is kept for a minute."""
    begun, may_end = Event(), Event()

    def make_slowly(_template: str, _data: object) -> bytes:
        begun.set()
        may_end.wait(10)
        return b"picture"

    monkeypatch.setattr(typesetting, "picture", make_slowly)
    monkeypatch.setattr(drawing, "_PATIENCE", 0.01)
    other = cards.data(petition, "km")
    worker = Thread(target=drawing.picture, args=["card", other])
    worker.start()
    begun.wait(10)
    response = Client().get(address(petition, "en"))
    may_end.set()
    worker.join()
    assert response.content == drawing.PLAIN.read_bytes()
    assert response["Cache-Control"] == "public, max-age=60"
    assert "ETag" not in response
    assert Client().get(address(petition, "en")).content == b"picture"


def test_a_fault_gives_the_plain_picture_and_is_not_tried_at_each_request(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def fail(template: str, _data: object) -> bytes:
        tried.append(template)
        raise typesetting.TypesettingError("no typst")

    monkeypatch.setattr(typesetting, "picture", fail)
    for _turn in range(2):
        assert Client().get(address(petition)).content == drawing.PLAIN.read_bytes()
    assert tried == ["card"]


def test_the_plain_picture_is_what_its_data_give() -> None:
    with (
        Image.open(drawing.PLAIN) as kept,
        Image.open(BytesIO(typesetting.picture("card", cards.plain_data()))) as made,
    ):
        assert kept.size == (cards.WIDTH, cards.HEIGHT)
        assert kept.convert("RGB").tobytes() == made.convert("RGB").tobytes()


def test_what_nobody_may_read_has_no_picture(petition: Petition) -> None:
    assert Client().get(address(make.draft_petition())).status_code == 404
    assert Client().get(address(removed_petition())).status_code == 410
    assert Client().get(address(petition, "de")).status_code == 404
