"""Filters for dates, times and numbers in the page's language."""

import re
from datetime import date, datetime

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from petitions import formats

register = template.Library()

#: Never broken across lines: official numbers, and Khmer words that browsers' dictionaries split
#: (no space shows where a Khmer word ends, and half a word reads as another one).
_WHOLE = re.compile(r"\b(?:e-\d{1,5}|\d{3}-\d{5})\b|លោកអ្នក|ការបោះឆ្នោត|ប្រជាធិបតេយ្យ|កម្ពុជា")


@register.filter
def long_date(value: date | None) -> str:
    return formats.long_date(value) if value else ""


@register.filter
def clock_time(value: datetime | None) -> str:
    return formats.clock_time(value) if value else ""


@register.filter
def full_date(value: datetime) -> str:
    return formats.full_date(value)


@register.filter
def hours(start: datetime, end: datetime) -> str:
    """From the one time to the other, of one day."""
    return formats.hours(start, end)


@register.filter
def month_name(value: date) -> str:
    return formats.month_name(value)


@register.filter
def number(value: int | None) -> str:
    return "" if value is None else formats.number(value)


@register.filter
def protect(value: str) -> SafeString:
    """Escaped text in which e-1746, 421-03054 and some Khmer words never break across lines."""
    escaped = str(conditional_escape(value))
    return mark_safe(_WHOLE.sub(r'<span class="nowrap">\g<0></span>', escaped))  # noqa: S308
