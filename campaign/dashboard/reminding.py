"""Reminding those who wait, by one press on the overview."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from petitions import formats
from petitions.domain import reminding
from petitions.models import Petition


@require_POST
@needs(Permission.SEND_REMINDERS)
def remind(request: StaffRequest, slug: str) -> HttpResponse:
    """One reminder to everybody who is due, and back to the overview."""
    petition = get_object_or_404(Petition, slug=slug)
    number = reminding.remind(petition, by=request.user)
    text = gettext("Nobody is to be reminded now: the last mail must be a day old.")
    if number:
        text = ngettext(
            "%(number)s reminder is on its way.", "%(number)s reminders are on their way.", number
        ) % {"number": formats.number(number)}
    messages.success(request, text)
    return HttpResponseRedirect(f"{reverse('desk:overview')}?{urlencode({'petition': slug})}")
