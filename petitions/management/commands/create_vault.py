"""The vault ceremony on the command line."""

from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from petitions.domain import vault
from petitions.models import Petition, Vault

#: Argon2id slows guessing down; length is what stops it.
_SHORTEST = 16


class Command(BaseCommand):
    help = "Makes the key pair that a petition's signer list is sealed to, and proves it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the petition's slug")

    def handle(self, *args: Any, **options: Any) -> None:
        petition = Petition.objects.filter(slug=options["slug"]).first()
        if petition is None:
            raise CommandError(f"There is no petition {options['slug']}.")
        if Vault.objects.filter(petition=petition).exists():
            raise CommandError("This petition has a vault; a second one would split its list.")
        passphrase = self._new_passphrase()
        row, code = vault.create(petition, passphrase=passphrase)
        self.stdout.write("\nRecovery sheet. Print it, keep it away from this machine:\n")
        self.stdout.write(f"\n    {petition.slug}\n    {code}\n\n")
        self._prove(row, "Now type the recovery code from the sheet: ")
        self._prove(row, "And the passphrase once more: ")
        self.stdout.write("The vault is proved. The petition may open.")

    def _new_passphrase(self) -> str:
        passphrase = getpass(f"A passphrase of at least {_SHORTEST} characters: ")
        if len(passphrase) < _SHORTEST:
            raise CommandError(f"A passphrase needs at least {_SHORTEST} characters.")
        if getpass("The same again: ") != passphrase:
            raise CommandError("The two passphrases differ; nothing was made.")
        return passphrase

    def _prove(self, row: Vault, prompt: str) -> None:
        while True:
            try:
                vault.open_vault(row, getpass(prompt).strip())
            except vault.VaultError:
                self.stderr.write("That does not open the vault. Try again, or stop with Ctrl-C.")
            else:
                return
