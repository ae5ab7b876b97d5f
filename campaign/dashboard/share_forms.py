"""The form of a short link."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.dashboard.petition_forms import PlainField
from petitions.forms import PlainForm
from petitions.models import ShareLink


class ShareLinkForm(PlainForm):
    place = PlainField(
        label=_("Event or place"),
        help_text=_("for the team alone: no page and no address names it"),
        max_length=80,
        error_messages={
            "required": _("Enter the event or place"),
            "max_length": _("Event or place must have %(limit_value)d characters or fewer"),
        },
    )
    kind = forms.ChoiceField(
        label=_("What it is for"),
        choices=ShareLink.Kind.choices,
        initial=ShareLink.Kind.POSTER,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Select what the link is for")
        ),
    )
