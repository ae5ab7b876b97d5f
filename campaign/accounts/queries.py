"""What the team pages show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from campaign.accounts.domain import invitations, team
from campaign.accounts.models import Invitation, User
from campaign.accounts.roles import PERMISSIONS, Permission, Role
from petitions import clock

#: Recovery codes only replace one of these.
_SECOND_STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def people() -> QuerySet[User]:
    """Everybody on the team, active ones first; each with `has_second_step`."""
    steps = Authenticator.objects.filter(user=OuterRef("pk"), type__in=_SECOND_STEPS)
    return (
        team.members()
        .annotate(has_second_step=Exists(steps))
        .order_by("-is_active", "name", "email")
    )


@dataclass(frozen=True)
class WaitingInvitation:
    row: Invitation
    until: datetime
    is_expired: bool


def waiting_invitations() -> list[WaitingInvitation]:
    now = clock.display_now()
    return [
        WaitingInvitation(
            row=row,
            until=row.invited_at + invitations.LIFE,
            is_expired=now >= row.invited_at + invitations.LIFE,
        )
        for row in invitations.waiting().select_related("invited_by")
    ]


def roles_in_words() -> Iterator[tuple[str, list[str]]]:
    """The table of roles as it stands in `roles.py`: each role, and what it may do."""
    for role in Role:
        yield str(role.label), [str(each.label) for each in Permission if each in PERMISSIONS[role]]
