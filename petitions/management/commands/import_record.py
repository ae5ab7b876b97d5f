"""The record of an official petition on the command line."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from petitions import clock
from petitions.domain.record_files import read_record
from petitions.domain.records import import_record
from petitions.domain.ridings import RefusedDataError
from petitions.management.commands._reporting import lines


class Command(BaseCommand):
    help = "Archives an official petition from a YAML file (docs/operations.md). Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = options["file"].read_text(encoding="utf-8-sig")
            report = import_record(read_record(text, now=clock.db_instant()))
        except (OSError, UnicodeDecodeError, RefusedDataError) as error:
            raise CommandError(f"Nothing was changed.\n{error}") from error
        for line in lines(report, "Record"):
            self.stdout.write(line)
