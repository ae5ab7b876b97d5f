"""Showing what a person may do, and hiding the rest."""

from django import template

from campaign.accounts.models import User
from campaign.accounts.roles import Permission

register = template.Library()


@register.filter
def may(user: User, permission: str) -> bool:
    """Whether the person has the permission of that value in `roles.py`."""
    return user.may(Permission(permission))
