"""What is done here when something happens in the petition machine: mails of the crossing."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from campaign.accounts.models import User
from campaign.accounts.roles import Permission
from campaign.parliament import telling
from petitions.domain import addresses, mailing
from petitions.models import Petition
from petitions.signals import threshold_reached
from petitions.states import DeliveryKind


@receiver(threshold_reached)
def mail_the_team(petition: Petition, total: int, reached_at: datetime, **_signal: Any) -> None:
    """One mail to each active member of staff, each in their own language.

    Queued in the transaction that records the crossing. Who meets Members reads whom to tell.
    """
    team = list(User.objects.filter(is_staff=True, is_active=True))
    meeting = [user for user in team if user.may(Permission.MEET_MEMBERS)]
    telling.mail_list(petition, meeting, total=total, reached_at=reached_at)
    for user in team:
        if user not in meeting:
            mailing.queue(
                DeliveryKind.GOAL,
                petition=petition,
                address=addresses.lock(user.email),
                address_index=addresses.site_index(user.email),
                language=user.language,
            )
