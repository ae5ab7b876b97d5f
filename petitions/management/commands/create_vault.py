"""The vault ceremony on the command line, by the same rules as on the desk."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from petitions.domain import passphrases, vault
from petitions.management.commands import _ceremony
from petitions.models import Petition, Vault


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
        petition = _ceremony.find(options["slug"])
        row = Vault.objects.filter(petition=petition).first()
        if options["prove"]:
            if row is None:
                raise CommandError("This petition has no vault. Leave out --prove to make one.")
        elif row is not None:
            raise CommandError("This petition has a vault. Use --prove to prove it.")
        else:
            row = self._make(petition)
        _ceremony.prove_both(self, row)

    def _make(self, petition: Petition) -> Vault:
        try:
            row, code = vault.create(petition, passphrase=_ceremony.new_passphrase())
        except (passphrases.WeakPassphraseError, vault.CeremonyError) as error:
            raise CommandError(f"Nothing was made. {error}") from error
        _ceremony.show_sheet(self, petition, code)
        return row
