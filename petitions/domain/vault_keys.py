"""A new key pair for a vault, while people sign: what was sealed to the former one is sealed anew.

From the change on people sign to the new key. The former private key stays, sealed to the new one,
until every box has been moved, so that whoever opens the vault half-way reads the whole list.
Nothing is marked: what the new key opens is done, and an interrupted run begins anew and skips it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import nacl.exceptions
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from nacl.public import PrivateKey, SealedBox

from petitions import clock
from petitions.domain import auditing, passphrases, vault, vault_sessions
from petitions.models import KeySlot, Petition, Signature, Vault

#: The former key is kept this long: a form that came before the change is in the database by then.
SETTLED = timedelta(minutes=10)
#: Rows read at once.
_BATCH = 500
_BOXES = ("box_person", "box_email")


class ChangeError(Exception):
    """The vault has the keys that it had; the text says why."""


@dataclass(frozen=True)
class Moved:
    """What a run did: boxes moved, boxes that neither key opens, whether the former key is gone."""

    boxes: int
    unreadable: int
    is_over: bool


def change(
    petition: Petition, *, opened_with: str, passphrase: str, by: AbstractBaseUser | None = None
) -> tuple[Vault, str]:
    """The vault under a new key pair, and the code of its new sheet.

    Every other passphrase and sheet ends: nobody can wrap the new key for somebody who is not
    there. Raises `VaultError`, `WeakPassphraseError`, or `ChangeError` while another is under way.
    """
    passphrases.check(passphrase)
    row = Vault.objects.get(petition=petition)
    former, key = vault.open_vault(row, opened_with), PrivateKey.generate()
    code = vault.new_recovery_code()
    with transaction.atomic():
        row = Vault.objects.select_for_update().get(pk=row.pk)
        if row.former_key is not None or bytes(row.public_key) != bytes(former.public_key):
            raise ChangeError("Another change of this vault's key is under way. Run it to its end.")
        row.public_key = bytes(key.public_key)
        row.challenge = vault.new_challenge(key)
        row.former_key = SealedBox(key.public_key).encrypt(bytes(former))
        row.changed_at = clock.db_instant()
        row.save(update_fields=["public_key", "challenge", "former_key", "changed_at"])
        row.slots.all().delete()
        for kind, secret in zip(KeySlot.Kind, (passphrase, code), strict=True):
            vault.add_slot(row, key, kind=kind, secret=secret, keeper=by)
        vault_sessions.close_vault(row, by=by)
        auditing.record(auditing.Kind.VAULT_KEYED, by=by, petition=petition)
    return row, code


def move(row: Vault, key: PrivateKey) -> Moved:
    """Seals to the present key what is under the former one, and then destroys that.

    It is destroyed by a run that began when `SETTLED` had passed, since nothing comes under it
    any more. Boxes that neither key opens stay as they are.
    """
    former = vault.former_key(row, key)
    if former is None:
        return Moved(0, 0, is_over=True)
    this = Vault.objects.filter(pk=row.pk, public_key=bytes(key.public_key))
    is_settled = this.filter(changed_at__lte=clock.db_now() - SETTLED).exists()
    moved = unreadable = 0
    for pk, column, box in _boxes(row):
        if _open(key, box) is not None:
            continue
        content = _open(former, box)
        if content is None:
            unreadable += 1
        else:
            moved += _replace(pk, column, box, SealedBox(key.public_key).encrypt(content))
    if is_settled:
        this.update(former_key=None)
    return Moved(moved, unreadable, is_over=is_settled)


def _replace(pk: int, column: str, box: bytes, anew: bytes) -> int:
    """Each row by itself, and only as it was read: who withdraws or corrects meanwhile wins."""
    return Signature.objects.filter(pk=pk, **{column: box}).update(**{column: anew})


def _open(key: PrivateKey, box: bytes) -> bytes | None:
    try:
        return SealedBox(key).decrypt(box)
    except nacl.exceptions.CryptoError:
        return None


def _boxes(row: Vault) -> Iterator[tuple[int, str, bytes]]:
    rows = Signature.objects.filter(petition=row.petition_id).order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last).values_list("pk", *_BOXES)[:_BATCH]):
        for pk, *boxes in batch:
            found = zip(_BOXES, boxes, strict=True)
            yield from ((pk, column, bytes(box)) for column, box in found if box is not None)
        last = batch[-1][0]
