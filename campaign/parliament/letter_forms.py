"""The two forms of the letter helper: where somebody lives, and what the letter says."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.parliament import letters
from campaign.parliament.models import BriefingLanguage
from petitions import formats, validators
from petitions.forms import PlainForm
from petitions.models import Member

LONGEST_NAME = 100


class PostalCodeForm(PlainForm):
    postal_code = forms.CharField(
        label=_("Postal code"),
        help_text=_("for example K1A 0A6"),
        required=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "postal-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "short",
            }
        ),
    )

    def clean_postal_code(self) -> str:
        return validators.postal_code(self.cleaned_data["postal_code"])


class LetterForm(PlainForm):
    """`seats` are the ridings that the postal code may lie in; without any, all are offered.

    A likely one is chosen beforehand; among candidates nobody is.
    """

    member = forms.ChoiceField(
        label=_("Your Member of Parliament"),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Select your Member of Parliament")
        ),
    )
    language = forms.ChoiceField(
        label=_("Language of the letter"),
        choices=BriefingLanguage.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select English or French")),
    )
    deed = forms.ChoiceField(
        label=_("What do you ask the Member to do?"),
        choices=letters.Deed.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Select what you ask the Member to do")
        ),
    )
    why = forms.CharField(
        label=_("Why it matters to you"),
        help_text=_("one or two sentences of your own count more than anything else"),
        required=False,
        max_length=letters.LONGEST_WHY,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": _("Why it matters to you must have 600 characters or fewer")},
    )
    name = forms.CharField(
        label=_("Full name"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"max_length": _("Full name must have 100 characters or fewer")},
    )

    def __init__(self, *args: Any, seats: list[letters.Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        likely = [(str(seat.member.pk), _line(seat.member)) for seat in seats if seat.member]
        everybody = [(str(member.pk), _line(member)) for member in letters.sitting()]
        field = self.fields["member"]
        field.choices = likely or [  # type: ignore[attr-defined]
            ("", _("Choose")),
            *sorted(everybody, key=lambda choice: formats.sort_key(choice[1])),
        ]
        field.widget = forms.RadioSelect() if likely else forms.Select()
        field.widget.choices = field.choices  # type: ignore[attr-defined]
        if seats and seats[0].member and seats[0].is_likely:
            field.initial = str(seats[0].member.pk)


def _line(member: Member) -> str:
    """The riding first: that is what people look for among many."""
    return f"{member.riding.name} – {member.name}"
