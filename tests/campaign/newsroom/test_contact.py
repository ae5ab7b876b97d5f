"""The contact form: mailed to the organizers, told to nobody else, kept nowhere."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from campaign.newsroom.domain import contacting
from petitions.domain import tokens
from petitions.domain.addresses import WHOLE_SITE
from petitions.domain.delivering import drain
from petitions.models import Delivery
from tests.conftest import SetClock
from tests.pages import browser, read, summary, typed

pytestmark = pytest.mark.django_db
PAGE = "/en/contact/"


@pytest.fixture(autouse=True)
def reachable(settings: Settings) -> None:
    settings.CONTACT_FORM = True
    settings.CONTACT_EMAIL = "team@example.org"


@pytest.fixture
def later(set_clock: SetClock) -> None:
    """A person has taken a minute to write."""
    set_clock(timezone.now() + timedelta(minutes=1))


def _answers(**changes: str) -> dict[str, str]:
    return {
        "name": "Sok Dara",
        "email": "dara@example.org",
        "message": "Where is\nthe meeting?",
        "form_token": tokens.form_token(WHOLE_SITE, "en"),
        "website": "",
        **changes,
    }


def _post(page: str = PAGE, **changes: str) -> HttpResponse:
    response: Any = browser().post(page, _answers(**changes))
    return response


def _message(response: HttpResponse) -> str:
    return read(response).one("textarea").text


@pytest.mark.usefixtures("later")
def test_a_message_is_mailed_to_the_organizers_who_can_answer() -> None:
    response = _post("/fr/contact/")
    assert (response.status_code, response["Location"]) == (303, "/fr/contact/?sent")
    drain()
    (sent,) = mail.outbox
    assert (sent.to, sent.reply_to) == (["team@example.org"], ["dara@example.org"])
    assert "Where is\nthe meeting?" in sent.body
    assert "Sok Dara" in sent.body
    assert read(Client().get("/fr/contact/?sent")).one("div", role="status")


@pytest.mark.usefixtures("later")
def test_it_waits_under_a_key_and_is_gone_once_it_has_left() -> None:
    _post()
    waiting = Delivery.objects.get()
    assert b"meeting" not in bytes(waiting.content or b"")
    drain()
    sent = Delivery.objects.get()
    assert (sent.state, sent.content, sent.address) == ("sent", None, None)


@pytest.mark.usefixtures("later")
def test_markup_of_a_message_is_shown_and_not_run() -> None:
    _post(message="<b>Open</b> https://evil.example/")
    drain()
    html = str(mail.outbox[0].alternatives[0][0])
    assert "&lt;b&gt;Open&lt;/b&gt;" in html
    assert 'href="https://evil.example' not in html


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    "address",
    ["dara@example.org\nBcc: all@example.org", "dara@example.org%0d%0aBcc:x@y.org", "a@b,c@d.org"],
)
def test_an_address_adds_no_header(address: str) -> None:
    assert _post(email=address).status_code == 422
    assert not Delivery.objects.exists()


@pytest.mark.usefixtures("later")
def test_what_is_missing_is_said_and_what_was_typed_is_kept() -> None:
    response = _post(email="", message="  ")
    assert response.status_code == 422
    assert summary(response) == [
        ("Enter your e-mail address", "id_email"),
        ("Enter your message", "id_message"),
    ]
    assert typed(response, "contact-form")["name"] == "Sok Dara"
    long = "a" * 4001
    response = _post(message=long, name="")
    assert summary(response) == [("Message must have 4,000 characters or fewer", "id_message")]
    assert _message(response) == long


@pytest.mark.usefixtures("later")
def test_a_name_that_is_none_is_refused_and_none_is_asked_for() -> None:
    response = _post(name="www.example.org")
    assert response.status_code == 422
    assert typed(response, "contact-form")["name"] == "www.example.org"
    assert _post(name="").status_code == 303


@pytest.mark.usefixtures("later")
def test_a_program_that_fills_in_everything_sends_nothing_and_is_told_the_same() -> None:
    assert _post(website="https://spam.example/")["Location"] == f"{PAGE}?sent"
    assert not Delivery.objects.exists()


def test_a_hasty_or_stale_form_is_sent_by_the_next_press(set_clock: SetClock) -> None:
    response = _post()
    assert (response.status_code, Delivery.objects.exists()) == (422, False)
    answers = typed(response, "contact-form") | {"message": _message(response)}
    set_clock(timezone.now() + timedelta(seconds=10))
    assert browser().post(PAGE, answers).status_code == 303
    assert Delivery.objects.count() == 1

    response = _post(form_token="nonsense")
    assert response.status_code == 422
    assert typed(response, "contact-form")["form_token"] != "nonsense"


@pytest.mark.usefixtures("later")
def test_with_the_database_away_the_message_stays_on_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(**_message: str) -> None:
        raise OperationalError

    monkeypatch.setattr(contacting, "send_message", fail)
    response = _post()
    assert (response.status_code, _message(response)) == (503, "Where is the meeting?")


@pytest.mark.usefixtures("later")
def test_one_network_writes_some_messages_and_waits() -> None:
    codes = [_post().status_code for _turn in range(6)]
    # Two web processes share the limit where there is no Redis.
    assert codes == [303] * 5 + [429]
    assert int(_post()["Retry-After"]) > 0


def test_another_site_s_post_is_refused() -> None:
    stranger = browser(**{"sec-fetch-site": "cross-site"})
    assert stranger.post(PAGE, _answers()).status_code == 403


def test_the_other_language_keeps_what_was_typed() -> None:
    page = browser().post("/km/contact/", _answers(switch="1"))
    assert (page.status_code, _message(page)) == (200, "Where is the meeting?")
    assert not Delivery.objects.exists()


def test_where_nobody_would_read_it_there_is_no_form(settings: Settings) -> None:
    settings.CONTACT_FORM = False
    page = read(Client().get(PAGE))
    assert page.one("main").all("form") == []
    assert "mailto:team@example.org" in [link.attributes["href"] for link in page.all("a")]
    assert _post().status_code == 404
