"""Every role at every address of the desk, from the table itself."""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from campaign.accounts.roles import PERMISSIONS, Role
from petitions.models import Petition
from tests.desk import DESK, names_of
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


@pytest.fixture
def names(petition: Petition) -> dict[str, object]:
    return names_of(petition)


def _addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        address = before + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, address)
        else:
            yield address


def test_the_table_names_every_address_of_the_desk() -> None:
    found = {each for each in _addresses(get_resolver().url_patterns) if each.startswith("desk/")}
    assert found == {f"desk/{address}" for address in DESK}


def test_every_role_has_a_row() -> None:
    assert set(PERMISSIONS) == set(Role)


def _status(client: Client, method: str, address: str, names: dict[str, object]) -> int:
    """What one request is answered; what it changed is taken back, so that the next sees it all."""
    with transaction.atomic():
        status: int = client.generic(method, "/desk/" + address.format(**names)).status_code
        transaction.set_rollback(True)
    return status


def _expected(role: Role, address: str, method: str) -> set[int]:
    permission, methods = DESK[address]
    if method not in methods:
        return {405}
    return {200, 302, 422} if permission in PERMISSIONS[role] else {403}


@pytest.mark.parametrize("role", Role)
def test_a_role_gets_what_the_table_says(names: dict[str, object], role: Role) -> None:
    client = people.log_in(people.person(role))
    wrong = {
        f"{method} {address}": status
        for address in DESK
        for method in ("GET", "POST")
        if (status := _status(client, method, address, names))
        not in _expected(role, address, method)
    }
    assert wrong == {}


def test_a_stranger_is_asked_to_log_in(names: dict[str, object]) -> None:
    led = {}
    for address, (_permission, methods) in DESK.items():
        response = Client().generic(min(methods), "/desk/" + address.format(**names))
        led[address] = (response.status_code, response["Location"].partition("?")[0])
    assert led == dict.fromkeys(DESK, (302, "/accounts/login/"))


def test_staff_without_a_role_gets_nothing() -> None:
    assert people.log_in(people.person("")).get("/desk/").status_code == 403


def test_somebody_who_left_gets_nothing() -> None:
    user = people.person()
    client = people.log_in(user)
    user.is_staff = False
    user.save(update_fields=["is_staff"])
    assert client.get("/desk/").status_code == 403


def test_small_cells_are_for_those_who_may_see_them(petition: Petition) -> None:
    for _turn in range(6):
        make.confirmed(petition)
    make.confirmed(petition, province="NU", postal_code="X0A 0A0")
    shown = people.log_in(people.person(Role.ORGANIZER)).get("/desk/").content.decode()
    hidden = people.log_in(people.person(Role.BRIEFER)).get("/desk/").content.decode()
    assert "Nunavut" in shown
    assert "Nunavut" not in hidden
