"""Looks whether the audit log is as it was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from petitions.domain import auditing


class Command(BaseCommand):
    help = (
        "Computes the chain of the audit log again and names every line that was changed, added or "
        "taken out. With --noted it also looks for a digest that the worker's log told before."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--noted", default="", metavar="DIGEST", help="from the worker's log")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = auditing.verify(options["noted"])
        if verdict.problems:
            raise CommandError("The audit log does not hold: " + "; ".join(verdict.problems) + ".")
        self.stdout.write(f"{verdict.lines} lines hold. The last has {verdict.digest or 'none'}.")
