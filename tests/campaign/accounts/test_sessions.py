"""Sessions end by themselves and by a press; a browser never seen before is told."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext
from pytest_django import Settings

from campaign.accounts.domain import sessions
from campaign.accounts.models import DeskSession, User
from campaign.accounts.roles import Role
from campaign.accounts.tasks import tidy_sessions
from petitions.models import AuditEvent
from petitions.tasks import send_mail
from tests.conftest import SetClock
from tests.factories import people
from tests.factories import petitions as make
from tests.pages import main_text, read

pytestmark = pytest.mark.django_db
_FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
_CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/150.0.0.0 Mobile Safari/537.36"
)
_SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
_EDGE = f"{_CHROME} Edg/150.0.0.0"
_MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


@pytest.fixture
def person() -> User:
    return people.person(Role.ORGANIZER)


def _signs_in(person: User, browser: Client | None = None, agent: str = _FIREFOX) -> Client:
    client = browser or Client(headers={"user-agent": agent})
    client.post("/accounts/login/", {"login": person.email, "password": people.PASSWORD})
    return client


def _is_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


# --- time ------------------------------------------------------------------------------------


def test_a_session_in_which_nothing_is_done_ends_after_a_quarter_of_an_hour(person: User) -> None:
    client = _signs_in(person)
    with time_machine.travel(timezone.now() + 14 * _MINUTE):
        assert _is_in(client)
    with time_machine.travel(timezone.now() + 30 * _MINUTE):
        response = client.get("/desk/petitions/?sort=1")
        assert response["Location"] == (
            "/accounts/login/?ended=idle&language=en&next=%2Fdesk%2Fpetitions%2F%3Fsort%3D1"
        )
        words = main_text(client.get(response["Location"]))
        assert "You were signed out after 15 minutes in which nothing was done." in words
        assert not _is_in(client)
    assert DeskSession.objects.get().ended_at is not None


def test_every_request_keeps_it_going_and_eight_hours_end_it(person: User) -> None:
    client, start = _signs_in(person), timezone.now()
    for turn in range(1, 48):
        with time_machine.travel(start + turn * 10 * _MINUTE):
            address = "/accounts/awake/" if turn % 2 else "/desk/"
            assert client.get(address).status_code in {200, 204}, turn
    with time_machine.travel(start + timedelta(hours=8)):
        assert "ended=long" in client.get("/desk/")["Location"]


@pytest.mark.parametrize("inside", ["/desk/", "/admin/", "/accounts/2fa/", "/accounts/sessions/"])
def test_it_has_ended_wherever_one_is_logged_in(inside: str) -> None:
    client = _signs_in(people.person(Role.ADMIN, superuser=True))
    with time_machine.travel(timezone.now() + 16 * _MINUTE):
        assert "ended=idle" in client.get(inside)["Location"]


def test_what_was_posted_too_late_changes_nothing_and_a_script_is_told() -> None:
    person = people.person(Role.PETITIONER, language="fr")
    client = _signs_in(person)
    with time_machine.travel(timezone.now() + 16 * _MINUTE):
        answer = client.post("/petitioner/", {"title": "Late"}, headers={"accept": "text/html"})
        assert answer["Location"].endswith("next=%2Fpetitioner%2F")
    client = _signs_in(person)
    with time_machine.travel(timezone.now() + 16 * _MINUTE):
        answer = client.post("/petitioner/text/", headers={"accept": "application/json"})
    with translation.override("fr"):
        text = gettext("You are signed out. Sign in again in another tab, then press Save here")
    assert (answer.status_code, answer.json()) == (401, {"text": text})
    assert not person.petitions.exists()


def test_public_pages_do_not_look_at_the_session(person: User) -> None:
    client = _signs_in(person)
    make.open_petition()
    with time_machine.travel(timezone.now() + 16 * _MINUTE):
        assert client.get("/en/petitions/").status_code == 200
    assert DeskSession.objects.get().ended_at is None


def test_awake_says_to_a_script_that_one_is_signed_out() -> None:
    assert Client().get("/accounts/awake/").status_code == 401


# --- where one is signed in ------------------------------------------------------------------


def test_browsers_are_listed_in_words_and_one_is_signed_out(person: User) -> None:
    laptop, phone = _signs_in(person), _signs_in(person, agent=_CHROME)
    page = laptop.get("/accounts/sessions/")
    found = [item.one("b").text for item in read(page).one("main").all("li")]
    assert found == ["Chrome, Android", "Firefox, Windows"]
    assert "Firefox, Windows · this browser" in main_text(page)
    other = DeskSession.objects.get(browser="Chrome, Android")
    laptop.post("/accounts/sessions/", {"session": other.pk})
    assert (_is_in(laptop), _is_in(phone)) == (True, False)
    assert "Chrome, Android" not in main_text(laptop.get("/accounts/sessions/"))
    assert AuditEvent.objects.filter(kind="sessions_ended", actor=person.pk).count() == 1


def test_everywhere_means_here_too(person: User) -> None:
    laptop, phone = _signs_in(person), _signs_in(person, agent=_CHROME)
    laptop.post("/accounts/sessions/", {"session": "all"})
    assert (_is_in(laptop), _is_in(phone)) == (False, False)


@pytest.mark.parametrize("number", ["", "0", "nothing", "9" * 30, "²"])
def test_a_number_that_is_none_is_not_found(person: User, number: str) -> None:
    client = _signs_in(person)
    assert client.post("/accounts/sessions/", {"session": number}).status_code == 404


def test_nobody_ends_another_persons_session_but_by_the_team_page(person: User) -> None:
    client, other = _signs_in(person), people.person(Role.CLERK)
    theirs = _signs_in(other)
    row = DeskSession.objects.get(person=other)
    assert client.post("/accounts/sessions/", {"session": row.pk}).status_code == 404
    assert _is_in(theirs)
    admin = _signs_in(people.person(Role.ADMIN))
    admin.post(f"/desk/team/{other.pk}/sign-out/")
    assert (_is_in(theirs), _is_in(client)) == (False, True)
    assert _is_in(_signs_in(other))


def test_a_session_whose_key_changed_is_still_ended(person: User) -> None:
    """As it does with a new password; the row follows within the minute."""
    client = _signs_in(person)
    session = client.session
    session.cycle_key()
    client.cookies["session"] = session.session_key
    with time_machine.travel(timezone.now() + 2 * _MINUTE):
        assert _is_in(client)
    assert DeskSession.objects.get().session_key == session.session_key


# --- browsers never seen before --------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_a_new_browser_is_told_in_the_persons_language(language: str) -> None:
    person = people.person(Role.ORGANIZER, language=language)
    first = _signs_in(person)
    first.post("/accounts/logout/")
    _signs_in(person, first)
    send_mail()
    assert mail.outbox == []
    _signs_in(person, agent=_SAFARI)
    send_mail()
    (message,) = mail.outbox
    with translation.override(language):
        assert message.subject == gettext("Your account: a new sign-in")
    assert "Safari, iPhone" in message.body
    assert "/accounts/password/reset/" in message.body


def test_a_browser_keeps_one_secret_that_is_stored_as_a_digest(person: User) -> None:
    client = _signs_in(person)
    cookie = client.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie.value not in str(list(DeskSession.objects.values()))
    _signs_in(person, client)
    assert client.cookies["device"].value == cookie.value


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (_FIREFOX, "Firefox, Windows"),
        (_CHROME, "Chrome, Android"),
        (_SAFARI, "Safari, iPhone"),
        (_EDGE, "Edge, Android"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_what_a_browser_says_of_itself_becomes_two_words(agent: str, words: str) -> None:
    assert sessions.browser_of(agent) == words


def test_sign_ins_are_forgotten_after_a_year(person: User, set_clock: SetClock) -> None:
    client = _signs_in(person)
    make.draft_petition()  # the clock is read from its table
    tidy_sessions()
    assert _is_in(client)
    set_clock(timezone.now() + sessions.KEPT + timedelta(days=1))
    Session.objects.update(expire_date=timezone.now() - _MINUTE)
    tidy_sessions()
    assert (DeskSession.objects.count(), Session.objects.count()) == (0, 0)
