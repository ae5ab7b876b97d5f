"""What a page says beside the name of a Member."""

from datetime import date

from django import template

from campaign.parliament import wording
from petitions.models import Member

register = template.Library()


@register.filter
def list_day(member: Member, today: date | None = None) -> str:
    """The day on which name, riding and party were seen to be right.

    Where many Members stand in a list, `today` is looked up once for all.
    """
    return str(wording.member_day(member, on=today)["text"])
