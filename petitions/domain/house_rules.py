"""What the House of Commons asks of an e-petition's text, as far as a program can look.

Sources are named as in the rules: S.O. 36 (Standing Orders), P&P 22 (House of Commons Procedure
and Practice, chapter 22), and the House's guide to e-petitions.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext, pgettext_lazy

from petitions import formats
from petitions.domain import comparing
from petitions.domain.editing import Texts, texts_of
from petitions.models import Petition
from petitions.states import PUBLIC, PetitionKind, PetitionState

#: Grievances and requests together, in English and in French each (P&P 22).
MOST_WORDS = 250
#: The House's languages: Khmer has no spaces between words, and is not the House's text.
COUNTED_IN = ("en", "fr")
#: Longer titles do not fit the House's lists.
LONGEST_TITLE = 80
#: From this share of common runs of words on, two texts ask for much the same.
ALIKE = 0.4
_RUN = 3

_WORD = re.compile(r"[^\W_]+(?:[’'.,\-\u2010\u2011][^\W_]+)*")
#: A petition requests (P&P 22): these demand.
_DEMANDS = re.compile(
    r"\b(demands?|demanding|insists?|exig(?:e|ent|eons|eant)|somm(?:e|ent|ons) de)\b",
    re.IGNORECASE,
)
#: Still on its way through the House, or open: a second one like it is not accepted.
_UNDER_WAY = (PUBLIC - {PetitionState.CLOSED_ON_DISSOLUTION, PetitionState.RESPONSE_TABLED}) | {
    PetitionState.GATHERING_SUPPORTERS,
    PetitionState.AWAITING_MP,
    PetitionState.IN_EXAMINATION,
    PetitionState.IN_TRANSLATION,
}


class Severity(models.TextChoices):
    BLOCKING = "blocking", pgettext_lazy("finding", "To mend")
    WARNING = "warning", pgettext_lazy("finding", "To look at")


@dataclass(frozen=True)
class Finding:
    """A rule that the text does not keep, or may not keep, in words, with the rule's source."""

    key: str
    severity: Severity
    text: str
    source: str


def words(text: str) -> int:
    """Words as a reader counts them: "l'homme" and "well-known" are one, and so is "5,007"."""
    return len(_WORD.findall(text))


def word_count(texts: Texts, language: str) -> int:
    """Grievances and requests together; title, headings and summary are not counted."""
    return sum(words(clause[language]) for clause in [*texts.whereas, *texts.requests])


def counted_text(texts: Texts, language: str) -> str:
    """The count in a sentence that says what is counted."""
    return gettext("Words of grievances and requests together: %(number)s of %(most)s") % {
        "number": formats.number(word_count(texts, language)),
        "most": formats.number(MOST_WORDS),
    }


def findings(petition: Petition, texts: Texts | None = None) -> list[Finding]:
    """What stands against the petition in the language in which it was written."""
    texts = texts or texts_of(petition)
    language = petition.original_language
    return [
        *_of_text(texts, language),
        *_of_choices(petition),
        *_of_others(petition, texts, language),
    ]


def blocking(petition: Petition) -> list[Finding]:
    return [each for each in findings(petition) if each.severity == Severity.BLOCKING]


def _of_text(texts: Texts, language: str) -> Iterator[Finding]:
    clauses = [clause[language] for clause in [*texts.whereas, *texts.requests]]
    title = texts.fields["title"][language]
    if not title:
        yield _mend("title", gettext("Write a title"), "P&P 22")
    if not any(clause[language] for clause in texts.requests):
        yield _mend("request", gettext("Write at least one request"), "S.O. 36(2)")
    if not any(clause[language] for clause in texts.whereas):
        yield _mend("whereas", gettext("Write at least one grievance"), "P&P 22")
    if language in COUNTED_IN and word_count(texts, language) > MOST_WORDS:
        yield _mend("words", counted_text(texts, language), "P&P 22")
    if any(map(comparing.has_web_address, [title, *clauses])):
        yield _mend("address", gettext("Take out every web and e-mail address"), "P&P 22")
    if len(title) > LONGEST_TITLE:
        text = gettext("Shorten the title to %(most)s characters if you can") % {
            "most": formats.number(LONGEST_TITLE)
        }
        yield Finding("title_length", Severity.WARNING, text, "P&P 22")
    found = _DEMANDS.search(" ".join(clauses))
    if found:
        text = gettext("A petition requests and does not demand: look at “%(word)s”")
        yield Finding("demand", Severity.WARNING, text % {"word": found[0]}, "P&P 22")


def _of_choices(petition: Petition) -> Iterator[Finding]:
    if not petition.addressee_kind:
        yield _mend("addressee", gettext("Choose to whom it is addressed"), "S.O. 36(2)")
    if petition.duration is None:
        yield _mend("duration", gettext("Choose how many days it is open"), "S.O. 36")


def _of_others(petition: Petition, texts: Texts, language: str) -> Iterator[Finding]:
    """The House takes no second petition that is much the same as one under way."""
    mine = _runs(texts, language)
    if not mine:
        return
    others = Petition.objects.filter(state__in=_UNDER_WAY).exclude(pk=petition.pk)
    for other in others.exclude(kind=PetitionKind.RECORD).prefetch_related("clauses"):
        theirs = _runs(texts_of(other), language)
        if theirs and len(mine & theirs) / min(len(mine), len(theirs)) >= ALIKE:
            text = gettext("It resembles “%(title)s”: a second one much the same is not accepted")
            yield Finding("alike", Severity.WARNING, text % {"title": other.title}, "P&P 22")


def _runs(texts: Texts, language: str) -> set[tuple[str, ...]]:
    """Every run of three words of the requests and grievances, folded."""
    whole = " ".join(clause[language] for clause in [*texts.whereas, *texts.requests])
    folded = unicodedata.normalize("NFKC", whole).casefold()
    found = _WORD.findall(folded)
    return {tuple(found[at : at + _RUN]) for at in range(len(found) - _RUN + 1)}


def _mend(key: str, text: str, source: str) -> Finding:
    return Finding(key, Severity.BLOCKING, text, source)
