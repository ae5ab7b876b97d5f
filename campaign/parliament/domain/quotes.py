"""What people let us print for Members in their own words: kept by consent, gone without it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from campaign.accounts.models import User
from campaign.parliament.models import Briefing, BriefingLanguage, Quote, QuoteConsent
from petitions import clock
from petitions.domain.editing import LANGUAGES, Wording
from petitions.models import Petition

#: So many stand on the second page of a briefing.
MOST_PRINTED = 2
LONGEST_QUOTE = 240
LONGEST_SPEAKER = 80


class QuoteError(ValueError):
    """Nothing is stored or changed."""


class UnwrittenError(QuoteError):
    """Words or speaker are missing in a language of Parliament."""


class TooLongError(QuoteError):
    """Longer than its place on the paper."""


class FutureConsentError(QuoteError):
    """Nobody has agreed yet on a day that is still to come."""


class EnoughPrintedError(QuoteError):
    """As many as fit are printed already."""


@dataclass(frozen=True)
class Said:
    """Somebody's words and what may be told of them, in three languages; Khmer may be empty."""

    text: Wording
    speaker: Wording


def add(
    petition: Petition, said: Said, *, consent: QuoteConsent, consented_on: date, by: User
) -> Quote:
    """Keeps a quote; it is printed while fewer than `MOST_PRINTED` are.

    Raises `UnwrittenError`, `TooLongError` or `FutureConsentError`.
    """
    if not all(said.text[code] and said.speaker[code] for code in BriefingLanguage.values):
        raise UnwrittenError
    if max(map(len, said.text.values())) > LONGEST_QUOTE:
        raise TooLongError
    if max(map(len, said.speaker.values())) > LONGEST_SPEAKER:
        raise TooLongError
    if consented_on > clock.today():
        raise FutureConsentError
    words = {f"text_{code}": text for code, text in said.text.items()}
    words |= {f"speaker_{code}": text for code, text in said.speaker.items()}
    with transaction.atomic():
        _lock(petition)
        return Quote.objects.create(
            petition=petition,
            is_printed=len(printed(petition)) < MOST_PRINTED,
            consent=consent,
            consented_on=consented_on,
            added_at=clock.db_now(),
            added_by=by,
            **words,
        )


def printed(petition: Petition) -> list[Quote]:
    """Those that stand in briefings made now, the oldest first; prefetched ones are used."""
    return [quote for quote in petition.quotes.all() if quote.is_printed][:MOST_PRINTED]


@transaction.atomic
def set_printed(quote: Quote, *, is_printed: bool) -> None:
    """Raises `EnoughPrintedError`; a withdrawn quote stays as it is."""
    _lock(quote.petition)
    others = quote.petition.quotes.filter(is_printed=True).exclude(pk=quote.pk)
    if is_printed and others.count() >= MOST_PRINTED:
        raise EnoughPrintedError
    Quote.objects.filter(pk=quote.pk, withdrawn_at=None).update(is_printed=is_printed)


@transaction.atomic
def withdraw(quote: Quote, *, by: User) -> None:
    """The person no longer agrees: the words are erased, also from briefings made before."""
    _lock(quote.petition)
    row = Quote.objects.get(pk=quote.pk)
    if row.withdrawn_at is not None:
        return
    # By the row itself: an UPDATE would leave the copy that stands beside the three languages.
    for name in ("text", "speaker"):
        for code in LANGUAGES:
            setattr(row, f"{name}_{code}", "")
    row.is_printed, row.withdrawn_at, row.withdrawn_by = False, clock.db_instant(), by
    row.save()
    for briefing in Briefing.objects.filter(petition=quote.petition_id):
        said = briefing.content.get("quotes", [])
        kept = [each for each in said if each["id"] != quote.pk]
        if kept != said:
            briefing.content["quotes"] = kept
            briefing.save(update_fields=["content"])


def content(petition: Petition, language: str) -> list[dict[str, Any]]:
    """The printed quotes as a briefing keeps them."""
    return [
        {
            "id": quote.pk,
            "text": getattr(quote, f"text_{language}"),
            "speaker": getattr(quote, f"speaker_{language}"),
        }
        for quote in printed(petition)
    ]


def _lock(petition: Petition) -> None:
    Petition.objects.select_for_update().get(pk=petition.pk)
