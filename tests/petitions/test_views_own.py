"""A signer's own pages: ask for the link, see, withdraw, erase, stop news."""

from datetime import datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext

from petitions import formats, networks
from petitions.domain import addresses, counting, mailing, tokens, withdrawing
from petitions.models import Delivery, Petition, Signature, Subscription
from petitions.states import DeliveryKind, DeliveryState, SignatureState
from tests.conftest import SetClock
from tests.factories import petitions as make
from tests.pages import browser, buttons, field_errors, heading, main_text, read

pytestmark = pytest.mark.django_db


def link(signature: Signature, now: datetime | None = None) -> str:
    return f"/m/{tokens.manage_token(signature.public_id, now or timezone.now())}"


def press(signature: Signature, act: str, **headers: str) -> HttpResponse:
    return browser(**headers).post(link(signature), {"act": act})


def facts(response: HttpResponse) -> dict[str, str]:
    table = read(response).one("dl", class_="facts")
    names, values = table.all("dt"), table.all("dd")
    return {name.text: value.text for name, value in zip(names, values, strict=True)}


# --- asking for the link ---------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_asking_queues_one_mail_to_that_address(language: str) -> None:
    response = browser().post(f"/{language}/my-signature/", {"email": "Dara@Example.org"})
    delivery = Delivery.objects.get()
    with translation.override(language):
        lead = gettext("If this address has signed, we have sent the details")
    assert (response.status_code, read(response).one("p", class_="lead").text) == (200, lead)
    assert (delivery.kind, delivery.language, delivery.petition, delivery.signature) == (
        DeliveryKind.MANAGE,
        language,
        None,
        None,
    )
    assert addresses.unlock(delivery.address) == "Dara@example.org"


@pytest.mark.parametrize(
    ("email", "text"),
    [
        ("", "Enter your e-mail address"),
        ("dara@", "Enter an e-mail address in the correct format, like name@example.com"),
        ("ដារ៉ា@gmail.com", "Use Latin letters in your e-mail address"),
        (
            "dara@example.org\nBcc: victim@example.org",
            "Enter an e-mail address in the correct format, like name@example.com",
        ),
    ],
)
def test_a_flawed_address_is_kept_and_explained(email: str, text: str) -> None:
    response = browser().post("/en/my-signature/", {"email": email})
    assert (response.status_code, field_errors(response)) == (422, {"email": [text]})
    assert not Delivery.objects.exists()


def test_asking_is_limited_per_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(networks.LIMITS, "my-signature", ((1, 10), 400))
    for _turn in range(2):
        response = browser().post("/en/my-signature/", {"email": "dara@example.org"})
    typed = read(response).one("input", name="email").attributes["value"]
    assert (response.status_code, 0 < int(response["Retry-After"]) <= 600) == (429, True)
    assert "Too many tries. Wait 10 minutes and try again." in main_text(response)
    assert (typed, Delivery.objects.count()) == ("dara@example.org", 1)


def test_asking_from_another_site_is_refused() -> None:
    client = browser(origin="https://evil.example")
    response = client.post("/en/my-signature/", {"email": "dara@example.org"})
    assert response.status_code == 403
    assert not Delivery.objects.exists()


# --- what is shown ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_state_date_and_province_in_the_signatures_language(
    petition: Petition, language: str
) -> None:
    signature = make.confirmed(petition, language=language)
    response = browser(accept_language="en").get(link(signature))
    with translation.override(language):
        expected = {
            gettext("State"): str(SignatureState.CONFIRMED.label),
            gettext("Date"): formats.long_date(signature.confirmed_at),
            gettext("Province or territory"): formats.province("BC"),
            gettext("News by e-mail"): gettext("No"),
        }
        assert facts(response) == expected
        assert heading(response) == gettext("My signature")


def test_a_country_for_those_abroad(petition: Petition) -> None:
    signature = make.confirmed(
        petition,
        language="en",
        eligibility="citizen",
        residence="abroad",
        province="",
        postal_code="",
        country="FR",
    )
    assert facts(browser().get(link(signature)))["Country"] == "France"


BUTTONS = {
    "waiting": ["resend", "withdraw", "erase"],
    "counted": ["withdraw", "erase"],
    "counted with news": ["stop_news", "withdraw", "erase"],
    "withdrawn": ["erase"],
    "erased": [],
}


def in_state(petition: Petition, name: str) -> Signature:
    if name == "waiting":
        return make.submitted(petition, language="en")
    signature = make.confirmed(petition, language="en", wants_news=name == "counted with news")
    if name == "withdrawn":
        withdrawing.withdraw(signature)
    if name == "erased":
        withdrawing.erase(signature)
    return signature


@pytest.mark.parametrize("name", BUTTONS)
def test_what_may_be_done_in_each_state(petition: Petition, name: str) -> None:
    assert buttons(browser().get(link(in_state(petition, name)))) == BUTTONS[name]


@pytest.mark.parametrize("name", BUTTONS)
def test_no_name_and_no_address_in_any_state(petition: Petition, name: str) -> None:
    content = browser().get(link(in_state(petition, name))).content.decode()
    assert [piece for piece in ("Sok Dara", "signer-", "V3B") if piece in content] == []


# --- withdraw, erase, stop news, send again --------------------------------------------------


def test_withdraw_takes_one_off_the_count(petition: Petition) -> None:
    first, _second = make.confirmed(petition, language="en"), make.confirmed(petition)
    counts = [counting.live_total(petition)]
    response = press(first, "withdraw")
    counts.append(counting.live_total(petition))
    assert counts == [2, 1]
    assert "Your signature is withdrawn. It is no longer counted." in main_text(response)
    assert facts(response)["State"] == str(SignatureState.WITHDRAWN.label)
    assert buttons(response) == ["erase"]


def test_withdraw_twice_takes_one_off_once(petition: Petition) -> None:
    signature = make.confirmed(petition, language="en")
    make.confirmed(petition)
    for _turn in range(2):
        response = press(signature, "withdraw")
    assert counting.live_total(petition) == 1
    assert response.status_code == 200


def test_erase_leaves_no_trace_of_the_person(petition: Petition) -> None:
    signature = make.confirmed(petition, language="en", wants_news=True)
    response = press(signature, "erase")
    signature.refresh_from_db()
    kept = (signature.box_person, signature.box_email, signature.email_index, signature.province)
    assert "Your data is erased and your signature is no longer counted." in main_text(response)
    assert (kept, signature.erased_at is None) == ((None, None, None, ""), False)
    assert not Subscription.objects.exists()
    assert counting.live_total(petition) == 0


def test_stop_news_keeps_the_signature(petition: Petition) -> None:
    signature = make.confirmed(petition, language="en", wants_news=True)
    assert facts(browser().get(link(signature)))["News by e-mail"] == "Yes"
    response = press(signature, "stop_news")
    assert "You will get no more e-mails about this petition." in main_text(response)
    assert facts(response)["News by e-mail"] == "No"
    assert not Subscription.objects.exists()
    assert counting.live_total(petition) == 1


def test_send_again_for_a_waiting_one(petition: Petition, set_clock: SetClock) -> None:
    signature = make.submitted(petition, language="en")
    set_clock(timezone.now() + timedelta(seconds=61))
    response = press(signature, "resend")
    assert "The e-mail is on its way again. The newest one counts." in main_text(response)
    assert Delivery.objects.filter(kind=DeliveryKind.SIGN).count() == 2


def test_send_again_too_soon_queues_nothing(petition: Petition) -> None:
    press(make.submitted(petition, language="en"), "resend")
    assert Delivery.objects.filter(kind=DeliveryKind.SIGN).count() == 1


@pytest.mark.parametrize("act", ["", "confirm", "resend", "delete", "WITHDRAW"])
def test_other_acts_change_nothing(petition: Petition, act: str) -> None:
    signature = make.confirmed(petition, language="en")
    before = Signature.objects.values().get()
    response = press(signature, act)
    assert response.status_code == 200
    assert Signature.objects.values().get() == before


@pytest.mark.parametrize("headers", [{}, {"origin": "null"}, {"sec_fetch_site": "cross-site"}])
def test_the_token_alone_is_the_capability(petition: Petition, headers: dict[str, str]) -> None:
    signature = make.confirmed(petition, language="en")
    press(signature, "withdraw", **headers)
    signature.refresh_from_db()
    assert signature.state == SignatureState.WITHDRAWN


# --- tokens ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "status"),
    [(timedelta(minutes=29, seconds=58), 200), (timedelta(minutes=30, seconds=1), 410)],
)
def test_the_link_works_for_half_an_hour(
    petition: Petition, set_clock: SetClock, age: timedelta, status: int
) -> None:
    signature = make.confirmed(petition, language="en")
    now = timezone.now()
    path = link(signature, now)
    set_clock(now + age)
    assert [browser().get(path).status_code, browser().post(path).status_code] == [status] * 2


def test_an_expired_link_does_nothing_and_says_where_to_ask_again(petition: Petition) -> None:
    signature = make.confirmed(petition)
    path = link(signature, timezone.now() - timedelta(hours=1))
    response = browser(accept_language="en").post(path, {"act": "erase"})
    signature.refresh_from_db()
    links = [each.attributes["href"] for each in read(response).one("main").all("a")]
    assert (heading(response), links) == ("This link has expired", ["/en/my-signature/"])
    assert signature.state == SignatureState.CONFIRMED


@pytest.mark.parametrize(
    "purpose", ["confirm", "unsubscribe", "handle", "longer life", "another's"]
)
def test_a_token_of_another_purpose_is_refused(petition: Petition, purpose: str) -> None:
    signature, other = make.confirmed(petition), make.confirmed(petition)
    mine = tokens.manage_token(signature.public_id, timezone.now())
    later = tokens.manage_token(signature.public_id, timezone.now() + timedelta(days=1))
    token = {
        "confirm": tokens.confirm_token(signature.public_id, 0),
        "unsubscribe": tokens.unsubscribe_token(signature.public_id),
        "handle": tokens.make_handle(signature.public_id, "dara@example.org"),
        "longer life": later[:27] + mine[27:],
        "another's": tokens.manage_token(other.public_id, timezone.now())[:21] + mine[21:],
    }[purpose]
    response = browser(accept_language="en").post(f"/m/{token}", {"act": "erase"})
    assert (response.status_code, heading(response)) == (404, "This link does not work")
    assert Signature.objects.counted().count() == 2


def test_the_link_of_a_row_that_is_gone(petition: Petition) -> None:
    signature = make.submitted(petition)
    path = link(signature)
    Signature.objects.all().delete()
    assert browser().get(path).status_code == 404


# --- unsubscribe -----------------------------------------------------------------------------


@pytest.fixture
def subscription(petition: Petition) -> Subscription:
    make.confirmed(petition, language="fr", wants_news=True)
    return Subscription.objects.get()


def stop_link(subscription: Subscription) -> str:
    return f"/u/{tokens.unsubscribe_token(subscription.public_id)}"


def test_opening_the_link_stops_nothing(subscription: Subscription) -> None:
    response = browser(accept_language="en").get(stop_link(subscription))
    with translation.override("fr"):
        expected = gettext("Stop e-mails")
    assert (heading(response), buttons(response)) == (expected, ["stop"])
    assert Subscription.objects.count() == 1


@pytest.mark.parametrize(
    "data",
    [{"List-Unsubscribe": "One-Click"}, {"act": "stop"}, {}],
    ids=["one click", "button", "bare"],
)
def test_one_post_stops_the_news_and_keeps_the_signature(
    petition: Petition, subscription: Subscription, data: dict[str, str]
) -> None:
    """RFC 8058: mail programs post without cookies, origin or referrer."""
    response = browser().post(stop_link(subscription), data)
    with translation.override("fr"):
        expected = gettext("You will get no more e-mails about this petition.")
    assert (response.status_code, heading(response)) == (200, expected)
    assert not Subscription.objects.exists()
    assert counting.live_total(petition) == 1


def test_news_that_wait_for_that_address_are_dropped_with_it(
    petition: Petition, subscription: Subscription
) -> None:
    own_index = bytes(subscription.email_index)
    for index in (addresses.index("other@example.org", petition), own_index):
        mailing.queue(
            DeliveryKind.NEWS,
            petition=petition,
            address=bytes(subscription.address),
            address_index=index,
            language="en",
        )
    browser().post(stop_link(subscription))
    other, own = Delivery.objects.filter(kind=DeliveryKind.NEWS).order_by("pk")
    assert (own.state, own.address) == (DeliveryState.DROPPED, None)
    assert other.state == DeliveryState.QUEUED


def test_stopping_twice_is_no_error(subscription: Subscription) -> None:
    path = stop_link(subscription)
    answers = [browser().post(path).status_code for _turn in range(2)]
    assert (answers, browser().get(path).status_code) == ([200, 200], 200)


def test_others_keep_their_news(petition: Petition, subscription: Subscription) -> None:
    make.confirmed(petition, wants_news=True)
    browser().post(stop_link(subscription))
    assert Subscription.objects.count() == 1
    assert not Subscription.objects.filter(pk=subscription.pk).exists()


def test_a_manage_token_stops_no_news(client: Client, subscription: Subscription) -> None:
    signature = Signature.objects.get()
    token = tokens.manage_token(signature.public_id, timezone.now())
    assert client.post(f"/u/{token}").status_code == 404
    assert Subscription.objects.count() == 1
