"""Ridings and postal prefixes on the command line."""

from typing import Any

from django.core.management.base import BaseCommand

from petitions.domain.ridings import import_ridings
from petitions.management.commands._reporting import lines


class Command(BaseCommand):
    help = "Loads the ridings and postal prefixes of petitions/data. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in lines(import_ridings(), "Ridings"):
            self.stdout.write(line)
