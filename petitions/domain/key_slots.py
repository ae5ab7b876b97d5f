"""Ways to open a vault, added and removed by whoever can open it.

Two list keepers have a passphrase each, so that no single head, house or illness holds the list.
A removed way stays in older backups of the database until these are deleted.
"""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext
from nacl.public import PrivateKey

from petitions.domain import auditing, passphrases, vault
from petitions.models import KeySlot, Vault


class SlotError(Exception):
    """The ways to open the vault stay as they are; the text says why."""


def add_passphrase(
    row: Vault,
    *,
    opened_with: str,
    passphrase: str,
    keeper: AbstractBaseUser,
    label: str,
    by: AbstractBaseUser,
) -> KeySlot:
    """A passphrase more, which its keeper proves like the first one.

    Raises `VaultError` when `opened_with` opens nothing, `WeakPassphraseError`, or `SlotError` for
    a passphrase that opens the vault already: of two keepers who share one, none can be removed.
    """
    passphrases.check(passphrase)
    key = _open(row, opened_with, by=by)
    try:
        vault.open_vault(row, passphrase)
    except vault.VaultError:
        return _add(
            row, key, KeySlot.Kind.PASSPHRASE, passphrase, keeper=keeper, label=label, by=by
        )
    raise SlotError(
        gettext("This passphrase opens the vault already: every list keeper has their own")
    )


def renew_sheet(row: Vault, *, opened_with: str, by: AbstractBaseUser) -> tuple[KeySlot, str]:
    """A recovery sheet more, and its code, shown once. The former one works until it is removed.

    Raises `VaultError` when `opened_with` opens nothing.
    """
    key = _open(row, opened_with, by=by)
    code = vault.new_recovery_code()
    return _add(row, key, KeySlot.Kind.RECOVERY, code, keeper=by, label="", by=by), code


def remove(slot: KeySlot, *, opened_with: str, by: AbstractBaseUser) -> None:
    """Ends a way to open the vault; `opened_with` must open it by another one.

    Raises `VaultError` when it does not, and `SlotError` when no proved passphrase and proved
    sheet would be left.
    """
    _open(slot.vault, opened_with, but=slot, by=by)
    with transaction.atomic():
        # Two who remove at once come one after the other: the second sees what the first left.
        row = Vault.objects.select_for_update().get(pk=slot.vault_id)
        if slot.pk not in removable(row.slots.all()):
            raise SlotError(
                gettext("It stays: a passphrase and a recovery sheet that are proved must be left")
            )
        row.slots.filter(pk=slot.pk).delete()
        _tell(auditing.Kind.SLOT_GONE, slot, by=by)


def removable(slots: Iterable[KeySlot]) -> set[int]:
    """The primary keys of those without which the others are still a proved vault."""
    every = list(slots)
    return {
        slot.pk for slot in every if vault.proves(other for other in every if other.pk != slot.pk)
    }


def _open(
    row: Vault, secret: str, *, by: AbstractBaseUser, but: KeySlot | None = None
) -> PrivateKey:
    try:
        return vault.open_vault(row, secret, but=but)
    except vault.VaultError:
        auditing.record(auditing.Kind.VAULT_SHUT, by=by, petition=row.petition)
        raise


@transaction.atomic
def _add(
    row: Vault,
    key: PrivateKey,
    kind: KeySlot.Kind,
    secret: str,
    *,
    keeper: AbstractBaseUser,
    label: str,
    by: AbstractBaseUser,
) -> KeySlot:
    # A key that was changed since it was opened must not be wrapped again: it is to be destroyed.
    this = Vault.objects.select_for_update().filter(pk=row.pk, public_key=bytes(key.public_key))
    if this.first() is None:
        raise vault.VaultError("The vault has another key by now.")
    slot = vault.add_slot(row, key, kind=kind, secret=secret, keeper=keeper, label=label)
    _tell(auditing.Kind.SLOT_ADDED, slot, by=by)
    return slot


def _tell(kind: auditing.Kind, slot: KeySlot, *, by: AbstractBaseUser) -> None:
    whose = {"person": slot.keeper_id} if slot.keeper_id else {}
    auditing.record(kind, by=by, petition=slot.vault.petition, way=slot.kind, **whose)
