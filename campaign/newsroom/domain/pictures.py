"""A photograph as a phone sends it → small files to show: turned upright, drawn anew on white.

Of the sent file nothing is kept but its colours: no place, no camera, no time, no preview.
"""

import struct
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from django.utils.translation import gettext
from PIL import Image, ImageCms, ImageOps

from campaign.newsroom.models import PhotoFile
from petitions import formats

#: Bytes of a file that is taken.
LARGEST_UPLOAD = 20 * 1024 * 1024
#: Points of a picture that is taken: a small file can claim to hold far more than memory does.
MOST_POINTS = 50_000_000
#: Bytes of a file that is shown (ux.md §2.8).
LARGEST_FILE = 60 * 1024
#: Points across of the smaller file, and of the larger one: the first that fits into the bytes.
SMALL = 480
LARGE = (960, 800, 640)

_READ = ["JPEG", "PNG", "WEBP"]
#: From the best down.
_QUALITIES = range(82, 29, -4)
#: How an ISO media file of an iPhone names itself.
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


class PictureError(Exception):
    """The file is not taken; the text says why, and what to do."""


@dataclass(frozen=True)
class Drawn:
    """One size and format of a picture."""

    format: PhotoFile.Format
    width: int
    height: int
    content: bytes


def draw(content: bytes) -> list[Drawn]:
    """All files of a picture, none larger than `LARGEST_FILE`; raises `PictureError`."""
    picture = _read(content)
    large = next(_fitting(picture), None)
    if large is None:
        raise PictureError(
            gettext(
                "This photograph has too much detail to be small enough for phones. Choose another "
                "one, or a part of it"
            )
        )
    width = large[0].width
    return large if width <= SMALL else [*_files(_narrowed(picture, SMALL)), *large]


def _fitting(picture: Image.Image) -> Iterator[list[Drawn]]:
    """The larger pair of files, in every width in which both fit."""
    for width in LARGE:
        files = list(_files(_narrowed(picture, width)))
        if all(len(file.content) <= LARGEST_FILE for file in files):
            yield files


# --- reading ---------------------------------------------------------------------------------


def _read(content: bytes) -> Image.Image:
    """The picture upright, in sRGB, no larger than is needed, without anything beside it."""
    _check_size(content)
    try:
        with Image.open(BytesIO(content), formats=_READ) as found:
            if found.width * found.height > MOST_POINTS:
                raise _too_many_points()
            # JPEG is decoded small at once; what is left is twice as wide as the larger file.
            found.thumbnail((2 * LARGE[0], 2 * LARGE[0]), Image.Resampling.BOX)
            upright = ImageOps.exif_transpose(found)
            return _on_white(_in_srgb(upright))
    except Image.DecompressionBombError as error:
        raise _too_many_points() from error
    except (OSError, SyntaxError, ValueError, struct.error) as error:
        raise PictureError(_refusal(content)) from error


def _check_size(content: bytes) -> None:
    if len(content) > LARGEST_UPLOAD:
        raise PictureError(
            gettext("The file has more than %(limit)s MB: choose a smaller one")
            % {"limit": formats.number(LARGEST_UPLOAD // 1024**2)}
        )


def _too_many_points() -> PictureError:
    return PictureError(
        gettext("The picture has more than %(limit)s megapixels: make it smaller first")
        % {"limit": formats.number(MOST_POINTS // 1_000_000)}
    )


def _refusal(content: bytes) -> str:
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        return gettext(
            "This is a HEIC file, which browsers do not show. On an iPhone, choose Settings, "
            "Camera, Formats, Most Compatible, and take it again; or save a copy as JPEG"
        )
    return gettext("This is no whole photograph. Choose a JPEG, PNG or WebP file")


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Its colours as every screen understands them."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "CMYK", "L"}:
        try:
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(
                picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except ImageCms.PyCMSError:
            # A profile that does not fit its picture says nothing about the colours.
            return picture
        return converted or picture
    return picture


def _on_white(picture: Image.Image) -> Image.Image:
    """A new picture with the same points and nothing else that the file carried."""
    seen = picture.convert("RGBA") if picture.has_transparency_data else picture.convert("RGB")
    drawn = Image.new("RGB", seen.size, "white")
    drawn.paste(seen, mask=seen if seen.mode == "RGBA" else None)
    return drawn


# --- writing ---------------------------------------------------------------------------------


def _narrowed(picture: Image.Image, width: int) -> Image.Image:
    """At most that wide; never larger than it is."""
    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _files(picture: Image.Image) -> Iterator[Drawn]:
    writers = {
        PhotoFile.Format.WEBP: partial(picture.save, format="WEBP", method=4),
        PhotoFile.Format.JPEG: partial(
            picture.save, format="JPEG", optimize=True, progressive=True
        ),
    }
    for kind, writer in writers.items():
        yield Drawn(kind, picture.width, picture.height, _written(writer))


def _written(writer: Callable[..., None]) -> bytes:
    """In the best quality that fits; in the least where none does."""
    made: dict[int, bytes] = {}

    def fits(quality: int) -> bool:
        buffer = BytesIO()
        writer(buffer, quality=quality)
        made[quality] = buffer.getvalue()
        return len(made[quality]) <= LARGEST_FILE

    place = bisect_left(_QUALITIES, True, key=fits)
    best = _QUALITIES[min(place, len(_QUALITIES) - 1)]
    return made[best]
