"""Dates, times, numbers and places as ux.md §1 writes them in three languages."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from petitions import formats
from petitions.models.parliament import Province

NBSP = "\u00a0"
SUMMER = datetime(2018, 10, 24, 18, 40, tzinfo=UTC)
WINTER = datetime(2019, 1, 1, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "day", "text"),
    [
        ("en", date(2016, 7, 31), f"July{NBSP}31, 2016"),
        ("en", date(2018, 6, 1), f"June{NBSP}1, 2018"),
        ("fr", date(2016, 7, 31), f"31{NBSP}juillet 2016"),
        ("fr", date(2018, 6, 1), f"1er{NBSP}juin 2018"),
        ("fr", date(2018, 8, 11), f"11{NBSP}août 2018"),
        ("km", date(2016, 7, 31), "ថ្ងៃទី31 ខែកក្កដា ឆ្នាំ2016"),
        ("km", date(2018, 6, 1), "ថ្ងៃទី1 ខែមិថុនា ឆ្នាំ2018"),
    ],
)
def test_long_date(language: str, day: date, text: str) -> None:
    with translation.override(language):
        assert formats.long_date(day) == text


def test_the_day_of_an_instant_is_that_of_toronto() -> None:
    assert formats.long_date(WINTER) == f"December{NBSP}31, 2018"


@pytest.mark.parametrize(
    ("language", "instant", "text"),
    [
        ("en", SUMMER, f"2:40{NBSP}p.m. (EDT)"),
        ("en", WINTER, f"11:05{NBSP}p.m. (EST)"),
        ("en", datetime(2018, 7, 1, 4, 0, tzinfo=UTC), f"12:00{NBSP}a.m. (EDT)"),
        ("en", datetime(2018, 7, 1, 16, 0, tzinfo=UTC), f"12:00{NBSP}p.m. (EDT)"),
        ("fr", SUMMER, f"14{NBSP}h{NBSP}40 (HAE)"),
        ("fr", WINTER, f"23{NBSP}h{NBSP}05 (HNE)"),
        ("km", SUMMER, "ម៉ោង 14:40 (EDT)"),
        ("km", WINTER, "ម៉ោង 23:05 (EST)"),
    ],
)
def test_clock_time(language: str, instant: datetime, text: str) -> None:
    with translation.override(language):
        assert formats.clock_time(instant) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", f"Wednesday, October{NBSP}24, 2018"),
        ("fr", f"mercredi 24{NBSP}octobre 2018"),
        ("km", "ថ្ងៃពុធ ទី24 ខែតុលា ឆ្នាំ2018"),
    ],
)
def test_full_date(language: str, text: str) -> None:
    with translation.override(language):
        assert formats.full_date(SUMMER) == text


def test_the_day_of_the_week_is_that_of_toronto() -> None:
    assert formats.full_date(WINTER).startswith("Monday")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", f"2:40{NBSP}p.m. – 4:40{NBSP}p.m. (EDT)"),
        ("fr", f"14{NBSP}h{NBSP}40 – 16{NBSP}h{NBSP}40 (HAE)"),
        ("km", "ម៉ោង 14:40 – 16:40 (EDT)"),
    ],
)
def test_hours(language: str, text: str) -> None:
    with translation.override(language):
        assert formats.hours(SUMMER, SUMMER + timedelta(hours=2)) == text


def test_hours_over_a_change_of_the_clock_say_both_zones() -> None:
    start = datetime(2018, 11, 4, 5, 30, tzinfo=UTC)
    end = start + timedelta(hours=1)
    assert formats.hours(start, end) == f"1:30{NBSP}a.m. (EDT) – 1:30{NBSP}a.m. (EST)"


@pytest.mark.parametrize(
    ("language", "value", "text"),
    [
        ("en", 0, "0"),
        ("en", 999, "999"),
        ("en", 1234, "1,234"),
        ("en", 1234567, "1,234,567"),
        ("fr", 1234, f"1{NBSP}234"),
        ("fr", 1234567, f"1{NBSP}234{NBSP}567"),
        ("km", 1234, "1,234"),
    ],
)
def test_number(language: str, value: int, text: str) -> None:
    with translation.override(language):
        assert formats.number(value) == text


@pytest.mark.parametrize(
    ("language", "size", "text"),
    [
        ("en", 1, f"1{NBSP}KB"),
        ("en", 218_700, f"214{NBSP}KB"),
        ("en", 1023 * 1024, f"1,023{NBSP}KB"),
        ("en", 1024 * 1024, f"1.0{NBSP}MB"),
        ("fr", 218_700, f"214{NBSP}Ko"),
        ("fr", 1_468_006, f"1,4{NBSP}Mo"),
        ("km", 10 * 1024 * 1024, f"10.0{NBSP}MB"),
    ],
)
def test_file_size(language: str, size: int, text: str) -> None:
    with translation.override(language):
        assert formats.file_size(size) == text


@pytest.mark.parametrize(("language", "text"), [("en", "82%"), ("fr", f"82{NBSP}%"), ("km", "82%")])
def test_percent(language: str, text: str) -> None:
    with translation.override(language):
        assert formats.percent(0.82) == text


@pytest.mark.parametrize(("language", "text"), [("en", "7.3"), ("fr", "7,3"), ("km", "7.3")])
def test_decimal(language: str, text: str) -> None:
    with translation.override(language):
        assert formats.decimal(7.31) == text


@pytest.mark.parametrize(
    ("asked", "current"), [("fr", "fr"), ("fr-ca", "fr"), ("km", "km"), ("de", "en")]
)
def test_current_language_is_one_of_ours(asked: str, current: str) -> None:
    with translation.override(asked):
        assert formats.current() == current
    with translation.override(None):
        assert formats.current() == "en"


def test_khmer_provinces_stand_beside_the_name_on_peoples_mail() -> None:
    with translation.override("km"):
        names = {code: formats.province(code) for code in Province.values}
    assert names["QC"] == "កេបិក (Québec)"
    assert all(re.match(r"[\u1780-\u17ff]", name) for name in names.values())


@pytest.mark.parametrize("code", Province.values)
def test_french_provinces_have_names_of_their_own(code: str) -> None:
    same = {"AB", "MB", "NU", "ON", "SK", "YT"}
    english = formats.province(code)
    with translation.override("fr"):
        assert (formats.province(code) == english) == (code in same)


# --- countries -------------------------------------------------------------------------------


def test_every_country_has_a_khmer_name() -> None:
    assert [name for _code, name in formats.countries("km") if re.search("[A-Za-z]", name)] == []


def test_the_same_countries_in_every_language_and_canada_is_none_of_them() -> None:
    codes = {
        language: {code for code, _name in formats.countries(language)}
        for language in ("en", "fr", "km")
    }
    assert codes["en"] == codes["fr"] == codes["km"]
    assert {"KH", "FR", "US", "AU", "TH", "XK", "PS", "TW"} <= codes["en"]
    assert not codes["en"] & {"CA", "EU", "UN", "ZZ", "QO", "XA"}


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Cambodia"), ("fr", "Cambodge"), ("km", "កម្ពុជា")]
)
def test_cambodia(language: str, name: str) -> None:
    assert dict(formats.countries(language))["KH"] == name


def test_accents_do_not_send_a_country_to_the_end() -> None:
    names = [name for _code, name in formats.countries("fr")]
    assert names.index("Égypte") < names.index("Espagne") < names.index("France")
