"""A passkey is added, signs in without a password, and opens the desk: with a real browser."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect

from campaign.accounts.roles import Role
from tests.browser.conftest import PATIENCE
from tests.factories import people

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: A phone with a finger on it: keeps passkeys, and knows whose finger it is.
_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def by_name(site: str) -> Iterator[str]:
    """The site under a name: an address of numbers is no host for a passkey."""
    address = f"http://localhost:{urlsplit(site).port}"
    with override_settings(
        ALLOWED_HOSTS=["localhost", "127.0.0.1"],
        PUBLIC_BASE_URL=address,
        CSRF_TRUSTED_ORIGINS=[address],
        DEMO=False,
    ):
        yield address


@pytest.fixture
def page(running_browser: Browser) -> Iterator[Page]:
    context = running_browser.new_context(locale="en-CA", viewport={"width": 360, "height": 740})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield page
    context.close()
    assert complaints == []


def _log_in(page: Page, site: str, email: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _add_passkey(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")


def _log_out(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda address: "logout" not in address)


def test_a_passkey_is_added_and_opens_the_desk(page: Page, by_name: str) -> None:
    user = people.person(Role.ORGANIZER)
    _log_in(page, by_name, user.email)
    page.wait_for_url("**/accounts/2fa/**")  # with DEMO=0 the second step comes first
    _add_passkey(page, by_name)
    _log_out(page, by_name)
    page.goto(f"{by_name}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/desk/")
    expect(page.get_by_role("navigation", name="Desk")).to_be_visible()


def test_a_passkey_is_a_second_step_after_the_password(page: Page, by_name: str) -> None:
    user = people.person(Role.ORGANIZER)
    _log_in(page, by_name, user.email)
    page.wait_for_url("**/accounts/2fa/**")
    _add_passkey(page, by_name)
    _log_out(page, by_name)
    _log_in(page, by_name, user.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/desk/")


def test_a_device_without_a_passkey_is_told_so(page: Page, by_name: str) -> None:
    page.goto(f"{by_name}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "That did not work. Try again, or use another way."
    )


def test_under_an_address_of_numbers_no_passkey_is_offered(
    page: Page, by_name: str, site: str
) -> None:
    page.goto(f"{site}/accounts/login/")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
