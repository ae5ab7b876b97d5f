"""Who works here, what they may do, and how somebody leaves."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from campaign.accounts import queries
from campaign.accounts.domain import team
from campaign.accounts.models import TeamEvent, User
from campaign.accounts.roles import PERMISSIONS, Role
from tests import pages
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


@pytest.fixture
def admin() -> User:
    return people.person(Role.ADMIN)


def test_the_page_shows_who_works_here(admin: User) -> None:
    left = people.person(Role.CLERK, language="km")
    team.deactivate(left, by=admin)
    people.second_factor(admin)
    User.objects.create_user("supporter@example.org", "not staff")
    client = people.log_in(people.person(Role.ADMIN))
    rows = pages.read(client.get("/desk/team/")).one("tbody").all("tr")
    texts = {row.all("td")[0].text: [cell.text for cell in row.all("td")] for row in rows}
    assert "supporter@example.org" not in texts
    assert texts[admin.email][1:4] == ["Administrator", "English", "set up"]
    assert texts[left.email][1:] == ["Clerk", "ខ្មែរ", "missing", "–", "closed"]


def test_recovery_codes_alone_are_no_second_step(admin: User) -> None:
    people.second_factor(admin)
    admin.authenticator_set.exclude(type="recovery_codes").delete()
    assert not queries.people().get(pk=admin.pk).has_second_step


def test_the_page_asks_as_much_for_three_people_as_for_one(admin: User) -> None:
    client = people.log_in(admin)
    client.get("/desk/team/")
    counts = []
    for more in (0, 2):
        for _turn in range(more):
            people.person()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/desk/team/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_roles_stand_there_as_the_table_has_them(admin: User) -> None:
    page = pages.read(people.log_in(admin).get("/desk/team/"))
    facts = page.one("dl", class_="facts")
    shown = {
        term.text: set(fact.text.split(" · "))
        for term, fact in zip(facts.all("dt"), facts.all("dd"), strict=True)
    }
    assert shown == {
        str(role.label): {str(each.label) for each in PERMISSIONS[role]} for role in Role
    }


def test_another_role_signs_out_and_is_recorded(admin: User) -> None:
    other = people.person(Role.CLERK)
    theirs = people.log_in(other)
    response = people.log_in(admin).post(f"/desk/team/{other.pk}/", {"role": "briefer"})
    assert (response.status_code, response["Location"]) == (302, f"/desk/team/{other.pk}/")
    other.refresh_from_db()
    assert other.role == Role.BRIEFER
    assert theirs.get("/desk/")["Location"].startswith("/accounts/login/")
    assert people.log_in(other).get("/desk/").status_code == 200
    event = TeamEvent.objects.get()
    assert (event.person, event.kind, event.role, event.by) == (other, "role", "briefer", admin)


def test_the_same_role_again_decides_nothing(admin: User) -> None:
    other = people.person(Role.CLERK)
    theirs = people.log_in(other)
    people.log_in(admin).post(f"/desk/team/{other.pk}/", {"role": "clerk"})
    assert theirs.get("/desk/").status_code == 200
    assert not TeamEvent.objects.exists()


def test_who_is_deactivated_is_out_at_once(admin: User) -> None:
    other = people.person()
    theirs, ours = people.log_in(other), people.log_in(admin)
    ours.post(f"/desk/team/{other.pk}/deactivate/")
    assert theirs.get("/desk/")["Location"].startswith("/accounts/login/")
    again = Client()
    credentials = {"login": other.email, "password": people.PASSWORD}
    assert again.post("/accounts/login/", credentials).status_code in {302, 422}
    assert again.get("/desk/").status_code == 302


def test_reactivating_does_not_revive_old_sessions(admin: User) -> None:
    other = people.person()
    theirs, ours = people.log_in(other), people.log_in(admin)
    ours.post(f"/desk/team/{other.pk}/deactivate/")
    ours.post(f"/desk/team/{other.pk}/reactivate/")
    assert theirs.get("/desk/").status_code == 302
    assert people.log_in(other).get("/desk/").status_code == 200
    kinds = list(TeamEvent.objects.values_list("kind", flat=True))
    assert kinds == ["reactivated", "deactivated"]


@pytest.mark.parametrize("act", ["", "deactivate/"])
def test_an_old_log_in_changes_nobody(admin: User, act: str) -> None:
    other = people.person(Role.CLERK)
    client = people.log_in(admin)
    people.age_session(client, minutes=6)
    response = client.post(f"/desk/team/{other.pk}/{act}", {"role": "admin"})
    assert response.status_code == (302 if act else 403)
    other.refresh_from_db()
    assert (other.role, other.is_active) == (Role.CLERK, True)
    page = client.get(f"/desk/team/{other.pk}/")
    assert f"next=%2Fdesk%2Fteam%2F{other.pk}%2F" in page.context["confirm_url"]


def test_nobody_changes_their_own_account(admin: User) -> None:
    people.person(Role.ADMIN)
    client = people.log_in(admin)
    refused = client.post(f"/desk/team/{admin.pk}/", {"role": "clerk"})
    assert refused.status_code == 422
    assert pages.summary(refused) == [("This is your own account: ask another administrator", "")]
    client.post(f"/desk/team/{admin.pk}/deactivate/")
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == (Role.ADMIN, True)


def test_an_operators_account_is_for_operators(admin: User) -> None:
    operator = people.person(Role.ADMIN, superuser=True)
    with pytest.raises(team.OperatorAccountError):
        team.deactivate(operator, by=admin)
    another = people.person(superuser=True)
    assert not team.deactivate(operator, by=another).is_active


@pytest.mark.parametrize(
    "act",
    [
        lambda admin, by: team.change_role(admin, role=Role.CLERK, by=by),
        lambda admin, by: team.deactivate(admin, by=by),
    ],
    ids=["role", "leave"],
)
def test_the_last_administrator_stays(admin: User, act: Callable[[User, User], User]) -> None:
    # The other one was deactivated while their own request was under way.
    other = people.person(Role.ADMIN)
    team.deactivate(other, by=admin)
    with pytest.raises(team.LastAdministratorError):
        act(admin, other)
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == (Role.ADMIN, True)


def test_somebody_unknown_is_not_found(admin: User) -> None:
    supporter = User.objects.create_user("supporter@example.org", "not staff")
    assert people.log_in(admin).get(f"/desk/team/{supporter.pk}/").status_code == 404


# --- one's own language ----------------------------------------------------------------------


def test_the_language_is_kept_and_leads_back_to_the_page(admin: User) -> None:
    client = people.log_in(admin)
    response = client.post("/accounts/language/", {"language": "km", "next": "/desk/team/"})
    assert (response.status_code, response["Location"]) == (302, "/desk/team/")
    admin.refresh_from_db()
    assert admin.language == "km"


def test_the_language_leads_to_no_other_site(admin: User) -> None:
    client = people.log_in(admin)
    for address in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        response = client.post("/accounts/language/", {"language": "fr", "next": address})
        assert response["Location"] == "/desk/"


def test_account_pages_speak_the_persons_language(admin: User) -> None:
    client = people.log_in(people.person(language="fr"))
    response = client.get("/accounts/email/", headers={"accept-language": "km"})
    assert pages.heading(response) == "Adresse courriel"


def test_a_stranger_chooses_the_language_of_the_log_in_page() -> None:
    client = Client(headers={"accept-language": "en"})
    page = client.get("/accounts/login/?next=/desk/team/")
    (link,) = pages.read(page).all("a", lang="km")
    assert link.attributes["href"] == "/accounts/login/?next=%2Fdesk%2Fteam%2F&language=km"
    assert pages.heading(client.get(link.attributes["href"])) == "ចូល"
    assert pages.heading(client.get("/accounts/login/")) == "ចូល"
