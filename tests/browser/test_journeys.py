"""The way of a signature on a small phone, in each language, with and without JavaScript."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Locator, Page, expect

from petitions.models import Petition, Signature
from petitions.states import SignatureState
from tests.browser.conftest import Visit, each_language, with_and_without_scripts
from tests.browser.visitor import Visitor
from tests.factories import petitions as make

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def petition(transactional_db: None) -> Petition:
    """An open petition with seven signatures: the counter shows from five on."""
    petition = make.open_petition()
    for _number in range(7):
        make.confirmed(petition)
    return petition


def _sees_count(visitor: Visitor, number: int) -> None:
    expect(visitor.page.locator("[data-figure=confirmed_text]")).to_have_text(str(number))


@each_language
@with_and_without_scripts
def test_from_the_petition_to_the_count(
    visit: Visit, petition: Petition, language: str, *, javascript: bool
) -> None:
    dara = visit(language, javascript=javascript)
    dara.opens("petitions:detail", petition.slug)
    dara.follows("Sign this petition")
    dara.fills_form(email="dara@example.org")
    dara.presses("Sign the petition")
    dara.is_at("One more step: open your e-mail")
    dara.reads("dara@example.org")
    dara.page.goto(dara.opens_mail())
    dara.is_at("Confirm your signature")
    assert Signature.objects.counted().count() == 7

    dara.presses("Confirm my signature")

    dara.is_at("Your signature is counted")
    _sees_count(dara, 8)
    assert Signature.objects.counted().count() == 8


@with_and_without_scripts
def test_a_slip_in_the_address_is_mended_by_one_press(
    visit: Visit, petition: Petition, *, javascript: bool
) -> None:
    dara = visit("en", javascript=javascript)
    dara.signs(petition, email="dara@gmial.com")
    dara.reads("Did you mean")

    dara.page.locator("form.panel").get_by_role("button").click()

    dara.is_at("One more step: open your e-mail")
    expect(dara.page.locator(".lead")).to_contain_text("dara@gmail.com")
    dara.opens_mail()
    assert mail.outbox[-1].to == ["dara@gmail.com"]


def test_the_link_opens_in_another_browser_in_the_language_of_the_signature(
    visit: Visit, petition: Petition
) -> None:
    on_the_phone = visit("km")
    on_the_phone.signs(petition, email="dara@example.org")
    at_a_desk = visit("fr", width=1280)
    at_a_desk.language = "km"

    at_a_desk.page.goto(on_the_phone.opens_mail())
    at_a_desk.presses("Confirm my signature")

    at_a_desk.is_at("Your signature is counted")
    _sees_count(at_a_desk, 8)


def test_the_button_of_the_mailed_page_posts_without_an_origin_and_is_heard(
    visit: Visit, petition: Petition
) -> None:
    dara = visit("en")
    dara.signs(petition, email="dara@example.org")
    dara.page.goto(dara.opens_mail())

    with dara.page.expect_request(lambda request: request.method == "POST") as posted:
        dara.presses("Confirm my signature")

    dara.is_at("Your signature is counted")
    headers = posted.value.all_headers()
    assert (headers["origin"], headers.get("referer")) == ("null", None)


@with_and_without_scripts
def test_the_code_does_what_the_link_does(
    visit: Visit, petition: Petition, *, javascript: bool
) -> None:
    dara = visit("fr", javascript=javascript)
    dara.signs(petition, email="dara@example.org")
    code = dara.code()

    dara.field("6-digit code from the e-mail").fill("x")
    dara.presses("Confirm my signature")
    dara.reads("The code is not right. Check the newest e-mail")
    dara.field("6-digit code from the e-mail").fill(f"{code[:3]} {code[3:]}")
    dara.presses("Confirm my signature")

    dara.is_at("Your signature is counted")
    _sees_count(dara, 8)


@with_and_without_scripts
def test_after_five_wrong_codes_the_link_is_left(
    visit: Visit, petition: Petition, *, javascript: bool
) -> None:
    dara = visit("km", javascript=javascript)
    dara.signs(petition, email="dara@example.org")
    code = dara.code()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    for _try in range(5):
        dara.field("6-digit code from the e-mail").fill(wrong)
        # The next page says the same: it must not be taken for the one that is left.
        with dara.page.expect_navigation():
            dara.presses("Confirm my signature")
        dara.reads("The code is not right. Check the newest e-mail")
    dara.field("6-digit code from the e-mail").fill(code)
    dara.presses("Confirm my signature")
    dara.reads("Too many tries with the code. Press the button in the e-mail instead")
    assert Signature.objects.counted().count() == 7

    dara.page.goto(dara.opens_mail())
    dara.presses("Confirm my signature")
    dara.is_at("Your signature is counted")


@with_and_without_scripts
def test_signing_on_a_screen_enlarged_four_times(
    visit: Visit, petition: Petition, *, javascript: bool
) -> None:
    """A window of 1280 by 1024 at 400 % shows as much as one of 320 by 256 (WCAG 1.4.10)."""
    dara = visit("km", javascript=javascript)
    dara.page.set_viewport_size({"width": 320, "height": 256})
    dara.signs(petition, email="dara@example.org")
    sideways = "document.documentElement.scrollWidth > innerWidth"
    assert not dara.page.evaluate(sideways)
    dara.page.goto(dara.opens_mail())
    dara.presses("Confirm my signature")
    dara.is_at("Your signature is counted")
    assert not dara.page.evaluate(sideways)


@with_and_without_scripts
def test_a_changed_address_gets_the_link_and_the_old_link_dies(
    visit: Visit, petition: Petition, *, javascript: bool
) -> None:
    dara = visit("km", javascript=javascript)
    dara.signs(petition, email="drara@example.org")
    old_link = dara.opens_mail()

    dara.page.locator("summary").click()
    dara.field("E-mail address").fill("dara@example.org")
    dara.presses("Use this address")
    dara.reads("dara@example.org")
    new_link = dara.opens_mail()

    assert [message.to for message in mail.outbox] == [["drara@example.org"], ["dara@example.org"]]
    dara.page.goto(old_link)
    dara.is_at("There is a newer link")
    dara.page.goto(new_link)
    dara.presses("Confirm my signature")
    dara.is_at("Your signature is counted")


def test_i_did_not_sign_deletes_what_was_sent(visit: Visit, petition: Petition) -> None:
    stranger = visit("en", javascript=False)
    stranger.signs(petition, email="somebody.else@example.org")
    link = stranger.opens_mail()
    stranger.page.goto(link)

    stranger.presses("I did not sign")

    stranger.is_at("Thank you for telling us")
    (row,) = Signature.objects.exclude(state=SignatureState.CONFIRMED)
    assert (row.state, row.box_person, row.mail_address) == (SignatureState.REJECTED, None, None)


@with_and_without_scripts
def test_back_and_a_second_person_on_the_same_phone_are_two_signatures(
    visit: Visit, petition: Petition, *, javascript: bool
) -> None:
    phone = visit("km", javascript=javascript)
    phone.signs(petition, name="Sok Dara", email="dara@example.org")
    first_link = phone.opens_mail()

    phone.page.go_back()
    phone.fills_form(name="Sok Thida", email="thida@example.org")
    phone.presses("Sign the petition")
    phone.is_at("One more step: open your e-mail")
    phone.reads("thida@example.org")

    for number, link in ((8, first_link), (9, phone.opens_mail())):
        phone.page.goto(link)
        phone.presses("Confirm my signature")
        phone.is_at("Your signature is counted")
        _sees_count(phone, number)


def test_two_presses_in_a_row_are_one_signature(visit: Visit, petition: Petition) -> None:
    dara = visit("en")
    dara.opens_form(petition)
    dara.fills_form(email="dara@example.org")

    dara.button("Sign the petition").dblclick()

    dara.is_at("One more step: open your e-mail")
    dara.page.goto(dara.opens_mail())
    dara.presses("Confirm my signature")
    dara.is_at("Your signature is counted")
    assert Signature.objects.exclude(state=SignatureState.CONFIRMED).count() == 0


def _tabs_to(page: Page, target: Locator) -> None:
    """Presses Tab until `target` has the focus, as a page's order allows."""
    for _press in range(40):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab never reaches {target}")


def test_signing_with_the_keyboard_alone(visit: Visit, petition: Petition) -> None:
    dara = visit("en", width=1280)
    page, keys = dara.page, dara.page.keyboard
    dara.opens("petitions:detail", petition.slug)
    keys.press("Tab")
    expect(page.get_by_role("link", name=dara.words("Skip to main content"))).to_be_focused()
    keys.press("Enter")
    _tabs_to(page, page.locator("a[data-sign]").first)
    keys.press("Enter")

    expect(page).to_have_title(re.compile(f"^Sign: {petition.short_title} "))
    _tabs_to(page, dara.field("I am a Canadian citizen"))
    keys.press("ArrowDown")
    expect(dara.field("I live in Canada")).to_be_checked()
    for label, text in (
        ("Full name", "Sok Dara"),
        ("E-mail address", "dara@example.org"),
        ("Province or territory", "British"),
        ("Postal code", "V3B 1A1"),
    ):
        _tabs_to(page, dara.field(label))
        keys.type(text)
    _tabs_to(page, dara.field("I have read the petition. I sign once, in my own name."))
    keys.press("Space")
    _tabs_to(page, dara.button("Sign the petition"))
    keys.press("Enter")
    dara.is_at("One more step: open your e-mail")

    _tabs_to(page, dara.field("6-digit code from the e-mail"))
    keys.type(dara.code())
    keys.press("Enter")
    dara.is_at("Your signature is counted")
    _sees_count(dara, 8)
