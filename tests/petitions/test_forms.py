"""The forms: which answer gets which words, and what a valid form hands to the domain."""

import pytest
from django.utils import translation
from django.utils.translation import gettext

from petitions import formats
from petitions.domain.signing import Answers
from petitions.forms import AddressForm, CodeForm, MySignatureForm, SignForm

LANGUAGES = ("en", "fr", "km")

GOOD = {
    "eligibility": "resident",
    "name": "Sok Dara",
    "email": "dara@example.org",
    "residence": "canada",
    "province": "BC",
    "postal_code": "V3B 1A1",
    "declaration": "on",
    "form_token": "token",
}


def errors(**changes: str) -> dict[str, list[str]]:
    return dict(SignForm({**GOOD, **changes}).errors)


#: (answers, field, text): ux.md 3.1, case by case.
CASES = {
    "eligibility empty": (
        {"eligibility": ""},
        "eligibility",
        "Select whether you are a Canadian citizen or live in Canada",
    ),
    "eligibility unknown": (
        {"eligibility": "martian"},
        "eligibility",
        "Select whether you are a Canadian citizen or live in Canada",
    ),
    "name empty": ({"name": "  "}, "name", "Enter your full name"),
    "name of invisible characters": ({"name": "\u200b\u200d"}, "name", "Enter your full name"),
    "name short": ({"name": "ស"}, "name", "Full name must have at least 2 characters"),
    "name long": ({"name": "a" * 101}, "name", "Full name must have 100 characters or fewer"),
    "name with a link": (
        {"name": "Sok www.example.org"},
        "name",
        "Enter only your name, without a link or e-mail address",
    ),
    "name with an address": (
        {"name": "dara@example"},
        "name",
        "Enter only your name, without a link or e-mail address",
    ),
    "e-mail empty": ({"email": " "}, "email", "Enter your e-mail address"),
    "e-mail format": (
        {"email": "dara@"},
        "email",
        "Enter an e-mail address in the correct format, like name@example.com",
    ),
    "e-mail too long": (
        {"email": "d" * 245 + "@example.org"},
        "email",
        "Enter an e-mail address in the correct format, like name@example.com",
    ),
    "e-mail with another header": (
        {"email": "dara@example.org\r\nBcc: victim@example.org"},
        "email",
        "Enter an e-mail address in the correct format, like name@example.com",
    ),
    "e-mail in Khmer letters": (
        {"email": "ដារ៉ា@gmail.com"},
        "email",
        "Use Latin letters in your e-mail address",
    ),
    "residence empty": ({"residence": ""}, "residence", "Select where you live"),
    "residence unknown": ({"residence": "moon"}, "residence", "Select where you live"),
    "province empty": ({"province": ""}, "province", "Select your province or territory"),
    "province unknown": ({"province": "ZZ"}, "province", "Select your province or territory"),
    "postal code empty": ({"postal_code": ""}, "postal_code", "Enter your postal code"),
    "postal code format": (
        {"postal_code": "V3B 1A"},
        "postal_code",
        "Enter a Canadian postal code, like K1A 0A6",
    ),
    "postal code of no province": (
        {"postal_code": "D1A 1A1"},
        "postal_code",
        "Enter a Canadian postal code, like K1A 0A6",
    ),
    "country empty": (
        {"eligibility": "citizen", "residence": "abroad", "country": ""},
        "country",
        "Select your country",
    ),
    "country unknown": (
        {"eligibility": "citizen", "residence": "abroad", "country": "ZZ"},
        "country",
        "Select your country",
    ),
    "Canada as another country": (
        {"eligibility": "citizen", "residence": "abroad", "country": "CA"},
        "country",
        "Select your country",
    ),
    "resident and abroad": (
        {"eligibility": "resident", "residence": "abroad", "country": ""},
        "residence",
        "You said you live in Canada: choose In Canada, or choose citizen above",
    ),
    "declaration empty": (
        {"declaration": ""},
        "declaration",
        "Confirm that you have read the petition and sign in your own name",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_one_wrong_answer_has_one_error_in_each_language(case: str) -> None:
    answers, field, text = CASES[case]
    for language in LANGUAGES:
        with translation.override(language):
            assert errors(**answers) == {field: [gettext(text)]}


def test_errors_differ_from_language_to_language() -> None:
    """Else the test above would hold for texts that nobody has translated."""
    for _answers, _field, text in CASES.values():
        found = set()
        for language in LANGUAGES:
            with translation.override(language):
                found.add(gettext(text))
        assert len(found) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_postal_code_of_another_province_names_the_likely_one(language: str) -> None:
    with translation.override(language):
        text = gettext("This postal code looks like %(province)s. Check both answers")
        expected = text % {"province": formats.province("QC")}
        assert errors(province="ON", postal_code="H2X 1Y4") == {"postal_code": [expected]}


def test_a_postal_code_of_the_north_names_both_territories() -> None:
    assert errors(province="YT", postal_code="X0A 0H0") == {
        "postal_code": [
            "This postal code looks like Northwest Territories or Nunavut. Check both answers"
        ]
    }
    assert errors(province="NU", postal_code="X0A 0H0") == {}


def test_the_warning_is_given_once_for_a_pair() -> None:
    first = SignForm({**GOOD, "province": "ON"})
    assert not first.is_valid()
    mark = first["checked"].value()
    assert errors(province="ON", checked=mark) == {}
    assert list(errors(province="AB", checked=mark)) == ["postal_code"]
    assert list(errors(province="ON", postal_code="H2X 1Y4", checked=mark)) == ["postal_code"]


@pytest.mark.parametrize(
    "typed",
    [
        "v3b1a1",
        "V3B-1A1",
        "  v3b  1a1 ",
        "V៣B ១A១",
        "V3B\u200b1A1",
        "Ｖ３Ｂ１Ａ１",
        "V3B IAI",
        "v3b 1ai",
    ],
)
def test_a_postal_code_is_folded(typed: str) -> None:
    form = SignForm({**GOOD, "postal_code": typed})
    assert form.is_valid()
    assert form.answers().postal_code == "V3B 1A1"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Sok   Dara ", "Sok Dara"),
        ("\u200bសុខ ដារ៉ា\u200b", "សុខ ដារ៉ា"),
        ("Anne-Marie O'Connor", "Anne-Marie O'Connor"),
        ("Zoe\u0308 Trottier", "Zoë Trottier"),
    ],
)
def test_a_name_in_any_script(typed: str, kept: str) -> None:
    form = SignForm({**GOOD, "name": typed})
    assert form.is_valid()
    assert form.answers().name == kept


def test_answers_of_somebody_in_canada() -> None:
    form = SignForm({**GOOD, "updates": "on", "source": "fb", "country": "FR"})
    assert form.is_valid()
    assert form.answers() == Answers(
        eligibility="resident",
        name="Sok Dara",
        email="dara@example.org",
        residence="canada",
        province="BC",
        postal_code="V3B 1A1",
        country="CA",
        wants_news=True,
        source="fb",
    )


def test_answers_of_a_citizen_abroad() -> None:
    form = SignForm({**GOOD, "eligibility": "citizen", "residence": "abroad", "country": "KH"})
    assert form.is_valid()
    assert form.answers() == Answers(
        eligibility="citizen",
        name="Sok Dara",
        email="dara@example.org",
        residence="abroad",
        province="",
        postal_code="",
        country="KH",
        wants_news=False,
        source="",
    )


def test_a_flawed_postal_code_does_not_matter_abroad() -> None:
    answers = {"eligibility": "citizen", "residence": "abroad", "country": "KH"}
    assert errors(**answers, postal_code="12000", province="") == {}


@pytest.mark.parametrize("eligibility", ["citizen", "resident", "", "martian"])
def test_only_neither_is_not_eligible(eligibility: str) -> None:
    assert not SignForm({"eligibility": eligibility}).is_ineligible
    assert SignForm({"eligibility": "neither"}).is_ineligible


@pytest.mark.parametrize("language", LANGUAGES)
def test_choices_are_in_the_pages_language(language: str) -> None:
    with translation.override(language):
        form = SignForm()
        provinces = dict(form.fields["province"].choices)
        countries = dict(form.fields["country"].choices)
        assert provinces["QC"] == formats.province("QC")
        assert countries["KH"] == dict(formats.countries(language))["KH"]
        assert (len(provinces), "CA" in countries) == (14, False)


def test_provinces_are_sorted_as_readers_look_for_them() -> None:
    with translation.override("fr"):
        names = [str(name) for _code, name in SignForm().fields["province"].choices]
    place = names.index("Île-du-Prince-Édouard")
    assert names[place - 1 : place + 2] == ["Colombie-Britannique", names[place], "Manitoba"]


#: What phones and password managers go by, and what keeps a spelling checker off names.
ATTRIBUTES = {
    "name": {"autocomplete": "name", "spellcheck": "false"},
    "email": {"autocomplete": "email", "spellcheck": "false", "type": "email"},
    "province": {"autocomplete": "address-level1"},
    "postal_code": {"autocomplete": "postal-code", "autocapitalize": "characters"},
    "website": {"autocomplete": "off", "tabindex": "-1"},
}


@pytest.mark.parametrize("field", ATTRIBUTES)
def test_attributes_for_phones(field: str) -> None:
    html = str(SignForm()[field])
    wanted = [f'{name}="{value}"' for name, value in ATTRIBUTES[field].items()]
    assert [each for each in wanted if each not in html] == []


@pytest.mark.parametrize("field", ["name", "email", "postal_code", "declaration"])
def test_the_browser_checks_nothing_by_itself(field: str) -> None:
    assert " required" not in str(SignForm()[field])


@pytest.mark.parametrize("form", [AddressForm, MySignatureForm])
@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" Dara@Example.ORG ", "Dara@example.org"), ("ｄａｒａ＠example.org", "dara@example.org")],
)
def test_an_address_alone(form: type[AddressForm | MySignatureForm], typed: str, kept: str) -> None:
    filled = form({"email": typed})
    assert filled.is_valid()
    assert filled.cleaned_data["email"] == kept


@pytest.mark.parametrize("typed", ["012345", " 012 345 ", "០១២៣៤៥", "０１２３４５"])
def test_a_code_in_any_digits(typed: str) -> None:
    form = CodeForm({"code": typed})
    assert form.is_valid()
    assert form.cleaned_data["code"] == "012345"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12 45", "abcdef", "१२३४५६७"])
def test_what_is_no_code(typed: str) -> None:
    assert dict(CodeForm({"code": typed}).errors) == {
        "code": ["The code is not right. Check the newest e-mail"]
    }
