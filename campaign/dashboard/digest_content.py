"""What the summary by mail says: numbers, what is late, what waits; nobody who signed.

No text that the team typed stands in it either (next steps, promises): a mailbox is read by
others, the desk is not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from campaign.accounts.models import DigestPeriod, User
from campaign.accounts.roles import Permission
from campaign.dashboard import queries
from campaign.dashboard.queries import Overview
from campaign.parliament import queries as members
from campaign.parliament import wording
from campaign.parliament.queries import Late
from petitions import clock, formats
from petitions.domain import reviewing
from petitions.models import PaperBatch, Petition, Signature, TranslationState
from petitions.states import PaperState, PetitionState, TextStatus

#: So many late follow-ups are named; the overview that the mail leads to has all.
LONGEST_LIST = 10
_SPANS = {DigestPeriod.DAILY: timedelta(hours=24), DigestPeriod.WEEKLY: timedelta(days=7)}


@dataclass(frozen=True)
class Waiting:
    """Something that `permission` lets somebody do: how many, of which petition, and where."""

    kind: str
    permission: Permission
    number: int
    petition: Petition
    url: str


@dataclass(frozen=True)
class Report:
    """What all summaries of one period draw on, in no language yet.

    joined   signatures of each open petition (by its key) that began to count in the last 24
             hours or seven days, and count now
    """

    period: DigestPeriod
    figures: list[Overview]
    joined: dict[int, int]
    late: list[Late]
    waiting: list[Waiting]
    today: date


def report(period: DigestPeriod, now: datetime) -> Report:
    petitions = list(Petition.objects.signed_here())
    figures = [queries.overview(each) for each in petitions if each.state == PetitionState.OPEN]
    today = clock.day_of(now)
    return Report(
        period=period,
        figures=figures,
        joined={each.petition.pk: _joined(each, now - _SPANS[period]) for each in figures},
        late=members.late_steps(today),
        waiting=list(_waiting(petitions, figures, now)),
        today=today,
    )


def _joined(figures: Overview, since: datetime) -> int:
    counted = Signature.objects.filter(petition=figures.petition).counted()
    return counted.filter(counted_at__gt=since).count()


# --- what waits ------------------------------------------------------------------------------


def _waiting(
    petitions: list[Petition], figures: list[Overview], now: datetime
) -> Iterator[Waiting]:
    for each in figures:
        url = f"{reverse('desk:overview')}?petition={each.petition.slug}"
        yield Waiting("remind", Permission.SEND_REMINDERS, each.to_remind, each.petition, url)
    for petition in petitions:
        yield from _steps(petition, now)
        sheets = PaperBatch.objects.filter(
            petition=petition, state__in=[PaperState.TO_CHECK, PaperState.MISMATCH]
        )
        held = reviewing.held(petition).count()
        yield _at("review", Permission.REVIEW_SIGNATURES, held, petition)
        yield _at("paper", Permission.ENTER_PAPER, sheets.count(), petition)


def _steps(petition: Petition, now: datetime) -> Iterator[Waiting]:
    """The step of the House, or of the translation, that somebody has to take."""
    match petition.state:
        case PetitionState.IN_EXAMINATION:
            yield _at("examination", Permission.EXAMINE_PETITIONS, 1, petition)
        case PetitionState.IN_TRANSLATION:
            number = _texts_to_approve(petition)
            yield _at("translation", Permission.APPROVE_TEXTS, number, petition)
        case PetitionState.CLOSED if petition.final_at and now >= petition.final_at:
            yield _at("petition", Permission.MOVE_PETITIONS, 1, petition)


def _at(page: str, permission: Permission, number: int, petition: Petition) -> Waiting:
    return Waiting(
        page, permission, number, petition, reverse(f"desk:{page}", args=[petition.slug])
    )


def _texts_to_approve(petition: Petition) -> int:
    rows = TranslationState.objects.filter(subject="petitions.petition", subject_id=petition.pk)
    return rows.filter(status__in=[TextStatus.DRAFT, TextStatus.STALE]).count()


# --- in words --------------------------------------------------------------------------------


def content(found: Report, person: User) -> dict[str, Any] | None:
    """What the mail's template needs, in the active language; None when there is nothing to say."""
    late = found.late if person.may(Permission.MEET_MEMBERS) else []
    waiting = [each for each in found.waiting if each.number and person.may(each.permission)]
    if not found.figures and not late and not waiting:
        return None
    return {
        "is_weekly": found.period == DigestPeriod.WEEKLY,
        "petitions": [_petition(each, found) for each in found.figures],
        "late": [_late(each, found.today) for each in late[:LONGEST_LIST]],
        "late_more": max(0, len(late) - LONGEST_LIST),
        "overview_url": absolute(reverse("desk:overview")),
        "waiting": [{"text": _waiting_text(each), "url": absolute(each.url)} for each in waiting],
        "settings_url": absolute(reverse("own-digest")),
    }


def absolute(path: str) -> str:
    return f"{settings.PUBLIC_BASE_URL}{path}"


def _petition(figures: Overview, found: Report) -> dict[str, Any]:
    petition = figures.petition
    recent = gettext("Last 24 hours")
    if found.period == DigestPeriod.WEEKLY:
        recent = gettext("Last 7 days")
    facts = [
        (
            gettext("Confirmed"),
            gettext("%(number)s of %(goal)s")
            % {
                "number": formats.number(figures.confirmed),
                "goal": formats.number(petition.threshold),
            },
        ),
        (recent, formats.number(found.joined[petition.pk])),
        (gettext("Needed"), _needed(figures)),
        (gettext("Waiting to confirm"), formats.number(figures.pending)),
    ]
    return {
        "title": petition.title,
        "facts": [{"name": name, "text": text} for name, text in facts],
        "url": absolute(f"{reverse('desk:overview')}?petition={petition.slug}"),
    }


def _needed(figures: Overview) -> str:
    if figures.needed_a_day is None:
        return gettext("nothing more")
    days = max(1, round(figures.days_left))
    return ngettext(
        "%(number)s a day for %(days)s day", "%(number)s a day for %(days)s days", days
    ) % {"number": formats.decimal(figures.needed_a_day), "days": formats.number(days)}


def _late(late: Late, today: date) -> dict[str, str]:
    member = late.meeting.member
    what = gettext("next step") if late.is_step else gettext("meeting not recorded")
    return {
        "member": member.name,
        "riding": member.riding.name,
        "text": f"{what}, {wording.due(late.due, today)}",
        "url": absolute(reverse("parliament:member", args=[member.pk])),
    }


def _waiting_text(waiting: Waiting) -> str:
    names = {"number": formats.number(waiting.number), "petition": waiting.petition.short_title}
    match waiting.kind:
        case "remind":
            text = ngettext(
                "%(petition)s: %(number)s person may be reminded to confirm",
                "%(petition)s: %(number)s people may be reminded to confirm",
                waiting.number,
            )
        case "review":
            text = ngettext(
                "%(petition)s: %(number)s held signature to look at",
                "%(petition)s: %(number)s held signatures to look at",
                waiting.number,
            )
        case "paper":
            text = ngettext(
                "%(petition)s: %(number)s paper sheet to check",
                "%(petition)s: %(number)s paper sheets to check",
                waiting.number,
            )
        case "translation":
            text = ngettext(
                "%(petition)s: %(number)s text to approve",
                "%(petition)s: %(number)s texts to approve",
                waiting.number,
            )
        case "examination":
            text = gettext("%(petition)s: to examine")
        case _:
            text = gettext("%(petition)s: closed, the total is to be certified or not")
    return text % names
