"""What is done when something happens elsewhere: mails, audit lines, factors shown."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from campaign.accounts import session_limits
from campaign.accounts.models import User
from petitions.domain import addresses, auditing, mailing
from petitions.models import Petition
from petitions.signals import threshold_reached
from petitions.states import DeliveryKind


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest, user: User, **_signal: Any) -> None:
    session_limits.begin(request, user)
    auditing.record(auditing.Kind.SIGNED_IN, by=user)


@receiver(threshold_reached)
def mail_the_organizers(petition: Petition, **_signal: Any) -> None:
    """One mail to each active member of staff, each in their own language."""
    for user in User.objects.filter(is_staff=True, is_active=True):
        mailing.queue(
            DeliveryKind.GOAL,
            petition=petition,
            address=addresses.lock(user.email),
            address_index=addresses.index(user.email, addresses.WHOLE_SITE),
            language=user.language,
        )


@receiver(authenticator_added)
def count_as_shown(
    request: HttpRequest, user: User, authenticator: Authenticator, **_signal: Any
) -> None:
    """Who sets an app or a passkey up has just shown it; asking at once again teaches nothing."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, method="mfa", type=authenticator.type)
