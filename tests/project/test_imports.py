"""Which module may import which, and that an import inside a function says why."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.project.catalogues import ROOT

_REASON = re.compile(r"# noqa: [A-Z0-9, ]*PLC0415 - \S")


def sources(package: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / package).rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"), str(path))


def imported(tree: ast.AST) -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node, node.module or ""


def test_the_petition_machine_does_not_know_the_campaign() -> None:
    known = [
        f"{path.relative_to(ROOT)}: {module}"
        for path, tree in sources("petitions")
        for _node, module in imported(tree)
        if module.partition(".")[0] in {"campaign", "tests"}
    ]
    assert known == []


def test_the_site_does_not_know_its_tests() -> None:
    known = [
        str(path.relative_to(ROOT))
        for path, tree in sources("campaign")
        for _node, module in imported(tree)
        if module.partition(".")[0] == "tests"
    ]
    assert known == []


def test_the_contracts_of_the_layers_are_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


def test_an_import_inside_a_function_says_why() -> None:
    unexplained = []
    for package in ("petitions", "campaign"):
        for path, tree in sources(package):
            lines = path.read_text("utf-8").splitlines()
            top = {id(node) for node in tree.body}
            unexplained += [
                f"{path.relative_to(ROOT)}:{node.lineno}"
                for node, _module in imported(tree)
                if id(node) not in top and not _REASON.search(lines[node.lineno - 1])
            ]
    assert unexplained == []
