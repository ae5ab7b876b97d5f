"""Codes that a camera reads, in the three forms that they are given."""

from io import BytesIO

from PIL import Image

from petitions import qr_codes

ADDRESS = "https://example.org/s/7kd3qm"


def test_a_code_is_black_on_white_with_a_quiet_zone() -> None:
    for picture in (qr_codes.svg(ADDRESS), qr_codes.inline_svg(ADDRESS, title="Scan")):
        assert 'fill="#fff"' in picture
        assert 'stroke="#000"' in picture
        assert 'd="M4 4.5h7' in picture  # four modules, then the edge of a finder
        assert "style=" not in picture


def test_the_name_of_a_code_in_a_page_is_text() -> None:
    assert "<title>A &lt;b&gt;</title>" in qr_codes.inline_svg(ADDRESS, title="A <b>")


def test_a_picture_is_large_enough_to_be_printed() -> None:
    with Image.open(BytesIO(qr_codes.png(ADDRESS))) as picture:
        assert picture.size[0] == picture.size[1] >= 600
        assert picture.convert("L").getpixel((0, 0)) == 255
