"""A vault that stays open for ten minutes, in two halves that open nothing alone.

The private key lies in the database under a random secret, and the secret only in the cookie of
the browser that opened it. Whoever steals one of them has nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import nacl.exceptions
import nacl.secret
import nacl.utils
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from nacl.public import PrivateKey

from petitions import clock
from petitions.domain import auditing, exporting
from petitions.models import Petition, Vault, VaultSession

LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class OpenVault:
    """A vault while it is open to whoever asks."""

    key: PrivateKey
    closes_at: datetime


def begin(petition: Petition, passphrase: str, *, by: AbstractBaseUser) -> bytes:
    """Opens the vault to one person; returns the secret, which is stored nowhere here.

    One who has it open already begins anew. Raises `VaultError` for a wrong passphrase.
    """
    key = exporting.open_list(petition, passphrase, by=by)
    secret = nacl.utils.random(nacl.secret.SecretBox.KEY_SIZE)
    now = clock.db_instant()
    with transaction.atomic():
        VaultSession.objects.update_or_create(
            vault=petition.vault,
            person_id=by.pk,
            defaults={
                "ciphertext": nacl.secret.SecretBox(secret).encrypt(bytes(key)),
                "opened_at": now,
                "expires_at": now + LIFE,
            },
        )
        auditing.record(auditing.Kind.VAULT_OPENED, by=by, petition=petition)
    return secret


def find(petition: Petition, secret: bytes, *, by: AbstractBaseUser) -> OpenVault | None:
    """The vault, while it is open to this person and the secret is the right one."""
    row = VaultSession.objects.filter(
        vault__petition=petition, person=by.pk, expires_at__gt=clock.db_now()
    ).first()
    if row is None or len(secret) != nacl.secret.SecretBox.KEY_SIZE:
        return None
    try:
        key = nacl.secret.SecretBox(secret).decrypt(bytes(row.ciphertext))
    except nacl.exceptions.CryptoError:
        return None
    return OpenVault(PrivateKey(key), row.expires_at)


@transaction.atomic
def close(petition: Petition, *, by: AbstractBaseUser) -> None:
    """Closes one vault to one person, who is done with it."""
    deleted, _models = VaultSession.objects.filter(vault__petition=petition, person=by.pk).delete()
    if deleted:
        auditing.record(auditing.Kind.VAULT_CLOSED, by=by, petition=petition)


def close_all(person: AbstractBaseUser, *, by: AbstractBaseUser) -> None:
    """Closes every vault to somebody who signs out, is signed out, or changes the password."""
    _close(VaultSession.objects.filter(person=person.pk), by=by)


def close_vault(vault: Vault, *, by: AbstractBaseUser | None) -> None:
    """Closes it to everybody: the key in their sessions is no longer the vault's."""
    _close(VaultSession.objects.filter(vault=vault), by=by)


def wipe_expired() -> int:
    """Deletes what has had its ten minutes, and opens nothing any more; returns how many."""
    return _close(VaultSession.objects.filter(expires_at__lte=clock.db_now()), by=None)


@transaction.atomic
def _close(rows: QuerySet[VaultSession], *, by: AbstractBaseUser | None) -> int:
    over = list(rows.select_related("vault__petition").select_for_update(of=("self",)))
    for row in over:
        auditing.record(
            auditing.Kind.VAULT_CLOSED, by=by, petition=row.vault.petition, person=row.person_id
        )
    VaultSession.objects.filter(pk__in=[row.pk for row in over]).delete()
    return len(over)
