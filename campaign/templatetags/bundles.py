"""Addresses of the style sheets and scripts (see `campaign/bundles.py`)."""

from django import template
from django.conf import settings
from django.templatetags.static import static

from campaign.bundles import BUNDLES

register = template.Library()


@register.simple_tag
def bundle(name: str) -> list[str]:
    """The one address of a bundle, or with DEBUG those of its parts."""
    names = BUNDLES[name] if settings.DEBUG else (name,)
    return [static(each) for each in names]
