"""What becomes of a photograph: small files, upright, and nothing of the phone that took it."""

import random
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from campaign.newsroom.domain import pictures
from campaign.newsroom.models import PhotoFile
from tests.factories.posts import jpeg

W, J = PhotoFile.Format.WEBP, PhotoFile.Format.JPEG
_SECRETS = (b"Exif", b"WGS-84", b"xmpmeta", b"adobe", b"Secret", b"ICC_PROFILE", b"ICCP")


def _exif(orientation: int = 1) -> Image.Exif:
    """As a phone writes it: maker, how it was held, a preview, and where."""
    exif = Image.Exif()
    exif[0x010F] = "Secret Phone"
    exif[0x0112] = orientation
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (49.0, 15.0, 30.0), 3: "W", 4: (122.0, 50.0, 0.0), 18: "WGS-84"}
    )
    return exif


def _phone_photo() -> bytes:
    """A file of 8 MB and more, as busy as none is in truth, with all that a phone adds."""
    size = (3200, 2400)
    noise = Image.frombytes("RGB", size, random.Random(1).randbytes(size[0] * size[1] * 3))
    buffer = BytesIO()
    noise.save(
        buffer,
        format="JPEG",
        quality=95,
        exif=_exif(),
        comment=b"Secret comment",
        xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Secret place</x:xmpmeta>",
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )
    return buffer.getvalue()


def _opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_a_photo_of_8_mb_becomes_small_files_that_say_nothing_else() -> None:
    sent = _phone_photo()
    assert len(sent) >= 8 * 1000**2
    assert [each for each in _SECRETS[:5] if each not in sent] == []
    drawn = pictures.draw(sent)
    assert [(each.format, each.width, each.height) for each in drawn[:2]] == [
        (W, 480, 360),
        (J, 480, 360),
    ]
    assert [each.format for each in drawn[2:]] == [W, J]
    assert all(each.width in pictures.LARGE for each in drawn[2:])
    for each in drawn:
        assert len(each.content) <= pictures.LARGEST_FILE
        assert [secret for secret in _SECRETS if secret in each.content] == []
        found = _opened(each.content)
        assert (found.format, found.size) == (each.format.label.upper(), (each.width, each.height))
        assert dict(found.getexif()) == {}


def test_it_stands_upright_however_the_phone_was_held() -> None:
    """Held to the right, the phone stores red on the left of what belongs below."""
    stored = Image.new("RGB", (1200, 800), "blue")
    stored.paste("red", (0, 0, 600, 800))
    buffer = BytesIO()
    stored.save(buffer, format="JPEG", exif=_exif(orientation=6))
    for each in pictures.draw(buffer.getvalue()):
        picture = _opened(each.content).convert("RGB")
        assert (each.width, each.height) in {(480, 720), (800, 1200)}
        red, _green, blue = picture.getpixel((each.width // 2, each.height // 10))
        assert red > 200 > blue


def test_it_is_shown_in_the_colours_of_every_screen() -> None:
    """A profile says that stored red is blue; one of something else says nothing."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    turned = profile.replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ").replace(b"----", b"bXYZ")
    other = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for own, expected in ((turned, (0, 0, 255)), (other, (255, 0, 0))):
        drawn = pictures.draw(jpeg(600, 400, colour="red", icc_profile=own))
        assert [_near(_opened(each.content), expected) for each in drawn] == [True] * 4


def _near(picture: Image.Image, colour: tuple[int, int, int]) -> bool:
    found = picture.convert("RGB").getpixel((5, 5))
    return all(abs(one - other) <= 6 for one, other in zip(found, colour, strict=True))


def test_what_is_transparent_lies_on_white() -> None:
    buffer = BytesIO()
    Image.new("RGBA", (600, 400), (255, 0, 0, 0)).save(buffer, format="PNG")
    for each in pictures.draw(buffer.getvalue()):
        assert _near(_opened(each.content), (255, 255, 255))


def test_a_small_picture_is_never_made_larger() -> None:
    drawn = pictures.draw(jpeg(300, 200))
    assert [(each.format, each.width, each.height) for each in drawn] == [
        (W, 300, 200),
        (J, 300, 200),
    ]


def _png_that_claims(width: int, height: int) -> bytes:
    """A few bytes of head for a picture that no memory holds."""
    buffer = BytesIO()
    Image.new("1", (8, 8)).save(buffer, format="PNG")
    content = buffer.getvalue()
    head = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + content[24:29]
    crc = zlib.crc32(head).to_bytes(4, "big")
    return content[:12] + head + crc + content[33:]


def _gif() -> bytes:
    buffer = BytesIO()
    Image.new("P", (8, 8)).save(buffer, format="GIF")
    return buffer.getvalue()


_REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "50 megapixels and more": (lambda: _png_that_claims(10_000, 5_001), "more than 50 megapixels"),
    "a bomb": (lambda: _png_that_claims(60_000, 60_000), "more than 50 megapixels"),
    "20 MB and more": (lambda: bytes(pictures.LARGEST_UPLOAD + 1), "more than 20 MB"),
    "HEIC": (lambda: b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "Most Compatible"),
    "AVIF": (lambda: b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif", "Choose a JPEG"),
    "GIF": (_gif, "Choose a JPEG"),
    "half a file": (lambda: jpeg(600, 400, colour="red")[:600], "Choose a JPEG"),
    "nothing": (lambda: b"", "Choose a JPEG"),
    "a page": (lambda: b"<svg onload=alert(1)>", "Choose a JPEG"),
}


@pytest.mark.parametrize("kind", _REFUSED)
def test_what_is_refused_and_why(kind: str) -> None:
    content, reason = _REFUSED[kind]
    with pytest.raises(pictures.PictureError, match=reason):
        pictures.draw(content())


def test_a_picture_that_cannot_be_small_enough_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "LARGEST_FILE", 100)
    with pytest.raises(pictures.PictureError, match="too much detail"):
        pictures.draw(jpeg(640, 480))
