"""The pytest plugin behind the markers `postgresql`, `redis` and `browser`.

A test whose service is missing is skipped and named at the end of the run; with CI_REQUIRE=1 it
fails. A database test marked `postgresql` needs its engine: in the run on SQLite it is left to
the run on PostgreSQL (`tests/run.py`).
"""

import os
import shutil
from typing import NoReturn

import pytest

from tests.services import SERVICES, missing


def _on_postgresql() -> bool:
    return os.environ.get("TEST_DATABASE_URL", "").startswith("postgres")


def _needs_engine(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("postgresql") and item.get_closest_marker("django_db"))


def pytest_configure(config: pytest.Config) -> None:
    # pytest-xdist's own marker, so that the suite also runs without it.
    config.addinivalue_line("markers", "xdist_group(name): one worker runs the tests of a group")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if _on_postgresql() or missing("postgresql"):
        return
    left = [item for item in items if _needs_engine(item)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in SERVICES:
        why = missing(marker) if item.get_closest_marker(marker) else None
        if why:
            _skip(why)


def _skip(why: str) -> NoReturn:
    if os.environ.get("CI_REQUIRE") == "1":
        pytest.fail(f"{why}, and CI_REQUIRE=1 lets nothing be skipped", pytrace=False)
    pytest.skip(why)


def need(program: str) -> str:
    """The path of a program that a test runs; the test is skipped, or fails, without it."""
    # Servers stand where only root looks.
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"
    return shutil.which(program, path=path) or _skip(f"{program} is missing: it is not on PATH")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Names each test that went without its service; `-r s` would fold them."""
    names: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if " is missing: " in reason:
            names.setdefault(reason, []).append(report.nodeid)
    for reason, skipped in names.items():
        terminalreporter.section(f"skipped, {reason}", sep="-")
        for name in sorted(skipped):
            terminalreporter.write_line(name)
