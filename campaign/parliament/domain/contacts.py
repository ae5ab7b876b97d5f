"""How far the team is with a Member, and how to write to them."""

from django.db import transaction

from campaign.accounts.models import User
from campaign.parliament.models import Contact
from campaign.parliament.states import ContactState
from petitions import clock
from petitions.models import Member

_ORDER = list(ContactState)


class MovedMeanwhileError(ValueError):
    """The Member is no longer where the page showed them."""


def set_contact(
    member: Member, *, state: str, language: str, email: str, phone: str, by: User
) -> Contact:
    """What a person of the team says of a Member: any state, also an earlier one."""
    contact, _created = Contact.objects.update_or_create(
        member=member,
        defaults={
            "state": state,
            "language": language,
            "email": email,
            "phone": phone,
            "changed_at": clock.db_now(),
            "changed_by": by,
        },
    )
    return contact


def confirm_current(member: Member, *, by: User) -> Contact:
    """Somebody has compared name, riding and party with the House's own page today."""
    now = clock.db_instant()
    contact, _created = Contact.objects.update_or_create(
        member=member,
        defaults={"seen_on": clock.day_of(now), "seen_by": by},
        create_defaults={
            "seen_on": clock.day_of(now),
            "seen_by": by,
            "changed_at": now,
            "changed_by": by,
        },
    )
    return contact


@transaction.atomic
def move(member: Member, *, seen: ContactState, to: ContactState, by: User) -> None:
    """A press on the board: from the state that it showed to another, also an earlier one.

    Raises `MovedMeanwhileError` and changes nothing when somebody has moved the Member since.
    """
    values = {"changed_at": clock.db_now(), "changed_by": by}
    Contact.objects.get_or_create(member=member, defaults=values)
    if not Contact.objects.filter(member=member, state=seen).update(state=to, **values):
        raise MovedMeanwhileError


def advance(member: Member, *, to: ContactState, by: User) -> None:
    """Follows what happened: forwards only. Whoever is past it already stays there."""
    defaults = {"changed_at": clock.db_now(), "changed_by": by}
    Contact.objects.get_or_create(member=member, defaults=defaults)
    earlier = _ORDER[: _ORDER.index(to)]
    Contact.objects.filter(member=member, state__in=earlier).update(state=to, **defaults)
