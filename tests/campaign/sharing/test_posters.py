"""The poster, read back: what it says, how large, on one page of either paper."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.conf import settings
from django.test import Client
from pypdf import PageObject, PdfReader

from campaign.sharing import posters
from petitions import clock
from petitions.domain import sharing
from petitions.models import Petition
from petitions.states import PetitionKind, PetitionState
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

_KHMER = "សូមកាណាដារក្សាការសន្យា"
_MM = 72 / 25.4


@pytest.fixture
def titled() -> Petition:
    return make.open_petition(
        slug="free-elections",
        title_km=_KHMER,
        title_en="Keep the promise",
        title_fr="Tenir la promesse",
    )


def short_address(petition: Petition) -> posters.Address:
    link = sharing.make_link(petition, place="Temple hall", kind="poster", by=people.person())
    return posters.address_of(link)


def pages(petition: Petition, address: posters.Address, sheet: str) -> list[PageObject]:
    return list(PdfReader(BytesIO(posters.poster(petition, address, sheet))).pages)


def sizes(page: PageObject) -> dict[str, float]:
    """Each piece of text with the size of its letters in points."""
    found: dict[str, float] = {}

    def see(text: str, _cm: object, tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            found[text.strip()] = abs(size * (tm[3] or tm[1]))

    page.extract_text(visitor_text=see)
    return found


@pytest.mark.parametrize("sheet", posters.SHEETS)
def test_a_poster_is_one_page_of_its_paper(titled: Petition, sheet: str) -> None:
    (page,) = pages(titled, short_address(titled), sheet)
    width, height = (round(float(side) / _MM) for side in page.mediabox[2:])
    assert (width, height) == ((216, 279) if sheet.startswith("letter") else (210, 297))


def test_the_longest_asks_still_fit_on_one_page(titled: Petition) -> None:
    for language, text in (("km", _KHMER), ("en", "Keep the promise "), ("fr", "Tenir parole ")):
        setattr(titled, f"title_{language}", (text * 20)[:160])
    for sheet in posters.SHEETS:
        assert len(pages(titled, posters.general_address(titled), sheet)) == 1


def test_a_poster_says_the_ask_the_way_and_who_publishes(titled: Petition) -> None:
    address = short_address(titled)
    (page,) = pages(titled, address, "letter")
    text = re.sub(r"\s+", " ", page.extract_text())
    today = clock.today()
    for part in ("Keep the promise", "Tenir la promesse", address.text, "500"):
        assert part in text, part
    assert text.index("Keep the promise") < text.index("Tenir la promesse")
    for step in ("1.", "2.", "3.", "4.", "5."):
        assert text.count(step) == 3
    assert "Published by the campaign team" in text
    assert f"{today.year}" in text
    assert "Temple" not in text


def test_the_ask_and_the_address_are_large(titled: Petition) -> None:
    address = short_address(titled)
    for sheet in posters.SHEETS:
        (page,) = pages(titled, address, sheet)
        found = sizes(page)
        assert max(found.values()) == pytest.approx(34, abs=0.1)
        assert (
            found[address.text] >= 20
            or max(size for text, size in found.items() if address.text in text) >= 20
        )


def test_the_code_leads_to_the_short_link_and_so_does_the_text(titled: Petition) -> None:
    address = short_address(titled)
    data = posters.poster_data(titled, address, "letter", date(2026, 11, 28))
    assert address.url.startswith(f"{settings.PETITIONS_PUBLIC_BASE_URL}/s/")
    (page,) = pages(titled, address, "letter")
    assert [each.get_object()["/A"]["/URI"] for each in page["/Annots"]] == [address.url]
    assert (
        data["qr"]
        != posters.poster_data(
            titled, posters.general_address(titled), "letter", date(2026, 11, 28)
        )["qr"]
    )


def test_strips_repeat_the_address(titled: Petition) -> None:
    address = short_address(titled)
    (plain,), (torn,) = (pages(titled, address, sheet) for sheet in ("a4", "a4-strips"))
    assert plain.extract_text().count(address.text) == 1
    assert torn.extract_text().count(address.text) == 9


def test_of_one_day_a_poster_is_the_same(titled: Petition) -> None:
    address = posters.general_address(titled)
    assert posters.poster(titled, address, "a4") == posters.poster(titled, address, "a4")


# --- for everybody ---------------------------------------------------------------------------


def test_a_general_poster_leads_to_the_address_without_a_language(titled: Petition) -> None:
    response = Client().get("/petitions/free-elections/poster-letter.pdf")
    assert response["Content-Type"] == "application/pdf"
    (page,) = PdfReader(BytesIO(response.content)).pages
    (note,) = page["/Annots"]
    assert note.get_object()["/A"]["/URI"].endswith("/petitions/free-elections/?s=poster")
    assert "/petitions/free-elections" in page.extract_text().replace("\n", "")


def test_the_code_is_given_as_two_kinds_of_picture(titled: Petition) -> None:
    svg, png = (Client().get(f"/petitions/free-elections/qr.{kind}") for kind in ("svg", "png"))
    assert (svg["Content-Type"], png["Content-Type"]) == ("image/svg+xml", "image/png")
    assert svg.content.startswith(b"<svg")
    assert png.content.startswith(b"\x89PNG")


def test_what_there_is_not_is_not_found(titled: Petition) -> None:
    record = make.draft_petition(kind=PetitionKind.RECORD, state=PetitionState.CLOSED)
    draft = make.draft_petition()
    for path in (
        "free-elections/poster-a3.pdf",
        "free-elections/qr.gif",
        f"{record.slug}/poster-a4.pdf",
        f"{draft.slug}/poster-a4.pdf",
        f"{draft.slug}/qr.svg",
    ):
        assert Client().get(f"/petitions/{path}").status_code == 404, path
