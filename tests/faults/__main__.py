"""`make faults`: every fault, or those named: `python -m tests.faults R01 R07 --seconds 60`."""

import argparse
import logging
import os
import signal
import sys
from pathlib import Path

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.faults.scenarios import SCENARIOS, Scenario  # noqa: E402 - they need Django
from tests.faults.services import MissingError  # noqa: E402 - as above
from tests.faults.trial import Load, folder, trial  # noqa: E402 - as above


def main() -> int:
    asked = _arguments()
    # So that whoever ends the run early leaves no process either.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    logging.disable()  # the mail server of the trials tells every word
    load = Load(asked.seconds, asked.clients, asked.patient)
    with folder() as moulds:
        results = [
            _try(scenario, engine, load, moulds)
            for scenario in SCENARIOS
            if not asked.names or scenario.name in asked.names
            for engine in scenario.engines
        ]
    missing = results.count(None)
    print(f"\n{results.count(True)} kept, {results.count(False)} broken, {missing} not tried")
    refused = bool(missing) and os.environ.get("CI_REQUIRE") == "1"
    return int(False in results or refused)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    names = sorted({scenario.name for scenario in SCENARIOS})
    parser.add_argument("names", nargs="*", choices=[*names, []], metavar="NAME", help="R01 ...")
    parser.add_argument("--seconds", type=float, default=10, help="how long people sign")
    parser.add_argument("--clients", type=int, default=3, help="how many sign at once")
    parser.add_argument(
        "--patient",
        action="store_true",
        help="wait for leases and back-offs instead of moving their times in the database",
    )
    return parser.parse_args()


def _try(scenario: Scenario, engine: str, load: Load, moulds: Path) -> bool | None:
    """True: every word was kept; None: this machine lacks something that the trial needs."""
    print(f"\n{scenario.name} {engine}: {scenario.title}", flush=True)
    with trial(engine, load, moulds=moulds) as running:
        try:
            scenario.run(running)
            kept, line = running.verdict()
        except MissingError as missing:
            print(f"  not tried, this machine has no {missing}", flush=True)
            return None
        except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - the next is tried all the same
            kept, line = False, f"stopped: {error!r}"
        print(f"  {'kept' if kept else 'BROKEN'}: {line}")
        for remark in running.remarks():
            print(f"  {remark}")
        if not kept:
            running.show_log()
        sys.stdout.flush()
    return kept


if __name__ == "__main__":
    sys.exit(main())
