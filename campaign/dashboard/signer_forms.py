"""Forms of the signers' page. What is typed here is a signer's: no browser is to keep it."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.parliament.forms import DayField
from petitions.domain import folding
from petitions.domain.signers import Filters
from petitions.forms import EmailField, PlainForm
from petitions.models import Petition, Province, Riding


class AddressForm(PlainForm):
    """One exact address."""

    email = EmailField(
        label=_("E-mail address that somebody signed with"),
        help_text=_("the whole address; capital letters do not matter"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class FilterForm(PlainForm):
    """Which part of the open list; it stands in the page's address."""

    province = forms.ChoiceField(label=_("Only this province or territory"), required=False)
    riding: "forms.ModelChoiceField[Riding]" = forms.ModelChoiceField(
        Riding.objects.none(), label=_("Only this riding"), required=False, empty_label=_("All")
    )
    day: "forms.Field" = DayField(label=_("Only this day (YYYY-MM-DD)"), required=False)

    def __init__(self, *args: Any, petition: Petition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = [("", _("All")), *Province.choices]  # type: ignore[attr-defined]
        self.fields["riding"].queryset = Riding.objects.filter(  # type: ignore[attr-defined]
            signature__petition=petition
        ).distinct()

    def filters(self) -> Filters:
        day: date | None = self.cleaned_data["day"]
        return Filters(self.cleaned_data["province"], self.cleaned_data["riding"], day)


class NameForm(PlainForm):
    """A name or a part of it; it stands in no address, which browsers would remember."""

    name = forms.CharField(
        label=_("Name or a part of it"),
        help_text=_("in any script and order; left empty, all names are shown"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": _("Name must have 100 characters or fewer")},
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name and not folding.fold(name):
            raise ValidationError(gettext("Enter letters of the name, or leave the field empty"))
        return name
