"""Forms of the review of held signatures, and of announced events."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.dashboard.petition_forms import PlainField
from petitions import clock, formats
from petitions.domain import events, reviewing
from petitions.domain.reviewing import Group
from petitions.forms import PlainForm
from petitions.models import Petition, Signature
from petitions.states import RejectReason, ReviewAct

ALL, TICKED = "all", "ticked"
#: Rows on one page. Of more the whole group is decided, or the rules are too narrow.
MOST_ROWS = 200


class ReviewForm(PlainForm):
    """What to do, and with how many of a group."""

    scope = forms.ChoiceField(
        label=_("Which signatures?"),
        choices=[(ALL, _("The whole group")), (TICKED, _("Those ticked below"))],
        initial=ALL,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select which signatures")),
    )
    act = forms.ChoiceField(
        label=_("What is decided?"),
        choices=[
            (ReviewAct.ACCEPT, _("Accept: they count from now on")),
            (ReviewAct.REJECT, _("Reject: they never count")),
            (ReviewAct.ASK, _("Ask each to confirm again, by one more e-mail")),
        ],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select what is decided")),
    )
    reason = forms.ChoiceField(
        label=_("Why are they rejected?"),
        help_text=_("only for a rejection: published with its number, never with a name"),
        choices=[("", _("Choose")), *RejectReason.choices],
        required=False,
        error_messages={"invalid_choice": _("Select why they are rejected")},
    )
    rows = forms.TypedMultipleChoiceField(
        coerce=int, required=False, widget=forms.MultipleHiddenInput
    )

    def __init__(self, *args: Any, rows: list[Signature], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rows"].choices = [(row.pk, row.pk) for row in rows]  # type: ignore[attr-defined]
        self.fields["rows"].error_messages["invalid_choice"] = gettext(
            "Something has changed meanwhile. Look again, then decide."
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("act") != ReviewAct.REJECT:
            data["reason"] = ""
        elif not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", gettext("Select why they are rejected"))
        if data.get("scope") == TICKED and not data.get("rows") and "rows" not in self.errors:
            self.add_error("scope", gettext("Tick the signatures that you mean"))
        return data

    def chosen(self, petition: Petition, group: Group) -> QuerySet[Signature]:
        found = reviewing.rows(petition, group)
        if self.cleaned_data["scope"] == ALL:
            return found
        return found.filter(pk__in=self.cleaned_data["rows"])


class EventForm(PlainForm):
    """The network of a hall, on one day, from one hour to another (or into the night)."""

    name = PlainField(
        label=_("Event or place"),
        max_length=120,
        error_messages={
            "required": _("Enter the event or place"),
            "max_length": _("Event or place must have %(limit_value)d characters or fewer"),
        },
    )
    network = PlainField(
        label=_("Address or network of the hall"),
        help_text=_("ask whoever keeps its Wi-Fi, or open this page there: like 203.0.113.7"),
        digits=True,
        error_messages={
            "required": _("Enter an address like 203.0.113.7, or a network like 203.0.113.0/28")
        },
    )
    day = PlainField(
        label=_("Date (YYYY-MM-DD)"),
        digits=True,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short nums"}),
        error_messages={"required": _("Enter a date like 2018-10-24")},
    )
    begins = PlainField(
        label=_("From (Toronto time)"),
        digits=True,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short nums"}),
        error_messages={"required": _("Enter a time like 09:00")},
    )
    ends = PlainField(
        label=_("Until (Toronto time)"),
        help_text=_("an earlier hour than the first is of the next day"),
        digits=True,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short nums"}),
        error_messages={"required": _("Enter a time like 09:00")},
    )
    ceiling = PlainField(
        label=_("How many signatures do you expect at most?"),
        help_text=_("what comes above it is held for review, never refused"),
        digits=True,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short nums"}),
        error_messages={"required": _("Enter how many signatures you expect")},
    )

    def clean_network(self) -> str:
        try:
            return events.read_network(self.cleaned_data["network"])
        except events.EventError as error:
            raise ValidationError(str(error)) from error

    def clean_day(self) -> datetime:
        return self._read("day", "%Y-%m-%d", gettext("Enter a date like 2018-10-24"))

    def clean_begins(self) -> datetime:
        return self._read("begins", "%H:%M", gettext("Enter a time like 09:00"))

    def clean_ends(self) -> datetime:
        return self._read("ends", "%H:%M", gettext("Enter a time like 09:00"))

    def _read(self, field: str, form: str, problem: str) -> datetime:
        try:
            return datetime.strptime(self.cleaned_data[field], form).replace(tzinfo=clock.TORONTO)
        except ValueError:
            raise ValidationError(problem) from None

    def clean_ceiling(self) -> int:
        text = self.cleaned_data["ceiling"]
        if not text.isdecimal() or not 1 <= int(text[:9]) <= events.MOST_CEILING:
            raise ValidationError(
                gettext("Enter a number from 1 to %(most)s")
                % {"most": formats.number(events.MOST_CEILING)}
            )
        return int(text)

    def event(self) -> dict[str, Any]:
        """What `events.announce()` takes of a valid form."""
        data = self.cleaned_data
        begins_at = datetime.combine(data["day"], data["begins"].time(), clock.TORONTO)
        ends_at = datetime.combine(data["day"], data["ends"].time(), clock.TORONTO)
        if ends_at <= begins_at:
            ends_at += timedelta(days=1)
        return {
            "name": data["name"],
            "network": data["network"],
            "begins_at": begins_at,
            "ends_at": ends_at,
            "ceiling": data["ceiling"],
        }
