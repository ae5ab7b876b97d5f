"""Typst behind two functions: a template of ours and data in, a PDF or a picture out."""

import json
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import typst
from PIL import Image

_HERE = Path(__file__).resolve().parent
#: Templates, and all that a template may read.
DOCUMENTS = _HERE / "documents"
#: The only fonts, so that every machine prints alike.
FONTS = _HERE / "fonts"
_COLOURS = 48
#: The sign that repeats a Khmer word stands beside it; Typst breaks lines by a dictionary alone.
_AGAIN, _STAYS = "ៗ", "\u2060"


class TypesettingError(Exception):
    """A document could not be set; the text says what an operator can do."""


def compile(template: str, data: Mapping[str, Any], *, made_at: datetime) -> bytes:  # noqa: A001
    """`documents/<template>.typ` as a tagged PDF (PDF/UA-1), in a fraction of a second.

    The template reads `data` as JSON: no text becomes source, so nothing in it can be markup or
    a command. Pictures in it are `bytes`. The same data and instant give the same bytes.
    """
    return _compile(
        template, data, format="pdf", pdf_standards="ua-1", timestamp=int(made_at.timestamp())
    )


def picture(template: str, data: Mapping[str, Any]) -> bytes:
    """`documents/<template>.typ`, a point being a pixel, as a PNG of few colours."""
    drawn = _compile(template, data, format="png", ppi=72)
    small = BytesIO()
    with Image.open(BytesIO(drawn)) as image:
        # Letters on a ground: a quarter of the bytes, and nobody sees the difference.
        image.convert("RGB").quantize(_COLOURS).save(small, "png", optimize=True)
    return small.getvalue()


def _text(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, default=list).replace(_AGAIN, _STAYS + _AGAIN)


def _compile(template: str, data: Mapping[str, Any], **how: Any) -> bytes:
    try:
        drawn: bytes = typst.compile(
            str(DOCUMENTS / f"{template}.typ"),
            root=str(DOCUMENTS),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"data": _text(data)},
            **how,
        )
    except RuntimeError as error:
        raise TypesettingError(
            f"The document {template!r} could not be set: {error}. Compare "
            f"{DOCUMENTS} and {FONTS} with the release, and install the pinned typst."
        ) from error
    return drawn
