"""What somebody of the team can do today, each thing with the place where it is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from campaign.accounts.models import User
from campaign.accounts.roles import Permission
from campaign.dashboard.marks import Mark, MarkKind
from campaign.dashboard.queries import Overview, answers, number_of
from campaign.parliament import queries as members
from campaign.parliament.queries import Late
from petitions import formats
from petitions.domain import bounces, list_ends, purging, reviewing
from petitions.domain.bounces import Refused
from petitions.models import PaperBatch, Petition, TranslationState
from petitions.states import DeliveryKind, NewsState, PaperState, PetitionState, TextStatus

#: Until the House has it, Members are told that the goal is reached.
_TO_TELL = {PetitionState.OPEN, PetitionState.CLOSED, PetitionState.CERTIFIED}


@dataclass(frozen=True)
class Task:
    """A sentence and the link to where it is done, or with `is_post` the button that does it."""

    text: str
    url: str
    action: str
    note: str = ""
    is_post: bool = False


@dataclass(frozen=True)
class Todo:
    """`purge_is_late` and `refused` are for whoever runs the server; `late` is with Members."""

    purge_is_late: bool
    refused: Refused
    tasks: list[Task]
    late: list[Late]


def todo(figures: Overview, marks: list[Mark], *, user: User) -> Todo:
    petition = figures.petition
    waiting = _waiting(petition)
    return Todo(
        purge_is_late=waiting["purge_is_late"],
        refused=Refused(waiting["refused"], waiting["mails"]),
        tasks=[task for permission, task in _tasks(figures, marks, waiting) if user.may(permission)]
        + (_list_end(petition, figures.now) if user.may(Permission.EXPORT_SIGNERS) else []),
        late=members.late_steps(figures.today) if user.may(Permission.MEET_MEMBERS) else [],
    )


def stale_texts(petition: Petition) -> QuerySet[TranslationState]:
    """Texts that were approved and have changed since, or their source has."""
    rows = TranslationState.objects.filter(subject="petitions.petition", subject_id=petition.pk)
    return rows.filter(status=TextStatus.STALE)


def _waiting(petition: Petition) -> dict[str, Any]:
    sheets = PaperBatch.objects.filter(
        petition=petition, state__in=[PaperState.TO_CHECK, PaperState.MISMATCH]
    )
    refused, mails = bounces.lately()
    return answers(
        petition,
        purge_is_late=purging.late(),
        refused=number_of(refused),
        mails=number_of(mails),
        drafts=number_of(petition.news_mails.filter(state=NewsState.DRAFT)),
        held=number_of(reviewing.held(petition)),
        sheets=number_of(sheets),
        stale=number_of(stale_texts(petition)),
    )


def _tasks(
    figures: Overview, marks: list[Mark], waiting: dict[str, Any]
) -> Iterator[tuple[Permission, Task]]:
    petition = figures.petition
    if figures.to_remind:
        yield Permission.SEND_REMINDERS, _remind(figures, marks)
    if figures.crossed_at and petition.state in _TO_TELL:
        yield Permission.MEET_MEMBERS, _tell(petition)
    if waiting["held"]:
        yield Permission.REVIEW_SIGNATURES, _review(petition, waiting["held"])
    if figures.bounced:
        yield Permission.SEND_REMINDERS, _refused(petition, figures.bounced)
    if waiting["drafts"]:
        yield Permission.SEND_NEWS, _send_news(petition, waiting["drafts"])
    if waiting["stale"]:
        yield Permission.WRITE_PETITIONS, _translate(petition, waiting["stale"])
    if waiting["sheets"]:
        yield Permission.ENTER_PAPER, _check_paper(petition, waiting["sheets"])


def _remind(figures: Overview, marks: list[Mark]) -> Task:
    number = figures.to_remind
    shown = {"shown": formats.number(number)}
    return Task(
        ngettext(
            "%(shown)s person sent the form a day ago or longer and has not confirmed.",
            "%(shown)s people sent the form a day ago or longer and have not confirmed.",
            number,
        )
        % shown,
        reverse("desk:remind", args=[figures.petition.slug]),
        ngettext("Send %(shown)s reminder", "Send %(shown)s reminders", number) % shown,
        note=_last_reminders(marks),
        is_post=True,
    )


def _last_reminders(marks: list[Mark]) -> str:
    sent = [
        mark for mark in marks if (mark.kind, mark.detail) == (MarkKind.MAIL, DeliveryKind.REMIND)
    ]
    if not sent:
        return ""
    return gettext("Last reminders: %(date)s, %(count)s.") % {
        "date": formats.long_date(sent[-1].day),
        "count": formats.number(sent[-1].number),
    }


def _tell(petition: Petition) -> Task:
    return Task(
        gettext("The goal is reached. Members with signers in their riding, or a promise, wait."),
        f"{reverse('parliament:tell')}?petition={petition.slug}",
        gettext("Members to tell"),
    )


def _review(petition: Petition, number: int) -> Task:
    text = ngettext(
        "%(shown)s signature is held and waits to be looked at.",
        "%(shown)s signatures are held and wait to be looked at.",
        number,
    )
    return Task(
        text % {"shown": formats.number(number)},
        reverse("desk:review", args=[petition.slug]),
        gettext("Look at them"),
    )


def _refused(petition: Petition, number: int) -> Task:
    text = ngettext(
        "%(number)s address refused by its mail server",
        "%(number)s addresses refused by their mail servers",
        number,
    )
    return Task(
        text % {"number": formats.number(number)},
        reverse("petitions:sign", args=[petition.slug]),
        gettext("Open the form"),
        note=gettext("Whoever made a typing error signs again with the right address."),
    )


def _send_news(petition: Petition, number: int) -> Task:
    text = ngettext(
        "%(shown)s piece of news by e-mail is written and not sent.",
        "%(shown)s pieces of news by e-mail are written and not sent.",
        number,
    )
    return Task(
        text % {"shown": formats.number(number)},
        reverse("desk:news-mails", args=[petition.slug]),
        gettext("News by e-mail"),
    )


def _translate(petition: Petition, number: int) -> Task:
    text = ngettext(
        "%(shown)s text has changed since it was approved.",
        "%(shown)s texts have changed since they were approved.",
        number,
    )
    return Task(
        text % {"shown": formats.number(number)},
        reverse("desk:translation", args=[petition.slug]),
        gettext("Compare the languages"),
    )


def _check_paper(petition: Petition, number: int) -> Task:
    text = ngettext(
        "%(shown)s sheet of paper is to be checked.",
        "%(shown)s sheets of paper are to be checked.",
        number,
    )
    return Task(
        text % {"shown": formats.number(number)},
        reverse("desk:paper", args=[petition.slug]),
        gettext("Check the sheets"),
    )


def _list_end(petition: Petition, now: datetime) -> list[Task]:
    end = list_ends.ends_soon(petition, now=now)
    if end is None:
        return []
    return [
        Task(
            gettext("The list is erased on %(date)s. Export it before.")
            % {"date": formats.long_date(end)},
            reverse("desk:export", args=[petition.slug]),
            gettext("Export the signer list"),
        )
    ]
