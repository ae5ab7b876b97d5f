"""Inviting somebody to work here: the only way to an account.

The mailed link is derived, not stored. It is bound to the moment of inviting, so that inviting
again makes a new one and kills the old.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse

from campaign.accounts import mailing
from campaign.accounts.models import Invitation, TeamEvent, User
from campaign.accounts.roles import Role
from petitions import clock
from petitions.domain import auditing

#: How long a link opens the page that makes the account.
LIFE = timedelta(days=7)


class AlreadyOnTeamError(Exception):
    """The address has an account already, perhaps a deactivated one."""


class InvitationEndedError(Exception):
    """Accepted, withdrawn, renewed or too old: this link makes no account."""


def waiting() -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn; those past their time are among them, to be renewed."""
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None)


def _in_time() -> QuerySet[Invitation]:
    return waiting().filter(invited_at__gt=clock.db_now() - LIFE)


@transaction.atomic
def invite(email: str, *, role: Role, language: str, by: User) -> Invitation:
    """Mails a link; an address that waits already gets a new one, and its old link is dead.

    Raises `AlreadyOnTeamError`.
    """
    email = User.objects.normalize_email(email).lower()
    if User.objects.filter(email__iexact=email).exists():
        raise AlreadyOnTeamError
    invitation, _created = waiting().update_or_create(
        email=email,
        defaults={
            "role": role,
            "language": language,
            "invited_by": by,
            "invited_at": clock.db_instant(),
        },
    )
    auditing.record(auditing.Kind.INVITED, by=by, invitation=invitation.pk, role=role)
    _mail(invitation)
    return invitation


def renew(invitation: Invitation, *, by: User) -> Invitation:
    """Invites the same person to the same role again. Raises what `invite()` raises."""
    return invite(invitation.email, role=Role(invitation.role), language=invitation.language, by=by)


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Its link makes no account any more. Raises `InvitationEndedError` when it was too late."""
    ended = waiting().filter(pk=invitation.pk).update(withdrawn_at=clock.db_now())
    if not ended:
        raise InvitationEndedError
    auditing.record(auditing.Kind.UNINVITED, by=by, invitation=invitation.pk)
    invitation.refresh_from_db()
    return invitation


def accept(
    invitation: Invitation, *, name: str, language: str, password: str, eligibility: str = ""
) -> User:
    """The account of the invited person, who may log in with it; raises `InvitationEndedError`.

    Whoever holds the mailed link has shown that the address is theirs. A petitioner has declared
    an `eligibility`, and agreed to the terms of use.
    """
    fields: dict[str, Any] = {"name": name, "language": language, "role": invitation.role}
    if invitation.role == Role.PETITIONER:
        fields |= {"eligibility": eligibility, "terms_agreed_at": clock.db_instant()}
    try:
        with transaction.atomic():
            return _accept(invitation, password=password, fields=fields)
    except IntegrityError as error:
        # An account with this address was made meanwhile by other means.
        raise InvitationEndedError from error


def _accept(invitation: Invitation, *, password: str, fields: dict[str, Any]) -> User:
    # The whole condition again: of two presses, and of a renewal meanwhile, one wins.
    taken = (
        _in_time()
        .filter(pk=invitation.pk, invited_at=invitation.invited_at)
        .update(accepted_at=clock.db_now())
    )
    if not taken:
        raise InvitationEndedError
    user = User.objects.create_user(
        invitation.email,
        password,
        is_staff=invitation.role != Role.PETITIONER,
        **fields,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    joined = TeamEvent.Kind.JOINED
    auditing.record(auditing.Kind.TEAM, by=user, person=user.pk, change=joined, role=user.role)
    TeamEvent.objects.create(
        person=user,
        kind=joined,
        role=user.role,
        happened_at=clock.db_now(),
        by=invitation.invited_by,
    )
    return user


# --- the mailed link -------------------------------------------------------------------------


def _signer() -> signing.Signer:
    return signing.Signer(
        key=settings.PETITIONS_LINK_KEY,
        fallback_keys=[*settings.PETITIONS_LINK_KEY_FALLBACKS],
        sep=".",
        salt="campaign.accounts.invitation",
    )


def token(invitation: Invitation) -> str:
    return _signer().sign(f"{invitation.public_id.hex}.{_moment(invitation)}")


def _moment(invitation: Invitation) -> int:
    return round(invitation.invited_at.timestamp() * 1_000_000)


def read_token(text: str) -> Invitation:
    """The invitation whose present link this is; raises `InvitationEndedError` for any other."""
    try:
        public_id, moment = _signer().unsign(text).split(".")
    except (signing.BadSignature, ValueError) as error:
        raise InvitationEndedError from error
    invitation = _in_time().filter(public_id=UUID(hex=public_id)).first()
    if invitation is None or moment != str(_moment(invitation)):
        raise InvitationEndedError
    return invitation


def _mail(invitation: Invitation) -> None:
    path = reverse("team-invitation", kwargs={"token": token(invitation)})
    context = {
        "invited_by": str(invitation.invited_by),
        "role": Role(invitation.role).label,
        "accept_url": settings.PUBLIC_BASE_URL + path,
        "expires": invitation.invited_at + LIFE,
    }
    mailing.send("invitation", to=invitation.email, language=invitation.language, context=context)
