"""Forms of the desk."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.dashboard.printed_list import MOST_ROWS
from campaign.parliament.forms import DayField
from petitions import clock, formats
from petitions.domain import bundling, exporting
from petitions.domain.exporting import Settings
from petitions.forms import PlainForm
from petitions.models import ExportRecord, Petition, Province, Riding
from petitions.models.exports import DEFAULT_FIELDS, ExportField

#: A list is kept for its purpose; nobody may promise to destroy it when it is forgotten.
LONGEST_PROMISE = timedelta(days=365)


class ExportForm(PlainForm):
    """What the list is for, what it holds, and the passphrase that opens it."""

    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=ExportRecord.Purpose.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select what this list is for")},
    )
    reason = forms.CharField(
        label=_("Why is this list needed?"),
        max_length=300,
        error_messages={
            "required": _("Enter why this list is needed"),
            "max_length": _("Reason must have 300 characters or fewer"),
        },
    )
    recipient = forms.CharField(
        label=_("Recipient"),
        help_text=_("who will hold the file, for example the office of a Member"),
        max_length=200,
        error_messages={
            "required": _("Enter who will hold the file"),
            "max_length": _("Recipient must have 200 characters or fewer"),
        },
    )
    destroy_by = DayField(
        label=_("The recipient has promised to destroy the list by (YYYY-MM-DD)"),
        help_text=_("ask before you export; the promise stands in the log"),
    )
    fields_asked = forms.MultipleChoiceField(
        label=_("Fields"),
        help_text=_("name, province and date are enough for most lists"),
        choices=ExportField.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Select at least one field")},
    )
    province = forms.ChoiceField(label=_("Only this province or territory"), required=False)
    riding: "forms.ModelChoiceField[Riding]" = forms.ModelChoiceField(
        Riding.objects.none(), label=_("Only this riding"), required=False, empty_label=_("All")
    )
    only_new = forms.BooleanField(required=False)
    file_format = forms.ChoiceField(
        label=_("Format"), choices=ExportRecord.Format.choices, widget=forms.RadioSelect
    )
    recipient_key = forms.CharField(
        label=_("Public age key of the recipient"),
        help_text=_("it begins with age1; the file opens with its private half alone"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": _("This is no age key: it begins with age1")},
    )
    passphrase = forms.CharField(
        label=_("Passphrase of the vault"),
        help_text=_("it opens the list on this server for the length of this download"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the passphrase of the vault")},
    )

    def __init__(
        self, *args: Any, petition: Petition, last: ExportRecord | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.petition = petition
        self.last = last
        if last is None:
            del self.fields["only_new"]
        else:
            label = gettext(
                "Only signatures that count since my last export (%(serial)s, %(moment)s)"
            )
            self.fields["only_new"].label = label % {
                "serial": last.serial,
                "moment": formats.moment(last.started_at),
            }
        self.fields["province"].choices = [("", _("All")), *Province.choices]  # type: ignore[attr-defined]
        self.fields["riding"].queryset = Riding.objects.filter(  # type: ignore[attr-defined]
            signature__petition=petition
        ).distinct()

    def clean_destroy_by(self) -> date:
        day: date = self.cleaned_data["destroy_by"]
        today = clock.today()
        if not today <= day <= today + LONGEST_PROMISE:
            raise ValidationError(gettext("Enter a day within a year from today"))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file_format = data.get("file_format")
        if file_format == ExportRecord.Format.BUNDLE:
            self._clean_key(data)
        else:
            self._forget_key()
        if file_format == ExportRecord.Format.PRINT and not self.errors:
            self._clean_length()
        return data

    def _clean_key(self, data: dict[str, Any]) -> None:
        """A private key is refused with other words."""
        typed = data.get("recipient_key")
        if typed == "":
            self.add_error("recipient_key", gettext("Enter the public age key of the recipient"))
        if not typed:
            return
        try:
            data["recipient_key"] = bundling.public_key(typed)
        except bundling.RecipientError as error:
            reason = gettext("This is no age key: it begins with age1")
            if error.is_private:
                self._forget_key()
                reason = gettext(
                    "This is the private key, which only the recipient may hold. Let them make a"
                    " new pair, and ask for the line that begins with age1"
                )
            self.add_error("recipient_key", reason)

    def _forget_key(self) -> None:
        """Whatever was typed there, no page shows it again."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["recipient_key"] = ""
        self.data = data

    def _clean_length(self) -> None:
        number = exporting.matching(self.settings(), self.petition).count()
        if number > MOST_ROWS:
            reason = gettext(
                "A printed list has %(most)s signers at most, and this one would have %(number)s."
                " Choose a part of it, or another format"
            )
            told = {"most": formats.number(MOST_ROWS), "number": formats.number(number)}
            self.add_error("file_format", reason % told)

    def settings(self) -> Settings:
        """The valid form as the domain takes it; columns stand in the order of `ExportField`."""
        data, age_key = self.cleaned_data, self.age_key()
        return Settings(
            purpose=data["purpose"],
            reason=data["reason"],
            recipient=data["recipient"],
            fields=[field for field in ExportField.values if field in data["fields_asked"]],
            province=data["province"],
            riding=data["riding"],
            file_format=data["file_format"],
            destroy_by=data["destroy_by"],
            since=self.last.started_at if self.last and data.get("only_new") else None,
            recipient_key=bundling.fingerprint(age_key) if age_key else "",
        )

    def age_key(self) -> str:
        """The public key that a bundle is encrypted to; "" for any other format."""
        is_bundle = self.cleaned_data["file_format"] == ExportRecord.Format.BUNDLE
        return str(self.cleaned_data["recipient_key"]) if is_bundle else ""


def last_settings(last: ExportRecord | None) -> dict[str, Any]:
    """What the form begins with: the settings of the person's last export, else the least."""
    if last is None:
        return {
            "fields_asked": list(DEFAULT_FIELDS),
            "file_format": ExportRecord.Format.EXCEL,
        }
    return {
        "purpose": last.purpose,
        "recipient": last.recipient,
        "fields_asked": last.fields,
        "province": last.province,
        "riding": last.riding_id,
        "file_format": last.file_format,
    }
