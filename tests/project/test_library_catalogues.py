"""What libraries say here is Khmer for Khmer readers and French for French ones."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from allauth.account.forms import LoginForm, ResetPasswordForm
from babel.dates import get_day_names, get_month_names
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import dates, translation

from tests.project import library_catalogues as libraries
from tests.project.library_catalogues import Key, Texts

_KHMER_LETTER = re.compile("[\u1780-\u17b3]")
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-z]|\{[^{}]*\}|<[^<>]+>")
#: Marks, units and names that are the same in every language, or that hold only placeholders.
_SAME_EVERYWHERE = {
    "…",
    ":",
    ":?.!",
    ", ",
    "%s KB",
    "%s MB",
    "%s GB",
    "%s TB",
    "%s PB",
    "IPv4",
    "IPv6",
    "WebAuthn",
    "%(truncated_text)s…",
    "%(class_name)s %(instance)s",
}
#: Left is what Django's Khmer often has, right how this site writes it.
_NOT_OUR_SPELLING = {
    "អោយ": "ឱ្យ",
    "ឲ្យ": "ឱ្យ",
    "សំងាត់": "សម្ងាត់",
    "សំគាល់": "សម្គាល់",
    "លប់": "លុប",
    "ប្តូរ": "ប្ដូរ",
    "ម្តង": "ម្ដង",
    "អីមែល": "អ៊ីម៉ែល",
    "រឺ": "ឬ",
    "មិនា": "មីនា",
}
_KHMER_DIGIT = re.compile("[០-៩]")
_ABBREVIATED = {"a.m.", "p.m."}


@pytest.fixture(scope="module")
def seen() -> Texts:
    return libraries.seen()


@pytest.fixture(scope="module")
def khmer(seen: Texts) -> Texts:
    """What a Khmer reader gets for each text: ours, else the library's own."""
    found = libraries.shipped("km") | libraries.translated(libraries.catalogue("km"))
    return {name: found[name] for name in seen if name in found}


def says(texts: Texts, name: Key) -> str:
    entry = texts[name]
    return str(entry.msgstr_plural[0]) if entry.msgid_plural else str(entry.msgstr)


def test_no_text_stays_english_for_khmer_readers(seen: Texts, khmer: Texts) -> None:
    assert [name for name in seen if name not in khmer] == []


def test_no_text_stays_english_for_french_readers(seen: Texts) -> None:
    french = libraries.shipped("fr") | libraries.translated(libraries.catalogue("fr"))
    assert [name for name in seen if name not in french] == []


def test_the_catalogue_holds_what_is_needed_and_no_more(tmp_path: Path) -> None:
    ours, copy = libraries.catalogue("km"), libraries.catalogue("km", tmp_path)
    copy.parent.mkdir(parents=True)
    shutil.copy(ours, copy)
    libraries.gather(tmp_path)
    assert copy.read_text("utf-8") == ours.read_text("utf-8")


def test_no_placeholder_is_lost(khmer: Texts) -> None:
    lost = [
        name
        for name, entry in khmer.items()
        if Counter(_PLACEHOLDER.findall(says(khmer, name)))
        != Counter(_PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    ]
    assert lost == []


def test_every_text_has_khmer_letters(khmer: Texts) -> None:
    without = {name[1] for name in khmer if not _KHMER_LETTER.search(says(khmer, name))}
    assert without == _SAME_EVERYWHERE


def test_a_sentence_ends_with_its_mark_and_a_label_without(khmer: Texts) -> None:
    wrong = [
        name
        for name in khmer
        if name[0] != "abbrev. month" and name[1] not in {*_ABBREVIATED, ":?.!"}
        if name[1].rstrip(" ”").endswith(".") != says(khmer, name).rstrip().endswith("។")
    ]
    assert wrong == []


def test_khmer_is_spelled_as_the_site_spells_it(khmer: Texts) -> None:
    other = [
        (name, spelling)
        for name in khmer
        for spelling in _NOT_OUR_SPELLING
        if spelling in says(khmer, name)
    ]
    assert other == []


def test_khmer_shows_latin_digits(khmer: Texts) -> None:
    assert [name for name in khmer if _KHMER_DIGIT.search(says(khmer, name))] == []


@pytest.mark.parametrize("width", ["wide", "abbreviated"])
def test_months_are_called_as_cldr_calls_them(width: str) -> None:
    named = get_month_names(width, locale="km")
    with translation.override("km"):
        ours = dates.MONTHS if width == "wide" else dates.MONTHS_AP
        assert {number: str(name) for number, name in ours.items()} == dict(named.items())


@pytest.mark.parametrize("width", ["wide", "abbreviated"])
def test_days_are_called_as_cldr_calls_them(width: str) -> None:
    named = get_day_names(width, locale="km")
    with translation.override("km"):
        ours = dates.WEEKDAYS if width == "wide" else dates.WEEKDAYS_ABBR
        assert {number: str(name) for number, name in ours.items()} == dict(named.items())


@pytest.mark.parametrize(
    ("typed", "said"), [("", "សូមបំពេញប្រអប់នេះ។"), ("name@", "សូមបំពេញអ៊ីម៉ែលឱ្យត្រឹមត្រូវ។")]
)
def test_an_email_field_speaks_khmer(typed: str, said: str) -> None:
    with translation.override("km"), pytest.raises(ValidationError) as raised:
        forms.EmailField().clean(typed)
    with translation.override("km"):
        assert raised.value.messages == [said]


def test_password_rules_speak_khmer() -> None:
    with translation.override("km"), pytest.raises(ValidationError) as raised:
        validate_password("password")
    with translation.override("km"):
        assert raised.value.messages == [
            "ពាក្យសម្ងាត់នេះខ្លីពេក។ ត្រូវមានយ៉ាងតិច 12 តួអក្សរ។",
            "ពាក្យសម្ងាត់នេះមានគេប្រើច្រើនពេក។",
        ]


@pytest.mark.parametrize(
    ("form", "labels"),
    [
        (LoginForm, {"login": "អ៊ីម៉ែល", "password": "ពាក្យសម្ងាត់"}),
        (ResetPasswordForm, {"email": "អ៊ីម៉ែល"}),
    ],
)
def test_allauth_labels_are_khmer(form: type[forms.Form], labels: dict[str, str]) -> None:
    with translation.override("km"):
        fields = form().fields
        assert {name: str(field.label) for name, field in fields.items()} == labels


def test_texts_are_left_out_only_while_nobody_can_see_them() -> None:
    absent = ["syndication", "flatpages", "redirects", "sites", "humanize"]
    assert [name for name in absent if apps.is_installed(f"django.contrib.{name}")] == []
    others = ["headless", "idp.oidc", "socialaccount", "usersessions"]
    assert [name for name in others if apps.is_installed(f"allauth.{name}")] == []
    assert settings.CSRF_FAILURE_VIEW == "campaign.errors.csrf_failed"
    assert list(settings.ACCOUNT_LOGIN_METHODS) == ["email"]
    assert [name for name in settings.ACCOUNT_SIGNUP_FIELDS if name.startswith("phone")] == []
