"""Codes that a camera reads: black on white, level M, with their quiet zone of four modules."""

from functools import lru_cache
from io import BytesIO
from typing import Any

import segno

_BORDER = 4
#: Pixels of one module in a picture: sharp when printed 10 cm wide.
_SCALE = 24


def svg(address: str) -> str:
    """The code as a file of its own."""
    return _written(address, "svg", dark="#000", light="#fff", xmldecl=False).decode()


@lru_cache(maxsize=64)
def inline_svg(address: str, *, title: str) -> str:
    """The code as a part of a page, without a size of its own; `title` is its name."""
    code = _made(address)
    return str(
        code.svg_inline(
            border=_BORDER, dark="#000", light="#fff", omitsize=True, title=title, svgclass="qr"
        )
    )


def png(address: str) -> bytes:
    return _written(address, "png", scale=_SCALE)


def _made(address: str) -> Any:
    return segno.make(address, error="m", micro=False)


def _written(address: str, kind: str, **how: Any) -> bytes:
    picture = BytesIO()
    _made(address).save(picture, kind=kind, border=_BORDER, **how)
    return picture.getvalue()
