"""The newest pepper for the indexes of one petition, or of all."""

from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from nacl.public import PrivateKey

from petitions import peppers
from petitions.domain import pepper_change, vault
from petitions.models import Petition


class Command(BaseCommand):
    help = (
        "Makes the indexes of petitions anew under PETITIONS_INDEX_PEPPER; the former pepper must "
        "stand in PETITIONS_INDEX_PEPPER_FALLBACKS, and web and worker must have been restarted "
        "with both. Asks for the passphrase of each vault that has signatures. May be repeated."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="?", help="the petition's slug; all without it")
        parser.add_argument(
            "--lost",
            action="store_true",
            help="the former pepper is lost: who asked never to be written to is forgotten, unless "
            "their address is here",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = Petition.objects.order_by("slug")
        if options["slug"]:
            found = found.filter(slug=options["slug"])
            if not found.exists():
                raise CommandError(f"There is no petition {options['slug']}.")
        for petition in found.exclude(pepper_name=peppers.newest_name()):
            self._change(petition, is_lost=options["lost"])
        self.stdout.write("Done: what was asked for is under the newest pepper.")

    def _change(self, petition: Petition, *, is_lost: bool) -> None:
        try:
            if not is_lost:
                peppers.named(petition.pepper_name)
            key = self._open(petition) if pepper_change.needs_vault(petition) else None
            changed = pepper_change.change(petition, key)
        except (peppers.UnknownPepperError, vault.VaultError, pepper_change.PepperError) as error:
            raise CommandError(f"{petition.slug}: nothing was changed. {error}") from error
        self.stdout.write(f"{petition.slug}: {changed.signatures} signatures.")
        if changed.unreadable:
            self.stderr.write(
                f"{petition.slug}: the boxes of {changed.unreadable} signatures do not open. They "
                "keep an index that finds nobody: who signed so can sign once more."
            )
        if changed.left and not is_lost:
            self.stderr.write(
                f"{petition.slug}: {changed.left} addresses asked never to be written to, and are "
                "not here. Keep the former pepper among the fallbacks; the doctor says how long."
            )

    def _open(self, petition: Petition) -> PrivateKey:
        asked = f"{petition.slug}, the passphrase or recovery code of its vault: "
        return vault.open_vault(petition.vault, getpass(asked))
