"""Says which language a text is in, where it is not the page's."""

from django import template
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from petitions import fallbacks

register = template.Library()


@register.simple_tag
def lang_of(obj: Model, field: str) -> SafeString:
    """` lang="en-CA"` for an element that shows `obj.field` in another language, else nothing."""
    language = fallbacks.lang(obj, field)
    return format_html(' lang="{}"', language) if language else mark_safe("")


@register.filter
def speaks_otherwise(obj: Model, fields: str) -> bool:
    """Whether any of the comma-separated fields is shown in another language than the page's."""
    return any(fallbacks.lang(obj, field) for field in fields.split(","))
