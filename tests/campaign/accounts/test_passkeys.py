"""What a log-in by passkey opens, and what still wants the password.

The ceremony itself is tried in a browser: `tests/browser/test_passkeys.py`.
"""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as configured
from django.test import Client
from pytest_django import Settings

from campaign.accounts.adapters import MFAAdapter
from campaign.accounts.models import User
from campaign.accounts.roles import Role
from tests import pages
from tests.factories import people

pytestmark = pytest.mark.django_db


def _by_passkey(user: User, *, minutes: int = 0) -> Client:
    """A session as allauth records it after a log-in by passkey."""
    people.passkey(user)
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [
        {
            "method": "mfa",
            "at": time.time() - 60 * minutes,
            "type": "webauthn",
            "passwordless": True,
        }
    ]
    session.save()
    return client


def test_a_passkey_opens_the_desk_by_itself() -> None:
    assert _by_passkey(people.person()).get("/desk/").status_code == 200


def test_what_cannot_be_undone_wants_the_password_too() -> None:
    client = _by_passkey(people.person(Role.ADMIN))
    confirm_url = client.get("/desk/team/").context["confirm_url"]
    assert confirm_url == "/accounts/reauthenticate/?next=%2Fdesk%2Fteam%2F"
    page = client.get(confirm_url)
    assert "even if you signed in with a passkey" in pages.main_text(page)
    answer = client.post(confirm_url, {"password": people.PASSWORD, "next": "/desk/team/"})
    assert answer["Location"] == "/desk/team/"
    assert client.get("/desk/team/").context["confirm_url"] == ""


def test_an_old_passkey_is_asked_for_by_its_own_page() -> None:
    client = _by_passkey(people.person(Role.ADMIN), minutes=6)
    client.post("/accounts/reauthenticate/", {"password": people.PASSWORD})
    confirm_url = client.get("/desk/team/").context["confirm_url"]
    assert confirm_url.startswith("/accounts/2fa/webauthn/reauthenticate/")


def test_with_an_app_beside_it_the_code_is_asked_for() -> None:
    user = people.person(Role.ADMIN)
    people.second_factor(user)
    client = _by_passkey(user, minutes=6)
    client.post("/accounts/reauthenticate/", {"password": people.PASSWORD})
    confirm_url = client.get("/desk/team/").context["confirm_url"]
    assert confirm_url.startswith("/accounts/2fa/reauthenticate/")
    page = client.get(confirm_url)
    assert "Use a passkey" in pages.main_text(page)


def test_a_password_of_an_account_with_a_passkey_does_not_open_the_desk() -> None:
    user = people.person()
    client = people.log_in(user)
    people.passkey(user)
    response = client.get("/desk/")
    assert response["Location"].startswith("/accounts/2fa/webauthn/reauthenticate/")


def test_the_one_who_holds_the_device_must_be_verified() -> None:
    options = Client().get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert json.loads(options.content)["request_options"]["publicKey"]["userVerification"] == (
        "required"
    )
    client = people.log_in(people.person())
    page = client.get("/accounts/2fa/webauthn/add/")
    wanted = page.context["js_data"]["creation_options"]["publicKey"]
    assert dict(wanted["authenticatorSelection"])["userVerification"] == "required"
    assert configured.MFA_WEBAUTHN_USER_VERIFICATION == "required"


def test_passkeys_belong_to_the_sites_own_name(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["also.example.org"]
    settings.PUBLIC_BASE_URL = "https://petition.example.org"
    answer = Client().get(
        "/accounts/2fa/webauthn/login/",
        headers={"accept": "application/json", "host": "also.example.org"},
    )
    assert json.loads(answer.content)["request_options"]["publicKey"]["rpId"] == (
        "petition.example.org"
    )
    assert MFAAdapter().get_public_key_credential_rp_entity()["name"] == "Petition for Cambodia"


def test_without_scripts_no_button_shows_that_would_do_nothing() -> None:
    client = people.log_in(people.person())
    for page in (Client().get("/accounts/login/"), client.get("/accounts/2fa/webauthn/add/")):
        (part,) = [
            each for each in pages.read(page).all("div") if "data-passkey" in each.attributes
        ]
        assert "hidden" in part.attributes
    assert "An authenticator app works everywhere" in pages.main_text(page)


def test_passkeys_are_listed_renamed_and_removed() -> None:
    user = people.person()
    people.passkey(user, name="My phone")
    client = _by_passkey(user)
    client.post("/accounts/reauthenticate/", {"password": people.PASSWORD})
    first = Authenticator.objects.first()
    assert first is not None
    assert "My phone" in pages.main_text(client.get("/accounts/2fa/webauthn/"))
    path = f"/accounts/2fa/webauthn/keys/{first.pk}/"
    refused = client.post(f"{path}edit/", {"name": ""})
    assert (refused.status_code, pages.field_errors(refused)) == (422, {"name": ["Enter a name"]})
    client.post(f"{path}edit/", {"name": "My old phone"})
    assert "My old phone" in pages.main_text(client.get("/accounts/2fa/webauthn/"))
    client.post(f"{path}remove/")
    assert not Authenticator.objects.filter(pk=first.pk).exists()
