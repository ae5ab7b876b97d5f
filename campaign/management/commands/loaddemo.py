"""Loads the demonstration; safe to repeat."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from campaign.demo.loading import credentials_path, load


class Command(BaseCommand):
    help = "Loads the demonstration campaign. Safe to run again. Needs DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("loaddemo makes up signatures; it needs DEMO=1.")
        load()
        self.stdout.write(f"The demonstration is loaded; logins are in {credentials_path()}.")
