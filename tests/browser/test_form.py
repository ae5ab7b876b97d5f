"""The form when something is missing, and when the language changes under way."""

import pytest
from playwright.sync_api import expect

from petitions import networks
from petitions.models import Petition, Signature
from petitions.states import HoldRule
from tests.browser.conftest import Visit, each_language, with_and_without_scripts

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: What an untouched form lacks, in the order of its fields.
ERRORS_OF_AN_EMPTY_FORM = [
    "Select whether you are a Canadian citizen or live in Canada",
    "Enter your full name",
    "Enter your e-mail address",
    "Select your province or territory",
    "Enter your postal code",
    "Confirm that you have read the petition and sign in your own name",
]


@each_language
@with_and_without_scripts
def test_an_empty_form_is_answered_in_its_language(
    visit: Visit, petition: Petition, language: str, *, javascript: bool
) -> None:
    dara = visit(language, javascript=javascript)
    dara.opens_form(petition)

    dara.presses("Sign the petition")

    summary = dara.page.get_by_role("alert")
    expect(summary.get_by_role("heading")).to_have_text(dara.words("There is a problem"))
    expected = [dara.words(error) for error in ERRORS_OF_AN_EMPTY_FORM]
    expect(summary.get_by_role("link")).to_have_text(expected)
    at_the_fields = [f"{dara.words('Error:')} {error}" for error in expected]
    expect(dara.page.locator(".field .why")).to_have_text(at_the_fields)
    assert dara.page.title().startswith(dara.words("Error:"))
    if javascript:
        expect(summary).to_be_focused()


@with_and_without_scripts
def test_what_was_typed_stays_beside_the_errors(
    visit: Visit, petition: Petition, *, javascript: bool
) -> None:
    dara = visit("km", javascript=javascript)
    dara.opens_form(petition)
    dara.fills_form(name="សុខ ដារ៉ា", email="dara@")
    dara.chooses("In another country")

    dara.presses("Sign the petition")

    expect(dara.page.get_by_role("alert").get_by_role("link")).to_have_text(
        [
            dara.words("Enter an e-mail address in the correct format, like name@example.com"),
            dara.words("You said you live in Canada: choose In Canada, or choose citizen above"),
        ]
    )
    expect(dara.field("I live in Canada")).to_be_checked()
    expect(dara.field("In another country")).to_be_checked()
    expect(dara.field("Full name")).to_have_value("សុខ ដារ៉ា")
    expect(dara.field("E-mail address")).to_have_value("dara@")
    expect(dara.page.locator("[name=province]")).to_have_value("BC")
    expect(dara.page.locator("[name=postal_code]")).to_have_value("v3b1a1")


def test_each_error_of_the_summary_leads_to_its_field(visit: Visit, petition: Petition) -> None:
    dara = visit("en", javascript=False)
    dara.opens_form(petition)
    dara.presses("Sign the petition")

    reached = []
    for link in dara.page.get_by_role("alert").get_by_role("link").all():
        link.click()
        reached.append(dara.page.locator(":focus").get_attribute("name"))

    names = ["eligibility", "name", "email", "province", "postal_code", "declaration"]
    assert reached == names


@with_and_without_scripts
def test_switching_the_language_keeps_what_was_typed(
    visit: Visit, petition: Petition, *, javascript: bool
) -> None:
    dara = visit("km", javascript=javascript)
    dara.opens_form(petition)
    dara.fills_form(email="dara@example.org")
    dara.chooses("Send me news about this petition by e-mail", optional=True)

    dara.page.get_by_role("button", name="Français", exact=True).click()

    dara.language = "fr"
    expect(dara.page.locator("html")).to_have_attribute("lang", "fr-CA")
    expect(dara.page.get_by_role("alert")).to_have_count(0)
    expect(dara.field("I live in Canada")).to_be_checked()
    expect(dara.field("Full name")).to_have_value("Sok Dara")
    expect(dara.field("E-mail address")).to_have_value("dara@example.org")
    expect(dara.field("Province or territory")).to_have_value("BC")
    expect(dara.field("Postal code")).to_have_value("v3b1a1")
    expect(dara.page.get_by_role("checkbox", checked=True)).to_have_count(2)
    dara.presses("Sign the petition")
    dara.is_at("One more step: open your e-mail")
    assert Signature.objects.get().language == "fr"


@with_and_without_scripts
def test_enter_in_a_field_signs_and_changes_no_language(
    visit: Visit, petition: Petition, *, javascript: bool
) -> None:
    """The language buttons stand before the form's own, and browsers press the first one."""
    dara = visit("km", javascript=javascript)
    dara.opens_form(petition)
    dara.fills_form(email="dara@example.org")

    dara.field("Postal code").press("Enter")

    dara.is_at("One more step: open your e-mail")


@with_and_without_scripts
def test_while_very_many_sign_the_browser_does_a_sum(
    visit: Visit, petition: Petition, monkeypatch: pytest.MonkeyPatch, *, javascript: bool
) -> None:
    """With it the signature is like any other; without scripts it is taken, and looked at."""
    monkeypatch.setattr(networks, "PRESSURE", (1, 10))
    visit("en", javascript=False).signs(petition, email="early@example.org")
    dara = visit("km", javascript=javascript)

    dara.signs(petition, email="dara@example.org")

    held = Signature.objects.latest("pk").held_rule
    assert held == ("" if javascript else HoldRule.UNPROVEN)


@each_language
def test_neither_citizen_nor_resident_is_a_page_and_no_error(
    visit: Visit, petition: Petition, language: str
) -> None:
    friend = visit(language, javascript=False)
    friend.opens_form(petition)
    friend.chooses("Neither")

    friend.presses("Sign the petition")

    friend.is_at("Other ways to help")
    expect(friend.page.get_by_role("alert")).to_have_count(0)
    assert Signature.objects.count() == 0


def test_only_the_questions_of_the_chosen_country_show(visit: Visit, petition: Petition) -> None:
    dara = visit("en")
    dara.opens_form(petition)
    in_canada = [dara.page.locator(f"[name={name}]") for name in ("province", "postal_code")]
    abroad = dara.page.locator("[name=country]")

    dara.chooses("In another country")
    for field in in_canada:
        expect(field).to_be_hidden()
    expect(abroad).to_be_visible()

    dara.chooses("In Canada")
    for field in in_canada:
        expect(field).to_be_visible()
    expect(abroad).to_be_hidden()
