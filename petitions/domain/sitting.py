"""The days on which the House sits, and when the government's response is due because of them.

The House publishes its calendar year by year; nobody can compute it. People enter it.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext

from petitions import validators
from petitions.models import Outcome, Petition, SittingDay

logger = logging.getLogger(__name__)

#: Calendar days that the government has for its response (S.O. 36(8)).
DAYS_TO_RESPOND = 45
#: A range longer than a year is a slip of the finger.
LONGEST_RANGE = timedelta(days=366)
_SATURDAY = 5

_DAY = r"\d{4}-\d{2}-\d{2}"
#: One day, or two with a word or dash between them.
_LINE = re.compile(rf"({_DAY})(?:\s*(?:–|—|\.\.|to|au|ដល់|\s-)\s*({_DAY}))?")


class CalendarError(ValueError):
    """Days that cannot be read; nothing was changed. `problems` says why, line by line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Due:
    """The day on which a response is due at the latest.

    Not sure where the calendar has no sitting day at or after the 45th day: then it is that day,
    or the next one on which the House sits.
    """

    on: date
    is_sure: bool


def response_due(petition: Petition) -> Due | None:
    """45 calendar days after presentation, or the next sitting day when that is none.

    None while the petition has not been presented.
    """
    outcome = Outcome.objects.filter(petition=petition).only("presented_on").first()
    if outcome is None or outcome.presented_on is None:
        return None
    last = outcome.presented_on + timedelta(days=DAYS_TO_RESPOND)
    sitting = SittingDay.objects.filter(day__gte=last).order_by("day").first()
    return Due(last, is_sure=False) if sitting is None else Due(sitting.day, is_sure=True)


# --- the calendar ----------------------------------------------------------------------------


def add_days(days: Iterable[date], *, by: AbstractBaseUser) -> int:
    """Enters sitting days; returns how many were new."""
    before = SittingDay.objects.count()
    SittingDay.objects.bulk_create((SittingDay(day=day) for day in days), ignore_conflicts=True)
    added = SittingDay.objects.count() - before
    logger.info("calendar: %d sitting days added by person %s", added, by.pk)
    return added


@transaction.atomic
def remove_days(days: Iterable[date], *, by: AbstractBaseUser) -> int:
    """Takes sitting days out; returns how many there were."""
    removed, _rows = SittingDay.objects.filter(day__in=list(days)).delete()
    logger.info("calendar: %d sitting days removed by person %s", removed, by.pk)
    return removed


def read_days(text: str) -> list[date]:
    """Days as people paste them: one or a range on each line, `2019-01-28` or
    `2019-01-28 to 2019-02-01`, in order.

    A range means its Mondays to Fridays. Raises `CalendarError` with every line that is none.
    """
    days: set[date] = set()
    problems = []
    for line in re.split(r"[\n,;]", validators.fold_digits(text)):
        if not (line := validators.trim(line)):
            continue
        try:
            days.update(_days_of(line))
        except ValueError as error:
            problems.append(str(error))
    if problems:
        raise CalendarError(problems)
    return sorted(days)


def _days_of(line: str) -> Iterator[date]:
    """The days of one line; raises `ValueError` in words."""
    found = _LINE.fullmatch(line)
    try:
        first, last = (date.fromisoformat(each) for each in _ends(found)) if found else (None, None)
    except ValueError:  # like February 30
        first = last = None
    if first is None or last is None:
        raise ValueError(
            gettext("“%(line)s” is no day: write it like 2019-01-28, or two with “to” between")
            % {"line": line[:40]}
        )
    if not timedelta(0) <= last - first <= LONGEST_RANGE:
        raise ValueError(
            gettext("“%(line)s” must begin before it ends, and last a year at most")
            % {"line": line[:40]}
        )
    is_range = last > first
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        # A day that stands alone is believed: the House may sit on a Saturday.
        if not is_range or day.weekday() < _SATURDAY:
            yield day


def _ends(found: re.Match[str]) -> tuple[str, str]:
    return found[1], found[2] or found[1]
