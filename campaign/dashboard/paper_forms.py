"""Forms of sheets of paper signatures (ux.md §3.3)."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.dashboard.petition_forms import PlainField
from campaign.parliament.domain.meetings import is_future
from campaign.parliament.forms import DayField
from petitions import formats, validators
from petitions.domain import paper
from petitions.domain.paper import Line
from petitions.forms import PlainForm
from petitions.models import Province


class NumberField(forms.CharField):
    """A whole number in any digits, from `least` to `most`."""

    def __init__(self, *, least: int, most: int, error: Any, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "class": "short nums"}
        super().__init__(required=False, widget=forms.TextInput(attrs), **kwargs)
        self.least, self.most, self.error = least, most, error

    def clean(self, value: Any) -> Any:
        text = validators.trim(validators.fold_digits(str(value or "")))
        if not text.isdecimal() or not self.least <= int(text) <= self.most:
            raise ValidationError(self.error)
        return int(text)


class SheetForm(PlainForm):
    place = PlainField(
        label=_("Event or place"),
        max_length=120,
        error_messages={
            "required": _("Enter the event or place"),
            "max_length": _("Event or place must have %(limit_value)d characters or fewer"),
        },
    )
    collected_on = DayField(label=_("Date collected (YYYY-MM-DD)"))
    sheet_number = NumberField(
        label=_("Sheet number"), least=1, most=99_999, error=_("Enter the number of the sheet")
    )
    collector = PlainField(
        label=_("Collected by"),
        help_text=_("kept encrypted, so that a question about the sheet can be asked"),
        required=False,
        max_length=100,
        error_messages={
            "max_length": _("Collected by must have %(limit_value)d characters or fewer")
        },
    )
    claimed = NumberField(
        label=_("Signatures on the sheet"),
        least=1,
        most=paper.MOST_ROWS,
        error=_("Enter how many signatures are on the sheet, 1 to 60"),
    )
    is_count_only = forms.BooleanField(label=_("Count only: no line is keyed in"), required=False)

    def clean_collected_on(self) -> Any:
        day = self.cleaned_data["collected_on"]
        if is_future(day):
            raise ValidationError(gettext("Date must not be in the future"))
        return day


class LinesForm:
    """The grid: every line of a sheet that is still to be keyed in, with its own errors."""

    FIELDS = ("name", "city", "province", "email", "illegible")

    def __init__(self, positions: list[int], data: Mapping[str, str] | None = None) -> None:
        self.positions = positions
        self.data = data
        self.errors: dict[int, str] = {}
        self.lines: list[Line] = []
        if data is not None:
            for position in positions:
                self._read(position, data)

    def _read(self, position: int, data: Mapping[str, str]) -> None:
        typed = {name: str(data.get(f"{name}_{position}", "")) for name in self.FIELDS}
        if not any(validators.trim(text) for name, text in typed.items() if name != "province"):
            return  # left empty: keyed in later
        if typed["province"] not in {"", *Province.values}:
            typed["province"] = ""
        if not typed["illegible"] and not validators.trim(typed["name"]):
            self.errors[position] = gettext("Enter a name, or mark the row as not legible")
            return
        try:
            line = paper.read_line(
                position,
                name=typed["name"],
                city=typed["city"][:100],
                province=typed["province"],
                email=typed["email"],
                is_legible=not typed["illegible"],
            )
        except ValidationError as error:
            self.errors[position] = " ".join(error.messages)
        else:
            self.lines.append(line)

    def is_valid(self) -> bool:
        return not self.errors

    def rows(self) -> Iterator[dict[str, Any]]:
        """What the page shows: each line with what was typed and what is wrong with it."""
        data = self.data or {}
        for position in self.positions:
            yield {
                "position": position,
                "error": self.errors.get(position, ""),
                **{name: data.get(f"{name}_{position}", "") for name in self.FIELDS},
            }

    @staticmethod
    def provinces() -> list[tuple[str, str]]:
        return sorted(
            ((code, formats.province(code)) for code in Province.values),
            key=lambda item: formats.sort_key(item[1]),
        )


class ClaimForm(PlainForm):
    claimed = NumberField(
        label=_("Signatures on the sheet"),
        least=1,
        most=paper.MOST_ROWS,
        error=_("Enter how many signatures are on the sheet, 1 to 60"),
    )


class CountForm(PlainForm):
    counted = NumberField(
        label=_("Signatures on the sheet, counted again"),
        least=0,
        most=paper.MOST_ROWS,
        error=_("Enter how many signatures are on the sheet, 1 to 60"),
    )


class SentForm(PlainForm):
    sent_on = DayField(label=_("Date sent (YYYY-MM-DD)"))
    sent_to = PlainField(
        label=_("Sent to"),
        help_text=_("the Member’s office that got the originals"),
        max_length=200,
        error_messages={
            "required": _("Enter to whom the sheet was sent"),
            "max_length": _("Sent to must have %(limit_value)d characters or fewer"),
        },
    )

    def clean_sent_on(self) -> Any:
        day = self.cleaned_data["sent_on"]
        if is_future(day):
            raise ValidationError(gettext("Date must not be in the future"))
        return day
