"""Puts a backup in place of the site's database, or tries whether it would come back."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaign.backups import recovery, restoring
from campaign.backups.asking import ask
from campaign.backups.errors import BackupError
from campaign.backups.restoring import Opened


class Command(BaseCommand):
    help = "Restores a backup of the database (petition-….database)."
    #: The present database may be why one restores.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="petition-….database")
        parser.add_argument("--drill", action="store_true", help="only try it, beside the site")
        parser.add_argument(
            "--key-file", type=Path, help="a file with the recovery key, which else is asked for"
        )
        parser.add_argument(
            "--yes-lose", default="", metavar="WORDS", help="what is lost by it, as it was told"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file, key_file = options["file"], options["key_file"]
        try:
            code = key_file.read_text() if key_file else ask("Recovery key: ")
            with restoring.opened(file, recovery.private_key(code)) as backup:
                for line in backup.manifest.lines():
                    self.stdout.write(line)
                if options["drill"]:
                    self._drill(backup)
                else:
                    self._restore(backup, options["yes_lose"])
        except (BackupError, OSError) as error:
            raise CommandError(f"Nothing was restored. {error}") from error

    def _restore(self, backup: Opened, agreed: str) -> None:
        restored = restoring.restore(backup, agreed=agreed)
        self.stdout.write(f"Restored {restored.counted} counted signatures, as in the backup.")
        for slug, number in restored.drift.items():
            self.stdout.write(f"The stored total of {slug} was off by {number:+d}; it is mended.")
        if restored.former:
            self.stdout.write(f"What was there before is kept: {restored.former}.")
        self.stdout.write("Everybody logs in anew. Start web, worker and clock.")

    def _drill(self, backup: Opened) -> None:
        drill = restoring.drill(backup, ask=_ask_passphrase)
        self.stdout.write(f"Restored {drill.counted} counted signatures beside, as in the backup.")
        said = {True: "opened, and a sealed row with it", False: "NOT opened", None: "not tried"}
        for slug, opened in drill.vaults.items():
            self.stdout.write(f"Vault of {slug}: {said[opened]}.")
        if not restoring.is_of_this_site(backup.manifest):
            self.stdout.write("Its keys are not this machine's: they come from petition-….keys.")
        if False in drill.vaults.values():
            raise CommandError("A passphrase does not open its vault in this backup.")


def _ask_passphrase(slug: str) -> str:
    return ask(f"Passphrase or sheet of the vault of {slug} (Enter to leave it closed): ")
