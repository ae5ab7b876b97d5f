"""The form of a copy of an official text: the file, and where and when it was downloaded."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.dashboard.petition_forms import PlainField
from campaign.newsroom.domain import documents
from campaign.newsroom.domain.documents import Copy
from campaign.newsroom.models import Document, Resolution
from petitions import clock
from petitions.forms import PlainForm


class DocumentForm(PlainForm):
    """One file, read no further than it may be long."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "PDF, 10 MB at most, as the body itself publishes it. Nothing in it is changed."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
        error_messages=dict.fromkeys(("required", "invalid", "empty"), _("Choose a file")),
    )
    source_url = forms.URLField(
        label=_("Where it was downloaded"),
        help_text=_("the address of the file or of the page with it"),
        max_length=200,
        assume_scheme="https",
        error_messages=dict.fromkeys(
            ("required", "invalid", "max_length"), _("Enter an address like https://www.ipu.org/")
        ),
    )
    retrieved_on = PlainField(
        label=_("Downloaded on (YYYY-MM-DD)"),
        digits=True,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short nums"}),
        error_messages={"required": _("Enter a date like 2018-10-24")},
    )

    @classmethod
    def fresh(cls, resolution: Resolution, kept: Document | None) -> "DocumentForm":
        """With what is most often right: today, and from where the last copy came."""
        source = kept.source_url if kept else resolution.official_url
        today = f"{clock.today():%Y-%m-%d}"
        return cls(initial={"source_url": source, "retrieved_on": today})

    def clean_file(self) -> bytes:
        content: bytes = self.cleaned_data["file"].read(documents.LARGEST + 1)
        try:
            documents.check_file(content)
        except documents.FileError as error:
            raise ValidationError(str(error)) from error
        return content

    def clean_retrieved_on(self) -> date:
        try:
            return date.fromisoformat(self.cleaned_data["retrieved_on"])
        except ValueError as error:
            raise ValidationError(gettext("Enter a date like 2018-10-24")) from error

    def copy_in(self, language: str) -> Copy:
        """The valid form as the domain takes it."""
        return Copy(
            language=language,
            content=self.cleaned_data["file"],
            source_url=self.cleaned_data["source_url"],
            retrieved_on=self.cleaned_data["retrieved_on"],
        )
