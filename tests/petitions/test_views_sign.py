"""The form: what it asks, what it answers to bad input, what it stores."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext
from pytest_django import Settings

from petitions import networks
from petitions.domain import tokens, vault
from petitions.models import Delivery, Petition, Signature
from petitions.states import SignatureState
from tests.factories import petitions as make
from tests.pages import browser, buttons, field_errors, heading, main_text, read, summary, typed
from tests.routes import write_pages

pytestmark = pytest.mark.django_db


def address(petition: Petition, language: str = "en") -> str:
    return f"/{language}/petitions/{petition.slug}/sign/"


def nothing_is_stored() -> bool:
    return not Signature.objects.exists() and not Delivery.objects.exists()


# --- the form as it stands -------------------------------------------------------------------


def test_fields_of_the_contract(client: Client, petition: Petition) -> None:
    form = read(client.get(address(petition))).one("form", id="sign-form")
    controls = {
        control.attributes["name"] for tag in ("input", "select") for control in form.all(tag)
    }
    eligibility = [each.attributes["value"] for each in form.all("input", name="eligibility")]
    residence = [each.attributes["value"] for each in form.all("input", name="residence")]
    assert controls == {
        "eligibility",
        "name",
        "email",
        "residence",
        "province",
        "postal_code",
        "country",
        "updates",
        "declaration",
        "form_token",
        "website",
        "source",
        "checked",
    }
    assert (eligibility, residence) == (["citizen", "resident", "neither"], ["canada", "abroad"])


def test_nothing_is_ticked_for_the_signer_but_living_in_canada(
    client: Client, petition: Petition
) -> None:
    filled = {name: value for name, value in typed(client.get(address(petition))).items() if value}
    assert set(filled) == {"form_token", "residence"}
    assert filled["residence"] == "canada"


def test_each_showing_has_its_own_token(client: Client, petition: Petition) -> None:
    shown = {typed(client.get(address(petition)))["form_token"] for _turn in range(3)}
    assert len(shown) == 3


def test_the_source_of_the_link_is_carried_along(client: Client, petition: Petition) -> None:
    values = typed(client.get(address(petition), {"s": "fb"}))
    client.post(address(petition), make.form_data(petition, source=values["source"]))
    assert Signature.objects.get().source == "fb"


@pytest.mark.parametrize("source", ["été", "a b", "x" * 33, "<b>", "a/b"])
def test_a_flawed_source_is_dropped_and_keeps_nobody_from_signing(
    client: Client, petition: Petition, source: str
) -> None:
    values = typed(client.get(address(petition), {"s": source}))
    client.post(address(petition), make.form_data(petition, source=values["source"]))
    assert Signature.objects.get().source == ""


# --- a good one ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_a_signature_is_stored_and_the_next_page_is_check_your_email(
    petition: Petition, language: str
) -> None:
    data = make.form_data(petition, email="Dara@Example.org", updates="on", source="wa")
    response = browser().post(address(petition, language), data)
    signature = Signature.objects.get()
    base = f"/{language}/petitions/{petition.slug}/check-email/"
    assert (response.status_code, response["Location"][: len(base)]) == (303, base)
    handle = tokens.read_handle(response["Location"][len(base) :].rstrip("/"))
    assert (handle.public_id, handle.address) == (signature.public_id, "Dara@example.org")
    assert (
        signature.state,
        signature.language,
        signature.eligibility,
        signature.residence,
        signature.province,
        signature.country,
        signature.wants_news,
        signature.source,
    ) == (SignatureState.PENDING, language, "resident", "canada", "BC", "CA", True, "wa")


def test_a_citizen_abroad_leaves_a_country_only(client: Client, petition: Petition) -> None:
    """What was typed before the answer changed does not apply, and is not kept."""
    data = make.form_data(petition, eligibility="citizen", residence="abroad", country="FR")
    client.post(address(petition), data)
    signature = Signature.objects.get()
    opened = vault.unseal(
        vault.open_vault(petition.vault, make.PASSPHRASE),
        signature.box_person,
        petition=petition.public_id,
        signature=signature.public_id,
    )
    assert (signature.country, signature.province, opened["postal_code"]) == ("FR", "", "")


@pytest.mark.parametrize("website", ["https://spam.example", "x" * 5000])
def test_a_filled_trap_is_accepted_all_the_same(
    client: Client, petition: Petition, website: str
) -> None:
    response = client.post(address(petition), make.form_data(petition, website=website))
    assert (response.status_code, Signature.objects.count()) == (303, 1)


# --- bad input -------------------------------------------------------------------------------

SIX_ERRORS = {
    "eligibility": "Select whether you are a Canadian citizen or live in Canada",
    "name": "Enter your full name",
    "email": "Enter your e-mail address",
    "province": "Select your province or territory",
    "postal_code": "Enter your postal code",
    "declaration": "Confirm that you have read the petition and sign in your own name",
}


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_an_untouched_form_has_six_errors_each_twice(petition: Petition, language: str) -> None:
    client = browser()
    values = typed(client.get(address(petition, language)))
    response = client.post(address(petition, language), values)
    with translation.override(language):
        texts = {name: gettext(text) for name, text in SIX_ERRORS.items()}
        title_start, box_heading = gettext("Error:"), gettext("There is a problem")
    page = read(response)
    assert response.status_code == 422
    assert field_errors(response) == {name: [text] for name, text in texts.items()}
    first_choice = {"eligibility": "id_eligibility_0"}
    assert summary(response) == [
        (text, first_choice.get(name, f"id_{name}")) for name, text in texts.items()
    ]
    assert page.one("title").text.startswith(title_start)
    assert page.one("div", class_="summary-of-errors").one("h2").text == box_heading
    assert nothing_is_stored()


def test_every_error_links_to_a_control_that_is_there(client: Client, petition: Petition) -> None:
    response = client.post(address(petition), {"residence": "canada"})
    ids = {element.attributes.get("id") for element in read(response).walk()}
    targets = {target for _text, target in summary(response)}
    assert len(targets) == 6
    assert targets <= ids


def test_a_form_without_any_field_asks_where_too(client: Client, petition: Petition) -> None:
    found = field_errors(client.post(address(petition)))
    assert found == {
        name: [text]
        for name, text in {**SIX_ERRORS, "residence": "Select where you live"}.items()
        if name not in {"province", "postal_code"}
    }


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_bad_input_keeps_everything_that_was_typed(petition: Petition, language: str) -> None:
    data = make.form_data(
        petition,
        name="សុខ <b>ដារ៉ា</b>",
        email="sok.dara@",
        postal_code="H2X 1",
        province="QC",
        updates="on",
        source="fb",
    )
    response = browser().post(address(petition, language), data)
    assert response.status_code == 422
    assert typed(response) == {**data, "country": "", "checked": ""}
    assert nothing_is_stored()


def test_what_was_typed_is_shown_as_text_only(client: Client, petition: Petition) -> None:
    data = make.form_data(petition, name='"><script>alert(1)</script>', email="<i>@")
    content = client.post(address(petition), data).content
    assert b"<script>alert" not in content
    assert b"<i>@" not in content


def test_each_field_says_that_it_is_wrong_to_screen_readers(
    client: Client, petition: Petition
) -> None:
    response = client.post(address(petition), make.form_data(petition, email="x"))
    control = read(response).one("input", name="email")
    described = control.attributes["aria-describedby"].split()
    ids = {element.attributes.get("id") for element in read(response).walk()}
    assert control.attributes["aria-invalid"] == "true"
    assert set(described) == {"id_email_helptext", "id_email_error"}
    assert set(described) <= ids


def test_a_postal_code_of_another_province_is_asked_about_once(
    client: Client, petition: Petition
) -> None:
    data = make.form_data(petition, province="QC", postal_code="V3B 1A1")
    asked = client.post(address(petition), data)
    assert field_errors(asked) == {
        "postal_code": ["This postal code looks like British Columbia. Check both answers"]
    }
    assert "If province and postal code are both right, press the button again" in main_text(asked)
    assert nothing_is_stored()
    accepted = client.post(address(petition), typed(asked))
    assert (accepted.status_code, Signature.objects.get().province) == (303, "QC")


def test_another_pair_of_answers_is_asked_about_again(client: Client, petition: Petition) -> None:
    data = make.form_data(petition, province="QC", postal_code="V3B 1A1")
    again = {**typed(client.post(address(petition), data)), "province": "AB"}
    assert client.post(address(petition), again).status_code == 422
    assert nothing_is_stored()


# --- neither ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_neither_gets_a_page_with_other_ways_to_help(petition: Petition, language: str) -> None:
    data = make.form_data(petition, eligibility="neither")
    response = browser().post(address(petition, language), data)
    with translation.override(language):
        expected = gettext("Other ways to help")
    assert (response.status_code, heading(response)) == (200, expected)
    assert nothing_is_stored()


def test_neither_needs_no_other_answer(client: Client, petition: Petition) -> None:
    response = client.post(address(petition), {"eligibility": "neither"})
    assert (response.status_code, heading(response)) == (200, "Other ways to help")


# --- another language ------------------------------------------------------------------------


def test_the_switch_of_language_keeps_what_was_typed(client: Client, petition: Petition) -> None:
    shown = client.get(address(petition))
    switch = read(shown).one("button", lang="km")
    assert (switch.attributes["form"], switch.attributes["formaction"]) == (
        "sign-form",
        address(petition, "km"),
    )
    data = make.form_data(petition, updates="on", source="fb", checked="", email="half@")
    switched = client.post(switch.attributes["formaction"], {**data, "switch": "1"})
    assert (switched.status_code, typed(switched), summary(switched)) == (200, data, [])
    assert read(switched).one("html").attributes["lang"] == "km"
    assert nothing_is_stored()


# --- not open --------------------------------------------------------------------------------

NOT_OPEN = {
    "paused": (
        {"paused_at": timezone.now()},
        "Signing is paused for now. Nothing you typed was saved.",
    ),
    "closed by the clock": (
        {"closes_at": timezone.now() - timedelta(seconds=1)},
        "This petition closed on",
    ),
    "closed": (
        {"state": "closed", "closes_at": timezone.now() - timedelta(hours=2)},
        "This petition closed on",
    ),
    "certified": (
        {"state": "certified", "closes_at": timezone.now() - timedelta(hours=2)},
        "This petition closed on",
    ),
    "scheduled": ({"state": "scheduled", "opens_at": timezone.now()}, "Opens on"),
    "record": (
        {"state": "presented", "kind": "record"},
        "This is the record of an official petition. It no longer takes signatures.",
    ),
}


@pytest.mark.parametrize("case", NOT_OPEN)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_petition_that_takes_no_signature_says_why(
    petition: Petition, case: str, method: str
) -> None:
    change, words = NOT_OPEN[case]
    data = make.form_data(petition) if method == "post" else {}
    Petition.objects.update(**change)
    response = getattr(browser(), method)(address(petition), data)
    lead = read(response).one("main").all("p", class_="lead")[0].text
    assert (response.status_code, lead[: len(words)]) == (200, words)
    assert not read(response).all("form", id="sign-form")
    assert nothing_is_stored()


def test_closing_while_the_form_is_sent_is_decided_by_the_database(
    client: Client, petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page's own look at the clock was a moment too early."""
    data = make.form_data(petition)
    Petition.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    early = timezone.now() - timedelta(minutes=1)
    monkeypatch.setattr("petitions.clock.display_now", lambda: early)
    response = client.post(address(petition), data)
    assert heading(response) == petition.title
    assert "This petition closed on" in main_text(response)
    assert nothing_is_stored()


# --- limits ----------------------------------------------------------------------------------


@pytest.fixture
def one_signature_per_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(networks.LIMITS, "sign", ((1, 10), 400))


@pytest.mark.usefixtures("one_signature_per_network")
def test_too_many_keep_the_answers_and_say_when_to_return(petition: Petition) -> None:
    first, second = make.form_data(petition), make.form_data(petition, updates="on")
    for data in (first, second):
        response = browser().post(address(petition), data)
    wait = int(response["Retry-After"])
    assert (response.status_code, 0 < wait <= 600) == (429, True)
    assert typed(response) == {**second, "source": "", "checked": ""}
    assert heading(response) == f"Sign: {petition.short_title}"
    assert Signature.objects.count() == 1


@pytest.mark.usefixtures("one_signature_per_network")
def test_the_page_of_too_many_keeps_the_answers_in_another_language(petition: Petition) -> None:
    for _turn in range(2):
        response = browser().post(address(petition), make.form_data(petition))
    switch = read(response).one("button", lang="fr-CA")
    assert switch.attributes["formaction"] == address(petition, "fr")


@pytest.mark.usefixtures("one_signature_per_network")
def test_looking_is_never_too_many(client: Client, petition: Petition) -> None:
    assert [client.get(address(petition)).status_code for _turn in range(3)] == [200] * 3


def test_the_frame_of_the_form_leads_nowhere_else(client: Client, petition: Petition) -> None:
    """No menu on the way of a signature; the button is the only act."""
    write_pages()
    page = read(client.get(address(petition)))
    assert not page.all("nav", class_="menu")
    assert buttons(client.get(address(petition))) == []


# --- what the hold rules see of a post -------------------------------------------------------


def test_a_filled_trap_changes_nothing_but_the_count(client: Client, petition: Petition) -> None:
    answer = client.post(address(petition), make.form_data(petition, website="https://a.example"))
    assert answer.status_code == 303
    assert Signature.objects.get().held_rule == "trap"
    assert Delivery.objects.count() == 1


def test_the_time_from_form_to_post_is_the_tokens(
    client: Client, petition: Petition, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PETITIONS_EVENT_NETWORKS = []
    settings.PETITIONS_WEB_PROCESSES = 1
    monkeypatch.setitem(networks.LIMITS, "hasty", ((1, 60), 1))
    slow = tokens.form_token(petition.public_id, "en")
    with monkeypatch.context() as later:
        instant = timezone.now() + timedelta(seconds=10)
        later.setattr("petitions.clock.display_now", lambda: instant)
        for _turn in range(3):
            client.post(address(petition), make.form_data(petition, form_token=slow))
    for _turn in range(2):
        client.post(address(petition), make.form_data(petition))
    rules = Signature.objects.order_by("pk").values_list("held_rule", flat=True)
    assert list(rules) == ["", "", "", "", "hasty"]
