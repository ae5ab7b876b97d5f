"""The generated requirements: the pins of pyproject.toml, hashed, without any index address."""

import re
import tomllib

import pytest

from tests.project.catalogues import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUN: list[str] = PROJECT["dependencies"]
DEV: list[str] = PROJECT["optional-dependencies"]["dev"]
LOAD: list[str] = PROJECT["optional-dependencies"]["load"]
FILES = {
    "requirements.txt": RUN,
    "requirements-dev.txt": [*RUN, *DEV],
}
_PIN = re.compile(r"([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
_INDEX = re.compile(r"(?<!no-emit-)index-url|(?<!no-emit-)trusted-host|pypi\.\w+|/simple\b")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


def blocks(name: str) -> list[str]:
    """A requirement with its hashes and what asked for it, one a block."""
    text = (ROOT / "deploy" / name).read_text("utf-8")
    return re.split(r"\n(?=[^\s#])", text.strip())


def pins(texts: list[str]) -> dict[str, str]:
    """Name → version, names as package indexes compare them."""
    found = [match.groups() for text in texts if (match := _PIN.match(text))]
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


@pytest.mark.parametrize("requirement", [*RUN, *DEV, *LOAD])
def test_a_dependency_is_pinned_exactly(requirement: str) -> None:
    assert _PIN.fullmatch(requirement)


@pytest.mark.parametrize(("name", "wanted"), FILES.items())
def test_the_file_holds_what_the_project_asks_for(name: str, wanted: list[str]) -> None:
    asked = [block for block in blocks(name) if "(pyproject.toml)" in block]
    assert pins(asked) == pins(wanted)


def test_what_sends_a_crowd_stands_alone() -> None:
    found = pins(blocks("requirements-load.txt"))
    assert found.items() >= pins(LOAD).items()
    assert not found.keys() & {"django", "psycopg", "celery"}


@pytest.mark.parametrize("name", [*FILES, "requirements-load.txt"])
def test_every_requirement_is_hashed(name: str) -> None:
    found = blocks(name)
    assert len(found) > 20
    assert [block for block in found if not _PIN.match(block) or not _HASH.search(block)] == []


def test_no_file_names_an_index() -> None:
    files = [
        *(ROOT / name for name in ("Makefile", "pyproject.toml", ".ci/run", "README.md")),
        *(ROOT / "deploy").iterdir(),
        *(ROOT / "docs").glob("*.md"),
    ]
    named = [
        f"{path.name}: {option}"
        for path in files
        if path.is_file()
        for option in _INDEX.findall(path.read_text("utf-8"))
    ]
    assert named == []
