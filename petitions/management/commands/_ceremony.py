"""What is asked and shown where a vault gets its keys."""

from getpass import getpass

from django.core.management.base import BaseCommand, CommandError

from petitions.domain import passphrases, vault
from petitions.models import KeySlot, Petition, Vault
from petitions.states import PetitionKind

_OPENS_NOTHING = "That does not open the vault. Try again; Ctrl-C leaves, --prove comes back here."


def find(slug: str) -> Petition:
    petitions = Petition.objects.exclude(kind=PetitionKind.RECORD)
    petition = petitions.filter(slug=slug).first()
    if petition is None:
        raise CommandError(f"There is no petition {slug} that takes signatures.")
    return petition


def new_passphrase() -> str:
    passphrase = getpass(f"A passphrase of at least {passphrases.SHORTEST} characters: ")
    passphrases.check(passphrase)
    if getpass("The same again: ") != passphrase:
        raise CommandError("The two passphrases differ; nothing was made.")
    return passphrase


def show_sheet(command: BaseCommand, petition: Petition, code: str) -> None:
    command.stdout.write("\nRecovery sheet. Print it, keep it away from this machine:\n")
    command.stdout.write(f"\n    {petition.slug}\n    {code}\n\n")


def prove_both(command: BaseCommand, row: Vault) -> None:
    _prove(command, row, KeySlot.Kind.RECOVERY, "Type the recovery code from the sheet: ")
    _prove(command, row, KeySlot.Kind.PASSPHRASE, "Type the passphrase: ")
    command.stdout.write("The vault is proved.")


def _prove(command: BaseCommand, row: Vault, kind: KeySlot.Kind, prompt: str) -> None:
    while True:
        try:
            vault.prove(row, getpass(prompt), kind=kind)
        except vault.VaultError:
            command.stderr.write(_OPENS_NOTHING)
        else:
            return
