"""The one clock of the petition machine: the database's.

Web nodes may disagree about the time; the database cannot disagree with itself. Every condition
on time uses `db_now()`, which tests replace by a literal (call it as `clock.db_now()`).
"""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.utils import timezone

#: Days, opening and closing are told in the House's time zone.
TORONTO = ZoneInfo("America/Toronto")


def db_now() -> Combinable:
    """The database's present instant, as an expression."""
    return Now()


def display_now() -> datetime:
    """The present instant for texts such as "12 days left"; never for a decision."""
    return timezone.now()


def db_instant() -> datetime:
    """The database's present instant as a value, for what must be carried elsewhere."""
    petitions = apps.get_model("petitions", "Petition").objects.order_by()
    instant: datetime | None = (
        petitions.annotate(now=db_now()).values_list("now", flat=True).first()
    )
    return instant or timezone.now()


def day_of(instant: datetime) -> date:
    """The day on which an instant falls in Toronto."""
    return instant.astimezone(TORONTO).date()


def start_of(day: date) -> datetime:
    """The instant at which a day begins in Toronto."""
    return datetime.combine(day, time(), TORONTO)


def today() -> date:
    """The day in Toronto, by the database's clock."""
    return day_of(db_instant())
