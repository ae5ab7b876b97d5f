"""Forms of the team pages, and allauth's forms in this site's words."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.accounts.models import DigestPeriod, User
from campaign.accounts.roles import Role
from petitions import validators
from petitions.forms import EmailField, PlainForm
from petitions.models.signature import Eligibility

_SELECT_ROLE = dict.fromkeys(("required", "invalid_choice"), _("Select a role"))
_SELECT_LANGUAGE = dict.fromkeys(("required", "invalid_choice"), _("Select a language"))


class DigestForm(PlainForm):
    digest = forms.ChoiceField(
        label=_("Summary by e-mail"),
        help_text=_("the numbers, what is late and what waits; never a signer's name or address"),
        choices=DigestPeriod.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select how often")),
    )


class RoleForm(PlainForm):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, error_messages=_SELECT_ROLE)


class _SomebodysEmailField(EmailField):
    """Not the address of who fills the form in."""

    def clean(self, value: Any) -> str:
        if not validators.trim(value or ""):
            raise ValidationError(gettext("Enter the person's e-mail address"))
        return super().clean(value)


class InviteForm(PlainForm):
    email = _SomebodysEmailField(
        label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "off"})
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", "–"), *Role.choices], error_messages=_SELECT_ROLE
    )
    language = forms.ChoiceField(
        label=_("Language"),
        help_text=_("of the invitation, and of the desk at first"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        error_messages=_SELECT_LANGUAGE,
    )


class AcceptForm(PlainForm):
    """What an invited person gives; address and role come from the invitation."""

    name = forms.CharField(
        label=_("Full name"),
        help_text=_("the others on the team see it"),
        required=False,
        widget=forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the desk and its e-mails"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        error_messages=_SELECT_LANGUAGE,
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("at least 12 characters; a few words that only you would put together"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password", "spellcheck": "false"}),
        error_messages={"required": _("Enter a password")},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def account(self) -> dict[str, Any]:
        """The valid form as the domain takes it."""
        return {name: self.cleaned_data[name] for name in AcceptForm.base_fields}

    def clean_name(self) -> str:
        return validators.full_name(self.cleaned_data["name"])

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        user = User(email=self._email, name=self.cleaned_data.get("name", ""))
        validate_password(password, user)
        return password


class AcceptPetitionerForm(AcceptForm):
    """What a petitioner declares besides: the House asks the same (S.O. 36)."""

    eligibility = forms.ChoiceField(
        label=_("Are you a Canadian citizen, or do you live in Canada?"),
        choices=Eligibility.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            _("Select whether you are a Canadian citizen or live in Canada"),
        ),
    )
    terms = forms.BooleanField(
        label=_("I have read the terms of use and agree to them."),
        error_messages={"required": _("Confirm that you agree to the terms of use")},
    )

    def account(self) -> dict[str, Any]:
        return {**super().account(), "eligibility": self.cleaned_data["eligibility"]}


# --- allauth's -------------------------------------------------------------------------------


class _Unprompted:
    """Without the grey words in the fields that pass for answers (ux.md 2.2), or browser bubbles.

    `labels`, `hints` and what is said of an empty field replace allauth's.
    """

    fields: dict[str, Any]
    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}
    empty: dict[str, Any] = {}
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            if name in self.empty:
                field.error_messages["required"] = self.empty[name]


class _NewPassword(_Unprompted):
    labels = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }
    empty = {
        "oldpassword": _("Enter your present password"),
        "password1": _("Enter a new password"),
        "password2": _("Enter the new password again"),
    }
    hints = {"password1": _("at least 12 characters; a few words that only you would put together")}


class _WithCode(_Unprompted):
    labels = {"code": _("Security code")}
    empty = {"code": _("Enter the security code")}
    hints = {"code": _("the six digits in your app, or one of your recovery codes")}


class LoginForm(_Unprompted, account_forms.LoginForm):
    labels = {"login": _("E-mail address"), "password": _("Password")}
    empty = {"login": _("Enter your e-mail address"), "password": _("Enter your password")}


class ResetPasswordForm(_Unprompted, account_forms.ResetPasswordForm):
    labels = {"email": _("E-mail address")}
    empty = {"email": _("Enter your e-mail address")}


class ResetPasswordKeyForm(_NewPassword, account_forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(_NewPassword, account_forms.ChangePasswordForm):
    pass


class ReauthenticateForm(_Unprompted, account_forms.ReauthenticateForm):
    labels = {"password": _("Password")}
    empty = {"password": _("Enter your password")}


class AuthenticateForm(_WithCode, mfa_forms.AuthenticateForm):
    pass


class ReauthenticateCodeForm(_WithCode, mfa_forms.ReauthenticateForm):
    pass


class ActivateTOTPForm(_WithCode, totp_forms.ActivateTOTPForm):
    hints = {"code": _("the six digits that the app shows now")}


class DeactivateTOTPForm(_Unprompted, totp_forms.DeactivateTOTPForm):
    pass


class AddPasskeyForm(_Unprompted, webauthn_forms.AddWebAuthnForm):
    """Every key added here is a passkey: it opens the desk by itself, and so asks who holds it."""

    labels = {"name": _("Name of this passkey")}
    hints = {"name": _("so that you can tell it from others, for example “My phone”")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        return data


class RenamePasskeyForm(_Unprompted, webauthn_forms.EditWebAuthnForm):
    labels = {"name": _("Name of this passkey")}
    empty = {"name": _("Enter a name")}
