"""Dates, times, numbers and names of places as readers of each language write them (ux.md §1).

Khmer shows Latin digits, so that a count reads alike in three languages.
"""

import unicodedata
from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, get_timezone_name
from babel.numbers import format_decimal
from django.utils.translation import get_language, override

from petitions.clock import TORONTO
from petitions.models.parliament import Province

#: Our language codes → CLDR locales.
LOCALES = {"en": "en_CA", "fr": "fr_CA", "km": "km"}
#: Our language codes → what the `lang` attribute says.
HTML_LANGUAGES = {"en": "en-CA", "fr": "fr-CA", "km": "km"}
NBSP = "\u00a0"
#: CLDR territories that are not countries people live in, and Canada itself.
_NOT_ABROAD = frozenset(
    ["AC", "CA", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)


def current() -> str:
    """The active language, one of en, fr, km."""
    language = (get_language() or "en")[:2]
    return language if language in LOCALES else "en"


def number(value: int) -> str:
    """1,234 in English and Khmer, 1 234 (no-break space) in French."""
    text = format_decimal(value, locale="en_CA")
    return text.replace(",", NBSP) if current() == "fr" else text


def decimal(value: float) -> str:
    """7.3 in English and Khmer, 7,3 in French: one place after the point."""
    return format_decimal(value, format="#,##0.0", locale=LOCALES[current()])


def percent(fraction: float) -> str:
    """82% in English and Khmer, 82 % (no-break space) in French, from 0.82."""
    text = f"{round(100 * fraction)}"
    return f"{text}{NBSP}%" if current() == "fr" else f"{text}%"


def file_size(size: int) -> str:
    """214 KB and 1.4 MB, in French 214 Ko and 1,4 Mo, from bytes: what a download costs."""
    small, large = ("Ko", "Mo") if current() == "fr" else ("KB", "MB")
    kilobytes = max(1, round(size / 1024))
    if kilobytes < 1024:
        return f"{number(kilobytes)}{NBSP}{small}"
    return f"{decimal(size / 1024**2)}{NBSP}{large}"


def long_date(value: date) -> str:
    """October 24, 2018 · 24 octobre 2018 (1er for the first) · ថ្ងៃទី24 ខែតុលា ឆ្នាំ2018."""
    if isinstance(value, datetime):
        value = value.astimezone(TORONTO).date()
    language = current()
    if language == "km":
        month = format_date(value, "MMMM", locale="km")
        return f"ថ្ងៃទី{value.day} ខែ{month} ឆ្នាំ{value.year}"
    if language == "fr":
        month = format_date(value, "MMMM", locale="fr_CA")
        day = "1er" if value.day == 1 else str(value.day)
        return f"{day}{NBSP}{month} {value.year}"
    return format_date(value, f"MMMM'{NBSP}'d, y", locale="en_CA")


def full_date(value: datetime) -> str:
    """The date with the day of the week: Saturday, October 24, 2018."""
    local = value.astimezone(TORONTO)
    language = current()
    weekday = format_date(local, "EEEE", locale=LOCALES[language])
    if language == "km":
        return long_date(value).replace("ថ្ងៃ", f"ថ្ងៃ{weekday} ", 1)
    return f"{weekday}{' ' if language == 'fr' else ', '}{long_date(value)}"


def month_name(value: date) -> str:
    """Short where the language has short ones: Nov., nov., វិច្ឆិកា."""
    return format_date(value, "MMM", locale=LOCALES[current()])


def clock_time(value: datetime) -> str:
    """2:40 p.m. (EDT) · 14 h 40 (HAE) · ម៉ោង 14:40 (EDT), in Toronto's time."""
    before = "ម៉ោង " if current() == "km" else ""
    return f"{before}{_hour(value)} ({_zone(value)})"


def hours(start: datetime, end: datetime) -> str:
    """From one time of a day to another: 1:00 p.m. – 4:00 p.m. (EDT)."""
    before = "ម៉ោង " if current() == "km" else ""
    first = "" if _zone(start) == _zone(end) else f" ({_zone(start)})"
    return f"{before}{_hour(start)}{first} – {_hour(end)} ({_zone(end)})"


def _hour(value: datetime) -> str:
    local = value.astimezone(TORONTO)
    language = current()
    if language == "fr":
        return f"{local.hour}{NBSP}h{NBSP}{local:%M}"
    if language == "km":
        return f"{local:%H:%M}"
    half = "a.m." if local.hour < 12 else "p.m."
    return f"{local.hour % 12 or 12}:{local:%M}{NBSP}{half}"


def _zone(value: datetime) -> str:
    locale = "fr_CA" if current() == "fr" else "en_CA"
    return get_timezone_name(value.astimezone(TORONTO), width="short", locale=locale)


def moment(value: datetime) -> str:
    """Day and time of the day together, as a sentence takes them."""
    gap = " " if current() == "km" else ", "
    return f"{long_date(value)}{gap}{clock_time(value)}"


def province(code: str) -> str:
    """The province's name; on Khmer pages with the name on people's mail beside it."""
    return str(Province(code).label)


@lru_cache
def provinces(language: str) -> list[tuple[str, str]]:
    """Every province and territory as (code, name), sorted by name without regard to accents."""
    with override(language):
        names = [(code, province(code)) for code in Province.values]
    return sorted(names, key=lambda item: sort_key(item[1]))


def _territories(language: str) -> dict[str, str]:
    territories: dict[str, str] = dict(Locale.parse(LOCALES[language]).territories)
    return territories


@lru_cache
def countries(language: str) -> list[tuple[str, str]]:
    """Every country but Canada as (code, name), sorted by name without regard to accents."""
    english = _territories("en")
    names = _territories(language)
    codes = {code for code in english if len(code) == 2 and code.isalpha()} - _NOT_ABROAD
    return sorted(
        ((code, names.get(code, english[code])) for code in codes),
        key=lambda item: sort_key(item[1]),
    )


def sort_key(name: str) -> str:
    """A name without accents. Khmer's signs stay: only Latin accents have so high a class."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in decomposed if unicodedata.combining(sign) < 200)
