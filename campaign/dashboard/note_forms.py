"""Forms of the translation gate: an approval, and a note for everybody in three languages."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from campaign.dashboard.petition_forms import PlainField
from petitions import formats
from petitions.domain import gate, translating
from petitions.domain.text_names import language_name
from petitions.domain.translating import Key, Subject
from petitions.forms import PlainForm

#: In place of a text's name: all of a language that the reader may approve.
ALL = "all"


class ApproveForm(PlainForm):
    """`approve` names one text (`title:km`) or a language (`all:km`): the button's value."""

    approve = forms.CharField(required=False)
    based_on = forms.CharField(required=False)

    def keys(self, subject: Subject, *, by: AbstractBaseUser) -> Collection[Key]:
        name, _colon, language = self.cleaned_data["approve"].partition(":")
        if name != ALL:
            return [(name, language)]
        may = translating.may_be_approved(subject, by=by)
        return [key for key in may if key[1] == language]


class NoteForm(PlainForm):
    """A note in three languages, in words for everybody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in formats.LOCALES:
            self.fields[f"text_{code}"] = PlainField(
                label=language_name(code),
                required=False,
                widget=forms.Textarea(
                    attrs={"rows": 3, "lang": formats.HTML_LANGUAGES[code], "class": "grows"}
                ),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for code in formats.LOCALES:
            self._check(code, str(data.get(f"text_{code}", "")))
        return data

    def _check(self, code: str, text: str) -> None:
        if not text:
            problem = gettext("Enter the note in %(language)s")
        elif len(text) > gate.NOTE_LIMIT:
            problem = gettext("Shorten the note in %(language)s to %(limit)s characters")
        else:
            return
        self.add_error(
            f"text_{code}",
            ValidationError(
                problem
                % {"language": language_name(code), "limit": formats.number(gate.NOTE_LIMIT)}
            ),
        )

    def note(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"text_{code}"] for code in formats.LOCALES}
