"""People of staff for tests, one function a need."""

from itertools import count

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from campaign.accounts.models import User
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
        is_staff=True,
        is_superuser=superuser,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def second_factor(user: User) -> str:
    """Gives the account TOTP and recovery codes; returns an unused recovery code."""
    TOTP.activate(user, generate_totp_secret())
    return str(RecoveryCodes.activate(user).get_unused_codes()[0])


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
