"""What every answer carries, whoever asks: on public pages, accounts, the desk, the back office.

Caching, referrers and the policy of the public addresses: `tests/petitions/test_views_safe.py`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from campaign.accounts.roles import Role
from tests.campaign.accounts.test_permissions import names  # noqa: F401 - a fixture
from tests.desk import DESK
from tests.factories import people
from tests.pages import browser
from tests.routes import POLICY, ROUTES, make_scene

pytestmark = pytest.mark.django_db

_HARD: dict[str, str | None] = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
}
#: The card for other people's sites alone stands in pages of others.
_FRAMED = _HARD | {"X-Frame-Options": None, "Cross-Origin-Resource-Policy": "cross-origin"}
#: Who may keep an answer that was made for one person.
_FOR_NOBODY_ELSE = {"no-store", "private"}


@pytest.fixture(autouse=True)
def demonstration(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO = True
    settings.VAR_DIR = tmp_path
    settings.MAILBOX_SHOWN = True


def hard(response: HttpResponse) -> dict[str, str | None]:
    return {name: response.headers.get(name) for name in _HARD}


def policy(response: HttpResponse) -> list[str]:
    return sorted(response["Content-Security-Policy"].split("; "))


def staff_addresses() -> Iterator[str]:
    """Every page of accounts and back office that needs nothing in its address."""
    for prefix in ("accounts/", "admin/"):
        yield from (f"/{each}" for each in _addresses(get_resolver().url_patterns, "", prefix))


def _addresses(patterns: list[URLPattern | URLResolver], before: str, prefix: str) -> Iterator[str]:
    for pattern in patterns:
        address = before + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if not (address.startswith(prefix) or prefix.startswith(address)) or "<" in address:
            continue
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, address, prefix)
        elif address.startswith(prefix) and "(" not in address:
            yield address


def test_every_public_answer_is_hardened() -> None:
    scene = make_scene()
    found = {name: hard(browser().get(route.address(scene))) for name, route in ROUTES.items()}
    assert found == {
        name: _FRAMED if route.is_framable else _HARD for name, route in ROUTES.items()
    }


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/en/nothing/", 404),
        ("put", "/en/petitions/", 403),
        ("get", "/en", 301),
        ("post", "/accounts/login/", 403),
        ("get", "/static/nothing.css", 404),
    ],
)
def test_so_is_every_refusal(method: str, path: str, status: int) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert (response.status_code, hard(response)) == (status, _HARD)


def test_a_page_of_the_desk_is_hardened_and_never_kept(
    names: dict[str, object],  # noqa: F811 - the fixture
) -> None:
    client = people.log_in(people.person(Role.ADMIN))
    wrong = {}
    for address in (each for each, (_may, how) in DESK.items() if "GET" in how):
        response = client.get("/desk/" + address.format(**names))
        assert response.status_code in {200, 302}, address
        kept = (response["Cache-Control"], response["Referrer-Policy"])
        found = (hard(response), policy(response), kept)
        if found != (_HARD, POLICY, ("no-store", "same-origin")):
            wrong[address] = found
    assert wrong == {}


def test_accounts_and_back_office_are_hardened_and_not_kept_for_others() -> None:
    paths = [path for path in staff_addresses() if not path.endswith("/logout/")]
    client = people.log_in(people.person(Role.ADMIN, superuser=True))
    wrong = {path: faults for path in paths if (faults := _staff_faults(client.get(path)))}
    assert wrong == {}
    assert len(paths) > 60


def _staff_faults(response: HttpResponse) -> list[str]:
    faults = [
        rule
        for rule in ("default-src 'none'", "frame-ancestors 'none'")
        if rule not in policy(response)
    ]
    if response.status_code not in {200, 204, 302, 403, 404, 405}:
        faults.append(f"status {response.status_code}")
    if hard(response) != _HARD:
        faults.append("headers")
    rules = {rule.strip() for rule in response.get("Cache-Control", "").split(",")}
    if response.status_code == 200 and not rules & _FOR_NOBODY_ELSE:
        faults.append("kept for others")
    return faults
