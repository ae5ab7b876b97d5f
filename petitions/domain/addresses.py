"""E-mail addresses: the canonical form, the duplicate index, and keeping one under the mail key."""

import hmac
from hashlib import sha256
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

#: Index scope of mails that belong to no single petition.
WHOLE_SITE = UUID(int=0)


def canonical(address: str) -> str:
    """The form in which two spellings of one mailbox compare equal.

    Only letter case is folded: providers' own tricks (dots, +tags) can be two people's addresses.
    """
    return address.casefold()


def index(address: str, scope: UUID) -> bytes:
    """32 bytes that are equal for equal addresses of one petition (`scope` = its public id).

    HMAC-SHA-256 under the pepper, which is never in the database: a stolen database alone cannot
    be asked whether an address has signed.
    """
    key = hmac.digest(settings.PETITIONS_INDEX_PEPPER.encode(), scope.bytes, sha256)
    return hmac.digest(key, canonical(address).encode(), sha256)


def _mail_keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.PETITIONS_MAIL_KEYS])


def lock(address: str) -> bytes:
    """The address under the newest mail key, for as long as mail is still to be sent."""
    return _mail_keys().encrypt(address.encode())


def unlock(box: bytes | memoryview) -> str:
    """The address kept by `lock()`; raises `UnreadableAddressError` when no mail key opens it."""
    try:
        return _mail_keys().decrypt(bytes(box)).decode()
    except InvalidToken as error:
        raise UnreadableAddressError(
            "No key in PETITIONS_MAIL_KEYS opens a kept address; put the retired key back."
        ) from error


class UnreadableAddressError(Exception):
    """The key that an address was kept under is gone."""
