"""The bench runs to its end and says what it measured. How fast is not a test's affair."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench import front, sameness
from tests.bench.ground import Ground
from tests.bench.report import Figure, of_reference
from tests.project.catalogues import ROOT
from tests.services import postgres_url


def _bench(*arguments: str, server: str = "", folder: Path) -> subprocess.CompletedProcess[str]:
    own = {"BENCH_DATABASE_URL": server, "TEST_POSTGRES_URL": "", "TMPDIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "tests.bench", "--seconds", "0.1", *arguments],
        cwd=ROOT,
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_bench_measures_all_its_work_and_clears_up(tmp_path: Path) -> None:
    done = _bench("--rows", "30", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    for work in ("page", "nginx", "signing", "sameness", "keys", "export"):
        assert f"{work}, 30 rows, SQLite" in done.stdout
    figures = ["petition page", "count", "submits", "confirms", "name, province, date"]
    if front.is_there():
        figures.append("kept page from nginx")
    for figure in figures:
        assert f"{figure}: of the reference" in done.stdout
    assert "pepper: of them writers wait" in done.stdout
    for act in ("submit", "resend", "my signature", "unsubscribe"):
        assert f"{act}: p of Mann and Whitney" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_two_samples_that_differ_are_told_from_two_that_do_not() -> None:
    first = [float(number) for number in range(40)]
    assert sameness.p_value(first, first) == 1
    assert sameness.p_value(first, [number + 0.5 for number in first]) > 0.5
    assert sameness.p_value(first, [number + 20 for number in first]) < 0.001
    # By tables of the test: U = 28 of 10 and 10 values is p = 0.096.
    assert 0.09 < sameness.p_value(first[:10], [each * 1.0 + 2.2 for each in first[:10]]) < 0.11


@pytest.mark.postgresql
def test_the_bench_grows_a_database_of_postgresql(tmp_path: Path) -> None:
    server = postgres_url() or ""
    engine = ("--engine", "PostgreSQL")
    done = _bench("signing", "--rows", "510", *engine, server=server, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "signing, 510 rows, PostgreSQL" in done.stdout
    assert "confirms: of the reference" in done.stdout


def test_sizes_are_measured_upwards_and_the_largest_compared_to_the_smallest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(_place: Ground, rows: int) -> list[Figure]:
        return [Figure("pages", "9 a second"), of_reference("pages", 30 / rows)]

    monkeypatch.setattr(bench, "WORKS", {"page": (measure, [40, 50])})
    bench.measure(Ground({}, "SQLite", 0), bench.turns([], []))
    titles = ["page, 40 rows, SQLite", "page, 50 rows, SQLite", "page, 50 rows to 40, SQLite"]
    printed = capsys.readouterr().out
    assert [line for line in printed.splitlines() if line.startswith("page, ")] == titles
    assert "pages: of the reference  0.80  1.00 is flat" in printed


def test_the_bench_names_the_work_that_it_does_not_know(tmp_path: Path) -> None:
    done = _bench("flying", folder=tmp_path)
    assert done.returncode == 2
    assert "there is no flying" in done.stderr
