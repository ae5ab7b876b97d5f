"""The contact page, and what becomes of its form."""

import logging
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from campaign.newsroom.contact_forms import ContactForm
from campaign.newsroom.domain import contacting
from petitions import clock, formats
from petitions.domain import tokens
from petitions.domain.addresses import WHOLE_SITE
from petitions.domain.screening import HASTY
from petitions.networks import over_limit
from petitions.views.access import own_form
from petitions.views.answers import SeeOther

logger = logging.getLogger(__name__)


@sensitive_post_parameters()
@own_form
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Ways to reach the organizers; a form only where its messages reach somebody."""
    if request.method != "POST":
        return _show(request, ContactForm() if settings.CONTACT_FORM else None)
    if not settings.CONTACT_FORM:
        raise Http404
    if "switch" in request.POST:  # the language links carry the typed answers along
        return _show(request, ContactForm(initial=request.POST.dict()))
    return _receive(request)


def _receive(request: HttpRequest) -> HttpResponse:
    form = ContactForm(request.POST)
    wait = over_limit(request, "contact")
    if wait is not None:
        form.add_error(None, gettext("Too many tries. Wait 10 minutes and try again."))
        response = _show(request, form, status=429)
        response["Retry-After"] = str(wait)
        return response
    if form.is_valid() and (doubt := _doubt(form.cleaned_data["form_token"])):
        form.add_error(None, doubt)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        _send(form)
    except (OperationalError, InterfaceError) as error:
        # No trace: it may quote the message.
        logger.error("a message could not be queued: %s", type(error).__name__)  # noqa: TRY400
        form.add_error(
            None,
            gettext(
                "There is a problem with this site. Your message is still here: wait a few minutes,"
                " then press the button again"
            ),
        )
        return _show(request, form, status=503)
    return SeeOther(f"{reverse('contact')}?sent")


def _doubt(token: str) -> str:
    """What keeps a right form from being sent at once: people press again, programs go on."""
    try:
        tokens.check_form_token(token, WHOLE_SITE)
    except (tokens.BadTokenError, tokens.ExpiredTokenError):
        return gettext(
            "The page was open too long. Your message is still here: press the button again"
        )
    if tokens.form_age(token, clock.display_now()) < HASTY:
        return gettext(
            "That was very fast. Read your message once more, then press the button again"
        )
    return ""


def _send(form: ContactForm) -> None:
    """Nothing that a program wrote into the hidden field's form; it is told what all are told."""
    data = form.cleaned_data
    if not data["website"]:
        contacting.send_message(
            name=data["name"],
            address=data["email"],
            text=data["message"],
            language=formats.current(),
        )


def _show(request: HttpRequest, form: ContactForm | None, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "is_sent": "sent" in request.GET}
    if form is not None:
        context |= {"form_token": _token(form), "switch_form": "contact-form"}
    return render(request, "newsroom/contact.html", context, status=status)


def _token(form: ContactForm) -> str:
    """The form's own while it serves, else a new one."""
    token = form["form_token"].value() or ""
    try:
        tokens.check_form_token(token, WHOLE_SITE)
    except (tokens.BadTokenError, tokens.ExpiredTokenError):
        return tokens.form_token(WHOLE_SITE, formats.current())
    return str(token)
