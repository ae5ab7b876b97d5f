"""People of staff for tests, one function a need."""

from itertools import count

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.test import Client
from fido2 import cbor
from fido2.utils import websafe_encode

from campaign.accounts.domain import invitations
from campaign.accounts.models import Invitation, User
from campaign.accounts.roles import Role

PASSWORD = "a long password of the tests"
_number = count(1)


def person(
    role: Role | str = Role.ORGANIZER, *, language: str = "en", superuser: bool = False
) -> User:
    user = User.objects.create_user(
        f"person-{next(_number)}@example.org",
        PASSWORD,
        role=role,
        language=language,
        is_staff=role != Role.PETITIONER,
        is_superuser=superuser,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def invitation(email: str = "invited@example.org") -> Invitation:
    """One that waits, for a translator who reads French."""
    return invitations.invite(email, role=Role.TRANSLATOR, language="fr", by=person(Role.ADMIN))


def second_factor(user: User) -> str:
    """Gives the account TOTP and recovery codes; returns an unused recovery code."""
    TOTP.activate(user, generate_totp_secret())
    return str(RecoveryCodes.activate(user).get_unused_codes()[0])


def codes_of(secret: str) -> list[str]:
    """What an authenticator application may show about now: the step before, this one, the next.

    Each is taken once.
    """
    return [format_hotp_value(hotp_value(secret, at)) for at in yield_hotp_counters_from_time()]


def passkey(user: User, name: str = "Passkey 1") -> None:
    """Gives the account a passkey, of which only the pages are asked, not its signature."""
    # An attestation object of the format "none", with an empty public key.
    auth_data = bytes(32) + b"\x45" + bytes(4) + bytes(16) + b"\x00\x01" + b"\x07" + b"\xa0"
    attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": auth_data})
    client_data = b'{"type":"webauthn.create","challenge":"AA","origin":"http://localhost"}'
    credential = {
        "id": websafe_encode(b"\x07"),
        "rawId": websafe_encode(b"\x07"),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client_data),
            "attestationObject": websafe_encode(attestation),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
    WebAuthn.add(user, name, credential)


def log_in(user: User) -> Client:
    """A client that has gone through the real log-in page with the password."""
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def log_in_with_code(user: User, code: str) -> Client:
    """The same, and the second factor after it."""
    client = log_in(user)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    return client


def age_session(client: Client, *, minutes: int, method: str = "") -> None:
    """Makes what the session has shown (by `method`, or all of it) that much older."""
    session = client.session
    for record in session["account_authentication_methods"]:
        if method in ("", record["method"]):
            record["at"] -= 60 * minutes
    session.save()
