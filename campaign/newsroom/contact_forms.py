"""The form of the contact page."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from petitions import formats, validators
from petitions.forms import EmailField, PlainForm

MOST_CHARACTERS = 4000


class ContactForm(PlainForm):
    name = forms.CharField(
        label=_("Full name"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    email = EmailField(label=_("E-mail address"), help_text=_("we answer to this address"))
    message = forms.CharField(
        label=_("Your message"),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
        error_messages={"required": _("Enter your message")},
    )
    form_token = forms.CharField(widget=forms.HiddenInput, required=False)
    #: Seen by programs only.
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    )

    def clean_name(self) -> str:
        """Left empty, or a name as a signer's may be."""
        name: str = self.cleaned_data["name"]
        return validators.full_name(name) if name else ""

    def clean_message(self) -> str:
        message: str = self.cleaned_data["message"]
        if len(message) > MOST_CHARACTERS:
            text = gettext("Message must have %(limit)s characters or fewer")
            raise ValidationError(text, params={"limit": formats.number(MOST_CHARACTERS)})
        return message
