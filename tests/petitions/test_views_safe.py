"""What holds at every address: looking changes nothing, headers, cookies, methods."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.pages import browser
from tests.routes import ROUTES, Scene, make_scene
from tests.tables import all_rows

pytestmark = pytest.mark.django_db

_METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
#: Addresses with a form or a button.
_POSTING = [name for name, route in ROUTES.items() if route.posts]
#: What those buttons post.
_ACTS = (
    *("confirm", "renew", "disown", "withdraw", "erase", "stop_news", "stop", "resend", "code"),
    *("support", "decline", "authorize"),
)


@pytest.fixture
def scene(settings: Settings, tmp_path: Path) -> Scene:
    settings.VAR_DIR = tmp_path
    settings.MAILBOX_SHOWN = True
    return make_scene()


@pytest.mark.parametrize("name", ROUTES)
def test_looking_changes_nothing_however_often(name: str, scene: Scene) -> None:
    """Scanners fetch every link in a mail, some of them many times."""
    address = ROUTES[name].address(scene)
    before = all_rows()
    for _turn in range(20 if ROUTES[name].posts else 1):
        browser().get(address)
        browser().head(address)
    assert all_rows() == before


@pytest.mark.parametrize("name", _POSTING)
def test_looking_with_a_button_in_the_address_changes_nothing(name: str, scene: Scene) -> None:
    address = ROUTES[name].address(scene)
    before = all_rows()
    for act in _ACTS:
        browser().get(address, {"act": act, "List-Unsubscribe": "One-Click", "code": "123456"})
    assert all_rows() == before


def test_headers(scene: Scene) -> None:
    found = {}
    for name, route in ROUTES.items():
        response = browser().get(route.address(scene))
        headers = ("Cache-Control", "Referrer-Policy", "X-Content-Type-Options")
        found[name] = (response.status_code, *(response[header] for header in headers))
    assert found == {
        name: (route.status, route.cache, route.referrer, "nosniff")
        for name, route in ROUTES.items()
    }


def test_nothing_from_elsewhere_may_be_loaded_and_only_the_card_be_framed(scene: Scene) -> None:
    found = {}
    for name, route in ROUTES.items():
        response = browser().get(route.address(scene))
        found[name] = sorted(response["Content-Security-Policy"].split("; "))
    assert found == {name: route.policy for name, route in ROUTES.items()}
    framable = {name for name, policy in found.items() if "frame-ancestors 'none'" not in policy}
    assert framable == {"card", "card removed", "card unknown"}


def test_no_cookie_is_set_and_none_is_looked_at(scene: Scene) -> None:
    found = {}
    for name, route in ROUTES.items():
        answers = [getattr(browser(), method)(route.address(scene)) for method in _METHODS]
        found[name] = (
            any(answer.cookies for answer in answers),
            any("Cookie" in answer.get("Vary", "") for answer in answers),
        )
    assert found == dict.fromkeys(ROUTES, (False, False)) | {"choose language": (False, True)}


def test_the_choice_of_language_alone_sets_a_cookie(client: Client) -> None:
    response = client.get("/?language=km")
    assert list(response.cookies) == ["language"]


def test_methods(scene: Scene) -> None:
    found = {
        name: {
            method
            for method in _METHODS
            if getattr(Client(), method)(route.address(scene)).status_code != 405
        }
        for name, route in ROUTES.items()
    }
    assert found == {
        name: {"get", "head", "post"} if route.posts else {"get", "head"}
        for name, route in ROUTES.items()
    }


@pytest.mark.parametrize("name", _POSTING)
def test_a_refused_method_is_not_stored_either(name: str, scene: Scene) -> None:
    response = browser().put(ROUTES[name].address(scene))
    assert (response.status_code, response["Cache-Control"]) == (405, "no-store")


@pytest.mark.parametrize("rest", ["x.css", "x", "nothing/x.js"])
def test_more_behind_a_personal_address_is_not_found(rest: str, scene: Scene) -> None:
    """A cache in front must not be tricked into keeping a personal page as a file (T24)."""
    for name in ("thanks", "my signature", "confirm", "manage", "unsubscribe"):
        response = browser().get(f"{ROUTES[name].address(scene).rstrip('/')}/{rest}")
        assert response.status_code == 404


def test_anothers_host_name_is_refused(scene: Scene) -> None:
    assert browser().get("/en/", headers={"host": "evil.example"}).status_code == 400


def test_a_forwarded_host_name_is_not_believed(scene: Scene) -> None:
    response = browser().get("/en/", headers={"x-forwarded-host": "evil.example"})
    assert response.status_code == 200
    assert b"evil.example" not in response.content
