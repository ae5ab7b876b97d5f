"""What is done when something happens elsewhere: audit lines, factors shown."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from campaign.accounts import session_limits
from campaign.accounts.models import User
from petitions.domain import auditing


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest, user: User, **_signal: Any) -> None:
    session_limits.begin(request, user)
    auditing.record(auditing.Kind.SIGNED_IN, by=user)


@receiver(authenticator_added)
def count_as_shown(
    request: HttpRequest, user: User, authenticator: Authenticator, **_signal: Any
) -> None:
    """Who sets an app or a passkey up has just shown it; asking at once again teaches nothing."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, method="mfa", type=authenticator.type)
