"""Who works at the desk in its tests."""

import pytest
from django.test import Client
from pytest_django import Settings

from campaign.accounts.roles import Role
from tests.factories import people


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    """No second factor is asked for: that is another test's affair."""
    settings.DEMO = True


@pytest.fixture
def organizer() -> Client:
    return people.log_in(people.person(Role.ORGANIZER))


@pytest.fixture
def keeper() -> Client:
    return people.log_in(people.person(Role.LIST_KEEPER))


@pytest.fixture
def translator() -> Client:
    return people.log_in(people.person(Role.TRANSLATOR))
