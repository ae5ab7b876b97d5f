"""The recovery key: a code that people keep on paper, and the public half that servers know.

The code holds 125 random bits. Those are too many to guess, so that no slow derivation is needed:
its hash is the private key.
"""

from hashlib import blake2b

from nacl.public import PrivateKey, PublicKey

from campaign.backups.errors import BackupError, WrongKeyError

_PURPOSE = b"backup recovery"
_LETTERS = 25


def private_key(code: str) -> PrivateKey:
    """The private key of a code, in any case and spacing; raises `WrongKeyError` if it is none.

    Its letters are those of base32: what looks like a zero or a one on paper is O or I.
    """
    letters = "".join(filter(str.isalnum, code)).upper().replace("0", "O").replace("1", "I")
    if len(letters) != _LETTERS:
        raise WrongKeyError(
            f"A recovery key has {_LETTERS} letters and digits in five groups; "
            f"this has {len(letters)}. Type it as the sheet shows it."
        )
    return PrivateKey(blake2b(letters.encode(), digest_size=32, person=_PURPOSE).digest())


def written(key: PublicKey) -> str:
    """A public key as BACKUP_PUBLIC_KEYS has it."""
    return bytes(key).hex()


def public_keys(texts: list[str]) -> list[PublicKey]:
    """The keys of BACKUP_PUBLIC_KEYS; raises `BackupError` if there are none or one is none."""
    if not texts:
        raise BackupError(
            "BACKUP_PUBLIC_KEYS is not set: there is nobody to seal a backup to. "
            "Make a recovery key with `manage.py backup --new-key`."
        )
    try:
        return [PublicKey(bytes.fromhex(text)) for text in texts]
    except (ValueError, TypeError) as error:
        raise BackupError(
            "BACKUP_PUBLIC_KEYS holds something that is not a public key: 64 of the signs "
            "0-9 and a-f each, separated by commas, as `manage.py backup --new-key` printed them."
        ) from error
