"""The mailed link: one button, no name, the signature's own language."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext

from petitions.domain import addresses, signing, tokens, vault, withdrawing
from petitions.models import Delivery, Petition, Signature, Suppression
from petitions.states import SignatureState
from tests.conftest import SetClock
from tests.factories import petitions as make
from tests.pages import browser, buttons, heading, main_text, read
from tests.routes import expire_link

pytestmark = pytest.mark.django_db

PERSON = {
    "name": "Chhaya Unusual",
    "email": "chhaya.unusual@example.org",
    "postal_code": "V3B 9Z9",
}


@pytest.fixture
def signature(petition: Petition) -> Signature:
    return make.submitted(petition, language="en", **PERSON)


def link(signature: Signature, generation: int | None = None) -> str:
    chosen = signature.generation if generation is None else generation
    return f"/c/{tokens.confirm_token(signature.public_id, chosen)}"


def press(signature: Signature, act: str | None = None) -> HttpResponse:
    return browser().post(link(signature), {"act": act} if act else {})


def state(signature: Signature) -> str:
    return Signature.objects.values_list("state", flat=True).get(pk=signature.pk)


# --- ready -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "km"])
@pytest.mark.parametrize("browser_speaks", ["en", "fr", "km"])
def test_it_speaks_the_signatures_language(
    petition: Petition, language: str, browser_speaks: str
) -> None:
    signature = make.submitted(petition, language=language)
    response = browser(accept_language=browser_speaks).get(link(signature))
    with translation.override(language):
        expected = gettext("Confirm your signature")
        title = petition.title
    html_lang = {"en": "en-CA", "fr": "fr-CA", "km": "km"}[language]
    page = read(response)
    assert (heading(response), page.one("html").attributes["lang"]) == (expected, html_lang)
    assert page.one("main").one("p", class_="lead").text == title


def test_one_button_confirms_and_one_says_that_it_was_not_me(signature: Signature) -> None:
    assert buttons(browser().get(link(signature))) == ["confirm", "disown"]


@pytest.mark.parametrize("when", ["waiting", "counted", "expired", "replaced", "withdrawn"])
def test_no_word_about_the_person(signature: Signature, when: str) -> None:
    path = link(signature)
    if when == "counted":
        signing.confirm(signature)
    if when == "expired":
        expire_link(signature)
    if when == "replaced":
        signing.change_address(signature, "chhaya.unusual@example.com")
    if when == "withdrawn":
        withdrawing.withdraw(signature)
    content = browser().get(path).content.decode().lower()
    pieces = ("chhaya", "unusual", "example.org", "example.com", "v3b", "9z9", "british columbia")
    assert [piece for piece in pieces if piece in content] == []


def test_nothing_on_it_comes_from_elsewhere_or_runs_by_itself(signature: Signature) -> None:
    page = read(browser().get(link(signature)))
    loaded = [
        element.attributes.get("src") or element.attributes.get("href", "")
        for element in page.walk()
        if element.tag in {"script", "img", "link", "iframe", "source"}
    ]
    assert loaded
    assert [each for each in loaded if not each.startswith(("/static/", "data:"))] == []
    assert [each.attributes for each in page.all("script") if "src" not in each.attributes] == []


def test_the_link_to_share_is_not_the_personal_one(signature: Signature) -> None:
    path = link(signature)
    page = read(browser().get(path)).one("main")
    links = [each.attributes["href"] for each in page.all("a")]
    assert links == [f"/en/petitions/{signature.petition.slug}/"]


# --- pressed ---------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", [{}, {"origin": "null"}, {"sec_fetch_site": "cross-site"}])
def test_the_press_counts(signature: Signature, origin: dict[str, str]) -> None:
    """Pages with `no-referrer` post `Origin: null`; the token alone is the capability."""
    response = browser(**origin).post(link(signature), {"act": "confirm"})
    thanks = f"/en/petitions/{signature.petition.slug}/thanks/"
    assert (response.status_code, response["Location"]) == (303, thanks)
    assert Signature.objects.counted().count() == 1


def test_a_bare_post_counts(signature: Signature) -> None:
    assert press(signature).status_code == 303
    assert state(signature) == SignatureState.CONFIRMED


def test_a_second_press_says_that_it_is_already_counted(signature: Signature) -> None:
    press(signature, "confirm")
    response = press(signature, "confirm")
    words = "Your signature is already counted. Thank you."
    assert (response.status_code, heading(response)) == (200, words)
    assert buttons(response) == []
    assert Signature.objects.counted().count() == 1


def test_the_second_row_of_an_address_says_that_it_is_already_counted(
    petition: Petition, signature: Signature
) -> None:
    second = make.submitted(petition, language="en", **PERSON)
    press(signature, "confirm")
    response = press(second, "confirm")
    assert heading(response) == "Your signature is already counted. Thank you."
    assert Signature.objects.counted().count() == 1


def test_thanks_follows_in_the_signatures_language(petition: Petition) -> None:
    signature = make.submitted(petition, language="km")
    response = browser(accept_language="en").post(link(signature))
    assert response["Location"] == f"/km/petitions/{petition.slug}/thanks/"


def test_a_held_one_is_confirmed_and_told_so(signature: Signature) -> None:
    Signature.objects.update(held_at=timezone.now(), held_rule="trap")
    response = press(signature, "confirm")
    after = browser().get(response["Location"])
    words = "It joins the count after a short check. Thank you."
    assert response["Location"] == f"/en/petitions/{signature.petition.slug}/thanks/?held"
    assert (heading(after), words in main_text(after)) == ("Your signature is confirmed", True)
    for again in (browser().get(link(signature)), press(signature, "disown")):
        assert (heading(again), words in main_text(again)) == ("Your signature is confirmed", True)
        assert buttons(again) == []
    assert not Signature.objects.counted().exists()


def test_thanks_includes_the_press_that_led_there(petition: Petition, signature: Signature) -> None:
    """The stored total is of a moment before."""
    make.confirmed(petition)
    response = browser().get(press(signature)["Location"])
    assert heading(response) == "Your signature is counted"
    assert "Ask 3 people today: 498 to go." in main_text(response)


# --- no button -------------------------------------------------------------------------------


def test_an_expired_link_offers_a_new_one(signature: Signature) -> None:
    expire_link(signature)
    old = link(signature)
    response = browser().get(old)
    assert (heading(response), buttons(response)) == ("This link has expired", ["renew"])
    assert browser().post(old, {"act": "confirm"}).status_code == 200
    assert state(signature) == SignatureState.PENDING

    renewed = browser().post(old, {"act": "renew"})
    signature.refresh_from_db()
    assert heading(renewed) == "A new link is on its way"
    assert Delivery.objects.filter(signature=signature, generation=1).count() == 1
    assert heading(browser().get(old)) == "There is a newer link"
    assert press(signature).status_code == 303


def test_a_new_link_twice_is_one_new_link(signature: Signature) -> None:
    expire_link(signature)
    old = link(signature)
    answers = [heading(browser().post(old, {"act": "renew"})) for _turn in range(2)]
    assert answers == ["A new link is on its way", "There is a newer link"]
    assert Delivery.objects.filter(signature=signature, generation=1).count() == 1


def test_a_link_that_works_is_not_renewed_and_not_confirmed_by_that_button(
    signature: Signature,
) -> None:
    response = press(signature, "renew")
    signature.refresh_from_db()
    assert (response.status_code, buttons(response)) == (200, ["confirm", "disown"])
    assert (signature.state, signature.generation) == (SignatureState.PENDING, 0)


def test_a_replaced_link(signature: Signature) -> None:
    signing.change_address(signature, "new@example.org")
    response = browser().get(link(signature, generation=0))
    assert (heading(response), buttons(response)) == ("There is a newer link", [])
    browser().post(link(signature, generation=0))
    assert state(signature) == SignatureState.PENDING


def test_a_withdrawn_signature(signature: Signature) -> None:
    withdrawing.withdraw(signature)
    for response in (browser().get(link(signature)), press(signature)):
        assert (heading(response), buttons(response)) == ("This signature was withdrawn", [])
    assert state(signature) == SignatureState.WITHDRAWN


@pytest.mark.parametrize(
    ("after_closing", "words"),
    [
        (timedelta(hours=23, minutes=59), "Confirm your signature"),
        (timedelta(hours=24), "This petition has closed"),
    ],
)
def test_after_closing_a_day_is_left(
    petition: Petition,
    signature: Signature,
    set_clock: SetClock,
    after_closing: timedelta,
    words: str,
) -> None:
    closing = signature.created_at + timedelta(hours=1)
    Petition.objects.update(closes_at=closing, state="closed")
    set_clock(closing + after_closing)
    assert heading(browser().get(link(signature))) == words
    pressed = press(signature)
    assert (pressed.status_code == 303) == (words == "Confirm your signature")


@pytest.mark.parametrize(
    "flaw",
    ["cut", "longer", "changed", "another's", "a future generation", "manage", "unsubscribe"],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_token_that_was_never_mailed(
    client: Client, petition: Petition, signature: Signature, flaw: str, method: str
) -> None:
    token = tokens.confirm_token(signature.public_id, 0)
    other = tokens.confirm_token(make.submitted(petition).public_id, 0)
    flawed = {
        "cut": token[:-1],
        "longer": token + "A",
        "changed": token[:-2] + ("AA" if token[-2:] != "AA" else "BA"),
        "another's": token[:22] + other[22:],
        "a future generation": tokens.confirm_token(signature.public_id, 1),
        "manage": tokens.manage_token(signature.public_id, timezone.now()),
        "unsubscribe": tokens.unsubscribe_token(signature.public_id),
    }[flaw]
    response = getattr(client, method)(f"/c/{flawed}")
    assert (response.status_code, heading(response)) == (404, "This link does not work")
    assert state(signature) == SignatureState.PENDING


def test_a_purged_row(client: Client, signature: Signature) -> None:
    path = link(signature)
    Signature.objects.all().delete()
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


# --- "I did not sign" ------------------------------------------------------------------------


def test_i_did_not_sign_empties_the_row_and_never_writes_again(
    petition: Petition, signature: Signature
) -> None:
    response = press(signature, "disown")
    row = Signature.objects.get()
    assert heading(response) == "Thank you for telling us"
    assert (row.state, row.box_person, row.box_email, row.mail_address, row.email_index) == (
        SignatureState.REJECTED,
        None,
        None,
        None,
        None,
    )
    assert [bytes(each.email_index) for each in Suppression.objects.all()] == [
        addresses.index(PERSON["email"], petition)
    ]


def test_i_did_not_sign_twice_says_the_same(signature: Signature) -> None:
    answers = [heading(press(signature, "disown")) for _turn in range(2)]
    assert answers == ["Thank you for telling us"] * 2
    assert Suppression.objects.count() == 1


def test_after_i_did_not_sign_the_link_counts_nothing(signature: Signature) -> None:
    press(signature, "disown")
    assert press(signature, "confirm").status_code == 200
    assert not Signature.objects.counted().exists()


def test_of_a_counted_signature_it_is_not_said_that_nothing_is_counted(
    signature: Signature,
) -> None:
    """An old page of the phone still shows both buttons."""
    press(signature, "confirm")
    response = press(signature, "disown")
    assert heading(response) == "Your signature is already counted. Thank you."
    assert Signature.objects.counted().count() == 1
    assert not Suppression.objects.exists()


def test_a_replaced_link_cannot_disown_what_came_after(signature: Signature) -> None:
    signing.change_address(signature, "new@example.org")
    response = browser().post(link(signature, generation=0), {"act": "disown"})
    assert heading(response) == "There is a newer link"
    assert state(signature) == SignatureState.PENDING
    assert not Suppression.objects.exists()


def test_a_press_leaves_the_sealed_person_as_it_was(
    petition: Petition, signature: Signature
) -> None:
    press(signature, "confirm")
    row = Signature.objects.get()
    opened = vault.unseal(
        vault.open_vault(petition.vault, make.PASSPHRASE),
        row.box_person,
        petition=petition.public_id,
        signature=row.public_id,
    )
    assert opened == {"name": PERSON["name"], "postal_code": PERSON["postal_code"]}
    assert row.mail_address is None


def test_the_token_is_long_enough_to_be_no_guess(signature: Signature) -> None:
    assert re.fullmatch(r"/c/[A-Za-z0-9_-]{43}", link(signature))
