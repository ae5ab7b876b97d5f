"""What part of a petition's signatures the overview shows: which days, and which rows of tables.

All of it stands in the page's address, so that it can be sent to somebody or kept.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.parliament.forms import DayField
from petitions import clock
from petitions.forms import PlainForm
from petitions.models import Province

#: Tables whose rows can be pressed: a field of `Signature`.
FIELDS = ("province", "language", "source")
#: Period → its full days before today; "today" is no full day. "" is all days.
PERIODS = {"today": 0, "7": 7, "30": 30}
#: In an address the empty province says so by name.
_ABROAD = "abroad"
#: Nothing was signed before, and as many days before the first ones must be days too.
_EARLIEST = date(2000, 1, 1)
_KNOWN = {
    "province": re.compile("|".join([*Province.values, _ABROAD])),
    "language": re.compile("|".join(code for code, _name in settings.LANGUAGES)),
    "source": re.compile(r"[\w-]{0,32}"),
}


@dataclass(frozen=True)
class Filters:
    """The days from `first` to `last` (None: all), and the pressed row of each table.

    `period` is a key of `PERIODS`, or "days" for days that somebody typed.
    """

    petition: str = ""
    period: str = ""
    first: date | None = None
    last: date | None = None
    rows: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrow(self) -> bool:
        return bool(self.period or self.rows)

    def within(self, column: str) -> Q:
        """The condition that a row's instant in `column` falls on the chosen days."""
        if self.first is None or self.last is None:
            return Q()
        return Q(
            **{
                f"{column}__gte": clock.start_of(self.first),
                f"{column}__lt": clock.start_of(self.last + timedelta(days=1)),
            }
        )

    def of_rows(self) -> Q:
        return Q(**self.rows)

    def takes(self, cells: Mapping[str, str], *, but: str = "") -> bool:
        """Whether a row with these cells is in what is chosen, whatever is chosen of `but`."""
        return all(cells[name] == value for name, value in self.rows.items() if name != but)

    # --- addresses -------------------------------------------------------------------------

    def with_row(self, name: str, value: str) -> "Filters":
        """The row pressed: chosen, or no longer."""
        rows = {key: kept for key, kept in self.rows.items() if key != name}
        if self.rows.get(name) != value:
            rows[name] = value
        return replace(self, rows=rows)

    def with_period(self, period: str) -> "Filters":
        return replace(self, period=period, first=None, last=None)

    def address(self) -> str:
        asked = {"petition": self.petition}
        if self.period == "days" and self.first and self.last:
            asked |= {"from": self.first.isoformat(), "until": self.last.isoformat()}
        elif self.period:
            asked["period"] = self.period
        for name, value in self.rows.items():
            asked[name] = _ABROAD if name == "province" and not value else value
        return f"?{urlencode(asked)}"

    def hidden(self) -> list[tuple[str, str]]:
        """What a form that asks for days carries along."""
        return parse_qsl(self.with_period("").address()[1:], keep_blank_values=True)


def read(asked: QueryDict, *, petition: str, today: date, may_press: bool) -> Filters:
    """The filters of an address; what nobody could have pressed is as if it were not there.

    `may_press` is for those who may see small cells: one row less another is a small number.
    """
    found = Filters(petition, rows=_rows(asked) if may_press else {})
    form = DaysForm(asked, today=today)
    if form.is_asked and form.is_valid():
        first, last = form.cleaned_data["from"], form.cleaned_data["until"]
        return replace(found, period="days", first=first, last=last)
    period = asked.get("period", "")
    full_days = PERIODS.get(period)
    if full_days is None:
        return found
    last = today - timedelta(days=1) if full_days else today
    first = today - timedelta(days=full_days)
    return replace(found, period=period, first=first, last=last)


def _rows(asked: QueryDict) -> dict[str, str]:
    rows = {name: str(asked[name]) for name in FIELDS if name in asked}
    rows = {name: value for name, value in rows.items() if _KNOWN[name].fullmatch(value)}
    return rows | ({"province": ""} if rows.get("province") == _ABROAD else {})


class DaysForm(PlainForm):
    """Days that somebody types: from one day to another, neither in the future."""

    def __init__(self, asked: QueryDict, *, today: date) -> None:
        self.is_asked = "from" in asked or "until" in asked
        self._today = today
        super().__init__(asked if self.is_asked else None)
        # `from` is a word of Python's.
        self.fields["from"] = DayField(label=_("From"))
        self.fields["until"] = DayField(label=_("Until"))

    def clean(self) -> dict[str, Any]:
        days = self.cleaned_data
        first, last = days.get("from"), days.get("until")
        if first and first < _EARLIEST:
            self.add_error("from", gettext("Enter a date like 2018-10-24"))
        if last and last > self._today:
            self.add_error("until", gettext("This day is still to come"))
        if first and last and last < first:
            self.add_error("until", gettext("The end must be after the beginning"))
        return days
