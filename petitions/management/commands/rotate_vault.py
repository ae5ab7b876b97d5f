"""A new key pair for a petition's vault."""

from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from nacl.public import PrivateKey

from petitions.domain import passphrases, vault, vault_keys
from petitions.management.commands import _ceremony
from petitions.models import Petition, Vault


class Command(BaseCommand):
    help = (
        "Gives a petition's vault a new key pair, passphrase and sheet, and seals the list to it "
        "while people sign. Run it again after ten minutes: then the former key is destroyed. "
        "Also to go on after an interruption."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the petition's slug")

    def handle(self, *args: Any, **options: Any) -> None:
        petition = _ceremony.find(options["slug"])
        row = Vault.objects.filter(petition=petition).first()
        if row is None:
            raise CommandError("This petition has no vault. Make one with create_vault.")
        try:
            row, key = self._go_on(row) if row.former_key else self._change(petition)
        except vault.VaultError as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        self._tell(vault_keys.move(row, key))

    def _change(self, petition: Petition) -> tuple[Vault, PrivateKey]:
        opened_with = getpass("The passphrase or recovery code that opens it now: ")
        try:
            passphrase = _ceremony.new_passphrase()
            row, code = vault_keys.change(petition, opened_with=opened_with, passphrase=passphrase)
        except (passphrases.WeakPassphraseError, vault_keys.ChangeError) as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        _ceremony.show_sheet(self, petition, code)
        _ceremony.prove_both(self, row)
        return row, vault.open_vault(row, passphrase)

    def _go_on(self, row: Vault) -> tuple[Vault, PrivateKey]:
        return row, vault.open_vault(row, getpass("The passphrase: "))

    def _tell(self, moved: vault_keys.Moved) -> None:
        self.stdout.write(f"{moved.boxes} boxes sealed anew.")
        if moved.unreadable:
            self.stderr.write(f"{moved.unreadable} boxes open with neither key; they stay.")
        if moved.is_over:
            self.stdout.write("The former key is destroyed.")
        else:
            minutes = int(vault_keys.SETTLED.total_seconds() // 60)
            self.stdout.write(
                f"Forms sent before the change may still come in. Run this again "
                f"{minutes} minutes after it: then the former key is destroyed."
            )
