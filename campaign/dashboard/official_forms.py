"""Forms about the official e-petition beside one of ours."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campaign.dashboard.petition_forms import NumberField, PlainField
from petitions import clock
from petitions.domain import official
from petitions.forms import PlainForm


class OfficialNumberForm(PlainForm):
    """The number, corrected."""

    house_number = NumberField()

    def clean_house_number(self) -> str:
        number: str = self.cleaned_data["house_number"]
        if not number:
            raise ValidationError(gettext("Enter the official number, like e-1746"))
        return number


class OfficialCountForm(PlainForm):
    """What the House's page showed, when, and where that was seen."""

    number = PlainField(
        label=_("Number of signatures"),
        digits=True,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short nums"}),
    )
    seen_on = PlainField(
        label=_("Seen on (YYYY-MM-DD)"),
        help_text=_("one count a day"),
        digits=True,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short nums"}),
    )
    source = forms.ChoiceField(
        label=pgettext_lazy("of a count", "Source"),
        choices=official.CountSource.choices,
        initial=official.CountSource.PAGE,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Select where the number was seen")
        ),
    )
    #: Asked for only when the number would have fallen.
    may_fall = forms.BooleanField(
        label=_("The number and the date are right: it has fallen"), required=False
    )

    def clean_number(self) -> int:
        text = re.sub(r"[,\s]", "", self.cleaned_data["number"])
        if not text.isdecimal() or int(text[:12]) > official.LARGEST_COUNT:
            raise ValidationError(gettext("Enter a number of signatures, like 412"))
        return int(text)

    def clean_seen_on(self) -> date:
        try:
            return date.fromisoformat(self.cleaned_data["seen_on"])
        except ValueError as error:
            raise ValidationError(gettext("Enter a date like 2018-10-24")) from error

    @classmethod
    def fresh(cls) -> "OfficialCountForm":
        return cls(initial={"seen_on": f"{clock.today():%Y-%m-%d}"})

    def refuse(self, error: official.CountError) -> None:
        """Puts the refusal at the field that can mend it."""
        self.add_error("seen_on" if isinstance(error, official.DayError) else "number", str(error))
