"""Check your e-mail: the page between the form and the mail."""

from datetime import timedelta
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from petitions import clock, formats
from petitions.domain import composing, mailing, signing, tokens
from petitions.domain.lifetimes import PENDING_LIFE
from petitions.domain.signing import Outcome
from petitions.forms import AddressForm, CodeForm
from petitions.models import Signature
from petitions.networks import over_limit
from petitions.views import mail_domains, mailboxes
from petitions.views.access import own_form, petition_page, public_petition
from petitions.views.answers import SeeOther, about, to_thanks
from petitions.views.kept import keep

#: The typed address is shown in full for this long, then masked.
ADDRESS_SHOWN = timedelta(hours=1)


@sensitive_post_parameters()
@own_form
@require_http_methods(["GET", "HEAD", "POST"])
@petition_page
def check_email(request: HttpRequest, slug: str, handle: str) -> HttpResponse:
    """The page after the form. It tells its holder nothing but what the holder typed."""
    petition = public_petition(slug)
    try:
        opened = tokens.read_handle(handle)
    except tokens.BadTokenError:
        return render(request, "petitions/handle_gone.html", about(petition), status=404)
    signature = signing.find_by_handle(petition, opened.public_id)
    if signature is None:
        return render(request, "petitions/handle_gone.html", about(petition), status=404)
    signature.petition = petition  # with all that the page says of it
    act = request.POST.get("act", "") if request.method == "POST" else ""
    match act:
        case "code":
            return _type_code(request, signature, opened)
        case "resend":
            return _resend(request, signature, opened)
        case "change":
            return _change_address(request, signature, opened)
    return _show_check(request, signature, opened)


def _show_check(
    request: HttpRequest,
    signature: Signature,
    opened: tokens.Handle,
    status: int = 200,
    **forms: Any,
) -> HttpResponse:
    is_shown = clock.display_now() - opened.made_at < ADDRESS_SHOWN
    is_refused = mailing.was_refused(signature, opened.address)
    context = about(signature.petition) | {
        "address": opened.address if is_shown else mailboxes.masked(opened.address),
        "likely": mail_domains.likely_address(opened.address) if is_shown else None,
        "sender": mailboxes.sender(),
        "subject": composing.subject("confirm_signature"),
        "pending_days": PENDING_LIFE.days,
        "webmail": mailboxes.webmail(opened.address, request.headers.get("User-Agent", "")),
        # Alike for all who wait at this moment.
        "mail_is_slow": keep("mail is slow", mailing.is_slow),
        "is_refused": is_refused,
        "code_form": forms.get("code_form") or CodeForm(),
        "address_form": forms.get("address_form") or AddressForm(),
        "notice": forms.get("notice", ""),
        "change_open": is_refused or "address_form" in forms or "change" in request.GET,
        "sent_again": "sent" in request.GET,
    }
    return render(request, "petitions/check_email.html", context, status=status)


def _type_code(request: HttpRequest, signature: Signature, opened: tokens.Handle) -> HttpResponse:
    wait = over_limit(request, "code")
    if wait is not None:
        return _too_many(request, signature, opened, wait)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _show_check(request, signature, opened, 422, code_form=form)
    outcome = signing.confirm_by_code(signature, form.cleaned_data["code"])
    if outcome in {Outcome.COUNTED, Outcome.ALREADY, Outcome.HELD}:
        return to_thanks(signature, outcome)
    reasons = {
        Outcome.NO_TRIES_LEFT: gettext(
            "Too many tries with the code. Press the button in the e-mail instead"
        ),
        Outcome.EXPIRED: gettext("This code has expired. Send the e-mail again for a new one"),
        Outcome.CLOSED: gettext("This petition has closed"),
    }
    wrong = gettext("The code is not right. Check the newest e-mail")
    form.add_error("code", reasons.get(outcome, wrong))
    return _show_check(request, signature, opened, 422, code_form=form)


def _resend(request: HttpRequest, signature: Signature, opened: tokens.Handle) -> HttpResponse:
    wait = over_limit(request, "resend")
    if wait is not None:
        return _too_many(request, signature, opened, wait)
    try:
        rest = signing.resend(signature)
    except signing.TooManyMailsError:
        return _no_more_mails(request, signature, opened)
    if rest is not None:
        notice = gettext("Wait %(seconds)s seconds before sending again") % {
            "seconds": formats.number(ceil(rest.total_seconds()))
        }
        return _not_now(request, signature, opened, notice, wait=ceil(rest.total_seconds()))
    return SeeOther(f"{request.path}?sent=1")


def _change_address(
    request: HttpRequest, signature: Signature, opened: tokens.Handle
) -> HttpResponse:
    wait = over_limit(request, "resend")
    if wait is not None:
        return _too_many(request, signature, opened, wait)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _show_check(request, signature, opened, 422, address_form=form)
    try:
        signing.change_address(signature, form.cleaned_data["email"])
    except signing.TooManyMailsError:
        return _no_more_mails(request, signature, opened)
    handle = tokens.make_handle(signature.public_id, form.cleaned_data["email"])
    return SeeOther(reverse("petitions:check-email", args=[signature.petition.slug, handle]))


def _no_more_mails(
    request: HttpRequest, signature: Signature, opened: tokens.Handle
) -> HttpResponse:
    notice = gettext("No more e-mails can be sent for this signature. Use the newest one.")
    wait = int(PENDING_LIFE.total_seconds())
    return _not_now(request, signature, opened, notice, wait=wait)


def _too_many(
    request: HttpRequest, signature: Signature, opened: tokens.Handle, wait: int
) -> HttpResponse:
    notice = gettext("Too many tries. Wait 10 minutes and try again.")
    return _not_now(request, signature, opened, notice, wait=wait)


def _not_now(
    request: HttpRequest, signature: Signature, opened: tokens.Handle, notice: str, *, wait: int
) -> HttpResponse:
    response = _show_check(request, signature, opened, 429, notice=notice)
    response["Retry-After"] = str(wait)
    return response
