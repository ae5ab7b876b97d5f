"""E-mail addresses: the canonical form, the duplicate index, and keeping one under the mail key."""

import hmac
from hashlib import sha256
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from petitions import peppers
from petitions.models import Petition

#: Stands for a petition where there is none: mails and forms of the whole site.
WHOLE_SITE = UUID(int=0)


def canonical(address: str) -> str:
    """The form in which two spellings of one mailbox compare equal.

    Only letter case is folded: providers' own tricks (dots, +tags) can be two people's addresses.
    """
    return address.casefold()


def index(address: str, petition: Petition) -> bytes:
    """32 bytes that are equal for equal addresses of one petition.

    HMAC-SHA-256 under the petition's pepper, which is never in the database: a stolen database
    alone cannot be asked whether an address has signed. Raises `UnknownPepperError`.
    """
    return _index(address, petition.public_id, peppers.named(petition.pepper_name))


def every_index(address: str, petition: Petition) -> list[bytes]:
    """The same under each pepper that is there: one of them was asked never to be written to."""
    return [_index(address, petition.public_id, pepper) for pepper in peppers.every()]


def site_index(address: str) -> bytes:
    """The same for mails that belong to no single petition."""
    return _index(address, WHOLE_SITE, peppers.newest())


def _index(address: str, scope: UUID, pepper: str) -> bytes:
    key = hmac.digest(pepper.encode(), scope.bytes, sha256)
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
