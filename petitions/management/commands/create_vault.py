"""The vault ceremony on the command line, by the same rules as on the desk."""

from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from petitions.domain import passphrases, vault
from petitions.models import KeySlot, Petition, Vault
from petitions.states import PetitionKind

_OPENS_NOTHING = "That does not open the vault. Try again; Ctrl-C leaves, --prove comes back here."


class Command(BaseCommand):
    help = (
        "Makes the key pair that a petition's signer list is sealed to, prints the recovery sheet "
        "once, and proves both ways to open it. With --prove only the last step, for a vault that "
        "is there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the petition's slug")
        parser.add_argument("--prove", action="store_true", help="prove the vault that is there")

    def handle(self, *args: Any, **options: Any) -> None:
        petitions = Petition.objects.exclude(kind=PetitionKind.RECORD)
        petition = petitions.filter(slug=options["slug"]).first()
        if petition is None:
            raise CommandError(f"There is no petition {options['slug']} that takes signatures.")
        row = Vault.objects.filter(petition=petition).first()
        if options["prove"]:
            if row is None:
                raise CommandError("This petition has no vault. Leave out --prove to make one.")
        elif row is not None:
            raise CommandError("This petition has a vault. Use --prove to prove it.")
        else:
            row = self._make(petition)
        self._prove(row, KeySlot.Kind.RECOVERY, "Type the recovery code from the sheet: ")
        self._prove(row, KeySlot.Kind.PASSPHRASE, "Type the passphrase: ")
        self.stdout.write("The vault is proved.")

    def _make(self, petition: Petition) -> Vault:
        try:
            row, code = vault.create(petition, passphrase=self._new_passphrase())
        except (passphrases.WeakPassphraseError, vault.CeremonyError) as error:
            raise CommandError(f"Nothing was made. {error}") from error
        self.stdout.write("\nRecovery sheet. Print it, keep it away from this machine:\n")
        self.stdout.write(f"\n    {petition.slug}\n    {code}\n\n")
        return row

    def _new_passphrase(self) -> str:
        passphrase = getpass(f"A passphrase of at least {passphrases.SHORTEST} characters: ")
        passphrases.check(passphrase)
        if getpass("The same again: ") != passphrase:
            raise CommandError("The two passphrases differ; nothing was made.")
        return passphrase

    def _prove(self, row: Vault, kind: KeySlot.Kind, prompt: str) -> None:
        while True:
            try:
                vault.prove(row, getpass(prompt), kind=kind)
            except vault.VaultError:
                self.stderr.write(_OPENS_NOTHING)
            else:
                return
