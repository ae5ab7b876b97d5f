"""Data of schema.org inside a page."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

#: What could end the block, or begin a comment in it.
_ESCAPES = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


@register.simple_tag
def structured_data(things: list[dict[str, Any]]) -> SafeString:
    """A data block: no browser runs it, so the content security policy lets it be."""
    content = json.dumps({"@context": "https://schema.org", "@graph": things}, ensure_ascii=False)
    block = f'<script type="application/ld+json">{content.translate(_ESCAPES)}</script>'
    return mark_safe(block)  # noqa: S308 - escaped above
