"""Sealing signers' data to a petition's vault, and the key slots that can open it again.

The server holds the public key only. The private key exists wrapped under Argon2id of a
passphrase and of a printed recovery sheet; opening it is an act of a person.
"""

import json
import secrets
import unicodedata
from base64 import b32encode
from collections.abc import Mapping
from uuid import UUID

import nacl.exceptions
import nacl.pwhash
import nacl.secret
import nacl.utils
from django.db import transaction
from nacl.public import PrivateKey, PublicKey, SealedBox

from petitions import clock
from petitions.models import KeySlot, Petition, Vault

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


def unseal(key: PrivateKey, box: Binary, *, petition: UUID, signature: UUID) -> dict[str, str]:
    """The content of a box of that very row; raises `VaultError` for any other."""
    try:
        opened = json.loads(SealedBox(key).decrypt(bytes(box)))
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


def _texts(opened: dict[str, object]) -> list[object]:
    return [value for name, value in opened.items() if name != "v"]


def new_recovery_code() -> str:
    """125 random bits as five groups of five letters and digits, for a printed sheet."""
    letters = b32encode(secrets.token_bytes(16)).decode()[:25]
    return "-".join(letters[place : place + 5] for place in range(0, 25, 5))


@transaction.atomic
def create(petition: Petition, *, passphrase: str) -> tuple[Vault, str]:
    """A new vault for a petition that has none: the vault and its recovery code.

    The code is shown once and stored nowhere. The vault is of use once both have opened it.
    """
    key = PrivateKey.generate()
    code = new_recovery_code()
    vault = Vault.objects.create(
        petition=petition,
        public_key=bytes(key.public_key),
        challenge=SealedBox(key.public_key).encrypt(_CHALLENGE),
    )
    for kind, secret in (
        (KeySlot.Kind.PASSPHRASE, passphrase),
        (KeySlot.Kind.RECOVERY, code),
    ):
        _add_slot(vault, key, kind=kind, secret=secret)
    return vault, code


def _add_slot(vault: Vault, key: PrivateKey, *, kind: KeySlot.Kind, secret: str) -> None:
    salt = nacl.utils.random(nacl.pwhash.argon2id.SALTBYTES)
    wrapping = _derive(secret, salt, OPERATIONS, MEMORY)
    KeySlot.objects.create(
        vault=vault,
        kind=kind,
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


def open_vault(vault: Vault, secret: str) -> PrivateKey:
    """The private key, by a passphrase or recovery code; raises `VaultError` if none fits.

    The challenge is opened on the way, and the slot remembers when.
    """
    for slot in vault.slots.order_by("pk"):
        typed = _as_printed(secret) if slot.kind == KeySlot.Kind.RECOVERY else secret
        wrapping = _derive(typed, bytes(slot.salt), slot.operations, slot.memory)
        try:
            key = PrivateKey(nacl.secret.SecretBox(wrapping).decrypt(bytes(slot.wrapped_key)))
            opened = SealedBox(key).decrypt(bytes(vault.challenge))
        except nacl.exceptions.CryptoError:
            continue
        if opened == _CHALLENGE:
            KeySlot.objects.filter(pk=slot.pk).update(proved_at=clock.db_now())
            return key
    raise VaultError("Neither a passphrase nor a recovery sheet of this vault has this text.")


def _as_printed(code: str) -> str:
    """A recovery code as the sheet has it, from any case and spacing."""
    letters = "".join(filter(str.isalnum, code)).upper()
    return "-".join(letters[place : place + 5] for place in range(0, len(letters), 5))


def is_proved(petition: Petition) -> bool:
    """Whether the challenge has been opened with a passphrase and with the recovery sheet."""
    kinds = KeySlot.objects.filter(vault__petition=petition, proved_at__isnull=False)
    return set(kinds.values_list("kind", flat=True)) == set(KeySlot.Kind.values)
