"""Forms of the House's steps: a Member asked, a letter recorded, the points of an examination."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campaign.dashboard.petition_forms import PlainField
from campaign.parliament.forms import DayField
from campaign.parliament.models import BriefingLanguage
from petitions.domain import examining
from petitions.domain.authorizing import OFFICE_DOMAIN
from petitions.domain.editing import LANGUAGES
from petitions.domain.house_rules import Finding
from petitions.forms import EmailField, PlainForm
from petitions.models import Examination, Member


class FindMemberForm(PlainForm):
    q = forms.CharField(
        label=_("Name, riding or postal code"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "spellcheck": "false"}),
    )


class AskForm(PlainForm):
    """Where a Member's office is written to, and in which language."""

    email = EmailField(
        label=_("E-mail of the office"),
        help_text=_("as it stands on the Member’s page of the House of Commons site"),
    )
    language = forms.ChoiceField(
        label=_("Language of the request"),
        choices=BriefingLanguage.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select English or French")),
    )

    def __init__(self, *args: Any, only_offices: bool = False, **kwargs: Any) -> None:
        self.only_offices = only_offices
        super().__init__(*args, **kwargs)

    @classmethod
    def about(cls, member: Member, language: str, *, only_offices: bool = False) -> "AskForm":
        """What the team knows of the office already; a petitioner types the address."""
        contact = getattr(member, "contact", None)
        initial = {"language": (contact and contact.language) or language}
        if contact and not only_offices:
            initial["email"] = contact.email
        return cls(initial=initial, only_offices=only_offices)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if self.only_offices and email.rpartition("@")[2] != OFFICE_DOMAIN:
            raise ValidationError(
                gettext("Enter the office’s own address, which ends in @%(domain)s")
                % {"domain": OFFICE_DOMAIN}
            )
        return email


class LetterForm(PlainForm):
    """An answer that came on paper."""

    YES, NO = "yes", "no"

    answer = forms.ChoiceField(
        label=_("Answer of the Member"),
        choices=[
            (YES, pgettext_lazy("a Member's answer", "Authorizes publication")),
            (NO, pgettext_lazy("a Member's answer", "Does not authorize it")),
        ],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Select what the Member answered")
        ),
    )
    written_on = DayField(label=_("Date of the letter (YYYY-MM-DD)"))
    may_be_named = forms.BooleanField(
        label=_("The letter agrees that the Member’s name is shown"), required=False
    )
    note = PlainField(
        label=_("Note"),
        help_text=_("the petitioner reads it too; it is not published"),
        required=False,
        max_length=300,
        error_messages={"max_length": _("Note must have 300 characters or fewer")},
    )

    @property
    def is_yes(self) -> bool:
        return bool(self.cleaned_data["answer"] == self.YES)


class ExaminationForm(PlainForm):
    """Each point met or not met, with a note; then what is said to the petitioner or everybody."""

    MET, NOT_MET = "met", "not_met"
    CHOICES = [
        (MET, pgettext_lazy("point", "Met")),
        (NOT_MET, pgettext_lazy("point", "Not met")),
    ]

    reason = PlainField(
        label=_("What must change"),
        help_text=_("mailed to the petitioner, who changes the text"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Reason must have 1000 characters or fewer")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for point in examining.POINTS:
            self.fields[f"met_{point.key}"] = forms.ChoiceField(
                label=point.text(),
                choices=self.CHOICES,
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[f"note_{point.key}"] = PlainField(
                label=gettext("Note"),
                required=False,
                max_length=300,
                error_messages={"max_length": _("Note must have 300 characters or fewer")},
            )
        for language, label in self._languages():
            self.fields[f"public_{language}"] = PlainField(
                label=label,
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 3, "lang": language}),
                error_messages={"max_length": _("Reason must have 1000 characters or fewer")},
            )

    @staticmethod
    def _languages() -> list[tuple[str, str]]:
        return [
            ("en", gettext("Public reason in English")),
            ("fr", gettext("Public reason in French")),
            ("km", gettext("Public reason in Khmer")),
        ]

    @classmethod
    def stored(cls, examination: Examination) -> "ExaminationForm":
        initial = {}
        for key, answer in examination.points.items():
            met = answer["met"]
            initial[f"met_{key}"] = "" if met is None else cls.MET if met else cls.NOT_MET
            initial[f"note_{key}"] = answer["note"]
        return cls(initial=initial)

    def rows(self, findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
        """The points in their order, each with what a program has found on it."""
        found = list(findings)
        for point in examining.POINTS:
            yield {
                "point": point,
                "met": self[f"met_{point.key}"],
                "note": self[f"note_{point.key}"],
                "findings": [each for each in found if each.key in point.findings],
            }

    def public_fields(self) -> list[forms.BoundField]:
        return [self[f"public_{language}"] for language in LANGUAGES]

    def answers(self) -> examining.Answers:
        """The valid form as the domain takes it."""
        data = self.cleaned_data
        met = {self.MET: True, self.NOT_MET: False, "": None}
        return {
            point.key: {"met": met[data[f"met_{point.key}"]], "note": data[f"note_{point.key}"]}
            for point in examining.POINTS
        }

    def reasons(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"public_{language}"] for language in LANGUAGES}
