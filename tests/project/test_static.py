"""Colours: where they stand, and their contrast, light and dark (WCAG 2.2; 7:1 for Khmer)."""

import re
from functools import cache

import pytest

from tests.project.catalogues import ROOT

TOKENS = ROOT / "campaign" / "static" / "campaign" / "css" / "tokens.css"

GROUNDS = ("ground", "panel")
#: Text that is read, in Khmer too: 7:1.
READ = [(text, ground) for text in ("ink", "muted", "brand") for ground in GROUNDS]
#: Any other text: 4.5:1.
TEXT = [
    ("visited", "ground"),
    ("on-brand", "brand"),
    ("on-brand", "brand-press"),
    ("ink", "brand-tint"),
    ("brand", "brand-tint"),
    ("error", "ground"),
    ("error", "panel"),
    ("error", "error-tint"),
    ("ink", "error-tint"),
    ("good", "ground"),
    ("good", "good-tint"),
    ("ink", "good-tint"),
    ("notice", "ground"),
    ("notice", "notice-tint"),
    ("ink", "notice-tint"),
    ("focus-ink", "focus"),
]
#: Edges of fields, the bar, rules that carry meaning: 3:1.
CONTROLS = [
    *((edge, ground) for edge in ("border", "brand", "error", "good") for ground in GROUNDS),
    ("notice", "notice-tint"),
    ("error", "error-tint"),
    ("good", "good-tint"),
]


@cache
def tokens(theme: str) -> dict[str, str]:
    """The colours of a theme: one value for both, or one for each."""
    css = TOKENS.read_text("utf-8")
    colour = r"(#[0-9a-f]{3,6})"
    found = dict(re.findall(rf"--([\w-]+): {colour};", css))
    pairs = re.findall(rf"--([\w-]+): var\(--light, {colour}\) var\(--dark, {colour}\);", css)
    return found | {name: light if theme == "light" else dark for name, light, dark in pairs}


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_right() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


def test_each_theme_has_its_own_colours() -> None:
    light, dark = tokens("light"), tokens("dark")
    assert luminance(light["ground"]) > 0.9
    assert luminance(dark["ground"]) < 0.1
    named = re.findall(r"^ +--([\w-]+):.*#", TOKENS.read_text("utf-8"), re.MULTILINE)
    assert set(light) == set(dark) == set(named)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        *((*pair, 7.0) for pair in READ),
        *((*pair, 4.5) for pair in TEXT),
        *((*pair, 3.0) for pair in CONTROLS),
    ],
)
def test_a_pair_of_colours_can_be_told_apart(
    theme: str, front: str, back: str, least: float
) -> None:
    colours = tokens(theme)
    assert contrast(colours[front], colours[back]) >= least


def test_a_phones_frame_has_colours_of_the_tokens() -> None:
    base = (ROOT / "templates" / "base.html").read_text("utf-8")
    found = re.findall(
        r'"theme-color" content="(#\w+)" media="[^"]*: (\w+)\)" data-of="(\w+)"', base
    )
    assert found == [
        (tokens("light")["brand"], "light", "light"),
        (tokens("dark")["ground"], "dark", "dark"),
    ]


def test_colours_stand_in_the_tokens_only() -> None:
    literal = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|\brgba?\(|\bhsla?\(")
    found = [
        f"{path.name}: {match.group()}"
        for path in sorted(TOKENS.parent.glob("*.css"))
        if path not in {TOKENS, TOKENS.with_name("print.css")}
        for match in literal.finditer(path.read_text("utf-8"))
    ]
    assert found == []
