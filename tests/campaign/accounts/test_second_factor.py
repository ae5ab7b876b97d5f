"""Desk and back office open to sessions that have shown what their account demands."""

import pytest
from django.test import Client
from pytest_django import Settings

from campaign.accounts.roles import Role
from tests.factories import people

pytestmark = pytest.mark.django_db


def test_without_a_second_factor_staff_is_sent_to_set_it_up() -> None:
    client = people.log_in(people.person())
    response = client.get("/desk/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/2fa/?next=%2Fdesk%2F")


def test_a_demonstration_asks_only_accounts_that_have_one(settings: Settings) -> None:
    settings.DEMO = True
    client = people.log_in(people.person())
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize("path", ["/desk/", "/admin/"])
@pytest.mark.parametrize("demo", [True, False])
def test_a_session_of_the_password_alone_gets_nothing(
    settings: Settings, path: str, *, demo: bool
) -> None:
    settings.DEMO = demo
    user = people.person(Role.ADMIN, superuser=True)
    client = people.log_in(user)
    people.second_factor(user)  # set up meanwhile, in another browser
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_password_and_code_open_the_desk() -> None:
    user = people.person()
    code = people.second_factor(user)
    assert people.log_in(user).get("/desk/").status_code == 302
    assert people.log_in_with_code(user, code).get("/desk/").status_code == 200


def test_the_public_site_asks_for_nothing() -> None:
    assert Client().get("/en/").status_code == 200
