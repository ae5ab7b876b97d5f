"""What is done when something happens elsewhere: audit lines, factors shown."""

from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from campaign.accounts import session_limits
from campaign.accounts.mailing import send
from campaign.accounts.models import User
from campaign.accounts.roles import Permission
from petitions.domain import auditing, vault_sessions
from petitions.models import Petition
from petitions.signals import list_ends_soon


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest, user: User, **_signal: Any) -> None:
    session_limits.begin(request, user)
    auditing.record(auditing.Kind.SIGNED_IN, by=user)


@receiver([user_logged_out, password_changed, password_reset, password_set])
def close_vaults(user: User | None, **_signal: Any) -> None:
    """Nobody who comes after at this browser, or with another password, finds a vault open."""
    if user is not None:
        vault_sessions.close_all(user, by=user)


@receiver(list_ends_soon)
def warn_the_list_keepers(petition: Petition, end: datetime, **_signal: Any) -> None:
    """One mail to each who may export the list: after its end nobody can."""
    for user in User.objects.filter(is_staff=True, is_active=True):
        if user.may(Permission.EXPORT_SIGNERS):
            with translation.override(user.language):
                title, path = petition.title, reverse("desk:export", args=[petition.slug])
            context = {
                "petition_title": title,
                "end": end,
                "export_url": f"{settings.PUBLIC_BASE_URL}{path}",
                "language": user.language,
            }
            send("list_ends", to=user.email, language=user.language, context=context)


@receiver(authenticator_added)
def count_as_shown(
    request: HttpRequest, user: User, authenticator: Authenticator, **_signal: Any
) -> None:
    """Who sets an app or a passkey up has just shown it; asking at once again teaches nothing."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, method="mfa", type=authenticator.type)
