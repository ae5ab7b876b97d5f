"""Looking for a text in bytes, in each form that a program may have written it."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote, quote_plus


def forms(text: str) -> set[bytes]:
    """The text in UTF-8 and UTF-16, each raw, in hex and in base64 at its three alignments; and
    as addresses, JSON and HTML write it."""
    written = {text, quote(text), quote_plus(text), json.dumps(text)[1:-1], escape(text)}
    raw = {each.encode() for each in written}
    raw |= {text.encode("utf-16-le"), text.encode("utf-16-be")}
    found = set(raw)
    for each in raw:
        found |= {each.hex().encode(), each.hex().upper().encode(), *_base64(each)}
    return found


def _base64(raw: bytes) -> Iterator[bytes]:
    """What is the same in the base64 of any bytes that contain `raw`."""
    for before in range(3):
        padded = bytes(before) + raw
        first = (before * 8 + 5) // 6
        last = len(padded) * 8 // 6
        yield b64encode(padded)[first:last]
        yield urlsafe_b64encode(padded)[first:last]


def hits(texts: list[str], places: dict[str, bytes]) -> list[str]:
    """Where which of the texts stands."""
    searched = {text: forms(text) for text in texts}
    return [
        f"{text!r} in {place}"
        for place, content in places.items()
        for text, written in searched.items()
        if any(form in content for form in written)
    ]


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, and its name."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = str(path.relative_to(folder))
            found[name] = name.encode() + b"\n" + path.read_bytes()
    return found
