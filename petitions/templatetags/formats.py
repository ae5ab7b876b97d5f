"""Filters for dates, times and numbers in the page's language."""

import re
from datetime import date, datetime

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from petitions import formats

register = template.Library()

_OFFICIAL = re.compile(r"\b(e-\d{1,5}|\d{3}-\d{5})\b")


@register.filter
def long_date(value: date | None) -> str:
    return formats.long_date(value) if value else ""


@register.filter
def clock_time(value: datetime | None) -> str:
    return formats.clock_time(value) if value else ""


@register.filter
def number(value: int | None) -> str:
    return "" if value is None else formats.number(value)


@register.filter
def protect(value: str) -> SafeString:
    """Escaped text in which official numbers (e-1746, 421-03054) never break across lines."""
    escaped = str(conditional_escape(value))
    return mark_safe(_OFFICIAL.sub(r'<span class="nowrap">\1</span>', escaped))  # noqa: S308
