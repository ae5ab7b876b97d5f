"""The Members of the House on the command line."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from petitions.domain.members import SHIPPED, SHIPPED_OF, import_members
from petitions.domain.ridings import RefusedDataError
from petitions.management.commands._reporting import lines


class Command(BaseCommand):
    help = "Brings the Members in line with a list. Safe to run again; needs import_ridings first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="default: the list shipped here")
        parser.add_argument(
            "--of", type=date.fromisoformat, help="the day that the file is of, as 2026-01-15"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path, day = options["file"], options["of"]
        if (path is None) != (day is None):
            raise CommandError("A file of your own needs its day, and the other way round: --of")
        try:
            report = import_members(path or SHIPPED, checked_on=day or SHIPPED_OF)
        except (OSError, RefusedDataError) as error:
            raise CommandError(f"Nothing was changed.\n{error}") from error
        for line in lines(report, "Members"):
            self.stdout.write(line)
