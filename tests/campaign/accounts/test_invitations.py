"""The only way to an account: a mailed link, for seven days, once."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from campaign.accounts.domain import invitations
from campaign.accounts.models import Invitation, TeamEvent, User
from campaign.accounts.roles import Role
from petitions.models import Delivery
from tests import pages
from tests.campaign.accounts import mails
from tests.conftest import SetClock
from tests.factories import people

pytestmark = pytest.mark.django_db

PASSWORD = "seven grey herons over water"
ACCEPTED = {"name": "Sok Dara", "language": "fr", "password": PASSWORD}


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


@pytest.fixture
def admin() -> User:
    return people.person(Role.ADMIN)


@pytest.fixture
def invited(admin: User) -> Invitation:
    return invitations.invite("new@example.org", role=Role.BRIEFER, language="km", by=admin)


def _path(invitation: Invitation) -> str:
    return f"/accounts/invitation/{invitations.token(invitation)}/"


def test_the_invitation_is_mailed_in_its_language_by_the_worker(invited: Invitation) -> None:
    (message,) = mails.sent()
    assert message.to == ["new@example.org"]
    assert message.subject == "ការអញ្ជើញរបស់លោកអ្នក"
    assert mails.link(message, "invitation") == _path(invited)
    assert "អ្នកធ្វើបទសង្ខេប" in message.body
    assert _path(invited) in str(message.alternatives[0][0])


def test_the_link_lies_in_the_outbox_only_under_the_mail_key(invited: Invitation) -> None:
    (row,) = Delivery.objects.all()
    assert bytes(row.content or b"")
    assert invitations.token(invited).encode() not in bytes(row.content or b"")
    assert b"new@example.org" not in bytes(row.content or b"") + bytes(row.address or b"")
    mails.sent()
    row.refresh_from_db()
    assert (row.address, row.content) == (None, None)


def test_looking_changes_nothing_and_keeps_the_address_secret(invited: Invitation) -> None:
    response = Client().get(_path(invited))
    assert response.status_code == 200
    assert pages.heading(response) == "ការអញ្ជើញរបស់លោកអ្នក"
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    invited.refresh_from_db()
    assert (invited.accepted_at, User.objects.count()) == (None, 1)


def test_accepting_makes_an_account_that_can_log_in(invited: Invitation, admin: User) -> None:
    # Under no-referrer a browser names no origin.
    response = pages.browser(origin="null").post(_path(invited), ACCEPTED)
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    user = User.objects.get(email="new@example.org")
    assert (user.name, user.language, user.role) == ("Sok Dara", "fr", Role.BRIEFER)
    assert (user.is_staff, user.is_superuser) == (True, False)
    assert check_password(PASSWORD, user.password)
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == (user.email, True, True)
    event = TeamEvent.objects.get()
    assert (event.person, event.kind, event.by) == (user, TeamEvent.Kind.JOINED, admin)


def test_accepting_does_not_log_in(invited: Invitation) -> None:
    client = Client()
    client.post(_path(invited), ACCEPTED)
    assert client.get("/desk/")["Location"].startswith("/accounts/login/")


def test_after_the_first_log_in_comes_the_second_factor(
    invited: Invitation, settings: Settings
) -> None:
    settings.DEMO = False
    client = Client()
    client.post(_path(invited), ACCEPTED)
    login = {"login": "new@example.org", "password": PASSWORD}
    response = client.post("/accounts/login/", login, follow=True)
    assert response.redirect_chain[-1] == ("/accounts/2fa/?next=%2Fdesk%2F", 302)


def test_a_link_of_a_former_key_works_while_it_is_among_the_fallbacks(
    invited: Invitation, settings: Settings
) -> None:
    path = _path(invited)
    settings.PETITIONS_LINK_KEY_FALLBACKS = [settings.PETITIONS_LINK_KEY]
    settings.PETITIONS_LINK_KEY = "another key"
    assert Client().get(path).status_code == 200
    settings.PETITIONS_LINK_KEY_FALLBACKS = []
    assert Client().get(path).status_code == 410


def test_a_link_works_once(invited: Invitation) -> None:
    Client().post(_path(invited), ACCEPTED)
    for response in (Client().get(_path(invited)), Client().post(_path(invited), ACCEPTED)):
        assert response.status_code == 410
    assert User.objects.filter(email="new@example.org").count() == 1


@pytest.mark.parametrize(
    ("age", "status"), [(timedelta(days=7, seconds=-1), 200), (timedelta(days=7), 410)]
)
def test_a_link_lives_seven_days(
    invited: Invitation, set_clock: SetClock, age: timedelta, status: int
) -> None:
    set_clock(invited.invited_at + age)
    assert Client().get(_path(invited)).status_code == status
    accepted = Client().post(_path(invited), ACCEPTED)
    assert accepted.status_code == (302 if status == 200 else 410)


def test_the_rule_of_seven_days_holds_in_the_update_itself(
    invited: Invitation, set_clock: SetClock
) -> None:
    set_clock(invited.invited_at + invitations.LIFE)
    with pytest.raises(invitations.InvitationEndedError):
        invitations.accept(invited, name="Dara", language="km", password=PASSWORD)


def test_inviting_again_renews_and_kills_the_old_link(admin: User, invited: Invitation) -> None:
    old = _path(invited)
    renewed = invitations.invite("New@Example.org", role=Role.CLERK, language="fr", by=admin)
    assert Invitation.objects.count() == 1
    assert Client().get(old).status_code == 410
    assert Client().get(_path(renewed)).status_code == 200
    assert renewed.role == Role.CLERK


def test_a_form_opened_before_the_renewal_makes_no_account(
    admin: User, invited: Invitation
) -> None:
    invitations.renew(invited, by=admin)
    with pytest.raises(invitations.InvitationEndedError):
        invitations.accept(invited, name="Dara", language="km", password=PASSWORD)


def test_a_withdrawn_link_is_dead(admin: User, invited: Invitation) -> None:
    invitations.withdraw_invitation(invited, by=admin)
    assert Client().get(_path(invited)).status_code == 410


def test_an_accepted_invitation_cannot_be_withdrawn(admin: User, invited: Invitation) -> None:
    invitations.accept(invited, name="Dara", language="km", password=PASSWORD)
    with pytest.raises(invitations.InvitationEndedError):
        invitations.withdraw_invitation(invited, by=admin)


@pytest.mark.parametrize("place", [0, 40, -1])
def test_a_link_that_was_tampered_with_is_dead(invited: Invitation, place: int) -> None:
    signs = list(invitations.token(invited))
    signs[place] = "1" if signs[place] == "0" else "0"
    assert Client().get(f"/accounts/invitation/{''.join(signs)}/").status_code == 410


def test_an_account_made_meanwhile_ends_the_invitation(invited: Invitation) -> None:
    User.objects.create_user("new@example.org", PASSWORD)
    assert Client().post(_path(invited), ACCEPTED).status_code == 410


def test_a_weak_password_is_refused_at_the_field_and_the_rest_kept(invited: Invitation) -> None:
    response = Client().post(
        f"{_path(invited)}?language=en", {**ACCEPTED, "password": "new@example"}
    )
    assert response.status_code == 422
    assert set(pages.field_errors(response)) == {"password"}
    assert response.context["form"]["name"].value() == "Sok Dara"
    assert 'new@example"' not in response.content.decode()


def test_the_reader_may_choose_the_language_of_the_page(invited: Invitation) -> None:
    assert pages.heading(Client().get(f"{_path(invited)}?language=fr")) == "Votre invitation"


# --- the team page ---------------------------------------------------------------------------


def _asked(**changes: str) -> dict[str, str]:
    return {"email": "new@example.org", "role": "briefer", "language": "fr", **changes}


def test_the_team_page_invites(admin: User) -> None:
    response = people.log_in(admin).post("/desk/team/", _asked())
    assert (response.status_code, response["Location"]) == (302, "/desk/team/")
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.language, invitation.invited_by) == (
        "new@example.org",
        "briefer",
        "fr",
        admin,
    )


@pytest.mark.parametrize("active", [True, False])
def test_an_address_with_an_account_is_an_error_at_the_field(admin: User, *, active: bool) -> None:
    other = people.person()
    User.objects.filter(pk=other.pk).update(is_active=active)
    response = people.log_in(admin).post("/desk/team/", _asked(email=other.email.upper()))
    assert response.status_code == 422
    assert pages.field_errors(response) == {"email": ["This address has an account already"]}
    assert not Invitation.objects.exists()


def test_an_empty_form_says_what_to_do(admin: User) -> None:
    response = people.log_in(admin).post("/desk/team/", {})
    assert response.status_code == 422
    assert pages.field_errors(response) == {
        "email": ["Enter the person's e-mail address"],
        "role": ["Select a role"],
        "language": ["Select a language"],
    }


def test_an_old_log_in_invites_nobody(admin: User) -> None:
    client = people.log_in(admin)
    people.age_session(client, minutes=6)
    response = client.post("/desk/team/", _asked())
    assert response.status_code == 403
    assert response.context["form"]["email"].value() == "new@example.org"
    assert response.context["confirm_url"].startswith("/accounts/reauthenticate/")
    assert not Invitation.objects.exists()


def test_a_waiting_invitation_is_renewed_and_withdrawn_from_the_page(
    admin: User, invited: Invitation
) -> None:
    client, old = people.log_in(admin), invitations.token(invited)
    client.post(f"/desk/team/invitations/{invited.pk}/renew/")
    invited.refresh_from_db()
    assert invitations.token(invited) != old
    client.post(f"/desk/team/invitations/{invited.pk}/withdraw/")
    assert not invitations.waiting().exists()
    assert client.post(f"/desk/team/invitations/{invited.pk}/renew/").status_code == 404


def test_an_old_log_in_renews_nothing(admin: User, invited: Invitation) -> None:
    client = people.log_in(admin)
    people.age_session(client, minutes=6)
    response = client.post(f"/desk/team/invitations/{invited.pk}/renew/")
    assert response["Location"] == "/accounts/reauthenticate/?next=%2Fdesk%2Fteam%2F"
    assert invitations.token(Invitation.objects.get()) == invitations.token(invited)


def test_an_expired_invitation_is_shown_as_one_to_renew(admin: User, invited: Invitation) -> None:
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=8))
    response = people.log_in(admin).get("/desk/team/")
    assert "The link is too old. Send a new one." in pages.main_text(response)
