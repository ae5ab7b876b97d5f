"""Forms of the vault ceremony. What is typed here is never shown again, nor kept."""

from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.accounts.domain import team
from campaign.accounts.models import User
from campaign.accounts.roles import Permission
from petitions.domain import passphrases
from petitions.forms import PlainForm
from petitions.models import KeySlot

#: Argon2id takes any length; a page should not.
_LONGEST = 500

_Form = TypeVar("_Form", bound=PlainForm)


def _new_secret() -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": "new-password", "spellcheck": "false"})


class NewVaultForm(PlainForm):
    """The passphrase of a new vault, typed twice."""

    passphrase = forms.CharField(
        label=_("Passphrase"),
        help_text=_(
            "16 characters or more: four unrelated words, or one that a password manager made"
        ),
        max_length=_LONGEST,
        strip=False,
        widget=_new_secret(),
        error_messages={
            "required": _("Enter a passphrase"),
            "max_length": _("Passphrase must have 500 characters or fewer"),
        },
    )
    again = forms.CharField(
        label=_("The same passphrase again"),
        strip=False,
        widget=_new_secret(),
        error_messages={"required": _("Enter the same passphrase again")},
    )

    def clean_passphrase(self) -> str:
        passphrase: str = self.cleaned_data["passphrase"]
        try:
            passphrases.check(passphrase)
        except passphrases.WeakPassphraseError as error:
            raise ValidationError(str(error)) from error
        return passphrase

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "passphrase" in data and "again" in data and data["passphrase"] != data["again"]:
            self.add_error(
                "again", gettext("The two passphrases differ: type the same one in both fields")
            )
        return data


class OpeningForm(PlainForm):
    """What opens the vault, before the ways to open it are changed."""

    secret = forms.CharField(
        label=_("Passphrase of the vault, or recovery code"),
        max_length=_LONGEST,
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Enter the passphrase of the vault, or the recovery code"),
            "max_length": _("This text is too long: type only the secret"),
        },
    )


class AddPassphraseForm(OpeningForm, NewVaultForm):
    """Another list keeper's passphrase, typed by them after somebody has opened the vault."""

    keeper = forms.ModelChoiceField(
        label=_("Who keeps the new passphrase"),
        queryset=User.objects.none(),
        empty_label="",
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Select who keeps the new passphrase")
        ),
    )
    label = forms.CharField(
        label=_("Where it is kept"),
        help_text=_("for example: password manager, sealed envelope at home"),
        max_length=60,
        required=False,
        error_messages={
            "max_length": _("Where it is kept must have %(limit_value)d characters or fewer")
        },
    )
    field_order = ("secret", "keeper", "label", "passphrase", "again")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passphrase"].label = gettext("New passphrase")
        keepers = [each.pk for each in team.members() if each.may(Permission.KEEP_VAULT)]
        field = self.fields["keeper"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = User.objects.filter(pk__in=keepers).order_by("name", "email")


class ProveForm(PlainForm):
    """One of the two secrets that open a vault."""

    secret = forms.CharField(max_length=_LONGEST, strip=False)

    def __init__(self, *args: Any, kind: KeySlot.Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        field = self.fields["secret"]
        if kind == KeySlot.Kind.PASSPHRASE:
            field.label = gettext("Passphrase of the vault")
            field.widget = forms.PasswordInput(
                attrs={"autocomplete": "current-password", "spellcheck": "false"}
            )
            field.error_messages["required"] = gettext("Enter the passphrase of the vault")
        else:
            field.label = gettext("Recovery code")
            field.help_text = gettext(
                "five groups of five, from the printed sheet; small letters and spaces are fine"
            )
            field.widget = forms.TextInput(
                attrs={
                    "autocomplete": "off",
                    "autocapitalize": "characters",
                    "spellcheck": "false",
                    "class": "secret-code",
                }
            )
            field.error_messages["required"] = gettext("Enter the recovery code from the sheet")
        field.error_messages["max_length"] = gettext("This text is too long: type only the secret")


def emptied(form: _Form, reason: str) -> _Form:
    """The form with that error. It may hold the right secret, which no page shows again."""
    form.add_error(None, reason)
    form.data = {}
    return form
