"""News by mail to those who asked for it: written in three languages, sent once, in batches.

A batch writes mails into the outbox and moves the marker `reached` in one transaction: killed
anywhere, the next one goes on where it stopped. No more than `BATCH` mails of a piece of news wait
in the outbox at once: stopping drops nearly all that has not left, and the queue stays short.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from json import dumps

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext, pgettext

from petitions import clock, formats
from petitions.domain import (
    addresses,
    auditing,
    comparing,
    composing,
    editing,
    mailing,
    parity,
)
from petitions.domain.parity import Finding, Wording
from petitions.domain.text_names import language_name
from petitions.models import Delivery, NewsMail, Petition, Subscription, Suppression
from petitions.states import DeliveryKind, DeliveryState, NewsState

#: Mails of one transaction, and the most that wait in the outbox.
BATCH = 500
#: The texts, and how many characters each may have.
LIMITS = {"heading": 120, "text": 4000}

#: `heading` and `text`, each by language.
Texts = Mapping[str, Wording]


class NewsError(ValueError):
    """Nothing was done; the text says why."""


# --- writing ---------------------------------------------------------------------------------


def tidy(text: str) -> str:
    """Paragraphs apart by one empty line; lines within them stay."""
    lines = (editing.tidy(line) for line in text.splitlines())
    paragraphs = "\n".join(lines).split("\n\n")
    return "\n\n".join(kept for each in paragraphs if (kept := each.strip("\n")))


def texts_of(news: NewsMail) -> dict[str, dict[str, str]]:
    return {
        name: {code: getattr(news, f"{name}_{code}") or "" for code in formats.LOCALES}
        for name in LIMITS
    }


def label(name: str) -> str:
    """What a text is called on the desk."""
    return pgettext("of news", "Heading") if name == "heading" else pgettext("of news", "Text")


def findings(petition: Petition, texts: Texts) -> list[Finding]:
    """What is missing, too long or otherwise in one language than in another, what blocks first."""
    own = [
        Finding(name, code, is_blocking=True, text=text)
        for name, wording in texts.items()
        for code in formats.LOCALES
        if (text := _fault(name, code, wording[code]))
    ]
    return [*own, *parity.findings(texts, petition.original_language)]


def _fault(name: str, code: str, text: str) -> str:
    words = {"text": label(name), "language": language_name(code)}
    if not text:
        return gettext("Enter “%(text)s” in %(language)s") % words
    if len(text) > LIMITS[name]:
        return gettext(
            "Shorten “%(text)s” (%(language)s) to %(limit)s characters: it has %(length)s"
        ) % {
            **words,
            "limit": formats.number(LIMITS[name]),
            "length": formats.number(len(text)),
        }
    if comparing.has_web_address(text):
        return (
            gettext(
                "Take the address out of “%(text)s” (%(language)s): the mail links to this site "
                "by itself"
            )
            % words
        )
    return ""


def write(
    petition: Petition, *, texts: Texts, path: str = "", by: AbstractBaseUser | None
) -> NewsMail:
    """A draft; raises `NewsError` with what blocks it."""
    return _store(NewsMail(petition=petition), texts, path=path, by=by)


@transaction.atomic
def rewrite(news: NewsMail, *, texts: Texts, path: str = "", by: AbstractBaseUser) -> NewsMail:
    """Other texts for a draft."""
    return _store(_locked_draft(news), texts, path=path, by=by)


def _store(news: NewsMail, texts: Texts, *, path: str, by: AbstractBaseUser | None) -> NewsMail:
    if blocking := [each.text for each in findings(news.petition, texts) if each.is_blocking]:
        raise NewsError(" ".join(blocking))
    for name, wording in texts.items():
        for code, text in wording.items():
            setattr(news, f"{name}_{code}", text)
    news.path = path
    news.written_at = clock.db_instant()
    news.written_by = by  # type: ignore[assignment]  # the user model is the project's
    news.save()
    return news


@transaction.atomic
def discard(news: NewsMail) -> None:
    """Deletes a draft."""
    _locked_draft(news).delete()


def _locked_draft(news: NewsMail) -> NewsMail:
    row = NewsMail.objects.select_for_update().get(pk=news.pk)
    if row.state != NewsState.DRAFT:
        raise NewsError(gettext("This news has been sent: it cannot be changed any more."))
    return row


def send_test(news: NewsMail, *, to: str) -> None:
    """Mails it in every language to one of the team; there is nothing to stop in it."""
    for code in formats.LOCALES:
        mailing.queue(
            DeliveryKind.ACCOUNT,
            petition=None,
            address=addresses.lock(to),
            address_index=addresses.site_index(to),
            language=code,
            written=composing.news(news, code),
        )


def digest(news: NewsMail) -> str:
    """What whoever sends it has seen."""
    content = dumps([texts_of(news), news.path], sort_keys=True)
    return sha256(content.encode()).hexdigest()[:24]


# --- sending ---------------------------------------------------------------------------------


def readers(petition: Petition) -> QuerySet[Subscription]:
    """Who asked for news, and never asked for silence."""
    silenced = Suppression.objects.filter(petition=petition, email_index=OuterRef("email_index"))
    return Subscription.objects.filter(~Exists(silenced), petition=petition)


def by_language(petition: Petition) -> dict[str, int]:
    """How many would get news now, in the order of the languages."""
    rows = readers(petition).values_list("language").annotate(number=Count("pk"))
    found = Counter(dict(rows))
    return {code: found[code] for code in formats.LOCALES}


@transaction.atomic
def start(news: NewsMail, *, based_on: str, by: AbstractBaseUser) -> NewsMail:
    """Begins to send a draft as it was seen (`based_on` is its digest) to who is a reader now."""
    row = _locked_draft(news)
    if digest(row) != based_on:
        raise NewsError(gettext("Somebody has changed this news meanwhile. Read it once more."))
    found = readers(row.petition)
    row.recipients = found.count()
    if not row.recipients:
        raise NewsError(gettext("Nobody has asked for news of this petition yet."))
    row.until = found.aggregate(last=Max("pk"))["last"]
    row.state = NewsState.SENDING
    row.started_at = clock.db_instant()
    row.started_by = by  # type: ignore[assignment]  # the user model is the project's
    row.save()
    auditing.record(
        auditing.Kind.NEWS_SENT, by=by, petition=row.petition, news=row.pk, number=row.recipients
    )
    return row


@transaction.atomic
def stop(news: NewsMail, *, by: AbstractBaseUser) -> bool:
    """Drops every mail that has not left; False when there is nothing to stop any more."""
    row = NewsMail.objects.select_for_update().get(pk=news.pk)
    if row.state != NewsState.SENDING:
        return False
    row.state = NewsState.STOPPED
    row.stopped_at = clock.db_instant()
    row.save(update_fields=["state", "stopped_at"])
    Delivery.objects.filter(news=row, state=DeliveryState.QUEUED).update(
        state=DeliveryState.DROPPED, address=None, problem="stopped"
    )
    auditing.record(
        auditing.Kind.NEWS_STOPPED,
        by=by,
        petition=row.petition,
        news=row.pk,
        number=progress(row).sent,
    )
    return True


def send_due() -> int:
    """A batch of each piece of news that is being sent; returns how many mails were queued."""
    unsettled = NewsMail.objects.exclude(state=NewsState.DRAFT).filter(settled_at=None)
    return sum(map(_go_on, unsettled.values_list("pk", flat=True)))


@transaction.atomic
def _go_on(pk: int) -> int:
    """Fills the outbox up; when nothing is left to send and nothing waits, settles it."""
    news = NewsMail.objects.select_for_update().get(pk=pk)
    waiting = _waiting(news).count()
    queued = _queue(news, BATCH - waiting) if news.state == NewsState.SENDING else 0
    if not waiting + queued:
        _settle(news)
    return queued


def _waiting(news: NewsMail) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        news=news, state__in=[DeliveryState.QUEUED, DeliveryState.SENDING]
    )


def _queue(news: NewsMail, room: int) -> int:
    """The next mails and the marker behind them. The database keeps each address once besides."""
    left = readers(news.petition).filter(pk__gt=news.reached, pk__lte=news.until)
    batch = list(left.order_by("pk")[: max(0, room)])
    if not batch:
        return 0
    now = clock.db_instant()
    Delivery.objects.bulk_create(
        (
            Delivery(
                kind=DeliveryKind.NEWS,
                petition=news.petition,
                news=news,
                address=row.address,
                address_index=row.email_index,
                language=row.language,
                created_at=now,
                due_at=now,
            )
            for row in batch
        ),
        ignore_conflicts=True,
    )
    news.reached = batch[-1].pk
    news.save(update_fields=["reached"])
    return len(batch)


def _settle(news: NewsMail) -> None:
    """Its numbers, for good: the outbox forgets its mails some day."""
    now = progress(news)
    news.sent, news.refused = now.sent, now.refused
    if news.state == NewsState.SENDING:
        news.state = NewsState.SENT
    news.settled_at = clock.db_instant()
    news.save(update_fields=["sent", "refused", "state", "settled_at"])


# --- how far it is ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """Of those who had asked for news at the start.

    waiting    will still be written to
    left_out   stopped news meanwhile, or were not reached before it was stopped
    """

    recipients: int
    sent: int
    refused: int
    waiting: int

    @property
    def left_out(self) -> int:
        return max(0, self.recipients - self.sent - self.refused - self.waiting)


def progress(news: NewsMail) -> Progress:
    if news.settled_at is not None:
        return Progress(news.recipients, news.sent, news.refused, 0)
    rows = Delivery.objects.filter(news=news).values_list("state")
    states = Counter(dict(rows.annotate(number=Count("pk"))))
    waiting = states[DeliveryState.QUEUED] + states[DeliveryState.SENDING]
    if news.state == NewsState.SENDING:
        waiting += readers(news.petition).filter(pk__gt=news.reached, pk__lte=news.until).count()
    return Progress(
        recipients=news.recipients,
        sent=states[DeliveryState.SENT],
        refused=states[DeliveryState.BOUNCED],
        waiting=waiting,
    )
