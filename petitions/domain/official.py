"""The official e-petition beside one of ours: its number, its page, what that page showed.

A companion leads to it, a record archives it. Its count is never added to a count of ours.
"""

import logging
import re
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from petitions import clock, formats, validators
from petitions.domain import editing
from petitions.models import OfficialCount, Petition
from petitions.states import PetitionKind

logger = logging.getLogger(__name__)

#: The languages of the House's site. For any other the page in English is given.
HOUSE_LANGUAGES = ("en", "fr")
#: More people than Canada will have for a long time.
LARGEST_COUNT = 100_000_000

_NUMBER = re.compile(r"(?:e[\s\-\u2010-\u2015]*)?([1-9][0-9]{0,4})", re.IGNORECASE)


class CountSource(models.TextChoices):
    """Where an official count was seen. Stored as a word, so that every page can translate it."""

    PAGE = "page", _("the petition’s page")
    ARCHIVE = "archive", _("an archived copy of the petition’s page")
    CLERK = "clerk", _("the Clerk of Petitions")
    MEMBER = "member", _("a Member’s office")


class OfficialError(ValueError):
    """What was entered cannot be right, or not without a second look; the text says why."""


class NumberError(OfficialError):
    """This is no number of an e-petition."""


class CountError(OfficialError):
    """The count was refused and nothing is stored."""


class DayError(CountError):
    """The day is in the future, or has its count already."""


class FallingCountError(CountError):
    """The number would have fallen, which hardly happens: stored only when that is affirmed."""


def canonical_number(text: str) -> str:
    """An official number as the House writes it, like e-1746; raises `NumberError`."""
    found = _NUMBER.fullmatch(validators.fold_digits(validators.trim(text)))
    if found is None:
        raise NumberError(gettext("Enter the official number, like e-1746"))
    return f"e-{found[1]}"


def house_language(language: str) -> str:
    """The language of the House's page that readers of this language are led to."""
    return language if language in HOUSE_LANGUAGES else HOUSE_LANGUAGES[0]


def house_url(number: str, language: str) -> str:
    """The petition's page on the House's site. A link for people: this site never asks for it."""
    page = f"https://www.ourcommons.ca/petitions/{house_language(language)}/Petition/Details"
    return f"{page}?Petition={number}"


def has_official(petition: Petition) -> bool:
    """Whether there is, or must be, an official e-petition to lead to and to watch."""
    return petition.kind == PetitionKind.COMPANION or bool(petition.house_number)


@transaction.atomic
def set_number(petition: Petition, *, number: str, by: AbstractBaseUser) -> Petition:
    """Corrects a companion's official number; raises `FrozenError` once signing is scheduled."""
    canonical = canonical_number(number)
    locked = editing.lock(petition)
    locked.house_number = canonical
    locked.save(update_fields=["house_number"])
    logger.info("petition %s: official number set by person %s", locked.pk, by.pk)
    return locked


# --- what the House's page showed ------------------------------------------------------------


@transaction.atomic
def record_count(
    petition: Petition,
    *,
    number: int,
    seen_on: date,
    source: str,
    by: AbstractBaseUser,
    may_fall: bool = False,
) -> OfficialCount:
    """Keeps what the House showed on a day, one count a day.

    Raises `DayError` for a day to come or one that has its count, and `FallingCountError` for a
    number that does not grow from day to day, unless `may_fall` affirms it.
    """
    if seen_on > clock.today():
        raise DayError(gettext("This day has not come yet: enter the day when you saw the number"))
    others = OfficialCount.objects.filter(petition=petition)
    if not may_fall:
        _refuse_fall(others, number, seen_on)
    try:
        with transaction.atomic():
            count = OfficialCount.objects.create(
                petition=petition,
                number=number,
                seen_on=seen_on,
                source=CountSource(source),
                entered_by=by,  # type: ignore[misc]  # the user model is the project's
            )
    except IntegrityError as error:
        former = others.filter(seen_on=seen_on).first()
        raise DayError(
            gettext(
                "This day has its count already, %(number)s. Take that one back first if it is "
                "wrong"
            )
            % {"number": formats.number(former.number if former else number)}
        ) from error
    logger.info("petition %s: official count entered by person %s", petition.pk, by.pk)
    return count


def _refuse_fall(others: models.QuerySet[OfficialCount], number: int, seen_on: date) -> None:
    """The nearest day that contradicts: more before, or fewer after."""
    against = others.filter(
        Q(seen_on__lt=seen_on, number__gt=number) | Q(seen_on__gt=seen_on, number__lt=number)
    ).first()
    if against is not None:
        raise FallingCountError(
            gettext(
                "On %(date)s it was %(number)s: a count of the House hardly ever falls. Check the "
                "number and the date, then tick the box if they are right"
            )
            % {
                "date": formats.long_date(against.seen_on),
                "number": formats.number(against.number),
            }
        )


def source_text(count: OfficialCount) -> str:
    """Where the count was seen, in the page's language."""
    return str(dict(CountSource.choices).get(count.source, count.source))


def take_back(petition: Petition, *, count: int, by: AbstractBaseUser) -> bool:
    """Removes a count that was entered by mistake; False when it was gone already."""
    gone, _rows = OfficialCount.objects.filter(petition=petition, pk=count).delete()
    if gone:
        logger.info("petition %s: official count taken back by person %s", petition.pk, by.pk)
    return bool(gone)
