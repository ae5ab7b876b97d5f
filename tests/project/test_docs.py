"""The documents name what is there."""

import re
from pathlib import Path

import pytest

from tests.project.catalogues import ROOT
from tests.project.test_requirements import DEV, RUN

README = ROOT / "README.md"
DOCS = [README, *sorted((ROOT / "docs").glob("*.md"))]
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|css|js|html|md|csv|yaml|toml|txt))`")
#: Written when the site runs, not part of the tree.
_MADE = ("VAR_DIR/", "var/")

each_document = pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)


def name(requirement: str) -> str:
    return re.split(r"[\[=]", requirement)[0].casefold()


def test_the_readme_opens_with_the_two_commands() -> None:
    lines = [line for line in README.read_text("utf-8").splitlines() if line.strip()]
    assert lines[0].startswith("# ")
    assert [line.split("#")[0].strip() for line in lines[1:5]] == [
        "```",
        "make run",
        "make test",
        "```",
    ]


@each_document
def test_every_command_that_is_mentioned_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    code = "\n".join(_CODE.findall(path.read_text("utf-8")))
    assert set(re.findall(r"\bmake ([a-z]+)", code)) <= targets


@each_document
def test_every_link_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8"))
    inside = [link.partition("#")[0] for link in links if "://" not in link]
    assert [link for link in inside if link and not (path.parent / link).exists()] == []


@each_document
def test_every_file_that_is_mentioned_exists(path: Path) -> None:
    mentioned = _PATH.findall(path.read_text("utf-8"))
    inside = [file for file in mentioned if not file.startswith(_MADE)]
    assert [file for file in inside if not (ROOT / file).exists()] == []


def test_every_package_has_its_line_among_the_decisions() -> None:
    text = (ROOT / "docs" / "decisions.md").read_text("utf-8")
    rows = re.findall(r"^\| ([^|]+) \|(?: [^|]+ \|){3}$", text, re.MULTILINE)
    explained = {each.strip().casefold() for row in rows for each in row.split(",")}
    assert sorted({name(requirement) for requirement in RUN} - explained) == []


def test_every_tool_is_named_among_the_decisions() -> None:
    text = (ROOT / "docs" / "decisions.md").read_text("utf-8").casefold()
    words = set(re.findall(r"[\w-]+", text))
    assert sorted({name(requirement) for requirement in DEV} - words) == []
