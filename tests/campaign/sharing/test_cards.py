"""The picture that goes with a shared link: its size, its figures, and who may have it."""

from datetime import date
from io import BytesIO

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
