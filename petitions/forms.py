"""The forms of the public pages. Field names are part of the contract (blueprint §11)."""

import re
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from petitions import formats, validators
from petitions.domain import ridings
from petitions.domain.signing import Answers
from petitions.models.parliament import Riding
from petitions.models.signature import Eligibility, Residence

NEITHER = "neither"
_CHOOSE = ("", _("Choose"))
#: A source code of a share link or poster: anything else is not kept.
_SOURCE = re.compile(r"[A-Za-z0-9_-]{1,32}")


class EmailField(forms.CharField):
    """An address as `validators.email_address` cleans it."""

    widget = forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})

    def clean(self, value: Any) -> str:
        return validators.email_address(value or "")


class LongSelect(forms.Select):
    """A select of many options, written at once: Django renders two templates for each of them."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        attributes = flatatt(self.build_attrs(self.attrs, attrs))
        choices = tuple((str(code), str(label)) for code, label in self.choices)
        options = _options(choices, value or "")
        return format_html('<select name="{}"{}>\n{}\n</select>', name, attributes, options)


@lru_cache(maxsize=64)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    marks = {chosen: mark_safe(" selected")}
    rows = ((code, marks.get(code, ""), label) for code, label in choices)
    return format_html_join("\n", '<option value="{}"{}>{}</option>', rows)


def _provinces() -> list[tuple[str, Any]]:
    return [_CHOOSE, *formats.provinces(formats.current())]


def _countries() -> list[tuple[str, Any]]:
    return [_CHOOSE, *formats.countries(formats.current())]


class PlainForm(forms.Form):
    """A form that the server checks: no browser bubbles, no suffixes, errors as ux.md has them."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)


class SignForm(PlainForm):
    eligibility = forms.ChoiceField(
        label=_("Are you a Canadian citizen, or do you live in Canada?"),
        choices=[*Eligibility.choices, (NEITHER, _("Neither"))],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            _("Select whether you are a Canadian citizen or live in Canada"),
        ),
    )
    name = forms.CharField(
        label=_("Full name"),
        help_text=_("given and family name, in any order"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    email = EmailField(
        label=_("E-mail address"),
        help_text=_("we will send one link to confirm your signature"),
    )
    residence = forms.ChoiceField(
        label=_("Where do you live?"),
        choices=Residence.choices,
        # Nearly everybody; so that the fields on the screen are the ones that apply.
        initial=Residence.CANADA,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select where you live")),
    )
    province = forms.ChoiceField(
        label=_("Province or territory"),
        choices=_provinces,
        required=False,
        widget=LongSelect(attrs={"autocomplete": "address-level1"}),
        error_messages={"invalid_choice": _("Select your province or territory")},
    )
    postal_code = forms.CharField(
        label=_("Postal code"),
        help_text=_("for example K1A 0A6; it shows your riding"),
        required=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "postal-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "short",
            }
        ),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=_countries,
        required=False,
        widget=LongSelect(attrs={"autocomplete": "country"}),
        error_messages={"invalid_choice": _("Select your country")},
    )
    updates = forms.BooleanField(
        label=_("Send me news about this petition by e-mail"), required=False
    )
    declaration = forms.BooleanField(
        label=_("I have read the petition. I sign once, in my own name."),
        error_messages={
            "required": _("Confirm that you have read the petition and sign in your own name")
        },
    )
    form_token = forms.CharField(widget=forms.HiddenInput, required=False)
    source = forms.CharField(widget=forms.HiddenInput, required=False)
    #: Holds the pair that was already warned about, so that the second press goes through.
    checked = forms.CharField(widget=forms.HiddenInput, required=False)
    #: The solved sum of `domain/proof.py`, where one was set.
    altcha = forms.CharField(widget=forms.HiddenInput, required=False)
    #: Seen by programs only. Filled in, it feeds the review of signatures and refuses nothing.
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    )

    @property
    def is_ineligible(self) -> bool:
        """Neither a citizen nor a resident: a page with other ways to help, not an error."""
        return self.data.get("eligibility") == NEITHER

    #: Province and postal code are doubted on this page, and believed when sent again.
    asks_to_check = False

    def clean_name(self) -> str:
        return validators.full_name(self.cleaned_data["name"])

    def clean_source(self) -> str:
        """A flawed link must not keep anybody from signing: its source is dropped."""
        source: str = self.cleaned_data["source"]
        return source if _SOURCE.fullmatch(source) else ""

    def clean(self) -> dict[str, Any]:
        """The rules that join two answers."""
        data = super().clean() or {}
        residence = data.get("residence")
        if residence == Residence.CANADA:
            self._clean_canada(data)
        elif residence == Residence.ABROAD:
            if data.get("eligibility") == Eligibility.RESIDENT:
                self.add_error(
                    "residence",
                    gettext(
                        "You said you live in Canada: choose In Canada, or choose citizen above"
                    ),
                )
            elif not data.get("country") and "country" not in self.errors:
                self.add_error("country", gettext("Select your country"))
        return data

    def _clean_canada(self, data: dict[str, Any]) -> None:
        if not data.get("province") and "province" not in self.errors:
            self.add_error("province", gettext("Select your province or territory"))
        try:
            data["postal_code"] = validators.postal_code(data.get("postal_code", ""))
        except ValidationError as error:
            self.add_error("postal_code", error)
            return
        self._warn_once(data)

    def _warn_once(self, data: dict[str, Any]) -> None:
        """A postal code of another province: asked about once, believed when sent again."""
        code, province = data["postal_code"], data.get("province")
        likely = validators.POSTAL_PROVINCES[code[0]]
        pair = f"{province} {code}"
        if not province or province in likely or data.get("checked") == pair:
            return
        # Forms hold what was posted; the mark must reach the page that is shown again.
        # items(): unpacking a QueryDict would give lists.
        self.data = dict(self.data.items()) | {"checked": pair}
        self.asks_to_check = True
        names = gettext(" or ").join(formats.province(each) for each in sorted(likely))
        self.add_error(
            "postal_code",
            gettext("This postal code looks like %(province)s. Check both answers")
            % {"province": names},
        )

    def answers(self) -> Answers:
        """The valid form as the domain takes it; answers that do not apply are dropped."""
        data = self.cleaned_data
        in_canada = data["residence"] == Residence.CANADA
        return Answers(
            eligibility=data["eligibility"],
            name=data["name"],
            email=data["email"],
            residence=data["residence"],
            province=data["province"] if in_canada else "",
            postal_code=data["postal_code"] if in_canada else "",
            country="CA" if in_canada else data["country"],
            wants_news=data["updates"],
            source=data["source"],
        )


class AddressForm(PlainForm):
    """One e-mail address: a changed one, or the one that somebody signed with."""

    email = EmailField(label=_("E-mail address"))


class MySignatureForm(PlainForm):
    email = EmailField(label=_("E-mail address you signed with"))


class CodeForm(PlainForm):
    code = forms.CharField(
        label=_("6-digit code from the e-mail"),
        required=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "class": "short nums",
            }
        ),
    )

    def clean_code(self) -> str:
        """Six digits of any script, with or without spaces."""
        code = "".join(validators.fold_digits(self.cleaned_data["code"]).split())
        if len(code) != 6 or not code.isdecimal():
            raise ValidationError(gettext("The code is not right. Check the newest e-mail"))
        return code


class OwnRidingForm(PlainForm):
    """A postal code, then one of the ridings that it may lie in. The code is not kept.

    `riding` offers the candidates, `other` the rest of the province, for whom the data knows
    nothing or errs; an answer there goes before one among the candidates.
    """

    postal_code = forms.CharField(
        label=_("Postal code"),
        help_text=_("for example K1A 0A6"),
        required=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "postal-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "short",
            }
        ),
    )
    riding = forms.ChoiceField(
        label=_("Riding"),
        help_text=_(
            "The percentage tells how many of the postal codes with these first three characters "
            "lie there, not how many people: the largest is only the best guess."
        ),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Select your riding")},
    )
    other = forms.ChoiceField(
        label=_("None of these: another riding"),
        required=False,
        widget=LongSelect,
        error_messages={"invalid_choice": _("Select your riding")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prefix = ridings.prefix_in(self.data.get("postal_code", ""))
        self._near = ridings.near(prefix) if prefix else {}
        shares = ridings.locate(prefix).shares if prefix else {}
        candidates = [
            (str(pk), f"{self._near[pk]} ({formats.percent(float(share))})")
            for pk, share in shares.items()
        ]
        others = [(str(pk), row.name) for pk, row in self._near.items() if pk not in shares]
        others.sort(key=lambda choice: formats.sort_key(choice[1]))
        self.fields["riding"].choices = candidates  # type: ignore[attr-defined]
        self.fields["other"].choices = [_CHOOSE, *others]  # type: ignore[attr-defined]
        self.has_candidates, self.has_others = bool(candidates), bool(others)

    @property
    def is_first_step(self) -> bool:
        """Only the postal code has been asked for so far."""
        return not self.data.keys() & {"riding", "other", "second"}

    def clean_postal_code(self) -> str:
        code = validators.postal_code(self.cleaned_data["postal_code"])
        if not self._near:
            raise ValidationError(gettext("We do not know the riding of this postal code"))
        return code

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.is_first_step and not self.errors and self.chosen() is None:
            self.add_error(
                "riding" if self.has_candidates else "other", gettext("Select your riding")
            )
        return data

    def chosen(self) -> Riding | None:
        answer = self.cleaned_data.get("other") or self.cleaned_data.get("riding")
        return self._near[int(answer)] if answer else None
