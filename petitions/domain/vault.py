"""Sealing signers' data to a petition's vault, and the key slots that can open it again.

The server holds the public key only. The private key exists wrapped under Argon2id of a
passphrase and of a printed recovery sheet; opening it is an act of a person.
"""

import json
import logging
import secrets
import unicodedata
from base64 import b32encode
from collections.abc import Iterable, Mapping
from uuid import UUID

import nacl.exceptions
import nacl.pwhash
import nacl.secret
import nacl.utils
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from nacl.public import PrivateKey, PublicKey, SealedBox

from petitions import clock
from petitions.domain import auditing, passphrases
from petitions.models import KeySlot, Petition, Signature, Vault
from petitions.states import PetitionKind, PetitionState

logger = logging.getLogger(__name__)

#: What a binary column holds: bytes, or on PostgreSQL a view of them.
Binary = bytes | memoryview

SCHEMA = 1
#: Boxes are padded to whole blocks, so that their length does not tell a name's length.
_BLOCK = 256
_CHALLENGE = b"petition vault challenge"
#: Argon2id cost of a slot: about a fifth of a second and 64 MiB. Tests lower it.
OPERATIONS = nacl.pwhash.argon2id.OPSLIMIT_INTERACTIVE
MEMORY = nacl.pwhash.argon2id.MEMLIMIT_INTERACTIVE


class VaultError(Exception):
    """The vault cannot be opened so, or what was in it is not what should be there."""


class CeremonyError(Exception):
    """This petition can have no such vault, or must keep the one that it has; the text says why."""


def seal(
    public_key: Binary, *, petition: UUID, signature: UUID, content: Mapping[str, str]
) -> bytes:
    """`content` in a SealedBox to the vault's key, together with the row that it belongs to.

    A SealedBox authenticates no outer data, so petition, public id and schema version stand
    inside and are compared on opening: a box moved to another row is refused.
    """
    text = json.dumps(
        {"v": SCHEMA, "petition": str(petition), "signature": str(signature), **content},
        ensure_ascii=False,
    ).encode()
    padded = text.ljust(-(-len(text) // _BLOCK) * _BLOCK)
    return SealedBox(PublicKey(bytes(public_key))).encrypt(padded)


def unseal(
    key: PrivateKey,
    box: Binary,
    *,
    petition: UUID,
    signature: UUID,
    former: PrivateKey | None = None,
) -> dict[str, str]:
    """The content of a box of that very row; raises `VaultError` for any other.

    `former` is the vault's key before a change that is not through (`vault_keys.py`).
    """
    try:
        opened = json.loads(_decrypt(bytes(box), key, former).rstrip().decode())
    except (nacl.exceptions.CryptoError, ValueError, RecursionError) as error:
        raise VaultError("A sealed box cannot be opened with this key.") from error
    # Anybody who can write to the database can seal: what was opened may be any JSON.
    if not isinstance(opened, dict) or not all(isinstance(each, str) for each in _texts(opened)):
        raise VaultError("A sealed box holds something else than a signer's data.")
    found = (opened.pop("v", None), opened.pop("petition", ""), opened.pop("signature", ""))
    if found != (SCHEMA, str(petition), str(signature)):
        raise VaultError("A sealed box belongs to another row.")
    content: dict[str, str] = opened
    return content


def _decrypt(box: bytes, key: PrivateKey, former: PrivateKey | None) -> bytes:
    try:
        return SealedBox(key).decrypt(box)
    except nacl.exceptions.CryptoError:
        if former is None:
            raise
        return SealedBox(former).decrypt(box)


def _texts(opened: dict[str, object]) -> list[object]:
    return [value for name, value in opened.items() if name != "v"]


def new_recovery_code() -> str:
    """125 random bits as five groups of five letters and digits, for a printed sheet."""
    letters = b32encode(secrets.token_bytes(16)).decode()[:25]
    return "-".join(letters[place : place + 5] for place in range(0, 25, 5))


def create(
    petition: Petition, *, passphrase: str, by: AbstractBaseUser | None = None
) -> tuple[Vault, str]:
    """A new vault for a petition that has none: the vault and its recovery code.

    `by` is None on the command line. The code is shown once and stored nowhere. The vault is of
    use once both have opened it.
    Raises `WeakPassphraseError`, or `CeremonyError` when the petition can have no new vault.
    """
    passphrases.check(passphrase)
    if petition.kind == PetitionKind.RECORD:
        raise CeremonyError(gettext("A record takes no signatures."))
    key = PrivateKey.generate()
    code = new_recovery_code()
    try:
        with transaction.atomic():
            vault = Vault.objects.create(
                petition_id=petition.pk,
                public_key=bytes(key.public_key),
                challenge=new_challenge(key),
            )
            for kind, secret in zip(KeySlot.Kind, (passphrase, code), strict=True):
                add_slot(vault, key, kind=kind, secret=secret, keeper=by)
            auditing.record(auditing.Kind.VAULT_MADE, by=by, petition=petition)
    except IntegrityError as error:
        raise CeremonyError(
            gettext("This petition has a vault already, so no second one was made.")
        ) from error
    return vault, code


def new_challenge(key: PrivateKey) -> bytes:
    """A sealed text that every way to open the vault is tried on."""
    return SealedBox(key.public_key).encrypt(_CHALLENGE)


def add_slot(
    vault: Vault,
    key: PrivateKey,
    *,
    kind: KeySlot.Kind,
    secret: str,
    keeper: AbstractBaseUser | None,
    label: str = "",
) -> KeySlot:
    """The private key wrapped once more, under that secret."""
    salt = nacl.utils.random(nacl.pwhash.argon2id.SALTBYTES)
    wrapping = _derive(secret, salt, OPERATIONS, MEMORY)
    return KeySlot.objects.create(
        vault=vault,
        kind=kind,
        keeper=keeper,  # type: ignore[misc]  # the user model is the project's
        label=label,
        salt=salt,
        operations=OPERATIONS,
        memory=MEMORY,
        wrapped_key=nacl.secret.SecretBox(wrapping).encrypt(bytes(key)),
    )


def _derive(secret: str, salt: bytes, operations: int, memory: int) -> bytes:
    return nacl.pwhash.argon2id.kdf(
        nacl.secret.SecretBox.KEY_SIZE,
        # Phones and computers may write one and the same accent in two ways.
        unicodedata.normalize("NFC", secret).encode(),
        salt,
        opslimit=operations,
        memlimit=memory,
    )


def open_vault(vault: Vault, secret: str, *, but: KeySlot | None = None) -> PrivateKey:
    """The private key, by a passphrase or recovery code; raises `VaultError` if none fits.

    The challenge is opened on the way, and the slot remembers when. `but` is not tried.
    """
    slots = vault.slots.all() if but is None else vault.slots.exclude(pk=but.pk)
    return _open(vault, secret, slots)


def former_key(vault: Vault, key: PrivateKey) -> PrivateKey | None:
    """The key that boxes may still be under besides `key`; raises `VaultError` for a wrong one."""
    if vault.former_key is None:
        return None
    try:
        return PrivateKey(SealedBox(key).decrypt(bytes(vault.former_key)))
    except nacl.exceptions.CryptoError as error:
        raise VaultError("The former key cannot be opened with this key.") from error


def prove(vault: Vault, secret: str, *, kind: KeySlot.Kind) -> None:
    """Opens the challenge with that kind of secret and no other; raises `VaultError` if it fails.

    The key that comes out is dropped at once.
    """
    _open(vault, secret, vault.slots.filter(kind=kind))


def _open(vault: Vault, secret: str, slots: QuerySet[KeySlot]) -> PrivateKey:
    for slot in slots.order_by("pk"):
        typed = _as_printed(secret) if slot.kind == KeySlot.Kind.RECOVERY else secret
        wrapping = _derive(typed, bytes(slot.salt), slot.operations, slot.memory)
        try:
            key = PrivateKey(nacl.secret.SecretBox(wrapping).decrypt(bytes(slot.wrapped_key)))
            opened = SealedBox(key).decrypt(bytes(vault.challenge))
        except nacl.exceptions.CryptoError:
            continue
        # No row to mark: the vault was discarded while this key was being derived.
        if opened == _CHALLENGE and vault.slots.filter(pk=slot.pk).update(proved_at=clock.db_now()):
            return key
    raise VaultError("Neither a passphrase nor a recovery sheet of this vault has this text.")


def _as_printed(code: str) -> str:
    """A recovery code as the sheet has it, from any case and spacing.

    Its letters are those of base32: what looks like a zero or a one on paper is O or I.
    """
    letters = "".join(filter(str.isalnum, code)).upper().replace("0", "O").replace("1", "I")
    return "-".join(letters[place : place + 5] for place in range(0, len(letters), 5))


@transaction.atomic
def discard(petition: Petition, *, by: AbstractBaseUser) -> None:
    """Deletes a vault whose passphrase or sheet was lost before anybody relied on it.

    Raises `CeremonyError` when there is none, when it is proved, and as soon as there is a
    signature: what was sealed to it could never be read again.
    """
    # `move()` takes the same lock before it looks whether the vault is proved.
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    vault = Vault.objects.filter(petition=locked).first()
    if vault is None:
        raise CeremonyError(gettext("This petition has no vault."))
    reason = _reason_to_keep(locked, vault.slots.select_for_update())
    if reason:
        raise CeremonyError(reason)
    vault.delete()
    auditing.record(auditing.Kind.VAULT_GONE, by=by, petition=locked)


def can_discard(petition: Petition) -> bool:
    """Whether `discard()` would be let through now."""
    vault = Vault.objects.filter(petition=petition).first()
    return vault is not None and not _reason_to_keep(petition, vault.slots.all())


def _reason_to_keep(petition: Petition, slots: Iterable[KeySlot]) -> str:
    if proves(slots):
        return gettext("This vault is proved: it stays.")
    if petition.state == PetitionState.OPEN or Signature.objects.filter(petition=petition).exists():
        return gettext("Signatures may be sealed to this vault: it stays.")
    return ""


def is_proved(petition: Petition) -> bool:
    """Whether the challenge has been opened with a passphrase and with the recovery sheet."""
    return proves(KeySlot.objects.filter(vault__petition=petition))


def proves(slots: Iterable[KeySlot]) -> bool:
    """Whether among these a passphrase and a sheet have each opened the challenge."""
    return {slot.kind for slot in slots if slot.proved_at} == set(KeySlot.Kind.values)
