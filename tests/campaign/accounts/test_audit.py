"""The audit log on the desk."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries, Settings

from campaign.accounts.domain import invitations, team
from campaign.accounts.models import TeamEvent, User
from campaign.accounts.roles import Role
from petitions import clock
from petitions.domain import auditing, lifecycle, scheduling
from petitions.models import AuditEvent, ExportRecord, Petition
from petitions.models.writing import PublicNote
from petitions.states import PaperState, PetitionState
from tests.factories import people
from tests.factories import petitions as make
from tests.pages import field_errors, main_text, read

pytestmark = pytest.mark.django_db
PATH = "/desk/team/audit/"
_K = AuditEvent.Kind
_NOBODY = "nobody’s account: the clock, a mailed link, or the server"


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


@pytest.fixture
def admin() -> User:
    return people.person(Role.ADMIN)


@pytest.fixture
def client(admin: User) -> Client:
    return people.log_in(admin)


def _rows(client: Client, query: str = "") -> list[list[str]]:
    tables = read(client.get(f"{PATH}{query}")).one("main").all("tbody")
    return [[cell.text for cell in row.all("td")] for table in tables for row in table.all("tr")]


def test_who_did_what_to_which_petition_newest_first(client: Client, admin: User) -> None:
    petition = make.draft_petition()
    lifecycle.move(petition, PetitionState.IN_TRANSLATION, by=admin)
    auditing.seal()
    lifecycle.move(petition, PetitionState.DRAFT, by=None)
    assert _rows(client) == [
        ["Petition moved", _NOBODY, petition.slug,
         "In translation → Draft", "not yet"],
        ["Petition moved", admin.email, petition.slug, "Draft → In translation", "2"],
        ["Signed in", admin.email, "–", "–", "1"],
    ]  # fmt: skip


def test_team_invitations_and_dates_are_told_in_words(client: Client, admin: User) -> None:
    AuditEvent.objects.all().delete()
    other = people.person(Role.BRIEFER)
    team.change_role(other, role=Role.CLERK, by=admin)
    invited = invitations.invite("new@example.org", role=Role.TRANSLATOR, language="en", by=admin)
    invitations.withdraw_invitation(invited, by=admin)
    petition = make.draft_petition(opens_at=None, closes_at=None)
    scheduling.set_dates(petition, opens_at=None, days=90, threshold=600, by=admin)
    assert [(row[0], row[3]) for row in _rows(client)] == [
        ("Goal and dates set", "90 days · goal 600"),
        ("Invitation withdrawn", "–"),
        ("Invitation sent", "Translator"),
        ("Account changed", f"{other.email} · Role changed · Clerk"),
    ]
    assert "new@example.org" not in client.get(PATH).content.decode()


_DETAILS = {
    _K.TEAM: {"person": 0, "change": TeamEvent.Kind.JOINED, "role": ""},
    _K.MOVED: {"origin": "draft", "to": "in_translation"},
    _K.DATES: {"days": 30, "threshold": 500},
    _K.NOTE: {"note": PublicNote.Kind.CORRECTION},
    _K.SLOT_ADDED: {"way": "passphrase", "person": 0},
    _K.SLOT_GONE: {"way": "recovery"},
    _K.LIST_READ: {"filters": "name province riding day"},
    _K.ADDRESS_ASKED: {"found": 1},
    _K.EXPORTED: {"export": 3},
    _K.PAPER: {"sheet": 1, "state": PaperState.ACCEPTED, "number": 4},
    _K.MEMBERS: {"day": "2026-11-01"},
    _K.POST_PUBLISHED: {"post": "free-elections"},
    _K.POST_BACK: {"post": "free-elections"},
    _K.POST_CORRECTED: {"post": "free-elections"},
    _K.POST_WITHDRAWN: {"post": "free-elections"},
    _K.DOCUMENT_KEPT: {"resolution": "ipu", "language": "en", "before": "aa", "digest": "bb"},
    _K.DOCUMENT_REMOVED: {"resolution": "ipu", "language": "fr", "digest": "bb"},
}


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_every_kind_of_line_is_shown_in_every_language(
    client: Client, admin: User, language: str
) -> None:
    AuditEvent.objects.all().delete()
    User.objects.filter(pk=admin.pk).update(language=language)
    for kind in _K:
        auditing.record(kind, by=None, **_DETAILS.get(kind, {}))  # type: ignore[arg-type]
    with translation.override(language):
        expected = {str(kind.label) for kind in _K}
    assert {row[0] for row in _rows(client)} == expected


def test_lines_are_found_by_act_person_petition_and_day(
    client: Client, admin: User, petition: Petition
) -> None:
    auditing.record(_K.REMINDED, by=admin, petition=petition, number=3)
    auditing.record(_K.REMINDED, by=None, petition=make.draft_petition(), number=4)
    assert len(_rows(client, "?kind=reminded")) == 2
    assert len(_rows(client, f"?kind=reminded&actor={admin.pk}")) == 1
    assert [row[3] for row in _rows(client, f"?petition={petition.pk}")] == ["3", "–"]
    AuditEvent.objects.filter(kind="reminded").update(
        happened_at=timezone.now() - timedelta(days=30)
    )
    today = timezone.localdate().isoformat()
    days = f"?since={today}&until={today}"
    assert {row[0] for row in _rows(client, days)} == {"Signed in", "Vault created"}
    assert _rows(client, "?until=2019-01-28") == []


def test_a_day_that_is_none_is_refused_at_its_field(client: Client) -> None:
    response = client.get(f"{PATH}?since=yesterday")
    assert response.status_code == 422
    assert list(field_errors(response)) == ["since"]


def test_older_lines_are_a_press_away_and_every_line_is_shown_once(client: Client) -> None:
    AuditEvent.objects.all().delete()
    for number in range(120):
        auditing.record(_K.REMINDED, by=None, number=number)
    seen, query = [], ""
    for _page in range(3):
        page = client.get(f"{PATH}{query}")
        seen += [row[3] for row in _rows(client, query)]
        links = [each.attributes["href"] for each in read(page).one("main").all("a")]
        query = next((link for link in links if "before=" in link), "")
    assert seen == [str(number) for number in reversed(range(120))]
    assert query == ""


def test_a_page_asks_as_often_for_one_line_as_for_many(
    client: Client, admin: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        client.get(PATH)
    for _turn in range(40):
        auditing.record(_K.REMINDED, by=people.person(), petition=make.draft_petition(), number=1)
    with django_assert_max_num_queries(12):
        client.get(PATH)


def test_a_press_tells_whether_anything_was_changed(client: Client) -> None:
    auditing.record(_K.REMINDED, by=None, number=3)
    auditing.seal()
    assert "2 sealed lines are as they were written." in main_text(client.get(f"{PATH}?check=1"))
    AuditEvent.objects.filter(position=2).update(detail={"number": 4})
    words = main_text(client.get(f"{PATH}?check=1"))
    assert "The log is not as it was written." in words
    assert "line 2 is not as it was sealed" in words


def test_an_export_and_a_wrong_passphrase_leave_a_line(settings: Settings) -> None:
    keeper, petition = people.person(Role.LIST_KEEPER), make.open_petition()
    make.confirmed(petition)
    client = people.log_in(keeper)
    data = {
        "purpose": "check", "reason": "A test", "recipient": "Sok", "fields_asked": ["name"],
        "province": "", "riding": "", "destroy_by": f"{clock.today() + timedelta(days=30)}",
        "file_format": "plain", "passphrase": "not this one at all",
    }  # fmt: skip
    path = f"/desk/petitions/{petition.slug}/export/"
    client.post(path, data)
    client.post(path, {**data, "passphrase": make.PASSPHRASE}).getvalue()
    found = AuditEvent.objects.filter(petition=petition).exclude(kind="vault_made").order_by("pk")
    assert list(found.values_list("kind", "actor", "detail")) == [
        ("vault_shut", keeper.pk, {}),
        ("exported", keeper.pk, {"export": ExportRecord.objects.get().pk}),
    ]
