"""The petitioner's forms: a beginning, and the whole text in one language."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from campaign.dashboard.petition_forms import PlainField
from campaign.parliament.models import BriefingLanguage
from petitions import formats
from petitions.domain import drafting, editing
from petitions.domain.drafting import Draft
from petitions.forms import PlainForm
from petitions.models import Petition
from petitions.models.petition import DURATIONS, AddresseeKind

_SEPARATOR = re.compile(r"(?:\r?\n)+")
#: What somebody tends to type before each line; the page numbers them itself.
_BULLET = re.compile(r"^\s*(?:[-–—•*]|\(?\d{1,2}[.)])\s+")


class BeginForm(PlainForm):
    """Title and language: enough to begin, and both are not final."""

    language = forms.ChoiceField(
        label=_("Language of the petition"),
        help_text=_("the House takes English and French; the campaign translates it later"),
        choices=BriefingLanguage.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select English or French")),
    )
    title = PlainField(
        label=_("Title"),
        help_text=_("it can be changed until supporters are asked"),
        max_length=editing.LIMITS["title"],
        error_messages={
            "required": _("Enter a title"),
            "max_length": _("Title must have %(limit_value)d characters or fewer"),
        },
    )


class ClausesField(forms.Field):
    """Grievances or requests, one on each line."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea({"rows": 8, "class": "grows tall"})
        super().__init__(required=False, widget=widget, **kwargs)

    def to_python(self, value: Any) -> list[str]:
        lines = _SEPARATOR.split(str(value or ""))
        found = [editing.tidy(_BULLET.sub("", line)) for line in lines]
        return [line for line in found if line]

    def validate(self, value: list[str]) -> None:
        if len(value) > editing.MOST_CLAUSES:
            raise ValidationError(
                gettext("%(label)s: at most %(most)s lines")
                % {"label": self.label, "most": formats.number(editing.MOST_CLAUSES)}
            )
        for place, line in enumerate(value, start=1):
            if len(line) > editing.CLAUSE_LIMIT:
                raise ValidationError(
                    gettext("%(label)s: shorten line %(place)s to %(limit)s characters")
                    % {
                        "label": self.label,
                        "place": formats.number(place),
                        "limit": formats.number(editing.CLAUSE_LIMIT),
                    }
                )


class DraftForm(PlainForm):
    """The petition in its own language; half-written is welcome."""

    based_on = forms.CharField(widget=forms.HiddenInput, required=False)
    title = PlainField(
        label=_("Title"),
        help_text=_("the matter, and what is asked, in 80 characters or fewer"),
        required=False,
        max_length=editing.LIMITS["title"],
        error_messages={"max_length": _("Title must have %(limit_value)d characters or fewer")},
    )
    summary = PlainField(
        label=_("Summary"),
        help_text=_("two sentences that stand under the title; the House does not print them"),
        required=False,
        max_length=editing.LIMITS["summary"],
        widget=forms.Textarea({"rows": 3, "class": "grows"}),
        error_messages={"max_length": _("Summary must have %(limit_value)d characters or fewer")},
    )
    whereas = ClausesField(
        label=_("Grievances"), help_text=_("each on a line of its own, without “whereas”")
    )
    requests = ClausesField(
        label=_("Requests"), help_text=_("each on a line of its own, beginning with a verb")
    )
    addressee_kind = forms.ChoiceField(
        label=_("Addressed to"),
        choices=AddresseeKind.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    addressee = PlainField(
        label=_("Name of the Minister or Member"),
        help_text=_("only for a Minister or a Member, like “the Minister of Foreign Affairs”"),
        required=False,
        max_length=editing.LIMITS["addressee"],
        error_messages={"max_length": _("The name must have %(limit_value)d characters or fewer")},
    )
    duration = forms.TypedChoiceField(
        label=_("Days open"),
        help_text=_("counted from the opening; it cannot be changed once supporters are asked"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    keywords = PlainField(
        label=_("Keywords"),
        help_text=_("separated by commas"),
        required=False,
        max_length=200,
        error_messages={"max_length": _("Keywords must have %(limit_value)d characters or fewer")},
    )

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duration"].choices = [  # type: ignore[attr-defined]
            (days, ngettext("%(days)s day", "%(days)s days", days) % {"days": days})
            for days in DURATIONS
        ]
        for name in ("title", "summary", "whereas", "requests", "addressee", "keywords"):
            self.fields[name].widget.attrs["lang"] = formats.HTML_LANGUAGES[language]

    @classmethod
    def stored(cls, petition: Petition) -> "DraftForm":
        draft = drafting.draft_of(petition)
        return cls(
            language=petition.original_language,
            initial={
                **vars(draft),
                "whereas": "\n".join(draft.whereas),
                "requests": "\n".join(draft.requests),
                "addressee": draft.addressee if _is_named(draft.addressee_kind) else "",
                "based_on": editing.texts_of(petition).digest(),
            },
        )

    @classmethod
    def posted(cls, petition: Petition, data: Mapping[str, str]) -> "DraftForm":
        return cls(data, language=petition.original_language)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        needs_name = _is_named(data.get("addressee_kind", "")) and not data.get("addressee")
        if needs_name and "addressee" not in self.errors:
            self.add_error("addressee", gettext("Enter the name of the Minister or Member"))
        return data

    def draft(self) -> Draft:
        """The valid form as the domain takes it."""
        data = {name: self.cleaned_data[name] for name in self.cleaned_data if name != "based_on"}
        return Draft(**data)


def _is_named(kind: str) -> bool:
    return kind in {AddresseeKind.MINISTER, AddresseeKind.MEMBER}
