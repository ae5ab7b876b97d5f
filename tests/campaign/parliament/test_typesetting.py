"""Typst behind one function: data stays data, and a page is the same everywhere."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ByteStringObject, ContentStream, TextStringObject

from campaign.parliament import typesetting

MADE_AT = datetime(2026, 11, 24, 19, 40, tzinfo=UTC)


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates with one that prints `text`."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "echo.typ").write_text(
        '#set document(title: "Echo")\n'
        '#set text(font: "Noto Sans", lang: "en")\n'
        "#json(bytes(sys.inputs.data)).text\n"
    )
    monkeypatch.setattr(typesetting, "DOCUMENTS", folder)
    return folder


def _read(content: bytes) -> str:
    return PdfReader(BytesIO(content)).pages[0].extract_text()


def test_no_text_becomes_markup_or_a_command(documents: Path) -> None:
    text = '#read("echo.typ") *strong* _soft_ $x^2$ \\ @name `code` "]#panic("x")'
    content = typesetting.compile("echo", {"text": text}, made_at=MADE_AT)
    assert _read(content) == text


def test_the_khmer_sign_of_repetition_begins_no_line(documents: Path) -> None:
    """However wide the column; a dictionary alone would break before it."""
    (documents / "narrow.typ").write_text(
        '#set document(title: "Narrow")\n'
        '#set text(font: "Noto Sans Khmer", lang: "km")\n'
        "#for width in range(30, 90, step: 3) "
        "[#block(width: width * 1pt, json(bytes(sys.inputs.data)).text)]"
    )
    content = typesetting.compile("narrow", {"text": "សំណើនីមួយៗផ្សេងៗគ្នា"}, made_at=MADE_AT)
    lines = _read(content).splitlines()
    assert len(lines) > 20
    assert not [line for line in lines if line.lstrip("\u2060").startswith("ៗ")]


def test_a_template_cannot_read_outside_its_folder(documents: Path) -> None:
    (documents.parent / "secret.txt").write_text("secret")
    (documents / "inside.txt").write_text("inside")
    curious = '#set document(title: "Curious")\n#set text(lang: "en")\n#read("FILE")'
    (documents / "curious.typ").write_text(curious.replace("FILE", "inside.txt"))
    assert _read(typesetting.compile("curious", {}, made_at=MADE_AT)) == "inside"
    (documents / "curious.typ").write_text(curious.replace("FILE", "../secret.txt"))
    with pytest.raises(typesetting.TypesettingError, match="curious"):
        typesetting.compile("curious", {}, made_at=MADE_AT)


def test_a_document_that_cannot_be_set_says_what_to_do(documents: Path) -> None:
    (documents / "broken.typ").write_text("#no-such-thing")
    with pytest.raises(typesetting.TypesettingError, match="install the pinned typst"):
        typesetting.compile("broken", {}, made_at=MADE_AT)


def test_a_document_that_is_missing_says_so(documents: Path) -> None:
    with pytest.raises(typesetting.TypesettingError, match="'absent' could not be set"):
        typesetting.compile("absent", {}, made_at=MADE_AT)


def test_the_same_data_and_instant_give_the_same_bytes(documents: Path) -> None:
    once = typesetting.compile("echo", {"text": "A"}, made_at=MADE_AT)
    again = typesetting.compile("echo", {"text": "A"}, made_at=MADE_AT)
    other = typesetting.compile("echo", {"text": "A"}, made_at=MADE_AT.replace(year=2027))
    assert once == again != other


def test_only_the_fonts_of_the_project_are_used(documents: Path) -> None:
    """Letters, accents and no-break spaces of both languages, in both weights."""
    (documents / "weights.typ").write_text(
        '#set document(title: "Weights")\n'
        '#set text(font: "Noto Sans", lang: "en")\n'
        "#let text = json(bytes(sys.inputs.data)).text\n"
        "#text\n\n#strong(text)\n"
    )
    text = "Çà œuvrer: ÉÀÎ ëãôŁő — – ’ “” « » … • № ° € 1\u00a0234\u202f%"
    content = typesetting.compile("weights", {"text": text}, made_at=MADE_AT)
    resources = PdfReader(BytesIO(content)).pages[0]["/Resources"]["/Font"]
    names = {font.get_object()["/BaseFont"].partition("+")[2] for font in resources.values()}
    assert names == {"NotoSans-Regular", "NotoSans-Bold"}


def test_khmer_letters_are_joined(documents: Path) -> None:
    """Signs that stand beneath another are one with what makes them so: 16 signs, 11 shapes."""
    (documents / "khmer.typ").write_text(
        '#set document(title: "Khmer")\n'
        '#set text(font: "Noto Sans Khmer", lang: "km")\n'
        "#json(bytes(sys.inputs.data)).text\n"
    )
    text = "ឱ្យក្រុមប្រឹក្សា"
    reader = PdfReader(BytesIO(typesetting.compile("khmer", {"text": text}, made_at=MADE_AT)))
    content = ContentStream(reader.pages[0].get_contents(), reader)
    shapes = b"".join(
        piece.original_bytes
        for operands, operator in content.operations
        if operator in {b"TJ", b"Tj"}
        for piece in (operands[0] if operator == b"TJ" else operands)
        if isinstance(piece, TextStringObject | ByteStringObject)
    )
    assert (len(text), len(shapes) // 2) == (16, 11)


def test_a_picture_is_a_small_png_of_a_pixel_a_point(documents: Path) -> None:
    (documents / "square.typ").write_text(
        '#set page(width: 120pt, height: 63pt, fill: rgb("#0B5563"))'
    )
    with Image.open(BytesIO(typesetting.picture("square", {}))) as picture:
        assert (picture.size, picture.mode) == ((120, 63), "P")
        assert picture.convert("RGB").getpixel((60, 30)) == (0x0B, 0x55, 0x63)


def test_each_font_is_small() -> None:
    sizes = {path.name: path.stat().st_size for path in typesetting.FONTS.glob("*.ttf")}
    scripts, weights = ("NotoSans", "NotoSansKhmer"), ("Regular", "Bold")
    assert set(sizes) == {f"{name}-{weight}.ttf" for name in scripts for weight in weights}
    assert max(sizes.values()) <= 120 * 1024
