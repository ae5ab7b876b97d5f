"""Forms about a petition that are not its texts: a new one, its dates, a reason."""

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from petitions import clock, formats, validators
from petitions.domain import editing, official, scheduling
from petitions.forms import PlainForm
from petitions.models import Petition
from petitions.models.petition import DURATIONS
from petitions.states import PetitionKind

#: More than people live in Canada would be a slip of the finger.
LARGEST_GOAL = 1_000_000
_TIME = re.compile(r"(\d{1,2})[:.h ]{1,2}(\d{2})")


class PlainField(forms.CharField):
    """Typed text as the petition machine stores it; digits of any script where `digits`."""

    def __init__(self, *args: Any, digits: bool = False, **kwargs: Any) -> None:
        self.digits = digits
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> str:
        text = editing.tidy(str(value or ""))
        return validators.fold_digits(text) if self.digits else text


class NumberField(PlainField):
    """The official number of an e-petition, as the House writes it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Official number"),
            help_text=_("as it stands on the House of Commons site, like e-1746"),
            required=False,
            widget=forms.TextInput(
                attrs={"autocapitalize": "none", "spellcheck": "false", "class": "short nums"}
            ),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        """Canonical; "" for nothing."""
        text = super().clean(value)
        try:
            return official.canonical_number(text) if text else ""
        except official.NumberError as error:
            raise ValidationError(str(error)) from error


class TitleLanguageField(forms.ChoiceField):
    """The language in which something new gets its first title."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Language of the title"),
            help_text=_("the other two follow in the editor"),
            choices=settings.LANGUAGES,
            widget=forms.RadioSelect,
            error_messages=dict.fromkeys(
                ("required", "invalid_choice"), _("Select the language that the title is in")
            ),
            **kwargs,
        )


class AddressField(forms.CharField):
    """The part of an address that is chosen: lower-case Latin letters, digits and hyphens."""

    widget = forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"})

    def clean(self, value: Any) -> str:
        slug = validators.trim(super().clean(value)).lower()
        if slug and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
            raise ValidationError(
                gettext("Use only Latin letters, digits and hyphens, like free-elections")
            )
        if len(slug) > editing.LONGEST_SLUG:
            raise ValidationError(
                gettext("Address must have %(limit)s characters or fewer")
                % {"limit": formats.number(editing.LONGEST_SLUG)}
            )
        return slug


class NewPetitionForm(PlainForm):
    """The least to begin with: its kind, a working title in one language, and an address."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            (PetitionKind.CAMPAIGN, _("A petition of this campaign")),
            (
                PetitionKind.COMPANION,
                _("A companion of an official e-petition, which leads people to the House’s page"),
            ),
        ],
        initial=PetitionKind.CAMPAIGN,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Select what kind of petition it is")},
    )
    house_number = NumberField()
    language = TitleLanguageField()
    title = PlainField(
        label=_("Working title"),
        help_text=_("it can be changed until signing is scheduled"),
        max_length=editing.LIMITS["title"],
        error_messages={
            "required": _("Enter a working title"),
            "max_length": _("Title must have %(limit_value)d characters or fewer"),
        },
    )
    slug = AddressField(
        label=_("Address"),
        help_text=_(
            "Latin letters and hyphens, like free-elections; left empty it is made from a title "
            "in English or French. It cannot be changed later."
        ),
        required=False,
    )

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or PetitionKind.CAMPAIGN

    def clean(self) -> dict[str, Any]:
        """Only a companion has an official number, and it must have one."""
        data = super().clean() or {}
        if data.get("kind") != PetitionKind.COMPANION:
            # Where the field is hidden, what was typed into it before is no error.
            self.errors.pop("house_number", None)
            data["house_number"] = ""
        elif not data.get("house_number") and "house_number" not in self.errors:
            self.add_error("house_number", gettext("Enter the official number, like e-1746"))
        return data


class InstantForm(PlainForm):
    """Something begins now, or at an instant that is typed as a day and a time of Toronto."""

    AT_ONCE, LATER = "at_once", "later"

    opening = forms.ChoiceField(widget=forms.RadioSelect)
    date = PlainField(
        label=_("Date (YYYY-MM-DD)"),
        digits=True,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short nums"}),
    )
    time = PlainField(
        label=pgettext_lazy("of day", "Time"),
        help_text=_("from 00:00 to 23:59"),
        digits=True,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short nums"}),
    )

    def clean(self) -> dict[str, Any]:
        """Joins day and time to `opens_at`; None for as soon as possible."""
        data = super().clean() or {}
        data["opens_at"] = None
        if data.get("opening") == self.LATER:
            data["opens_at"] = self._moment(data.get("date", ""), data.get("time", ""))
        return data

    def _moment(self, day: str, hour: str) -> datetime | None:
        """The instant in Toronto; None after an error at either field."""
        opens_on, opens_at = _day(day), _hour(hour)
        if opens_on is None:
            self.add_error("date", gettext("Enter a date like 2018-10-24"))
        if opens_at is None:
            self.add_error("time", gettext("Enter a time like 09:00"))
        if opens_on is None or opens_at is None:
            return None
        return datetime.combine(opens_on, opens_at, clock.TORONTO)


class DatesForm(InstantForm):
    """The goal, the opening and the days; the closing follows from them."""

    field_order = ("threshold",)

    threshold = PlainField(
        label=_("Goal"),
        help_text=_("confirmed signatures; the House of Commons asks for 500"),
        digits=True,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short nums"}),
    )
    opening = forms.ChoiceField(
        label=_("Opening"),
        choices=[
            (InstantForm.AT_ONCE, _("As soon as it is scheduled")),
            (InstantForm.LATER, _("On a day and at a time, Toronto time")),
        ],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select when it opens")),
    )
    days = forms.TypedChoiceField(
        label=_("Open for"),
        help_text=_("it closes at the same time of day"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Select how many days it is open")
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [  # type: ignore[attr-defined]
            (days, ngettext("%(days)s day", "%(days)s days", days) % {"days": days})
            for days in DURATIONS
        ]

    @classmethod
    def stored(cls, petition: Petition) -> "DatesForm":
        """What the petition has; a new one begins with the longest that the House allows."""
        opens_at = petition.opens_at
        initial: dict[str, Any] = {
            "threshold": petition.threshold,
            "opening": cls.AT_ONCE,
            "time": "09:00",
            "days": scheduling.days_of(petition) or DURATIONS[-1],
        }
        if opens_at is not None and opens_at > clock.display_now():
            local = opens_at.astimezone(clock.TORONTO)
            initial |= {
                "opening": cls.LATER,
                "date": f"{local:%Y-%m-%d}",
                "time": f"{local:%H:%M}",
            }
        return cls(initial=initial)

    def clean_threshold(self) -> int:
        text = re.sub(r"[,\s]", "", self.cleaned_data["threshold"])
        if not text.isdecimal() or not 1 <= int(text[:12]) <= LARGEST_GOAL:
            raise ValidationError(
                gettext("Enter a goal from 1 to %(most)s, like 500")
                % {"most": formats.number(LARGEST_GOAL)}
            )
        return int(text)


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=clock.TORONTO)
    except ValueError:
        return None


def _hour(text: str) -> time | None:
    found = _TIME.fullmatch(text)
    try:
        return time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


class ReasonForm(PlainForm):
    """Why: kept in the petition's history, which its petitioner reads too."""

    reason = PlainField(
        label=_("Why?"),
        help_text=_("kept in the history, which only the desk and the petitioner see"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Reason must have 300 characters or fewer")},
    )

    def __init__(self, *args: Any, must: bool, **kwargs: Any) -> None:
        self.must = must
        super().__init__(*args, **kwargs)

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if self.must and not reason:
            raise ValidationError(gettext("Enter why, in one sentence"))
        return reason
