"""The trials of `make faults` run, and notice a word that was not kept."""

from pathlib import Path

from tests.faults.scenarios import SCENARIOS
from tests.faults.trial import Load, trial


def test_a_trial_finds_all_that_was_told_and_misses_what_was_not(tmp_path: Path) -> None:
    [scenario] = [each for each in SCENARIOS if (each.name, each.engines) == ("R03", ("sqlite",))]
    with trial("sqlite", Load(seconds=3, clients=2), moulds=tmp_path) as running:
        scenario.run(running)
        kept, line = running.verdict()
        assert kept, (line, running.ledger.wrong)

        running.ledger.note_signed("nobody@example.org", page="", seconds=0.0)
        running.ledger.note_counted("nobody@example.org")
        kept, line = running.verdict()
        told = len(running.ledger.signed)
        assert not kept
        assert line.startswith(f"acknowledged {told}, found {told - 1}, duplicates 0;")
        assert f"told counted {told}, counted {told - 1};" in line
