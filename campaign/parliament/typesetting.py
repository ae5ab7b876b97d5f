"""Typst behind one function: a template of ours and data in, a PDF out."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

_HERE = Path(__file__).resolve().parent
#: Templates, and all that a template may read.
DOCUMENTS = _HERE / "documents"
#: The only fonts, so that every machine prints alike.
FONTS = _HERE / "fonts"


class TypesettingError(Exception):
    """A document could not be set; the text says what an operator can do."""


def compile(template: str, data: Mapping[str, Any], *, made_at: datetime) -> bytes:  # noqa: A001
    """`documents/<template>.typ` as a tagged PDF (PDF/UA-1), in a fraction of a second.

    The template reads `data` as JSON: no text becomes source, so nothing in it can be markup or
    a command. The same data and instant give the same bytes.
    """
    try:
        return typst.compile(
            str(DOCUMENTS / f"{template}.typ"),
            root=str(DOCUMENTS),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards="ua-1",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=int(made_at.timestamp()),
        )
    except RuntimeError as error:
        raise TypesettingError(
            f"The document {template!r} could not be set: {error}. Compare "
            f"{DOCUMENTS} and {FONTS} with the release, and install the pinned typst."
        ) from error
