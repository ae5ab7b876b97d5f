"""The file of a backup: any number of bytes, sealed to one or more recovery keys.

    what it is       17 bytes: a fixed text, the version, and what is inside
    for whom         1 byte: how many; for each a public key and the stream's key sealed to it
    stream           libsodium's secretstream (XChaCha20-Poly1305): its header, then blocks

Each block is bound to what stands before the stream and to its place in it, and only the last one
carries the final tag: a file that was cut, changed or put together from two is noticed. Nothing
of it may be used before `unseal()` has come to its end. No more than a block is in memory.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from hashlib import sha256
from typing import BinaryIO

import nacl.bindings as sodium
import nacl.exceptions
from nacl.public import PrivateKey, PublicKey, SealedBox

from campaign.backups.errors import DamagedError, WrongKeyError

_MAGIC = b"petition-backup\x01"
_BLOCK = 1 << 16
_KEY = sodium.crypto_secretstream_xchacha20poly1305_KEYBYTES
_HEADER = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_EXTRA = sodium.crypto_secretstream_xchacha20poly1305_ABYTES
_MESSAGE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_FINAL = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_PUBLIC = sodium.crypto_box_PUBLICKEYBYTES
_SEALED = _KEY + sodium.crypto_box_SEALBYTES


class Content(Enum):
    """What a file holds; its end of name too."""

    DATABASE = b"d"
    KEYS = b"k"


def seal(
    pieces: Iterable[bytes], target: BinaryIO, *, content: Content, to: list[PublicKey]
) -> None:
    """Writes `pieces` into `target`, for whoever has the private half of any key in `to`."""
    key = sodium.crypto_secretstream_xchacha20poly1305_keygen()
    head = _MAGIC + content.value + bytes([len(to)])
    for recipient in to:
        head += bytes(recipient) + SealedBox(recipient).encrypt(key)
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    start = sodium.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    target.write(head + start)
    bound = sha256(head).digest()
    target.writelines(
        sodium.crypto_secretstream_xchacha20poly1305_push(state, block, ad=bound, tag=tag)
        for block, tag in _blocks(pieces)
    )


def _blocks(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """The same bytes in full blocks, and a last one, which may be shorter or empty."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) > _BLOCK:
            yield bytes(waiting[:_BLOCK]), _MESSAGE
            del waiting[:_BLOCK]
    yield bytes(waiting), _FINAL


def unseal(source: BinaryIO, key: PrivateKey, *, content: Content) -> Iterator[bytes]:
    """The bytes that were sealed, block by block.

    Raises `WrongKeyError`, and `DamagedError` as late as at the very end.
    """
    head, stream_key = _open_head(source, key, content)
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(
        state, _exactly(source, _HEADER), stream_key
    )
    bound, tag = sha256(head).digest(), _MESSAGE
    while tag != _FINAL:
        sealed = source.read(_BLOCK + _EXTRA)
        try:
            block, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, ad=bound)
        except nacl.exceptions.CryptoError as error:
            raise _damaged() from error
        yield block
    if source.read(1):
        raise _damaged()


def _open_head(source: BinaryIO, key: PrivateKey, content: Content) -> tuple[bytes, bytes]:
    """What stands before the stream, and the stream's key."""
    magic = source.read(len(_MAGIC) + 1)
    if magic != _MAGIC + content.value:
        raise DamagedError(
            f"This is no backup of {content.name.lower()} that this version can read. "
            "Name a file petition-….database, or petition-….keys for keys."
        )
    number = _exactly(source, 1)
    slots = _exactly(source, number[0] * (_PUBLIC + _SEALED))
    mine = slots.find(bytes(key.public_key))
    if mine % (_PUBLIC + _SEALED):
        raise WrongKeyError(
            "This recovery key does not open this backup: it was mistyped, or the backup was made "
            "for another. Read it from the sheet again, or use the sheet of that time."
        )
    try:
        box = slots[mine + _PUBLIC : mine + _PUBLIC + _SEALED]
        return magic + number + slots, SealedBox(key).decrypt(box)
    except nacl.exceptions.CryptoError as error:
        raise _damaged() from error


def _exactly(source: BinaryIO, number: int) -> bytes:
    found = source.read(number)
    if len(found) != number:
        raise _damaged()
    return found


def _damaged() -> DamagedError:
    return DamagedError(
        "This backup is damaged: it was cut or changed after it was made, and nothing of it was "
        "used. Take an older one, or another copy of it."
    )
