"""The examination of form and content, by whoever plays the Clerk of Petitions here.

It is kept beside the petition point by point, and ends in one of three ways: on to the
translation, back to the petitioner with reasons, or refused for a reason that everybody reads.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext

from petitions import clock
from petitions.domain import lifecycle, notifying, supporting
from petitions.domain.editing import LANGUAGES, Wording
from petitions.models import Examination, Petition, PublicNote
from petitions.states import PetitionState


class ExamineError(Exception):
    """Nothing was changed; the text says why."""


class Answer(TypedDict):
    """What was found on one point; `met` None while it has not been looked at."""

    met: bool | None
    note: str


Answers = dict[str, Answer]


@dataclass(frozen=True)
class Point:
    """A rule to look at, with its source and the findings of `house_rules.py` that concern it."""

    key: str
    text: Callable[[], str]
    source: str
    findings: tuple[str, ...] = ()


#: What the House asks, in the order in which a text is read.
POINTS = (
    Point(
        "addressee",
        lambda: gettext(
            "It is addressed to the House of Commons, the Government of Canada, a Minister or a "
            "Member."
        ),
        "S.O. 36(2)",
        ("addressee",),
    ),
    Point(
        "form",
        lambda: gettext("It has a subject, grievances, and a clear request."),
        "S.O. 36(2)",
        ("title", "title_length", "whereas", "request"),
    ),
    Point(
        "length",
        lambda: gettext("Grievances and requests together have at most 250 words."),
        "P&P 22",
        ("words",),
    ),
    Point(
        "addresses",
        lambda: gettext("It has no web or e-mail address, and nothing is attached."),
        "P&P 22",
        ("address",),
    ),
    Point(
        "asks",
        lambda: gettext("It requests and does not demand."),
        "P&P 22",
        ("demand",),
    ),
    Point(
        "temperate",
        lambda: gettext(
            "Its language is temperate, and shows respect for Crown, House and courts."
        ),
        "P&P 22",
    ),
    Point(
        "federal",
        lambda: gettext("What it asks is in the power of Parliament or the Government of Canada."),
        "P&P 22",
    ),
    Point(
        "courts",
        lambda: gettext("It concerns no case that is before a court."),
        "P&P 22",
    ),
    Point(
        "true",
        lambda: gettext("It states no false name or fact, libels nobody, and tells no secret."),
        "House guide",
    ),
    Point(
        "new",
        lambda: gettext("No petition that is open asks for much the same."),
        "P&P 22",
        ("alike",),
    ),
    Point(
        "duration",
        lambda: gettext("It is open for 30, 60, 90 or 120 days."),
        "S.O. 36",
        ("duration",),
    ),
    Point(
        "people",
        lambda: gettext("Five people support it, and a Member has authorized it."),
        "S.O. 36",
    ),
)


def current(petition: Petition) -> Examination:
    """The examination that is under way, or a new one that is not stored yet."""
    found = petition.examinations.filter(finished_at=None).first()
    return found or Examination(petition=petition, started_at=clock.db_instant())


@transaction.atomic
def save(petition: Petition, answers: Answers, *, by: AbstractBaseUser) -> Examination:
    """Keeps the points as they stand, to go on later; raises `ExamineError`."""
    return _keep(_lock(petition), answers, by=by)


def _lock(petition: Petition) -> Petition:
    locked = Petition.objects.select_for_update().get(pk=petition.pk)
    if locked.state != PetitionState.IN_EXAMINATION:
        raise ExamineError(gettext("This petition is not being examined"))
    return locked


def _keep(petition: Petition, answers: Answers, *, by: AbstractBaseUser) -> Examination:
    examination = current(petition)
    examination.points = {point.key: answers[point.key] for point in POINTS}
    examination.by = by  # type: ignore[assignment]  # the user model is the project's
    examination.save()
    return examination


@transaction.atomic
def accept(petition: Petition, answers: Answers, *, by: AbstractBaseUser) -> Examination:
    """On to the translation; every point must be met."""
    locked = _lock(petition)
    if not all(answers[point.key]["met"] for point in POINTS):
        raise ExamineError(gettext("Every point must be met before the petition can go on"))
    examination = _finish(_keep(locked, answers, by=by))
    lifecycle.move(locked, PetitionState.IN_TRANSLATION, by=by)
    notifying.tell(_everybody(locked), petition=locked, sentences=_accepted)
    return examination


@transaction.atomic
def send_back(
    petition: Petition, answers: Answers, *, reason: str, by: AbstractBaseUser
) -> Examination:
    """To the draft with reasons. Supporters and the Member are asked anew for another text."""
    locked = _lock(petition)
    if not reason:
        raise ExamineError(gettext("Write what must change, for the petitioner"))
    examination = _finish(_keep(locked, answers, by=by), reason)
    supporting.take_back(locked, by=by, reason=reason)
    notifying.tell(
        notifying.petitioner(locked), petition=locked, sentences=lambda: _sent_back(reason)
    )
    return examination


@transaction.atomic
def reject(
    petition: Petition, answers: Answers, *, reasons: Wording, by: AbstractBaseUser
) -> Examination:
    """Ends it. The reason is published beside the title, in three languages."""
    locked = _lock(petition)
    if not all(reasons.get(language) for language in LANGUAGES):
        raise ExamineError(gettext("Write the public reason in all three languages"))
    examination = _finish(_keep(locked, answers, by=by), reasons[locked.original_language])
    note = PublicNote.objects.create(
        petition=locked,
        kind=PublicNote.Kind.REJECTION,
        published_at=clock.db_instant(),
        by=by,  # type: ignore[misc]  # the user model is the project's
        **{f"text_{language}": reasons[language] for language in LANGUAGES},
    )
    lifecycle.move(locked, PetitionState.REJECTED, by=by, reason=examination.reason)
    # The note speaks the language that is active when it is asked.
    notifying.tell(_everybody(locked), petition=locked, sentences=lambda: _rejected(note.text))
    return examination


def rejection(petition: Petition) -> PublicNote | None:
    """The published reason; None of a petition that was not refused."""
    return petition.notes.filter(kind=PublicNote.Kind.REJECTION).first()


def _finish(examination: Examination, reason: str = "") -> Examination:
    examination.finished_at = clock.db_instant()
    examination.reason = reason
    examination.save()
    return examination


def _everybody(petition: Petition) -> list[notifying.Reader]:
    return [*notifying.petitioner(petition), *notifying.supporters(petition)]


# --- what the mails say ----------------------------------------------------------------------


def _accepted() -> list[str]:
    return [
        gettext("The petition has passed the examination of its form and content."),
        gettext("It is translated next, and opens for signature in three languages."),
    ]


def _sent_back(reason: str) -> list[str]:
    return [
        gettext("Your petition comes back to you: something must change before it can go on."),
        reason,
        gettext(
            "A changed text needs five supporters and a Member anew, since those you had agreed to "
            "the earlier one. Sign in to change it."
        ),
    ]


def _rejected(reason: str) -> list[str]:
    return [
        gettext("The petition has not been accepted, and ends here. The reason is public:"),
        reason,
    ]
