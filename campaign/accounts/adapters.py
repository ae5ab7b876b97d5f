"""How allauth behaves here."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.accounts import mailing
from campaign.accounts.factors import stale_factor
from campaign.accounts.models import User
from petitions import networks


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: supporters need no account, and staff are invited by an administrator."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The details do not match"),
        "incorrect_password": _("The password does not match"),
        "enter_current_password": _("The password does not match"),
        "too_many_login_attempts": _("Too many tries. Wait 5 minutes and try again"),
        "rate_limited": _("Too many tries. Wait 5 minutes and try again"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """A petitioner has no desk."""
        if getattr(request.user, "is_petitioner", False):
            return reverse("own:petition")
        return str(super().get_login_redirect_url(request))

    def is_reauthentication_required(self, *, app: str, **_more: Any) -> bool:
        """What was shown in the last minutes need not be shown once more."""
        return bool(stale_factor(self.request))

    def get_client_ip(self, request: HttpRequest) -> str:
        """For limits; the same address as the public pages count by."""
        return networks.visitor(request)

    def get_reset_password_from_key_url(self, key: str) -> str:
        return _of_this_site(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _of_this_site(super().get_email_confirmation_url(request, emailconfirmation))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the outbox, in the reader's own language."""
        reader = User.objects.filter(email__iexact=email).first()
        language = reader.language if reader else settings.LANGUAGE_CODE
        with translation.override(language):
            context = {
                "subject": render_to_string(f"{template_prefix}_subject.txt", context).strip(),
                "words": render_to_string(f"{template_prefix}_message.txt", context).strip(),
            }
        mailing.send("account", to=email, language=language, context=context)


def _of_this_site(address: str) -> str:
    """The address at this site's own name: the host that a request named is anybody's choice."""
    return settings.PUBLIC_BASE_URL + urlsplit(address).path


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code does not match"),
    }

    def get_totp_issuer(self) -> str:
        return str(settings.PETITIONS_SITE_NAME)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the one name of this site, whatever name the request used."""
        return {
            "id": str(urlsplit(settings.PUBLIC_BASE_URL).hostname),
            "name": str(settings.PETITIONS_SITE_NAME),
        }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        number = 1 + Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": number}
