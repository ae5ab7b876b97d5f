"""Forms of the pages on Members."""

import re
from contextlib import suppress
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campaign.parliament.domain.meetings import Details, is_future
from campaign.parliament.models import BriefingLanguage, Contact, Meeting
from campaign.parliament.states import ContactState, MeetingState
from petitions import validators
from petitions.domain.cells import SMALLEST_CELL
from petitions.forms import PlainForm
from petitions.models import Petition, Province

_GAP = r"[-/.\u2010-\u2015 ]"
_DAY = re.compile(rf"(\d{{4}}){_GAP}(\d{{1,2}}){_GAP}(\d{{1,2}})|(\d{{4}})(\d\d)(\d\d)")


class DayField(forms.CharField):
    """A day as 2018-10-24, in any digits; number keypads without a dash may leave it out."""

    widget = forms.TextInput(
        attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short nums"}
    )

    def to_python(self, value: Any) -> Any:
        text = validators.trim(validators.fold_digits(value or ""))
        if not text:
            return None
        match = _DAY.fullmatch(text)
        parts = [int(part) for part in match.groups() if part] if match else []
        with suppress(TypeError, ValueError):
            return date(*parts)
        raise ValidationError(gettext("Enter a date like 2018-10-24"))

    def validate(self, value: date | None) -> None:
        if self.required and value is None:
            raise ValidationError(gettext("Enter a date like 2018-10-24"))

    def run_validators(self, value: Any) -> None:
        """None for text: this is a date by now."""


class SearchForm(PlainForm):
    """Who to show. What is not among the choices counts as all."""

    q = forms.CharField(
        label=_("Name, riding or postal code"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "spellcheck": "false"}),
    )
    province = forms.ChoiceField(label=_("Province or territory"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = (("province", Province.choices), ("state", ContactState.choices))
        for name, known in choices:
            self.fields[name].choices = [("", _("All")), *known]  # type: ignore[attr-defined]

    def asked(self, name: str) -> str:
        """The valid answer of a field, else ""."""
        self.full_clean()
        return str(self.cleaned_data.get(name, ""))


class MoveForm(PlainForm):
    """A button of the board: the state that it was pressed in, and the one that it leads to."""

    seen = forms.ChoiceField(choices=ContactState.choices)
    to = forms.ChoiceField(choices=ContactState.choices)


class ContactForm(PlainForm):
    state = forms.ChoiceField(
        label=_("State"),
        choices=ContactState.choices,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Select how far you are with this Member")
        ),
    )
    language = forms.ChoiceField(
        label=_("Preferred language"),
        choices=[("", pgettext_lazy("language", "Not known")), *BriefingLanguage.choices],
        required=False,
        error_messages={"invalid_choice": _("Select one of the languages")},
    )
    email = forms.CharField(
        label=_("E-mail of the office"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    phone = forms.CharField(
        label=_("Telephone of the office"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        error_messages={"max_length": _("Telephone must have 40 characters or fewer")},
    )

    def clean_email(self) -> str:
        typed = validators.trim(self.cleaned_data["email"])
        return validators.email_address(typed) if typed else ""

    def clean_phone(self) -> str:
        return validators.trim(validators.fold_digits(self.cleaned_data["phone"]))


def contact_values(contact: Contact | None) -> dict[str, Any]:
    """What the form begins with."""
    if contact is None:
        return {"state": ContactState.TO_CONTACT}
    return {name: getattr(contact, name) for name in ("state", "language", "email", "phone")}


def _long(label: Any, *, rows: int = 3, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, widget=forms.Textarea({"rows": rows})
    )


class MeetingForm(PlainForm):
    """A meeting, planned or as it went (ux.md §3.3)."""

    state = forms.ChoiceField(
        label=_("This meeting"),
        choices=[(MeetingState.PLANNED, _("is planned")), (MeetingState.HELD, _("took place"))],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Select whether it is planned or took place")
        ),
    )
    day = DayField(label=_("Date (YYYY-MM-DD)"))
    place = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=200,
        error_messages={"max_length": _("Place must have 200 characters or fewer")},
    )
    participants = _long(_("Who took part"), rows=2)
    asked = _long(_("What was asked"))
    promise = _long(_("Answer or promise"), help_text=_("in the words that were said"))
    next_step = forms.CharField(
        label=_("Next step"),
        required=False,
        max_length=300,
        error_messages={"max_length": _("Next step must have 300 characters or fewer")},
    )
    next_by = forms.CharField(
        label=_("By whom"),
        required=False,
        max_length=100,
        error_messages={"max_length": _("By whom must have 100 characters or fewer")},
    )
    next_due = DayField(label=_("By when (YYYY-MM-DD)"), required=False)
    private_notes = _long(
        _("Private notes"), help_text=_("for the team alone: never printed, never sent")
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        held = data.get("state") == MeetingState.HELD
        if held and data.get("day") and is_future(data["day"]):
            self.add_error("day", gettext("Date must not be in the future"))
        if data.get("next_step") or data.get("next_by") or data.get("next_due"):
            self._needs("next_step", gettext("Enter the next step"))
            self._needs("next_by", gettext("Enter who does the next step"))
            self._needs("next_due", gettext("Enter by when it is to be done, like 2018-10-24"))
        return data

    def _needs(self, name: str, error: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, error)

    @property
    def was_held(self) -> bool:
        return bool(self.cleaned_data["state"] == MeetingState.HELD)

    def details(self) -> Details:
        """The valid form as the domain takes it."""
        return Details(
            **{name: value for name, value in self.cleaned_data.items() if name != "state"}
        )


def meeting_values(meeting: Meeting) -> dict[str, Any]:
    """What the form begins with; a new meeting is planned."""
    names = [name for name in MeetingForm.base_fields if name != "state"]
    values = {name: getattr(meeting, name) for name in names}
    held = meeting.state == MeetingState.HELD
    return {**values, "state": MeetingState.HELD if held else MeetingState.PLANNED}


class BriefForm(PlainForm):
    """Which petition a briefing is about, and the Member's language."""

    petition = forms.ChoiceField(
        label=_("Petition"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select the petition")),
    )
    language = forms.ChoiceField(
        label=_("Language of the briefing"),
        choices=BriefingLanguage.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select English or French")),
    )
    second = forms.BooleanField(
        label=_("With a second page: background, what others decided, a statement to read out"),
        required=False,
    )

    def __init__(self, *args: Any, petitions: list[Petition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {petition.slug: petition for petition in petitions}
        choices = [(slug, petition.title) for slug, petition in self.offered.items()]
        self.fields["petition"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> tuple[Petition, str]:
        """The valid form's answers."""
        return self.offered[self.cleaned_data["petition"]], self.cleaned_data["language"]

    @property
    def pages(self) -> int:
        return 2 if self.cleaned_data["second"] else 1


class PackForm(PlainForm):
    """Which Members are briefed at once, and with how many pages."""

    least = forms.IntegerField(
        label=_("Signers in the riding, at least"),
        help_text=_("5 or more, so that nobody is singled out"),
        min_value=SMALLEST_CELL,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short nums"}
        ),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value"), _("Enter a number, 5 or more")
        ),
    )
    second = forms.BooleanField(label=BriefForm.base_fields["second"].label, required=False)

    @property
    def pages(self) -> int:
        return 2 if self.cleaned_data["second"] else 1


#: The House's list has about 340 lines of less than 100 bytes.
_LARGEST_LIST = 500_000


class ListForm(PlainForm):
    """A list of Members as the House publishes it, and the day that it is of."""

    file = forms.FileField(
        label=_("File (CSV)"),
        error_messages={
            "required": _("Choose the file with the list"),
            "empty": _("This file is empty: choose the file with the list"),
        },
    )
    day = DayField(label=_("Day of the list (YYYY-MM-DD)"))

    def clean_file(self) -> str:
        """The file's text."""
        file = self.cleaned_data["file"]
        if file.size > _LARGEST_LIST:
            raise ValidationError(gettext("This file is too large for a list of Members"))
        try:
            text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValidationError(
                gettext("Save the file as CSV UTF-8, then choose it again")
            ) from error
        return text

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if is_future(day):
            raise ValidationError(gettext("Date must not be in the future"))
        return day
