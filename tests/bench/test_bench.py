"""The bench runs to its end and says what it measured. How fast is not a test's affair."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.catalogues import ROOT
from tests.services import postgres_url

ENGINES = [
    pytest.param("SQLite", id="sqlite"),
    pytest.param("PostgreSQL", id="postgresql", marks=pytest.mark.postgresql),
]


def _bench(*arguments: str, server: str = "", folder: Path) -> subprocess.CompletedProcess[str]:
    own = {"BENCH_DATABASE_URL": server, "TEST_POSTGRES_URL": "", "TMPDIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "tests.bench", *arguments],
        cwd=ROOT,
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_the_bench_measures_an_export_and_clears_up(engine: str, tmp_path: Path) -> None:
    server = postgres_url() or "" if engine == "PostgreSQL" else ""
    done = _bench("export", "--rows", "50", server=server, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"export, 50 rows, {engine}" in done.stdout
    for figure in ("reference", "rows", "of the reference", "first byte", "memory at most"):
        assert figure in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("work", ["page", "signing"])
def test_the_bench_measures_what_visitors_do(work: str, tmp_path: Path) -> None:
    done = _bench(work, "--rows", "20", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "of the reference" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_bench_names_the_work_that_it_does_not_know(tmp_path: Path) -> None:
    done = _bench("flying", folder=tmp_path)
    assert done.returncode == 2
    assert "there is no flying" in done.stderr
