"""Which factors a session has shown, and how long ago."""

from datetime import timedelta
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from campaign.accounts.models import User

#: How long a log-in is fresh enough for what cannot be taken back.
FRESH = timedelta(minutes=5)


def shown(request: HttpRequest, *, within: timedelta = timedelta.max) -> set[str]:
    """The methods ("password", "mfa") that this very session has shown, in the last `within`.

    A log-in by passkey shows "mfa" alone. It is two factors in one, the device and the finger,
    face or PIN that it asks for (`MFA_WEBAUTHN_USER_VERIFICATION`), and opens the desk; what
    cannot be taken back wants the password as well, which no device can give.
    """
    now = timezone.now().timestamp()
    return {
        str(record["method"])
        for record in get_authentication_records(request, request.user)
        if now - record["at"] < within.total_seconds()
    }


def stale_factor(request: HttpRequest) -> str:
    """The page on which to show a factor again that was shown too long ago; "" when all are fresh.

    Password, and where the account has one the second factor, each within `FRESH`.
    """
    fresh = shown(request, within=FRESH)
    if "password" not in fresh:
        return "account_reauthenticate"
    if is_mfa_enabled(request.user) and "mfa" not in fresh:
        return second_step(request.user)
    return ""


def confirm_url(request: HttpRequest, *, back: str = "") -> str:
    """Where to show a stale factor, and come back from to `back` (this page unless said).

    "" when all are fresh.
    """
    page = stale_factor(request)
    return f"{reverse(page)}?{urlencode({'next': back or request.path})}" if page else ""


def second_step(user: User | AnonymousUser) -> str:
    """The page that asks for the second factor: for a code, or where there is no app, a passkey."""
    types = set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    if Authenticator.Type.WEBAUTHN in types and Authenticator.Type.TOTP not in types:
        return "mfa_reauthenticate_webauthn"
    return "mfa_reauthenticate"
