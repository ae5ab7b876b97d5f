"""The way into the back office: allauth's log-in, staff only."""

import pytest
from django.test import Client
from pytest_django import Settings

from campaign.accounts.models import User
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


def test_a_stranger_is_sent_to_the_log_in_of_allauth(client: Client) -> None:
    response = client.get("/admin/", follow=True)
    assert [address for address, _status in response.redirect_chain] == [
        "/admin/login/?next=/admin/",
        "/accounts/login/?next=%2Fadmin%2F",
    ]
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/petitions/signature/"])
def test_a_password_is_never_taken_by_the_back_office_itself(client: Client, path: str) -> None:
    """Its own form would know neither the limit of tries nor the second factor."""
    user = people.person(superuser=True)
    client.post(path, {"username": user.email, "password": people.PASSWORD, "next": "/admin/"})
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/").status_code == 302


def test_somebody_without_staff_rights_is_refused(client: Client) -> None:
    client.force_login(User.objects.create_user("somebody@example.org", people.PASSWORD))
    assert client.get("/admin/login/").status_code == 403
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403


def test_somebody_without_staff_rights_cannot_change_into_another(client: Client) -> None:
    other = people.person(superuser=True)
    client.force_login(User.objects.create_user("somebody@example.org", people.PASSWORD))
    data = {"username": other.email, "password": people.PASSWORD}
    assert client.post("/admin/login/", data).status_code == 403
    assert client.session["_auth_user_id"] != str(other.pk)


def test_staff_goes_in(client: Client) -> None:
    client.force_login(people.person(superuser=True))
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/login/")["Location"] == "/admin/"


def test_nobody_signs_up(client: Client) -> None:
    data = {"email": "new@example.org", "password1": "a long one 12", "password2": "a long one 12"}
    client.post("/accounts/signup/", data)
    assert not User.objects.exists()


def test_the_back_office_loads_nothing_from_elsewhere(client: Client) -> None:
    client.force_login(people.person(superuser=True))
    response = client.get("/admin/petitions/petition/add/")
    content = response.content.decode()
    assert response.status_code == 200
    assert [word for word in ('src="http', 'href="http', 'src="//') if word in content] == []
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example",
        "https://testserver@evil.example",
        "https:evil.example",
    ],
)
def test_the_log_in_leads_to_no_other_site(client: Client, elsewhere: str) -> None:
    client.force_login(people.person(superuser=True))
    own = client.get("/accounts/login/")["Location"]
    assert client.get("/accounts/login/", {"next": elsewhere})["Location"] == own
    assert client.get("/accounts/login/", {"next": "/admin/"})["Location"] == "/admin/"
