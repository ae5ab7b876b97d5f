"""`make burst`: as many people as ever signed at once, then ten times as many for a minute.

python -m tests.burst [--minutes 10] [--rate 35] [--storm 1] [--engine postgresql]

The site runs as it is deployed and is removed at the end. Ends with 1 when a promise is broken.
"""

import argparse
import logging
import os
import signal
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.bench.report import heading, table  # noqa: E402 - they need Django
from tests.burst import report  # noqa: E402 - as above
from tests.burst.place import PEOPLE, Place, place  # noqa: E402 - as above

#: So many times as many come in the storm, and so many of them from one network.
_TIMES = 10
_HALL = 0.1


def main() -> int:
    asked = _arguments()
    # So that whoever ends the run early leaves no process either.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    logging.disable()  # the mail server tells every word
    with place(asked.engine) as here:
        print(f"{heading()}: {', '.join(here.parts)}, and the people themselves", flush=True)
        wrong = _calm(here, asked.rate, asked.minutes * 60)
        if asked.storm:
            wrong += _storm(here, asked.rate * _TIMES, asked.storm * 60)
        if wrong:
            print("\n--- log\n" + here.site.log.read_text()[-4000:])
    return int(bool(wrong))


def _calm(here: Place, rate: float, seconds: float) -> list[str]:
    people = round(rate * seconds)
    come = here.send(people=people, seconds=seconds)
    wrong = report.broken_in_calm(come, people=people)
    _print("burst", report.figures(come, people=people, seconds=seconds), wrong)
    return wrong


def _storm(here: Place, rate: float, seconds: float) -> list[str]:
    people = round(rate * seconds)
    come = here.send(people=people, seconds=seconds, hall=_HALL)
    wrong = report.broken(come)
    _print(f"{_TIMES} times as many", report.figures(come, people=people, seconds=seconds), wrong)
    return wrong


def _print(title: str, figures: list[report.Figure], wrong: list[str]) -> None:
    print(f"\n{title}\n\n{table(figures)}\n")
    for what in wrong:
        print(f"NOT KEPT: {what}")
    print("broken" if wrong else "every promise kept", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.burst", description="Very many sign.")
    parser.add_argument("--minutes", type=float, default=10, help="how long people come")
    parser.add_argument("--rate", type=float, default=35, help="how many a second")
    parser.add_argument("--storm", type=float, default=1, help="minutes of ten times as many")
    parser.add_argument("--engine", choices=["postgresql", "sqlite"], default="postgresql")
    asked = parser.parse_args()
    if not PEOPLE.exists():
        parser.error("locust is not installed: `make burst` does that")
    return asked


if __name__ == "__main__":
    sys.exit(main())
