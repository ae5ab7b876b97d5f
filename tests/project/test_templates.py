"""Rules that hold for every template; `djade` sees to their form."""

import re
from pathlib import Path

import pytest

from tests.project.catalogues import ROOT

FOLDER = ROOT / "templates"
PAGES = sorted(FOLDER.rglob("*.html"))
ALL = sorted([*PAGES, *FOLDER.rglob("*.txt")])

#: Pages in three languages at once, each part with its `lang`.
_THREE_LANGUAGES = ("errors/", "choose_language.html")
#: Mail programs know no style sheet; the error pages are static and carry theirs under its hash.
_OWN_STYLE = ("emails/", "errors/")

_COMMENT = re.compile(r"\{% comment\b.*?\{% endcomment %\}|\{#.*?#\}|<!--.*?-->", re.DOTALL)
_TRANSLATED = re.compile(
    r"\{% blocktranslate\b.*?\{% endblocktranslate %\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL
)
_NO_TEXT = re.compile(
    r"<(script|style)\b.*?</\1>"
    # Names, and words of other languages, which are said to be so.
    r"|<(\w+)\b[^<>]*\btranslate=\"no\"[^<>]*>.*?</\2>"
    # Words for markup that allauth's elements put together.
    r"|\{% setvar\b.*?\{% endsetvar %\}",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"\b(?:alt|title|label|placeholder|summary|aria-label|aria-description)=\"([^\"]*)\""
)
_WORD = re.compile(r"[A-Za-z]{2,}")
#: Arguments of an include that are words rather than names of classes and files.
_INCLUDED = re.compile(r"\{% include\b[^%]*?=\"([^\"]*[A-Z ][^\"]*)\"")


def name(path: Path) -> str:
    return str(path.relative_to(FOLDER))


def without_comments(path: Path) -> str:
    return _COMMENT.sub("", path.read_text("utf-8"))


each_page = pytest.mark.parametrize("path", PAGES, ids=name)
each_template = pytest.mark.parametrize("path", ALL, ids=name)


def test_there_are_templates() -> None:
    assert len(PAGES) > 40


@pytest.mark.parametrize(
    "path", [path for path in ALL if not name(path).startswith(_THREE_LANGUAGES)], ids=name
)
def test_every_word_is_translated(path: Path) -> None:
    markup = _TRANSLATED.sub("", _NO_TEXT.sub("", without_comments(path)))
    shown = re.sub(r"<[^<>]*>", " ", markup) if path.suffix == ".html" else markup
    words = _WORD.findall(shown)
    words += [each for text in _ATTRIBUTE.findall(markup) for each in _WORD.findall(text)]
    words += _INCLUDED.findall(without_comments(path))
    assert words == []


@each_template
def test_a_translated_block_is_trimmed(path: Path) -> None:
    """Otherwise the catalogue holds the template's indentation, and a djade run loses it."""
    opened = re.findall(r"\{% blocktranslate\b([^%]*)%\}", without_comments(path))
    assert [words for words in opened if "trimmed" not in words.split()] == []
    assert re.findall(r"\{% (?:trans|blocktrans)\b", without_comments(path)) == []


@each_page
def test_there_is_no_style_and_no_script_in_the_page(path: Path) -> None:
    """The content security policy would refuse it."""
    markup = without_comments(path)
    assert re.findall(r"\bon[a-z]+\s*=\s*[\"']|\bjavascript:|<script(?![^>]*\bsrc=)", markup) == []
    if not name(path).startswith(_OWN_STYLE):
        assert re.findall(r"\bstyle\s*=|<style\b", markup) == []


@each_page
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    """No font, picture, style or script of another host."""
    loaded = re.findall(r"<(?:script|img|link|iframe|source|use)\b[^>]*>", without_comments(path))
    assert [tag for tag in loaded if re.search(r"(?:src|href)=\"(?:https?:)?//", tag)] == []


@each_template
def test_a_child_says_so_first(path: Path) -> None:
    text = path.read_text("utf-8")
    if "{% extends" in text:
        assert text.startswith("{% extends ")


@each_page
def test_a_block_of_several_lines_is_closed_by_its_name(path: Path) -> None:
    depth: list[tuple[str, int]] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        for opened, closed in re.findall(r"\{% block (\w+) %\}|\{% endblock(?: (\w+))? %\}", line):
            if opened:
                depth.append((opened, number))
                continue
            block, began = depth.pop()
            assert closed == block or (number == began and not closed)
    assert depth == []
