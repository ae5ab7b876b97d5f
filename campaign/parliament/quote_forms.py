"""The form of a quote: the words in three languages, of whom they may be told, and the consent."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.parliament.domain.quotes import LONGEST_QUOTE, LONGEST_SPEAKER, Said
from campaign.parliament.forms import DayField
from campaign.parliament.models import BriefingLanguage, QuoteConsent
from petitions import clock, formats
from petitions.domain.editing import LANGUAGES, tidy
from petitions.domain.text_names import language_name
from petitions.forms import PlainForm


class QuoteForm(PlainForm):
    """English and French are needed: the Member's language decides which one is printed."""

    consent = forms.ChoiceField(
        label=_("How did the person agree?"),
        choices=QuoteConsent.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Select how the person agreed")
        ),
    )
    consented_on = DayField(
        label=_("When did the person agree? (YYYY-MM-DD)"),
        help_text=_("Agreed to these words, in briefings for Members. Keep the letter or e-mail."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in LANGUAGES:
            self.fields[f"text_{code}"] = self._text(
                gettext("What was said (%(language)s)"), code, LONGEST_QUOTE, rows=3
            )
            self.fields[f"speaker_{code}"] = self._text(
                gettext("Who says it (%(language)s)"), code, LONGEST_SPEAKER, rows=1
            )

    @staticmethod
    def _text(label: str, code: str, longest: int, *, rows: int) -> forms.CharField:
        attributes = {"rows": rows, "lang": formats.HTML_LANGUAGES[code]}
        widget = forms.Textarea(attributes) if rows > 1 else forms.TextInput(attributes)
        return forms.CharField(
            label=label % {"language": language_name(code)},
            required=code in BriefingLanguage.values,
            max_length=longest,
            widget=widget,
            error_messages={
                "required": gettext("Write it in English and in French"),
                "max_length": gettext("At most %(number)s characters")
                % {"number": formats.number(longest)},
            },
        )

    def clean_consented_on(self) -> Any:
        day = self.cleaned_data["consented_on"]
        if day > clock.today():
            raise forms.ValidationError(gettext("Date must not be in the future"))
        return day

    def said(self) -> Said:
        data = self.cleaned_data
        return Said(
            text={code: tidy(data[f"text_{code}"]) for code in LANGUAGES},
            speaker={code: tidy(data[f"speaker_{code}"]) for code in LANGUAGES},
        )

    def languages(self) -> list[tuple[forms.BoundField, forms.BoundField, bool]]:
        """Words, speaker, and whether they may be left out, of each language."""
        return [
            (
                self[f"text_{code}"],
                self[f"speaker_{code}"],
                code not in BriefingLanguage.values,
            )
            for code in LANGUAGES
        ]
