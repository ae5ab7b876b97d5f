"""allauth's forms, without the grey words in the fields that pass for answers (ux.md 2.2)."""

from typing import Any

from allauth.account import forms


class _Unprompted:
    """Takes the placeholders out; the labels stay."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(_Unprompted, forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The link to a new password stands under the button.
        self.fields["password"].help_text = ""


class ResetPasswordForm(_Unprompted, forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(_Unprompted, forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(_Unprompted, forms.ChangePasswordForm):
    pass


class ReauthenticateForm(_Unprompted, forms.ReauthenticateForm):
    pass
