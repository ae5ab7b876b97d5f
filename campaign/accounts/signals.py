"""What people who work here are told about petitions."""

from typing import Any

from django.dispatch import receiver

from campaign.accounts.models import User
from petitions.domain import addresses, mailing
from petitions.models import Petition
from petitions.signals import threshold_reached
from petitions.states import DeliveryKind


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
