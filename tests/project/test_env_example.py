"""`.env.example` and the settings name the same variables, with the same defaults."""

import ast
import re
from collections.abc import Iterator

from tests.project.catalogues import ROOT

#: What reads a variable whose name is its first argument.
_READERS = {"flag", "integer", "folder", "_key"}
_SET = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)
EXAMPLE = dict(_SET.findall((ROOT / ".env.example").read_text("utf-8")))


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the settings that reads a variable by its literal name."""
    for name in ("settings.py", "environment.py"):
        tree = ast.parse((ROOT / "campaign" / name).read_text("utf-8"))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            reader = node.func
            is_reader = isinstance(reader, ast.Name) and reader.id in _READERS
            is_env = isinstance(reader, ast.Attribute) and ast.unparse(reader.value) == "env"
            first = node.args[0]
            if (is_reader or is_env) and isinstance(first, ast.Constant):
                yield first.value, node


def default(call: ast.Call) -> str | None:
    """The default as it would stand in the file; None if it is worked out or there is none."""
    nodes = [*call.args[1:2], *(word.value for word in call.keywords if word.arg == "default")]
    if not nodes or not isinstance(nodes[0], ast.Constant):
        return None
    value = nodes[0].value
    return str(int(value)) if isinstance(value, bool) else str(value)


def test_the_example_names_every_variable_and_no_other() -> None:
    assert sorted({name for name, _call in calls()}) == sorted(EXAMPLE)


def test_the_example_shows_the_defaults() -> None:
    read = {name: text for name, call in calls() if (text := default(call)) is not None}
    assert len(read) > 5
    assert {name: EXAMPLE[name] for name in read} == read


def test_variables_are_read_in_the_settings_only() -> None:
    """So that `.env`, defaults and checks hold for all of them."""
    elsewhere = [
        f"{path.relative_to(ROOT)}: {ast.unparse(node)}"
        for package in ("petitions", "campaign")
        for path in sorted((ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and ast.unparse(node) in {"os.environ", "os.getenv", "environ.Env"}
    ]
    assert sorted(set(elsewhere)) == [
        "campaign/celery.py: os.environ",
        "campaign/environment.py: environ.Env",
        "campaign/wsgi.py: os.environ",
    ]
