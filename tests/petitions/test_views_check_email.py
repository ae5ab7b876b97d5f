"""Check your e-mail: help for finding the mail, and nothing about what became of the row."""

from datetime import timedelta

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext

from petitions import networks
from petitions.domain import addresses, reminding, signing, tokens
from petitions.domain.delivering import drain
from petitions.models import Delivery, Petition, Signature
from petitions.states import DeliveryState, SignatureState
from tests.conftest import SetClock
from tests.factories import petitions as make
from tests.pages import browser, field_errors, heading, main_text, read, summary

pytestmark = pytest.mark.django_db

EMAIL = "dara@gmail.com"


@pytest.fixture
def signature(petition: Petition) -> Signature:
    return make.submitted(petition, email=EMAIL)


def address(signature: Signature, email: str = EMAIL, language: str = "en") -> str:
    handle = tokens.make_handle(signature.public_id, email)
    return f"/{language}/petitions/{signature.petition.slug}/check-email/{handle}/"


def right_code(signature: Signature) -> str:
    signature.refresh_from_db()
    return tokens.confirm_code(signature.public_id, signature.generation)


def wrong_code(signature: Signature) -> str:
    return f"{(int(right_code(signature)) + 1) % 1_000_000:06d}"


def type_code(signature: Signature, code: str) -> HttpResponse:
    return browser().post(address(signature), {"act": "code", "code": code})


def shown_address(response: HttpResponse) -> str:
    return read(response).one("main").one("b", class_="break").text


# --- what it says ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_it_names_the_address_the_sender_and_the_subject(
    signature: Signature, language: str
) -> None:
    with translation.override(language):
        subject, first_words = (
            gettext("Confirm your address"),
            gettext("One more step: open your e-mail"),
        )
    response = browser().get(address(signature, language=language))
    facts = [each.text for each in read(response).one("dl", class_="facts").all("dd")]
    assert (heading(response), shown_address(response)) == (first_words, EMAIL)
    assert facts == ["petition@testserver", subject]


def test_the_subject_is_that_of_the_mail(signature: Signature) -> None:
    drain()
    response = browser().get(address(signature, language=signature.language))
    assert mail.outbox[0].subject in main_text(response)


@pytest.mark.parametrize(
    ("age", "shown"),
    [
        (timedelta(minutes=59), EMAIL),
        (timedelta(hours=1, seconds=2), "d•••@gmail.com"),
        (timedelta(days=3), "d•••@gmail.com"),
    ],
)
def test_the_address_is_shown_for_an_hour(
    signature: Signature, set_clock: SetClock, age: timedelta, shown: str
) -> None:
    path = address(signature)
    set_clock(timezone.now() + age)
    response = browser().get(path)
    assert shown_address(response) == shown
    assert (EMAIL in response.content.decode()) == (shown == EMAIL)


def test_it_never_says_that_a_signature_is_counted(signature: Signature) -> None:
    waiting = main_text(browser().get(address(signature)))
    signing.confirm(signature)
    counted = main_text(browser().get(address(signature)))
    assert counted == waiting
    assert "not counted until you press the button" in counted


def test_it_promises_the_reminders_that_leave(signature: Signature) -> None:
    assert (timedelta(days=1), timedelta(days=3)) == reminding.AFTER
    text = main_text(browser().get(address(signature)))
    assert "we remind you after one day and after three days, and then no more." in text


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("d@gmail.com", "Open Gmail"),
        ("d@googlemail.com", "Open Gmail"),
        ("d@hotmail.ca", "Open Outlook"),
        ("d@live.ca", "Open Outlook"),
        ("d@yahoo.fr", "Open Yahoo"),
        ("d@msn.com", "Open Outlook"),
        ("d@icloud.com", "Open iCloud"),
        ("d@mac.com", "Open iCloud"),
        ("d@proton.me", "Open Proton Mail"),
        ("d@protonmail.com", "Open Proton Mail"),
        ("d@aol.com", "Open AOL"),
        ("d@videotron.ca", ""),
        ("d@notgmail.com", ""),
        ("d@gmail.com.evil.example", ""),
    ],
)
def test_web_mail_by_the_domain(signature: Signature, email: str, name: str) -> None:
    response = browser().get(address(signature, email))
    links = [link.text for link in read(response).one("main").all("a", class_="button")]
    assert [text for text in links if text.startswith("Open ")] == ([name] if name else [])
    assert ("Open your mail app now." in main_text(response)) == (not name)


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (iPhone) [FBAN/FBIOS;FBAV/440.0]",
        "Mozilla/5.0 (Linux; Android 13; wv) Chrome/116 [FB_IAB/FB4A;FBAV/430]",
        "Mozilla/5.0 (iPhone) Instagram 300.0",
        "Mozilla/5.0 (Linux; Android 12; SM-A1; wv) Version/4.0 Chrome/120",
        "Mozilla/5.0 (iPhone) Mobile/15E148 [FBAN/MessengerForiOS;FBAV/450.0]",
        "Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile Safari [FB_IAB/Orca-Android;FBAV/440]",
        "Mozilla/5.0 (iPhone) Safari Line/13.20.0",
        "Mozilla/5.0 (iPhone) Mobile/15E148 Barcelona 320.0",
        "Mozilla/5.0 (iPhone) Mobile/15E148 MicroMessenger/8.0",
        "Mozilla/5.0 (iPhone) Mobile/15E148 musical_ly_33 BytedanceWebview",
        "Mozilla/5.0 (iPhone) Mobile/15E148 Snapchat/12.60",
        "Mozilla/5.0 (iPhone) Mobile/15E148 Twitter for iPhone/10.2",
    ],
)
def test_no_web_mail_inside_another_app(signature: Signature, agent: str) -> None:
    response = browser(user_agent=agent).get(address(signature))
    assert "https://mail.google.com/" not in response.content.decode()
    assert "Open your mail app now." in main_text(response)


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (Linux; Android 8.0.0; SM-A520W) AppleWebKit/537.36 Chrome/120 Mobile Safari",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 15_8 like Mac OS X) Version/15.6 Mobile Safari/604.1",
        "Mozilla/5.0 (Linux; Android 13) SamsungBrowser/23.0 Chrome/115 Mobile Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; rv:120.0) Gecko/20100101 Firefox/120.0",
        "",
    ],
)
def test_web_mail_in_a_browser_of_its_own(signature: Signature, agent: str) -> None:
    response = browser(user_agent=agent).get(address(signature))
    assert read(response).one("main").all("a", href="https://mail.google.com/")


# --- a slip after @ --------------------------------------------------------------------------

SLIP, MEANT = "dara@gmial.com", "dara@gmail.com"


def _proposed(response: HttpResponse) -> list[str]:
    fields = read(response).one("main").all("input", type="hidden", name="email")
    return [field.attributes["value"] for field in fields]


def test_the_address_that_was_probably_meant_takes_one_press(petition: Petition) -> None:
    signature = make.submitted(petition, email=SLIP)
    path = address(signature, SLIP)
    page = browser().get(path)
    assert f"Did you mean {MEANT}?" in main_text(page)
    (email,) = _proposed(page)
    response = browser().post(path, {"act": "change", "email": email})
    after = browser().get(response["Location"])
    signature.refresh_from_db()
    assert (response.status_code, shown_address(after), _proposed(after)) == (303, MEANT, [])
    assert addresses.unlock(signature.mail_address) == MEANT


def test_the_proposal_is_gone_when_the_address_is_masked(
    petition: Petition, set_clock: SetClock
) -> None:
    path = address(make.submitted(petition, email=SLIP), SLIP)
    set_clock(timezone.now() + timedelta(hours=1, seconds=2))
    response = browser().get(path)
    assert _proposed(response) == []
    assert MEANT not in response.content.decode()


def test_the_mail_leaves_all_the_same(petition: Petition) -> None:
    make.submitted(petition, email=SLIP)
    drain()
    assert [message.to for message in mail.outbox] == [[SLIP]]


@pytest.mark.parametrize(
    ("waited", "is_slow"), [(timedelta(seconds=119), False), (timedelta(seconds=125), True)]
)
def test_it_says_when_mail_is_slow(
    signature: Signature, set_clock: SetClock, waited: timedelta, *, is_slow: bool
) -> None:
    set_clock(timezone.now() + waited)
    words = "E-mail is slow at the moment."
    assert (words in main_text(browser().get(address(signature)))) == is_slow


def test_it_says_when_the_mail_server_refused_this_address(
    petition: Petition, signature: Signature
) -> None:
    words = "The mail server of this address refused our e-mail"
    drain()
    assert words not in main_text(browser().get(address(signature)))
    old = address(signature)
    Delivery.objects.update(state=DeliveryState.BOUNCED)
    assert words in main_text(browser().get(old))
    assert "<details open>" in browser().get(old).content.decode()
    signing.change_address(signature, "right@example.org")
    drain()
    signature.refresh_from_db()
    assert words not in main_text(browser().get(address(signature, "right@example.org")))


# --- the code --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["{code}", " {code} ", "{first} {last}", "{khmer}", "{wide}"])
def test_the_right_code_confirms_in_any_digits(signature: Signature, form: str) -> None:
    code = right_code(signature)
    typed = form.format(
        code=code,
        first=code[:3],
        last=code[3:],
        khmer="".join(chr(0x17E0 + int(digit)) for digit in code),
        wide="".join(chr(0xFF10 + int(digit)) for digit in code),
    )
    response = type_code(signature, typed)
    signature.refresh_from_db()
    assert (response.status_code, response["Location"]) == (
        303,
        f"/en/petitions/{signature.petition.slug}/thanks/",
    )
    assert signature.state == SignatureState.CONFIRMED


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "១២៣", "½23456"])
def test_what_is_no_code_is_no_try(signature: Signature, code: str) -> None:
    response = type_code(signature, code)
    signature.refresh_from_db()
    text = "The code is not right. Check the newest e-mail"
    assert (response.status_code, signature.code_tries) == (422, 0)
    assert field_errors(response) == {"code": [text]}
    assert summary(response) == [(text, "id_code")]


def test_five_tries(signature: Signature) -> None:
    code = wrong_code(signature)
    texts = [field_errors(type_code(signature, code))["code"] for _turn in range(6)]
    not_right = ["The code is not right. Check the newest e-mail"]
    assert texts == [not_right] * 5 + [
        ["Too many tries with the code. Press the button in the e-mail instead"]
    ]
    assert type_code(signature, right_code(signature)).status_code == 422
    signature.refresh_from_db()
    assert signature.state == SignatureState.PENDING


def test_the_right_code_again_is_the_same_thank_you(signature: Signature) -> None:
    code = right_code(signature)
    answers = [type_code(signature, code) for _turn in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Signature.objects.counted().count() == 1


def test_a_code_after_the_count_is_final(signature: Signature, set_clock: SetClock) -> None:
    path, code = address(signature), right_code(signature)
    signature.refresh_from_db()
    closing = signature.created_at + timedelta(hours=1)
    Petition.objects.update(closes_at=closing, state="closed")
    set_clock(closing + timedelta(hours=24))
    response = browser().post(path, {"act": "code", "code": code})
    assert field_errors(response) == {"code": ["This petition has closed"]}


def test_codes_are_limited_per_network(
    signature: Signature, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(networks.LIMITS, "code", ((1, 10), 400))
    type_code(signature, wrong_code(signature))
    response = type_code(signature, right_code(signature))
    assert (response.status_code, 0 < int(response["Retry-After"]) <= 600) == (429, True)
    assert "Too many tries. Wait 10 minutes and try again." in main_text(response)


# --- send again, change the address ----------------------------------------------------------


def test_send_again_rests_for_a_minute(signature: Signature) -> None:
    response = browser().post(address(signature), {"act": "resend"})
    wait = int(response["Retry-After"])
    assert (response.status_code, 0 < wait <= 60) == (429, True)
    assert f"Wait {wait} seconds before sending again" in main_text(response)
    assert Delivery.objects.count() == 1


def test_send_again_after_a_minute(signature: Signature, set_clock: SetClock) -> None:
    set_clock(timezone.now() + timedelta(seconds=61))
    path = address(signature)
    response = browser().post(path, {"act": "resend"})
    after = browser().get(response["Location"])
    assert (response.status_code, response["Location"]) == (303, f"{path}?sent=1")
    assert "The e-mail is on its way again. The newest one counts." in main_text(after)
    assert Delivery.objects.count() == 2


def test_change_of_address_gives_a_page_of_its_own(signature: Signature) -> None:
    response = browser().post(address(signature), {"act": "change", "email": "New@Example.org"})
    page = browser().get(response["Location"])
    signature.refresh_from_db()
    assert (response.status_code, shown_address(page)) == (303, "New@example.org")
    assert addresses.unlock(signature.mail_address) == "New@example.org"


@pytest.mark.parametrize(
    ("email", "text"),
    [
        ("", "Enter your e-mail address"),
        ("dara@", "Enter an e-mail address in the correct format, like name@example.com"),
        ("ដារ៉ា@gmail.com", "Use Latin letters in your e-mail address"),
    ],
)
def test_a_flawed_new_address_stays_in_its_field(
    signature: Signature, email: str, text: str
) -> None:
    response = browser().post(address(signature), {"act": "change", "email": email})
    page = read(response)
    assert (response.status_code, field_errors(response)) == (422, {"email": [text]})
    assert page.one("input", name="email").attributes.get("value", "") == email
    assert "open" in page.one("details").attributes


def test_mails_asked_for_are_limited_per_network(
    signature: Signature, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(networks.LIMITS, "resend", ((1, 10), 400))
    answers = [
        browser().post(address(signature), {"act": act, "email": "new@example.org"})
        for act in ("resend", "change")
    ]
    signature.refresh_from_db()
    assert [answer.status_code for answer in answers] == [429, 429]
    assert "Too many tries. Wait 10 minutes and try again." in main_text(answers[1])
    assert addresses.unlock(signature.mail_address) == EMAIL


@pytest.mark.parametrize("act", ["", "confirm", "withdraw", "erase", "disown"])
def test_other_acts_do_nothing(signature: Signature, act: str) -> None:
    response = browser().post(address(signature), {"act": act})
    before = Signature.objects.values().get()
    assert response.status_code == 200
    assert (before["state"], before["generation"]) == (SignatureState.PENDING, 0)
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("act", ["code", "resend", "change"])
def test_posts_of_other_sites_are_refused(signature: Signature, act: str) -> None:
    client = browser(origin="https://evil.example")
    data = {"act": act, "code": right_code(signature), "email": "evil@example.org"}
    assert client.post(address(signature), data).status_code == 403
    signature.refresh_from_db()
    assert (signature.state, signature.generation) == (SignatureState.PENDING, 0)


# --- handles ---------------------------------------------------------------------------------


def test_a_handle_opens_the_page_of_its_own_petition_only(signature: Signature) -> None:
    other = make.open_petition()
    path = address(signature).replace(signature.petition.slug, other.slug)
    assert (browser().get(path).status_code, browser().post(path).status_code) == (404, 404)


@pytest.mark.parametrize("flaw", ["cut", "changed", "not ours", "a confirmation token"])
def test_a_flawed_handle(client: Client, signature: Signature, flaw: str) -> None:
    handle = tokens.make_handle(signature.public_id, EMAIL)
    flawed = {
        "cut": handle[:-8],
        "changed": handle[:-4] + ("AAAA" if handle[-4:] != "AAAA" else "BBBB"),
        "not ours": "ថ្ងៃ",
        "a confirmation token": tokens.confirm_token(signature.public_id, 0),
    }[flaw]
    response = client.get(f"/en/petitions/{signature.petition.slug}/check-email/{flawed}/")
    assert (response.status_code, heading(response)) == (404, "This page is no longer here")
