"""`make bench`: how fast the site does its work, beside a reference measured in the same run.

python -m tests.bench [--rows 100000] [work ...]

Each kind of work is a module here with a function `measure`. On SQLite, or on the PostgreSQL
server of BENCH_DATABASE_URL or TEST_POSTGRES_URL; databases and files are made for the run and
removed after it. Nothing passes or fails: ratios are for reading, since machines differ.
"""

import argparse
from collections.abc import Callable

from tests.bench import export, page, signing
from tests.bench.ground import Ground, ground
from tests.bench.report import Figure, heading, table

#: Work → what measures it on a database with that many signatures.
WORKS: dict[str, Callable[[Ground, int], list[Figure]]] = {
    "page": page.measure,
    "signing": signing.measure,
    "export": export.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measures the work.")
    parser.add_argument("works", nargs="*", metavar="work", help=f"of {', '.join(WORKS)}")
    parser.add_argument("--rows", type=int, default=100_000, help="signatures in the database")
    asked = parser.parse_args()
    unknown = sorted(set(asked.works) - set(WORKS))
    if unknown or asked.rows < 1:
        parser.error(f"there is no {unknown[0]}" if unknown else "--rows must be 1 or more")
    print(heading(), flush=True)
    for work in asked.works or WORKS:
        with ground() as place:
            print(f"\n{work}, {asked.rows:,} rows, {place.engine}\n")
            print(table(WORKS[work](place, asked.rows)), flush=True)


if __name__ == "__main__":
    main()
