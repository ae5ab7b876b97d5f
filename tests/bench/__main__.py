"""`make bench`: how fast the site does its work, beside a reference measured in the same run.

python -m tests.bench [--rows 500,100000] [--seconds 5] [work ...]

Each kind of work is a module here with a function `measure`. On SQLite, and on the PostgreSQL
server of BENCH_DATABASE_URL or TEST_POSTGRES_URL; databases and files are made for the run and
removed after it. Nothing passes or fails: ratios are for reading, since machines differ.
"""

import argparse
from collections.abc import Callable

from tests.bench import export, front, keys, page, sameness, signing
from tests.bench.ground import Ground, engines, ground
from tests.bench.report import Figure, flat, heading, table

Measure = Callable[[Ground, int], list[Figure]]

#: Work → what measures it on a database with that many signatures, and how many there are to be.
WORKS: dict[str, tuple[Measure, list[int]]] = {
    "page": (page.measure, [500, 100_000, 1_000_000]),
    "nginx": (front.measure, [500]),
    "signing": (signing.measure, [500, 100_000, 1_000_000]),
    "sameness": (sameness.measure, [500]),
    "keys": (keys.measure, [10_000]),
    "export": (export.measure, [100_000]),
}


def main() -> None:
    asked = _arguments()
    print(heading(), flush=True)
    for engine in asked.engine or engines():
        with ground(engine, asked.seconds) as place:
            measure(place, turns(asked.works, asked.rows))


def turns(works: list[str], sizes: list[int]) -> list[tuple[str, int]]:
    """Works with their sizes, the smallest first: the database only grows."""
    pairs = [(work, rows) for work in works or WORKS for rows in sizes or WORKS[work][1]]
    return sorted(pairs, key=lambda pair: pair[1])


def measure(place: Ground, turns: list[tuple[str, int]]) -> None:
    """Each turn, and then what was flat."""
    found: dict[str, list[tuple[int, list[Figure]]]] = {}
    for work, rows in turns:
        figures = WORKS[work][0](place, rows)
        found.setdefault(work, []).append((rows, figures))
        _print(f"{work}, {rows:,} rows, {place.engine}", figures)
    for work, sizes in found.items():
        (fewest, small), (most, large) = sizes[0], sizes[-1]
        if fewest < most:
            _print(f"{work}, {most:,} rows to {fewest:,}, {place.engine}", flat(small, large))


def _print(title: str, figures: list[Figure]) -> None:
    print(f"\n{title}\n\n{table(figures)}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measures the work.")
    parser.add_argument("works", nargs="*", metavar="work", help=f"of {', '.join(WORKS)}")
    parser.add_argument("--rows", type=_sizes, help="signatures in the database: 500,100000")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each kind of work")
    parser.add_argument("--engine", choices=engines(), action="append", help="only this one")
    asked = parser.parse_args()
    unknown = sorted(set(asked.works) - set(WORKS))
    if unknown:
        parser.error(f"there is no {unknown[0]}")
    return asked


def _sizes(text: str) -> list[int]:
    sizes = sorted({int(size) for size in text.split(",")})
    if sizes[0] < 1:
        raise ValueError(text)
    return sizes


if __name__ == "__main__":
    main()
