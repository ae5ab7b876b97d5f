"""A printed list: every page says which list it is of and where it stands in it."""

import io
from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from pypdf import PdfReader

from campaign.dashboard import printed_list
from campaign.parliament.typesetting import TypesettingError
from petitions.models import ExportRecord, Petition


def _record() -> ExportRecord:
    return ExportRecord(
        pk=12,
        petition=Petition(title_en="Free elections", title_km="ការបោះឆ្នោតសេរី"),
        recipient="Office of the Member",
        fields=["name", "province", "date"],
        destroy_by=date(2027, 1, 31),
        started_at=datetime(2026, 11, 28, 18, tzinfo=UTC),
    )


def _pages(rows: list[list[str]]) -> list[str]:
    document = printed_list.render(_record(), rows)
    return [page.extract_text() for page in PdfReader(io.BytesIO(document)).pages]


def test_each_page_has_serial_recipient_and_its_number() -> None:
    pages = _pages([[f"Sok Dara {place}", "BC", "2026-11-28"] for place in range(120)])
    assert len(pages) > 1
    for number, text in enumerate(pages, start=1):
        assert "List 0012" in text
        assert "Office of the Member" in text
        assert "to be destroyed by January\xa031, 2027" in text
        assert f"page {number} of {len(pages)}" in text
        assert "Full name" in text
        assert "Confidential" in text
    everything = "".join(pages)
    assert all(f"Sok Dara {place}" in everything for place in range(120))
    assert "End of the list: 120 signers." in pages[-1]


def test_names_are_text_and_khmer_ones_have_their_letters() -> None:
    (page,) = _pages(
        [["#emph[x] $y$ = *z*", "BC", ""], ["<script>", "QC", ""], ["សុខ ដារ៉ា", "BC", ""]]
    )
    assert "#emph[x] $y$ = *z*" in page
    assert "<script>" in page
    with translation.override("km"):
        document = printed_list.render(_record(), [["សុខ ដារ៉ា", "BC", ""]])
    fonts = PdfReader(io.BytesIO(document)).pages[0]["/Resources"]["/Font"].values()
    assert any("NotoSansKhmer" in font.get_object()["/BaseFont"] for font in fonts)


def test_letters_that_no_font_has_are_an_error_not_a_gap() -> None:
    with pytest.raises(TypesettingError):
        printed_list.render(_record(), [["陈", "BC", ""]])
