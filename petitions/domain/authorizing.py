"""A Member asked to authorize publication: one at a time, thirty days each, up to five.

To authorize is not to endorse, and a Member is named only who agrees to it (house.md §1).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext, ngettext

from petitions import clock, formats
from petitions.domain import addresses, composing, lifecycle, notifying, tokens
from petitions.models import Member, MPRequest, Petition
from petitions.models.house import DAYS_TO_ANSWER, MEMBERS_AT_MOST
from petitions.states import MPRequestState, PetitionState

#: Members are written to in these.
LANGUAGES = ("en", "fr")
#: Where the offices of Members have their addresses. A petitioner may write nowhere else: whoever
#: gets the mail can answer for the Member.
OFFICE_DOMAIN = "parl.gc.ca"
#: The office is reminded when so many of its days have passed.
REMINDED_AFTER = (timedelta(days=15), timedelta(days=25))
#: The stored reasons of moves that nobody of the desk made. Pages say them in their own words.
BY_THE_OFFICE = "by the Member's office"
BY_THE_FIFTH_NO = "by the fifth Member"


class AuthorizeError(Exception):
    """Nothing was changed; the text says why."""


class Standing(Enum):
    """What the link in an office's mail opens."""

    READY = "ready"
    AUTHORIZED = "authorized"
    DECLINED = "declined"
    SILENT = "silent"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Letter:
    """An answer on paper, which somebody of the desk records."""

    written_on: date
    by: AbstractBaseUser


# --- asking ----------------------------------------------------------------------------------


def attempts(petition: Petition) -> QuerySet[MPRequest]:
    """The requests that count: those taken back, or made for an earlier text, do not."""
    return petition.mp_requests.exclude(state=MPRequestState.CANCELLED)


def waiting(petition: Petition) -> MPRequest | None:
    """The request that is not answered yet."""
    asked = petition.mp_requests.filter(state=MPRequestState.ASKED)
    return asked.select_related("member", "member__riding").first()


@transaction.atomic
def ask(
    petition: Petition, member: Member, *, by: AbstractBaseUser, email: str, language: str
) -> MPRequest:
    """Writes to a Member's office; raises `AuthorizeError`.

    The first request moves nothing; each further one is a step of its own in the history.
    """
    locked = _lock(petition)
    reason = _reason_against(locked, member)
    if reason:
        raise AuthorizeError(reason)
    if attempts(locked).exists():
        lifecycle.move(locked, PetitionState.AWAITING_MP, by=by, reason=member.name)
    now = clock.db_instant()
    last = locked.mp_requests.aggregate(last=Max("number"))["last"] or 0
    request = MPRequest.objects.create(
        petition=locked,
        number=last + 1,
        member=member,
        address=addresses.lock(email),
        language=language,
        asked_at=now,
        answer_by=now + timedelta(days=DAYS_TO_ANSWER),
        recorded_by=by,  # type: ignore[misc]  # the user model is the project's
    )
    _write_to_office(request)
    return request


def _lock(petition: Petition) -> Petition:
    return Petition.objects.select_for_update().get(pk=petition.pk)


def _reason_against(petition: Petition, member: Member) -> str:
    if petition.state != PetitionState.AWAITING_MP:
        return gettext("This petition is not waiting for a Member")
    if waiting(petition) is not None:
        return gettext("A Member is asked already: one at a time")
    if member.left_on is not None:
        return gettext("%(name)s is no longer a Member") % {"name": member.name}
    asked = list(attempts(petition).values_list("member", flat=True))
    if member.pk in asked:
        return gettext("%(name)s has been asked before") % {"name": member.name}
    if len(asked) >= MEMBERS_AT_MOST:
        return gettext("Five Members have been asked: no more may be")
    return ""


def _write_to_office(request: MPRequest, *, is_reminder: bool = False) -> None:
    petition, member = request.petition, request.member
    if request.address is None:
        return
    address = addresses.unlock(request.address)
    with translation.override(request.language):
        riding = member.riding.name
    context = {
        "mp_name": member.name,
        "riding": riding,
        "petitioner_name": notifying.petitioner_name(petition),
        "authorize_url": composing.absolute(
            "links:office", token=tokens.office_token(request.public_id)
        ),
        "respond_by": request.answer_by,
        "is_reminder": is_reminder,
    }
    to = notifying.reader(address, petition, request.language)
    notifying.send("mp_request", to, petition=petition, context=context)


@transaction.atomic
def take_back(request: MPRequest, *, by: AbstractBaseUser) -> None:
    """Ends a request that should not have left (a wrong address): it counts for nothing."""
    _lock(request.petition)
    taken = _asked(request).update(
        state=MPRequestState.CANCELLED,
        answered_at=clock.db_now(),
        address=None,
        recorded_by=by,
    )
    if not taken:
        raise AuthorizeError(gettext("This request has been answered meanwhile"))


def _asked(request: MPRequest) -> QuerySet[MPRequest]:
    return MPRequest.objects.filter(pk=request.pk, state=MPRequestState.ASKED)


# --- answering -------------------------------------------------------------------------------


def find(public_id: UUID) -> MPRequest | None:
    """The request of a link, with all that its page shows."""
    known = MPRequest.objects.select_related(
        "petition", "petition__petitioner", "member", "member__riding"
    )
    return known.filter(public_id=public_id).first()


def look(request: MPRequest) -> Standing:
    """What the office's link opens now. Changes nothing."""
    if request.state != MPRequestState.ASKED:
        return Standing(request.state)
    if request.petition.state != PetitionState.AWAITING_MP:
        return Standing.CANCELLED
    is_over = request.answer_by <= clock.db_instant()
    return Standing.SILENT if is_over else Standing.READY


@transaction.atomic
def authorize(
    request: MPRequest, *, may_be_named: bool, note: str = "", letter: Letter | None = None
) -> MPRequest:
    """Lets the petition go on to its examination; raises `AuthorizeError`.

    The Member's name becomes part of the petition only with `may_be_named`.
    """
    petition = _lock(request.petition)
    _answer(request, MPRequestState.AUTHORIZED, note=note, letter=letter, may_be_named=may_be_named)
    if may_be_named:
        riding = request.member.riding
        petition.sponsor_name = request.member.name
        petition.sponsor_riding = getattr(riding, "name_en", "") or riding.name
        petition.save(update_fields=["sponsor_name", "sponsor_riding"])
    lifecycle.move(
        petition,
        PetitionState.IN_EXAMINATION,
        by=letter.by if letter else None,
        reason=note if letter else BY_THE_OFFICE,
        at=_dated(request, letter) if letter else None,
    )
    name = request.member.name
    for readers, sentences in (
        (notifying.petitioner(petition), lambda: _authorized(name)),
        (notifying.supporters(petition), lambda: _authorized("")),
    ):
        notifying.tell(readers, petition=petition, sentences=sentences)
    return request


@transaction.atomic
def decline(request: MPRequest, *, note: str = "", letter: Letter | None = None) -> MPRequest:
    """A no. The petitioner may ask another Member, until five have been asked."""
    petition = _lock(request.petition)
    _answer(request, MPRequestState.DECLINED, note=note, letter=letter)
    _after_no(petition, _declined(request.member.name))
    return request


def _answer(
    request: MPRequest,
    state: MPRequestState,
    *,
    note: str,
    letter: Letter | None,
    may_be_named: bool = False,
) -> None:
    """The answer as one conditional UPDATE: of two answers one wins, and none comes too late."""
    rows = _asked(request).filter(petition__state=PetitionState.AWAITING_MP)
    if letter is None:
        rows = rows.filter(answer_by__gt=clock.db_now())
    else:
        _check_letter(request, letter)
    answered = rows.update(
        state=state,
        answered_at=clock.db_now(),
        address=None,
        may_be_named=may_be_named,
        note=note,
        letter_on=letter.written_on if letter else None,
        **({"recorded_by": letter.by} if letter else {}),
    )
    if not answered:
        raise AuthorizeError(gettext("This request is no longer open"))
    request.refresh_from_db()


def _check_letter(request: MPRequest, letter: Letter) -> None:
    first, last = (
        clock.day_of(request.asked_at),
        clock.day_of(min(request.answer_by, clock.db_instant())),
    )
    if not first <= letter.written_on <= last:
        raise AuthorizeError(
            gettext("Enter a date from %(first)s to %(last)s")
            % {"first": f"{first:%Y-%m-%d}", "last": f"{last:%Y-%m-%d}"}
        )


def _dated(request: MPRequest, letter: Letter) -> datetime:
    """The letter's day at noon, which is that day in every time zone of Canada, or the moment of
    asking or of now where noon would lie before the one or after the other."""
    noon = datetime.combine(letter.written_on, time(12), clock.TORONTO)
    return min(max(noon, request.asked_at), clock.db_instant())


def _after_no(petition: Petition, sentence: Callable[[], str]) -> None:
    left = MEMBERS_AT_MOST - attempts(petition).count()
    if left <= 0:
        lifecycle.move(petition, PetitionState.LAPSED, by=None, reason=BY_THE_FIFTH_NO)
        notifying.tell(
            notifying.supporters(petition), petition=petition, sentences=lambda: [_lapsed()]
        )
    notifying.tell(
        notifying.petitioner(petition),
        petition=petition,
        sentences=lambda: [sentence(), _next_member(left)],
    )


# --- by the clock ----------------------------------------------------------------------------


def expire_requests() -> int:
    """Takes thirty days of silence for a no; returns for how many requests."""
    expired = 0
    due = MPRequest.objects.filter(state=MPRequestState.ASKED, answer_by__lte=clock.db_now())
    for request in due.select_related("petition", "member"):
        with transaction.atomic():
            petition = _lock(request.petition)
            is_waiting = petition.state == PetitionState.AWAITING_MP
            state = MPRequestState.SILENT if is_waiting else MPRequestState.CANCELLED
            changed = _asked(request).update(state=state, answered_at=clock.db_now(), address=None)
            if changed and is_waiting:
                _after_no(petition, _silent(request.member.name))
            expired += changed
    return expired


def remind_offices() -> int:
    """Writes once more to offices that have not answered by the fifteenth and 25th day."""
    reminded = 0
    for number, after in reversed(list(enumerate(REMINDED_AFTER, start=1))):
        due = MPRequest.objects.filter(
            Q(answer_by__gt=clock.db_now()),
            state=MPRequestState.ASKED,
            petition__state=PetitionState.AWAITING_MP,
            asked_at__lte=clock.db_now() - after,
            reminders__lt=number,
        )
        for request in due.select_related("petition", "petition__petitioner", "member__riding"):
            with transaction.atomic():
                if _asked(request).filter(reminders__lt=number).update(reminders=number):
                    _write_to_office(request, is_reminder=True)
                    reminded += 1
    return reminded


# --- what the mails say ----------------------------------------------------------------------


def _authorized(name: str) -> list[str]:
    """Supporters are not told a name that the Member may not want published."""
    first = gettext("%(name)s has authorized the publication of your petition.") % {"name": name}
    if not name:
        first = gettext("A Member of Parliament has authorized the publication of this petition.")
    return [
        first,
        gettext("To authorize is not to endorse. Its form and content are examined next."),
    ]


def _declined(name: str) -> Callable[[], str]:
    return lambda: (
        gettext("%(name)s does not authorize the publication of your petition.") % {"name": name}
    )


def _silent(name: str) -> Callable[[], str]:
    return lambda: (
        gettext("%(name)s has not answered in 30 days, which counts as a no.") % {"name": name}
    )


def _next_member(left: int) -> str:
    if left <= 0:
        return gettext("Five Members have been asked, so it ends here. You may write another one.")
    return ngettext(
        "Sign in to ask another Member: %(number)s more may be asked.",
        "Sign in to ask another Member: %(number)s more may be asked.",
        left,
    ) % {"number": formats.number(left)}


def _lapsed() -> str:
    return gettext("None of five Members has authorized this petition, so it ends here.")
