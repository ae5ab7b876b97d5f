"""Log-in, new passwords and codes: one answer for everyone, by mail through the outbox."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client
from pytest_django import Settings

from petitions.models import Delivery
from tests import pages
from tests.campaign.accounts import mails
from tests.factories import people

pytestmark = pytest.mark.django_db

RESET = "/accounts/password/reset/"
NEW = "seven grey herons over water"


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


# --- a new password --------------------------------------------------------------------------


def test_known_and_unknown_addresses_get_one_answer_and_only_the_known_a_mail() -> None:
    user = people.person()
    known = Client().post(RESET, {"email": user.email}, follow=True)
    unknown = Client().post(RESET, {"email": "stranger@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    without_tokens = [
        re.sub(rb'value="\w{64}"', b"", response.content) for response in (known, unknown)
    ]
    assert without_tokens[0] == without_tokens[1]
    assert [message.to for message in mails.sent()] == [[user.email]]


def test_the_web_process_leaves_the_mail_to_the_worker() -> None:
    user = people.person()
    Client().post(RESET, {"email": user.email})
    assert mail.outbox == []
    (row,) = Delivery.objects.all()
    assert (row.kind, row.state, row.petition) == ("account", "queued", None)
    (message,) = mails.sent()
    assert mails.link(message, "reset").encode() not in bytes(row.content or b"")
    row.refresh_from_db()
    assert (row.state, row.address, row.content) == ("sent", None, None)


def test_the_mail_is_in_its_readers_language_and_frame() -> None:
    user = people.person(language="fr")
    Client(headers={"accept-language": "en"}).post(RESET, {"email": user.email})
    (message,) = mails.sent()
    assert message.subject == "Un nouveau mot de passe"
    assert message.extra_headers["Content-Language"] == "fr-CA"
    assert "Pétition pour le Cambodge" in message.body
    html = str(message.alternatives[0][0])
    assert f'href="http://testserver{mails.link(message, "reset")}"' in html


def test_the_link_names_this_site_whatever_host_was_asked_for(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "also.example.org"]
    user = people.person()
    Client().post(RESET, {"email": user.email}, headers={"host": "also.example.org"})
    (message,) = mails.sent()
    assert "also.example.org" not in message.body
    assert mails.link(message, "reset")


def test_the_link_sets_the_password_once_and_signs_others_out() -> None:
    user = people.person()
    elsewhere = people.log_in(user)
    Client().post(RESET, {"email": user.email})
    link = mails.link(mails.sent()[0], "reset")
    client = Client()
    form = client.get(link)["Location"]
    answer = client.post(form, {"password1": NEW, "password2": NEW})
    assert answer["Location"] == "/accounts/password/reset/key/done/"
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert elsewhere.get("/desk/").status_code == 302
    assert client.get("/desk/").status_code == 302
    assert pages.heading(Client().get(link)) == "This link has ended"


def test_a_changed_password_is_told_to_its_owner_without_network_or_browser() -> None:
    user = people.person()
    client = people.log_in(user)
    changed = {"oldpassword": people.PASSWORD, "password1": NEW, "password2": NEW}
    client.post("/accounts/password/change/", changed, headers={"user-agent": "Secret Browser"})
    (message,) = mails.sent()
    assert message.to == [user.email]
    assert "Something changed in your account:" in message.body
    assert "127.0.0.1" not in message.body
    assert "Secret Browser" not in message.body


# --- forms -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({}, {"login": "Enter your e-mail address", "password": "Enter your password"}),
        ({"login": "nobody@example.org", "password": "x"}, {}),
    ],
)
def test_a_refused_log_in_says_what_to_do(data: dict[str, str], errors: dict[str, str]) -> None:
    response = Client().post("/accounts/login/", data)
    assert response.status_code == 422
    assert pages.field_errors(response) == {name: [text] for name, text in errors.items()}
    if not errors:
        assert pages.summary(response) == [("The details do not match", "")]


def test_account_pages_leave_no_copies() -> None:
    client = people.log_in(people.person())
    for path in ("login/", "password/reset/", "2fa/", "email/", "logout/"):
        assert client.get(f"/accounts/{path}", follow=True)["Cache-Control"] == "no-store"


def test_nobody_signs_up() -> None:
    response = Client().get("/accounts/signup/")
    assert pages.heading(response) == "Accounts are by invitation"
    Client().post("/accounts/signup/", {"email": "x@example.org", "password1": NEW})
    assert not EmailAddress.objects.exists()


def test_the_address_is_not_moved_from_an_open_screen() -> None:
    client = people.log_in(people.person())
    add = {"email": "thief@example.org", "action_add": ""}
    assert client.post("/accounts/email/", add).status_code == 405


# --- codes -----------------------------------------------------------------------------------


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.django_db(transaction=True)  # what allauth does at the commit goes into the session
def test_an_app_is_set_up_without_scripts_and_its_codes_open_the_desk(settings: Settings) -> None:
    settings.DEMO = False
    user = people.person()
    client = people.log_in(user)
    page = client.get("/accounts/2fa/totp/activate/")
    code = _code(page.context["form"].secret)
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    codes = client.get(answer["Location"])
    assert "Print this page and keep it on paper" in pages.main_text(codes)
    assert client.get("/desk/").status_code == 200
    code = codes.context["unused_codes"][0]
    assert people.log_in_with_code(user, code).get("/desk/").status_code == 200


def test_a_wrong_code_sets_nothing_up() -> None:
    client = people.log_in(people.person())
    client.get("/accounts/2fa/totp/activate/")
    response = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert response.status_code == 422
    assert pages.field_errors(response) == {"code": ["The code does not match"]}
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "2fa/",
        "2fa/totp/deactivate/",
        "2fa/recovery-codes/",
        "2fa/webauthn/add/",
        "password/change/",
    ],
)
@pytest.mark.parametrize("demo", [True, False])
def test_a_password_alone_does_not_reach_the_locks_of_an_account_with_two(
    settings: Settings, path: str, *, demo: bool
) -> None:
    settings.DEMO = demo
    user = people.person()
    client = people.log_in(user)
    people.second_factor(user)  # set up meanwhile, in another browser
    client.post("/accounts/reauthenticate/", {"password": people.PASSWORD})
    response = client.get(f"/accounts/{path}")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_setting_up_asks_for_a_fresh_log_in() -> None:
    client = people.log_in(people.person())
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    people.age_session(client, minutes=6)
    response = client.get("/accounts/2fa/totp/activate/")
    assert response["Location"].startswith("/accounts/reauthenticate/")


def test_a_recovery_code_works_once() -> None:
    user = people.person()
    code = people.second_factor(user)
    assert people.log_in_with_code(user, code).get("/desk/").status_code == 200
    assert people.log_in_with_code(user, code).get("/desk/").status_code == 302
