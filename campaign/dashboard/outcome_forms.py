"""Forms about what follows a petition's closing, the calendar of the House, and dissolution."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campaign.dashboard.petition_forms import PlainField
from campaign.parliament.forms import DayField
from petitions import formats
from petitions.domain import presenting
from petitions.domain.editing import LANGUAGES, Wording
from petitions.domain.text_names import language_name
from petitions.forms import PlainForm
from petitions.models import Member, Petition
from petitions.models.parliament import Province

#: Each refusal of the domain → the field that can mend it.
_FIELDS: dict[type[Exception], str] = {
    presenting.NumberError: "number",
    presenting.DayError: "day",
}


class _OutcomeForm(PlainForm):
    def refuse(self, error: Exception) -> None:
        """Puts the refusal at the field that can mend it, or above all of them."""
        field = _FIELDS.get(type(error))
        self.add_error(field if field in self.fields else None, str(error))


class PresentationForm(_OutcomeForm):
    """Who presented the petition, when, and the number that the House gave it."""

    member = forms.ChoiceField(
        label=_("Member of Parliament"),
        help_text=_("any Member may present it, not only the one who authorized it"),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Select the Member who presented it")
        ),
    )
    may_be_named = forms.BooleanField(
        label=_("The Member agreed to be named here, or the Journals of the House name the Member"),
        required=False,
    )
    day = DayField(label=_("Presented on (YYYY-MM-DD)"))
    number = PlainField(
        label=_("Number when presented"),
        help_text=_("as it stands in the Journals of the House, like 421-03054"),
        digits=True,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short nums"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", _("Choose")), *_members()]  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        try:
            return presenting.parliamentary_number(self.cleaned_data["number"])
        except presenting.NumberError as error:
            raise ValidationError(str(error)) from error

    def presented(self) -> dict[str, Any]:
        """The valid form as the domain takes it."""
        data = self.cleaned_data
        return {
            "member": Member.objects.select_related("riding").get(pk=data["member"]),
            "may_be_named": data["may_be_named"],
            "on": data["day"],
            "number": data["number"],
        }


def _members() -> list[tuple[str, list[tuple[str, str]]]]:
    """Members of today by province, by the name of the riding that people know them by."""
    by_province: dict[str, list[tuple[str, str]]] = {}
    for member in Member.objects.filter(left_on=None).select_related("riding"):
        label = f"{member.riding.name} – {member.name}"
        by_province.setdefault(member.riding.province, []).append((str(member.pk), label))
    return [
        (
            formats.province(code),
            sorted(by_province[code], key=lambda item: formats.sort_key(item[1])),
        )
        for code in Province.values
        if code in by_province
    ]


class FilesForm(_OutcomeForm):
    """The response as it was tabled: the House gives it in English and in French."""

    file_en = forms.FileField(label=_("The response in English (PDF)"), required=False)
    file_fr = forms.FileField(label=_("The response in French (PDF)"), required=False)

    def clean_file_en(self) -> bytes | None:
        return self._pdf("file_en")

    def clean_file_fr(self) -> bytes | None:
        return self._pdf("file_fr")

    def _pdf(self, name: str) -> bytes | None:
        file = self.cleaned_data[name]
        if not file:
            return None
        try:
            # Not read further than it may be long.
            return presenting.checked_pdf(file.read(presenting.LARGEST_FILE + 1))
        except presenting.FileError as error:
            raise ValidationError(str(error)) from error

    def pdfs(self) -> dict[str, bytes]:
        named = {"en": "file_en", "fr": "file_fr"}
        return {
            language: self.cleaned_data[name]
            for language, name in named.items()
            if self.cleaned_data.get(name)
        }


class MissingFilesForm(FilesForm):
    """The same after the response: only for languages that have none yet."""

    def __init__(self, *args: Any, petition: Petition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in petition.response_files.values_list("language", flat=True):
            self.fields.pop(f"file_{language}", None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.pdfs():
            self.add_error(None, gettext("Choose a file"))
        return data


class ResponseForm(FilesForm):
    """When the government responded, who signed it, and what it says in three languages."""

    day = DayField(label=_("Tabled on (YYYY-MM-DD)"))
    minister = PlainField(
        label=_("Signed by"),
        help_text=_("the Minister or Parliamentary Secretary, as on the response"),
        required=False,
        max_length=presenting.LONGEST_MINISTER,
        error_messages={"max_length": _("The name must have %(limit_value)d characters or fewer")},
    )

    field_order = ("day", "minister", "summary_en", "summary_fr", "summary_km")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in LANGUAGES:
            self.fields[f"summary_{code}"] = PlainField(
                label=gettext("Summary in %(language)s") % {"language": language_name(code)},
                required=False,
                widget=forms.Textarea(
                    attrs={"rows": 4, "lang": formats.HTML_LANGUAGES[code], "class": "grows"}
                ),
            )
        self.order_fields(self.field_order)

    def clean_minister(self) -> str:
        minister: str = self.cleaned_data["minister"]
        if not minister:
            raise ValidationError(gettext("Enter who signed the response"))
        return minister

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for code in LANGUAGES:
            self._check_summary(code, str(data.get(f"summary_{code}", "")))
        return data

    def _check_summary(self, code: str, text: str) -> None:
        words = {"language": language_name(code)}
        if not text:
            problem = gettext("Write the summary in %(language)s")
        elif len(text) > presenting.LONGEST_SUMMARY:
            problem = gettext("Shorten the summary in %(language)s to %(limit)s characters")
            words["limit"] = formats.number(presenting.LONGEST_SUMMARY)
        else:
            return
        self.add_error(f"summary_{code}", problem % words)

    def summary(self) -> Wording:
        return {code: self.cleaned_data[f"summary_{code}"] for code in LANGUAGES}


class DaysForm(PlainForm):
    """Days to enter into the calendar, or to take out, as people paste them."""

    days = forms.CharField(
        label=_("Days"),
        help_text=_(
            "one on each line, like 2019-01-28; or a range with “to” between, like 2019-01-28 to "
            "2019-02-01, of which Saturdays and Sundays are left out"
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "grows nums", "spellcheck": "false"}),
    )

    def clean_days(self) -> str:
        text: str = self.cleaned_data["days"]
        if not text.strip():
            raise ValidationError(gettext("Enter at least one day, like 2019-01-28"))
        return text


class DissolutionForm(PlainForm):
    """The day, the word that nobody types by accident, and the petitions that were looked at."""

    day = DayField(label=_("Dissolved on (YYYY-MM-DD)"))
    reason = PlainField(
        label=_("Where it is announced"),
        help_text=_("like “Canada Gazette, March 23, 2025”; kept in each petition’s history"),
        max_length=300,
        required=False,
        error_messages={"max_length": _("Reason must have 300 characters or fewer")},
    )
    word = PlainField(
        label=pgettext_lazy("to type", "Type the word"),
        required=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "class": "short",
            }
        ),
    )
    looked_at = forms.CharField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["word"].help_text = gettext("write “%(word)s” to go on") % {"word": self.WORD}

    @property
    def WORD(self) -> str:  # noqa: N802 - a constant of each language
        return gettext("dissolution")

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if not reason:
            raise ValidationError(gettext("Enter where the dissolution is announced"))
        return reason

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"]
        if word.casefold() != self.WORD.casefold():
            raise ValidationError(gettext("Write the word “%(word)s”") % {"word": self.WORD})
        return word

    def clean_looked_at(self) -> list[int]:
        return [int(each) for each in self.cleaned_data["looked_at"].split() if each.isdecimal()]

    @classmethod
    def fresh(cls, today: date) -> "DissolutionForm":
        return cls(initial={"day": f"{today:%Y-%m-%d}"})
