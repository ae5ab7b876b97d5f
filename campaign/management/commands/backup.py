"""Backs up database and keys, sealed to a recovery key; makes such a key."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as AnyDatabaseError

from campaign.backups import making, recovery
from campaign.backups.asking import ask
from campaign.backups.errors import BackupError
from petitions.domain.vault import new_recovery_code


class Command(BaseCommand):
    help = "Writes sealed backups of database and keys, and deletes those that are too old."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--new-key",
            action="store_true",
            help="make a recovery key instead: its private half is shown once, for paper",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._new_key() if options["new_key"] else self._back_up()
        except (BackupError, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        except AnyDatabaseError as error:
            raise CommandError(
                f"No backup was made. The database cannot be read ({error}). "
                "Start it, mend DATABASE_URL, or make its tables with `manage.py migrate`."
            ) from error

    def _back_up(self) -> None:
        made = making.make()
        if made.warning:
            self.stderr.write(f"WARN {made.warning}")
        for line in made.manifest.lines():
            self.stdout.write(line)
        self.stdout.write(f"Database: {made.database}\nKeys:     {made.keys}")
        for name in made.pruned:
            self.stdout.write(f"Deleted:  {name}")

    def _new_key(self) -> None:
        code = new_recovery_code()
        public = recovery.written(recovery.private_key(code).public_key)
        self.stdout.write("\nRecovery key of the backups. Print it, keep it far from here:")
        self.stdout.write(f"\n    {code}\n\n")
        self._prove(public)
        keys = ",".join([*settings.BACKUP_PUBLIC_KEYS, public])
        self.stdout.write("It is right. Put this line into .env; it is no secret:\n")
        self.stdout.write(f"BACKUP_PUBLIC_KEYS={keys}")

    def _prove(self, public: str) -> None:
        while typed := ask("Now type it from the sheet: "):
            try:
                if recovery.written(recovery.private_key(typed).public_key) == public:
                    return
            except BackupError as error:
                self.stderr.write(str(error))
            else:
                self.stderr.write("That is another key. Try again, or stop with Ctrl-C.")
        raise CommandError("The key was not typed back, so forget it. Nothing was written.")
