"""Forms behind the mailed links of the House's steps: a supporter's, and a Member's office's."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from petitions.domain.editing import tidy
from petitions.domain.supporting import Answers
from petitions.forms import PlainForm, SignForm
from petitions.models.signature import Eligibility, Residence


class SupportForm(SignForm):
    """A signer's questions without name, address and postal code: less than the House asks."""

    name = email = postal_code = updates = None  # type: ignore[assignment]
    form_token = source = checked = website = None  # type: ignore[assignment]
    eligibility = forms.ChoiceField(
        label=_("Are you a Canadian citizen, or do you live in Canada?"),
        choices=Eligibility.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            _("Select whether you are a Canadian citizen or live in Canada"),
        ),
    )
    declaration = forms.BooleanField(
        label=_("I have read the text and support it, in my own name."),
        error_messages={"required": _("Confirm that you have read the text and support it")},
    )
    terms = forms.BooleanField(
        label=_("I have read the terms of use and agree to them."),
        error_messages={"required": _("Confirm that you agree to the terms of use")},
    )

    def _clean_canada(self, data: dict[str, Any]) -> None:
        if not data.get("province") and "province" not in self.errors:
            self.add_error("province", gettext("Select your province or territory"))

    def declared(self) -> Answers:
        """The valid form as the domain takes it; answers that do not apply are dropped."""
        data = self.cleaned_data
        in_canada = data["residence"] == Residence.CANADA
        return Answers(
            eligibility=data["eligibility"],
            residence=data["residence"],
            province=data["province"] if in_canada else "",
            country="CA" if in_canada else data["country"],
        )


class OfficeForm(PlainForm):
    """A Member's answer: a tick goes with a yes, a note with a no."""

    may_be_named = forms.BooleanField(
        label=_("The Member’s name may be shown on the petition’s page"), required=False
    )
    note = forms.CharField(
        label=_("A note to the petitioner"),
        help_text=_("300 characters at most; it is not published"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Note must have 300 characters or fewer")},
    )

    def clean_note(self) -> str:
        return tidy(self.cleaned_data["note"])
