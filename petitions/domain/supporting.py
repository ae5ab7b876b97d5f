"""The first five: people whom the petitioner asks by mail before a Member is asked.

A supporter is never a signer, and no supporter's name is published (S.O. 36; house.md §1).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from petitions import clock, formats
from petitions.domain import addresses, composing, drafting, lifecycle, notifying, tokens
from petitions.models import Delivery, Petition, PetitionEvent, Supporter
from petitions.models.house import SUPPORTERS_AT_MOST, SUPPORTERS_NEEDED
from petitions.states import (
    DeliveryKind,
    MPRequestState,
    PetitionState,
    SupporterState,
)

#: Who has not answered by then is not waited for, and their address is erased.
LINK_LIFE = timedelta(days=30)
#: Nobody is reminded sooner after the last mail about this petition ...
REST = timedelta(hours=24)
#: ... or gets more mails about it before they have said yes, however often it is taken back.
MOST_MAILS = 6
#: The stored reason of the move by the fifth supporter. Pages say it in their own words.
BY_THE_FIFTH = "by the fifth supporter"


class SupportError(Exception):
    """Nothing was changed; the text says why, `errors` the same of single rows by their place."""

    def __init__(self, text: str = "", errors: dict[int, str] | None = None) -> None:
        super().__init__(text)
        self.errors = errors or {}


@dataclass(frozen=True)
class Invitee:
    """Somebody to be asked: a full name, an address, and the language to write in."""

    name: str
    email: str
    language: str


@dataclass(frozen=True)
class Answers:
    """What a supporter declares; less than the House asks for."""

    eligibility: str
    residence: str
    province: str
    country: str


class Standing(Enum):
    """What a supporter's link opens."""

    READY = "ready"
    SUPPORTED = "supported"
    DECLINED = "declined"
    FULL = "full"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    ENDED = "ended"


# --- asking ----------------------------------------------------------------------------------


@transaction.atomic
def invite(petition: Petition, people: Sequence[Invitee], *, by: AbstractBaseUser) -> None:
    """Asks five to ten people, freezes text and duration, and moves the petition.

    Raises `SupportError`, and mails nobody, when anything stands against it.
    """
    locked = _lock(petition)
    if locked.state != PetitionState.DRAFT:
        raise SupportError(gettext("Supporters have been asked already"))
    if not SUPPORTERS_NEEDED <= len(people) <= SUPPORTERS_AT_MOST:
        raise SupportError(
            gettext("Name at least %(least)s people, and at most %(most)s")
            % {
                "least": formats.number(SUPPORTERS_NEEDED),
                "most": formats.number(SUPPORTERS_AT_MOST),
            }
        )
    errors = dict(_row_errors(locked, people))
    if errors:
        raise SupportError(gettext("Look at the people you named"), errors)
    _cancel(locked)
    drafting.keep_version(locked, by=by)
    try:
        lifecycle.move(locked, PetitionState.GATHERING_SUPPORTERS, by=by)
    except lifecycle.MoveError as error:
        raise SupportError(str(error)) from error
    petition.refresh_from_db(fields=["state"])
    now = clock.db_instant()
    for person in people:
        _write_to(_ask(locked, person, now), person.name)


def _lock(petition: Petition) -> Petition:
    return Petition.objects.select_for_update().get(pk=petition.pk)


def _row_errors(petition: Petition, people: Sequence[Invitee]) -> Iterator[tuple[int, str]]:
    """What stands against single people, by their place in the list."""
    own = {each.index for each in notifying.petitioner(petition)}
    declined = {bytes(row.email_index or b"") for row in _declined(petition)}
    seen: set[bytes] = set()
    for place, person in enumerate(people):
        index = addresses.index(person.email, petition)
        if index in own:
            yield place, gettext("You cannot be a supporter of your own petition")
        elif index in seen:
            yield place, gettext("This address stands in the list already")
        elif index in declined:
            yield place, gettext("This person has declined: ask somebody else")
        elif _mails(petition, index).count() >= MOST_MAILS:
            yield place, gettext("This person has been written to often enough: ask somebody else")
        seen.add(index)


def _declined(petition: Petition) -> QuerySet[Supporter]:
    return petition.supporters.filter(state=SupporterState.DECLINED)


def _mails(petition: Petition, index: bytes) -> QuerySet[Delivery]:
    return Delivery.objects.filter(petition=petition, kind=DeliveryKind.NOTICE, address_index=index)


def _ask(petition: Petition, person: Invitee, now: datetime) -> Supporter:
    return Supporter.objects.create(
        petition=petition,
        name=addresses.lock(person.name),
        address=addresses.lock(person.email),
        email_index=addresses.index(person.email, petition),
        language=person.language,
        invited_at=now,
    )


def _write_to(row: Supporter, name: str, *, is_reminder: bool = False) -> None:
    to = notifying.supporter(row)
    if to is None:
        raise SupportError(gettext("This person’s address is erased"))
    context = {
        "supporter_name": name,
        "petitioner_name": notifying.petitioner_name(row.petition),
        "support_url": composing.absolute(
            "links:support", token=tokens.support_token(row.public_id)
        ),
        "expires": row.invited_at + LINK_LIFE,
        "is_reminder": is_reminder,
    }
    notifying.send("support_request", to, petition=row.petition, context=context)


@transaction.atomic
def remind(supporter: Supporter, *, by: AbstractBaseUser) -> None:
    """Asks once more, a day or longer after the last mail; raises `SupportError`."""
    petition = _lock(supporter.petition)
    row = petition.supporters.get(pk=supporter.pk)
    if _standing(row, petition) != Standing.READY:
        raise SupportError(gettext("This person is not waited for any more"))
    mails = _mails(petition, bytes(row.email_index or b""))
    if mails.filter(created_at__gt=clock.db_now() - REST).exists():
        raise SupportError(gettext("This person was written to less than a day ago"))
    if mails.count() >= MOST_MAILS:
        raise SupportError(gettext("This person has been written to often enough"))
    _write_to(row, name_of(row), is_reminder=True)


def name_of(row: Supporter) -> str:
    """The name as the petitioner gave it; "" once it is erased."""
    return addresses.unlock(row.name) if row.name is not None else ""


# --- answering -------------------------------------------------------------------------------


def find(public_id: UUID) -> Supporter | None:
    """The supporter of a link, with the petition."""
    known = Supporter.objects.select_related("petition", "petition__petitioner")
    return known.filter(public_id=public_id).first()


def look(supporter: Supporter) -> Standing:
    """What the link opens now. Changes nothing."""
    return _standing(supporter, supporter.petition)


def _standing(row: Supporter, petition: Petition) -> Standing:
    answered = {
        SupporterState.SUPPORTED: Standing.SUPPORTED,
        SupporterState.DECLINED: Standing.DECLINED,
        SupporterState.CANCELLED: Standing.CANCELLED,
    }.get(SupporterState(row.state))
    if answered is not None:
        return answered
    if petition.state != PetitionState.GATHERING_SUPPORTERS:
        has_five = petition.events.filter(to_state=PetitionState.AWAITING_MP).exists()
        return Standing.FULL if has_five else Standing.ENDED
    is_over = row.invited_at + LINK_LIFE <= clock.db_instant()
    return Standing.EXPIRED if is_over or row.address is None else Standing.READY


@transaction.atomic
def support(supporter: Supporter, answers: Answers) -> Standing:
    """Makes somebody one of the five; `FULL` when five others were first.

    The petition's row is locked, so that each place is given once and one person is the fifth.
    """
    petition = _lock(supporter.petition)
    row = petition.supporters.get(pk=supporter.pk)
    standing = _standing(row, petition)
    if standing != Standing.READY:
        return standing
    place = petition.supporters.filter(state=SupporterState.SUPPORTED).count() + 1
    petition.supporters.filter(pk=row.pk).update(
        state=SupporterState.SUPPORTED, place=place, answered_at=clock.db_now(), **vars(answers)
    )
    if place == SUPPORTERS_NEEDED:
        _have_five(petition)
    return Standing.SUPPORTED


def _have_five(petition: Petition) -> None:
    """On to the Member. Of those who were not needed nothing is kept but that they were asked."""
    lifecycle.move(petition, PetitionState.AWAITING_MP, by=None, reason=BY_THE_FIFTH)
    _forget(petition.supporters.exclude(state=SupporterState.SUPPORTED))
    notifying.tell(notifying.petitioner(petition), petition=petition, sentences=_five_to_petitioner)
    notifying.tell(notifying.supporters(petition), petition=petition, sentences=_five_to_supporter)


@transaction.atomic
def decline(supporter: Supporter) -> Standing:
    """Says no, and erases the address. The petitioner is told when five can no longer be found."""
    petition = _lock(supporter.petition)
    row = petition.supporters.get(pk=supporter.pk)
    standing = _standing(row, petition)
    if standing != Standing.READY:
        return standing
    petition.supporters.filter(pk=row.pk).update(
        state=SupporterState.DECLINED, answered_at=clock.db_now(), address=None
    )
    if _possible(petition) == SUPPORTERS_NEEDED - 1:
        notifying.tell(notifying.petitioner(petition), petition=petition, sentences=_too_few)
    return Standing.DECLINED


def _possible(petition: Petition) -> int:
    """How many support it, or still may."""
    able = [SupporterState.INVITED, SupporterState.SUPPORTED]
    return petition.supporters.filter(state__in=able).count()


# --- going back ------------------------------------------------------------------------------


@transaction.atomic
def take_back(petition: Petition, *, by: AbstractBaseUser, reason: str = "") -> PetitionEvent:
    """Back to the draft, from wherever the table allows; raises `MoveError`.

    The text may change from here on: supporters have supported another one, and a Member has
    authorized another one. Both are asked anew.
    """
    locked = _lock(petition)
    event = lifecycle.move(locked, PetitionState.DRAFT, by=by, reason=reason)
    petition.refresh_from_db(fields=["state"])
    notifying.tell(notifying.supporters(locked), petition=locked, sentences=_text_changes)
    _cancel(locked)
    if locked.mp_requests.update(state=MPRequestState.CANCELLED, address=None):
        Petition.objects.filter(pk=locked.pk).update(sponsor_name="", sponsor_riding="")
    return event


def _cancel(petition: Petition) -> None:
    """Ends every request. A no stays a no: that person is not asked again."""
    rows = petition.supporters.exclude(state=SupporterState.DECLINED)
    rows.update(state=SupporterState.CANCELLED, place=None, email_index=None)
    _forget(petition.supporters.all())


def _forget(rows: QuerySet[Supporter]) -> None:
    """All that was told of somebody; that one more was asked remains."""
    rows.update(name=None, address=None, eligibility="", residence="", province="", country="")


# --- what the mails say ----------------------------------------------------------------------


def _five_to_petitioner() -> list[str]:
    return [
        gettext("Five people support your petition. Its text and its days stay as they are."),
        gettext(
            "Next, a Member of Parliament is asked to authorize its publication. Sign in to choose "
            "one, or leave it to the campaign team."
        ),
    ]


def _five_to_supporter() -> list[str]:
    return [
        gettext("Five people support this petition, and you are one of them. Thank you."),
        gettext(
            "Next, a Member of Parliament is asked to authorize its publication. You will be told "
            "of each step. Your name is not published."
        ),
    ]


def _too_few() -> list[str]:
    return [
        gettext("Somebody has declined: of those you asked, fewer than five can still support it."),
        gettext("Sign in, take the petition back to the draft, and ask others."),
    ]


def _text_changes() -> list[str]:
    return [
        gettext(
            "The text of this petition is going to change. Your support was for the text you read, "
            "so it no longer counts, and your name and address are deleted here."
        ),
        gettext("You may be asked again once the new text is ready."),
    ]
