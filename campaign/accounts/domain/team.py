"""Roles and leaving. Whatever is decided here signs the person out and is kept as an event."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Q, QuerySet

from campaign.accounts.models import TeamEvent, User
from campaign.accounts.roles import Permission, Role
from petitions import clock
from petitions.domain import auditing


class RefusedError(Exception):
    """An account must not be changed so, for one of the reasons below."""


class OwnAccountError(RefusedError):
    """Nobody changes their own role or shuts themselves out."""


class OperatorAccountError(RefusedError):
    """A superuser's account is another superuser's affair."""


class LastAdministratorError(RefusedError):
    """Nobody would be left who may invite people and give roles."""


def members() -> QuerySet[User]:
    """Everybody who has, or had, access to the desk; and the petitioners."""
    return User.objects.filter(Q(is_staff=True) | Q(role=Role.PETITIONER))


@transaction.atomic
def change_role(person: User, *, role: Role, by: User) -> User:
    """Gives another role; raises a `RefusedError` when that must not be."""
    person = _for_change(person, by=by)
    if person.role == role:
        return person
    person.role = role
    person.is_staff = role != Role.PETITIONER or person.is_superuser
    return _decide(person, TeamEvent.Kind.ROLE, by=by)


@transaction.atomic
def deactivate(person: User, *, by: User) -> User:
    """Shuts the person out at once; raises as `change_role()` does."""
    person = _for_change(person, by=by)
    person.is_active = False
    return _decide(person, TeamEvent.Kind.DEACTIVATED, by=by)


@transaction.atomic
def reactivate(person: User, *, by: User) -> User:
    """Lets the person log in again, with the password and second step of before."""
    person = _for_change(person, by=by)
    person.is_active = True
    return _decide(person, TeamEvent.Kind.REACTIVATED, by=by)


def _for_change(person: User, *, by: User) -> User:
    """The person as the database has them, locked together with all who manage the team.

    Two administrators who take each other's role at the same moment thus come one after the
    other, and the second finds that nobody would be left.
    """
    if person.pk == by.pk:
        raise OwnAccountError
    people = list(members().select_for_update().order_by("pk"))
    person = next(each for each in people if each.pk == person.pk)
    if person.is_superuser and not by.is_superuser:
        raise OperatorAccountError
    if not _managers(each for each in people if each.pk != person.pk):
        raise LastAdministratorError
    return person


def _managers(people: Iterable[User]) -> list[User]:
    return [each for each in people if each.may(Permission.MANAGE_TEAM)]


def _decide(person: User, kind: TeamEvent.Kind, *, by: User) -> User:
    person.sessions_ended = F("sessions_ended") + 1
    person.save(update_fields=["role", "is_staff", "is_active", "sessions_ended"])
    person.refresh_from_db()
    auditing.record(auditing.Kind.TEAM, by=by, person=person.pk, change=kind, role=person.role)
    TeamEvent.objects.create(
        person=person, kind=kind, role=person.role, happened_at=clock.db_now(), by=by
    )
    return person
