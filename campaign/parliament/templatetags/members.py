"""What a page says beside the name of a Member."""

from django import template

from campaign.parliament import wording
from petitions.models import Member

register = template.Library()


@register.filter
def list_day(member: Member) -> str:
    """The day on which name, riding and party were seen to be right."""
    return str(wording.member_day(member)["text"])
