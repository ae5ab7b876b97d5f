"""Which factors a session has shown, and how long ago."""

from datetime import timedelta

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest
from django.utils import timezone

#: How long a log-in is fresh enough for what cannot be taken back.
FRESH = timedelta(minutes=5)


def shown(request: HttpRequest, *, within: timedelta = timedelta.max) -> set[str]:
    """The methods ("password", "mfa") that this very session has shown, in the last `within`."""
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
        return "mfa_reauthenticate"
    return ""
