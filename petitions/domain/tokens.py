"""Tokens of forms, mailed links, codes and page handles. None is stored.

A mailed token is base64url(public id ‖ HMAC-SHA-256(link key, purpose ‖ public id ‖ generation)
cut to 16 bytes): it can be made again for a resend, and raising the generation kills it. The
present link key makes tokens; what a former one made is read while it is among the fallbacks.
"""

import binascii
import hmac
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core import signing

FORM_LIFE = timedelta(hours=24)
MANAGE_LIFE = timedelta(minutes=30)
_MAC = 16


class BadTokenError(Exception):
    """Not a token of ours, or not for this purpose."""


class ExpiredTokenError(Exception):
    """A token of ours whose time has passed."""


def _mac(purpose: str, *parts: bytes) -> bytes:
    return _macs(purpose, *parts)[0]


def _macs(purpose: str, *parts: bytes) -> list[bytes]:
    """The MAC under the present link key, then those under the fallbacks."""
    message = b"\0".join((purpose.encode(), *parts))
    keys = [settings.PETITIONS_LINK_KEY, *settings.PETITIONS_LINK_KEY_FALLBACKS]
    return [hmac.digest(key.encode(), message, sha256) for key in keys]


def _is_any(found: bytes, known: Iterable[bytes]) -> bool:
    """Whether it is one of them, in a time that does not tell how nearly."""
    return any(hmac.compare_digest(found, each) for each in known)


def _fits(mac: bytes, purpose: str, *parts: bytes) -> bool:
    return _is_any(mac, (each[:_MAC] for each in _macs(purpose, *parts)))


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(token: str, length: int | None = None) -> bytes:
    """The bytes of a token in the one spelling that `_encode()` gives them."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise BadTokenError from error
    if length not in (None, len(raw)) or _encode(raw) != token:
        raise BadTokenError
    return raw


# --- mailed confirmation link and its code ---------------------------------------------------


@dataclass(frozen=True)
class ConfirmToken:
    """A well-formed confirmation token; `fits()` tells whether we made it for a generation."""

    public_id: UUID
    mac: bytes

    def fits(self, generation: int) -> bool:
        return _is_any(self.mac, (mac[:_MAC] for mac in _confirm_macs(self.public_id, generation)))


def _confirm_macs(public_id: UUID, generation: int) -> list[bytes]:
    return _macs("confirm", public_id.bytes, struct.pack(">H", generation))


def confirm_token(public_id: UUID, generation: int) -> str:
    """The token of the mailed link: 43 characters."""
    return _encode(public_id.bytes + _confirm_macs(public_id, generation)[0][:_MAC])


def read_confirm_token(token: str) -> ConfirmToken:
    """The parts of a confirmation token; raises `BadTokenError`. The row decides if it fits."""
    raw = _decode(token, 16 + _MAC)
    return ConfirmToken(UUID(bytes=raw[:16]), raw[16:])


def confirm_code(public_id: UUID, generation: int) -> str:
    """The six digits mailed beside the link, from the half of the HMAC that the link lacks."""
    return _code(_confirm_macs(public_id, generation)[0])


def is_confirm_code(typed: str, public_id: UUID, generation: int) -> bool:
    """Whether these are the six digits, by the present link key or a fallback."""
    codes = map(_code, _confirm_macs(public_id, generation))
    return _is_any(typed.encode(), (code.encode() for code in codes))


def _code(mac: bytes) -> str:
    (number,) = struct.unpack(">Q", mac[_MAC : _MAC + 8])
    return f"{number % 1_000_000:06d}"


# --- mailed links to my signature and for stopping news --------------------------------------


def manage_token(public_id: UUID, now: datetime) -> str:
    """The token of `/m/`; it carries its own end, `MANAGE_LIFE` after `now`."""
    end = struct.pack(">I", int((now + MANAGE_LIFE).timestamp()))
    return _encode(public_id.bytes + end + _mac("manage", public_id.bytes, end)[:_MAC])


def read_manage_token(token: str, now: datetime) -> UUID:
    """The signature's public id; raises `BadTokenError` or `ExpiredTokenError`."""
    raw = _decode(token, 16 + 4 + _MAC)
    public_id, end, mac = UUID(bytes=raw[:16]), raw[16:20], raw[20:]
    if not _fits(mac, "manage", public_id.bytes, end):
        raise BadTokenError
    if now.timestamp() >= struct.unpack(">I", end)[0]:
        raise ExpiredTokenError
    return public_id


def unsubscribe_token(public_id: UUID) -> str:
    """The token of `/u/`: it never expires, since old mails must stop too (RFC 8058)."""
    return _row_token("unsubscribe", public_id)


def read_unsubscribe_token(token: str) -> UUID:
    """The subscription's public id; raises `BadTokenError`."""
    return _read_row_token("unsubscribe", token)


# --- mailed links of the House's steps -------------------------------------------------------


def support_token(public_id: UUID) -> str:
    """The token of `/support/`. What it still opens is the supporter's row's affair."""
    return _row_token("support", public_id)


def read_support_token(token: str) -> UUID:
    """The supporter's public id; raises `BadTokenError`."""
    return _read_row_token("support", token)


def office_token(public_id: UUID) -> str:
    """The token of `/mp/`. What it still opens is the request's row's affair."""
    return _row_token("office", public_id)


def read_office_token(token: str) -> UUID:
    """The public id of a request to a Member; raises `BadTokenError`."""
    return _read_row_token("office", token)


def _row_token(purpose: str, public_id: UUID) -> str:
    """A token with no end of its own, good for one purpose on one row."""
    return _encode(public_id.bytes + _mac(purpose, public_id.bytes)[:_MAC])


def _read_row_token(purpose: str, token: str) -> UUID:
    raw = _decode(token, 16 + _MAC)
    public_id = UUID(bytes=raw[:16])
    if not _fits(raw[16:], purpose, public_id.bytes):
        raise BadTokenError
    return public_id


# --- the form and the page after it ----------------------------------------------------------


def form_token(petition_id: UUID, language: str) -> str:
    """A signed, timed token for one showing of the form; random, so that two forms differ."""
    value = f"{petition_id}:{language}:{secrets.token_urlsafe(9)}"
    return _form_signer().sign(value)


def check_form_token(token: str, petition_id: UUID) -> None:
    """Raises `ExpiredTokenError` after `FORM_LIFE`, `BadTokenError` for any other flaw."""
    try:
        value = _form_signer().unsign(token, max_age=FORM_LIFE)
    except signing.SignatureExpired as error:
        raise ExpiredTokenError from error
    except signing.BadSignature as error:
        raise BadTokenError from error
    if value.partition(":")[0] != str(petition_id):
        raise BadTokenError


def form_age(token: str, now: datetime) -> timedelta:
    """How long ago the form with this checked token was made; signed in whole seconds."""
    made = signing.b62_decode(token.rsplit(":", 2)[1])
    return now - datetime.fromtimestamp(made, tz=UTC)


def _form_signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="petitions.form")


@dataclass(frozen=True)
class Handle:
    """What the address of a check-your-e-mail page carries, under the mail key.

    The page shows the typed address from here, not from the row: so it looks the same whether
    the row is waiting, confirmed, or the second one of somebody who had signed before.
    """

    public_id: UUID
    address: str
    made_at: datetime


def make_handle(public_id: UUID, address: str) -> str:
    box = _handle_keys().encrypt(public_id.bytes + address.encode())
    return box.rstrip(b"=").decode()


def read_handle(handle: str) -> Handle:
    """Raises `BadTokenError`. How long a handle lives is the row's affair (`signing.py`)."""
    keys = _handle_keys()
    box = urlsafe_b64encode(_decode(handle))
    try:
        made = keys.extract_timestamp(box)
        raw = keys.decrypt(box)
    except InvalidToken as error:
        raise BadTokenError from error
    return Handle(UUID(bytes=raw[:16]), raw[16:].decode(), datetime.fromtimestamp(made, tz=UTC))


def _handle_keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.PETITIONS_MAIL_KEYS])
