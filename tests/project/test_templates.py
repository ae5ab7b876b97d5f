"""Rules that hold for every template; `djade` sees to their form."""

import re
from collections.abc import Callable
from pathlib import Path

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


def faults(paths: list[Path], look: Callable[[Path], list[str]]) -> dict[str, list[str]]:
    """What is wrong with each template that has a fault."""
    return {name(path): found for path in paths if (found := look(path))}


def test_there_are_templates() -> None:
    assert len(PAGES) > 40


def _untranslated(path: Path) -> list[str]:
    markup = _TRANSLATED.sub("", _NO_TEXT.sub("", without_comments(path)))
    shown = re.sub(r"<[^<>]*>", " ", markup) if path.suffix == ".html" else markup
    words = _WORD.findall(shown)
    words += [each for text in _ATTRIBUTE.findall(markup) for each in _WORD.findall(text)]
    return [*words, *_INCLUDED.findall(without_comments(path))]


def test_every_word_is_translated() -> None:
    paths = [path for path in ALL if not name(path).startswith(_THREE_LANGUAGES)]
    assert faults(paths, _untranslated) == {}


def _untrimmed(path: Path) -> list[str]:
    opened = re.findall(r"\{% blocktranslate\b([^%]*)%\}", without_comments(path))
    loose = [words for words in opened if "trimmed" not in words.split()]
    return loose + re.findall(r"\{% (?:trans|blocktrans)\b", without_comments(path))


def test_a_translated_block_is_trimmed() -> None:
    """Otherwise the catalogue holds the template's indentation, and a djade run loses it."""
    assert faults(ALL, _untrimmed) == {}


def _run_or_styled(path: Path) -> list[str]:
    markup = without_comments(path)
    found = re.findall(r"\bon[a-z]+\s*=\s*[\"']|\bjavascript:|<script(?![^>]*\bsrc=)", markup)
    if not name(path).startswith(_OWN_STYLE):
        found += re.findall(r"\bstyle\s*=|<style\b", markup)
    return found


def test_there_is_no_style_and_no_script_in_the_page() -> None:
    """The content security policy would refuse it."""
    assert faults(PAGES, _run_or_styled) == {}


def _from_elsewhere(path: Path) -> list[str]:
    loaded = re.findall(r"<(?:script|img|link|iframe|source|use)\b[^>]*>", without_comments(path))
    return [tag for tag in loaded if re.search(r"(?:src|href)=\"(?:https?:)?//", tag)]


def test_nothing_comes_from_elsewhere() -> None:
    """No font, picture, style or script of another host."""
    assert faults(PAGES, _from_elsewhere) == {}


def _late_extends(path: Path) -> list[str]:
    text = path.read_text("utf-8")
    return ["extends"] if "{% extends" in text and not text.startswith("{% extends ") else []


def test_a_child_says_so_first() -> None:
    assert faults(ALL, _late_extends) == {}


def _unnamed_ends(path: Path) -> list[str]:
    depth: list[tuple[str, int]] = []
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        for opened, closed in re.findall(r"\{% block (\w+) %\}|\{% endblock(?: (\w+))? %\}", line):
            if opened:
                depth.append((opened, number))
                continue
            block, began = depth.pop()
            if closed != block and (number != began or closed):
                found.append(block)
    return found + [block for block, _number in depth]


def test_a_block_of_several_lines_is_closed_by_its_name() -> None:
    assert faults(PAGES, _unnamed_ends) == {}
