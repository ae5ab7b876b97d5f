"""The way of a signature: form, check your e-mail, confirm, thank you."""

import logging
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from petitions import clock, formats, presentation
from petitions.domain import composing, counting, mailing, signing, tokens
from petitions.domain.lifetimes import PENDING_LIFE
from petitions.domain.signing import Outcome
from petitions.domain.withdrawing import disown
from petitions.forms import AddressForm, CodeForm, SignForm
from petitions.models import Petition, Signature
from petitions.networks import over_limit
from petitions.states import SignatureState
from petitions.views import mailboxes
from petitions.views.access import mailed_link, own_form, petition_page, public_petition

logger = logging.getLogger(__name__)

#: The typed address is shown in full for this long, then masked.
ADDRESS_SHOWN = timedelta(hours=1)


class SeeOther(HttpResponseRedirect):
    """After a post: the browser gets the next page, and reloading it posts nothing."""

    status_code = 303


# --- the form --------------------------------------------------------------------------------


@sensitive_post_parameters()
@own_form
@require_http_methods(["GET", "HEAD", "POST"])
@petition_page
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. With the database away its post is answered 503, with everything still in it."""
    try:
        return _sign(request, slug)
    except (OperationalError, InterfaceError):
        if request.method != "POST":
            raise
        logger.exception("a signature could not be stored: the database is away")
        return _again(request, slug, None, SignForm(request.POST), status=503)


def _sign(request: HttpRequest, slug: str) -> HttpResponse:
    petition = public_petition(slug)
    if not presentation.is_taking_signatures(petition):
        return _closed(request, petition)
    if request.method != "POST":
        source = request.GET.get("s", "")
        return _show_form(request, petition, SignForm(initial={"source": source}))
    if "switch" in request.POST:  # the language links carry the typed answers along
        return _show_form(request, petition, SignForm(initial=request.POST.dict()))
    return _receive(request, petition)


def _receive(request: HttpRequest, petition: Petition) -> HttpResponse:
    form = SignForm(request.POST)
    if form.is_ineligible:
        return render(request, "petitions/not_eligible.html", _page(petition))
    wait = over_limit(request, "sign")
    if wait is not None:
        return _again(request, petition.slug, petition, form, status=429, wait=wait)
    if not form.is_valid():
        return _show_form(request, petition, form, status=422)
    return _submit(request, petition, form)


def _submit(request: HttpRequest, petition: Petition, form: SignForm) -> HttpResponse:
    token = form.cleaned_data["form_token"]
    try:
        tokens.check_form_token(token, petition.public_id)
    except (tokens.BadTokenError, tokens.ExpiredTokenError):
        form.add_error(
            None,
            gettext("The page was open too long. Your answers are still here: press Sign again"),
        )
        return _show_form(request, petition, form, status=422)
    answers = form.answers()
    try:
        public_id = signing.submit(petition, answers, form_token=token, language=formats.current())
    except signing.NotOpenError:
        return _closed(request, petition)
    handle = tokens.make_handle(public_id, answers.email)
    return SeeOther(reverse("petitions:check-email", args=[petition.slug, handle]))


def _show_form(
    request: HttpRequest, petition: Petition, form: SignForm, status: int = 200
) -> HttpResponse:
    """The form with a token that still serves, or a new one."""
    token = form["form_token"].value() or ""
    try:
        tokens.check_form_token(token, petition.public_id)
    except (tokens.BadTokenError, tokens.ExpiredTokenError):
        token = tokens.form_token(petition.public_id, formats.current())
    context = _page(petition) | {"form": form, "form_token": token, "switch_form": "sign-form"}
    return render(request, "petitions/sign.html", context, status=status)


def _again(
    request: HttpRequest,
    slug: str,
    petition: Petition | None,
    form: SignForm,
    *,
    status: int,
    wait: int = 60,
) -> HttpResponse:
    """The typed form with a notice: nothing was saved, press again later. Needs no database."""
    context = {
        "petition": petition,
        "slug": slug,
        "form": form,
        "form_token": request.POST.get("form_token", ""),
        "too_many": status == 429,
        "minutes": max(1, round(wait / 60)),
    }
    response = render(request, "petitions/sign_again.html", context, status=status)
    response["Retry-After"] = str(wait)
    return response


def _closed(request: HttpRequest, petition: Petition) -> HttpResponse:
    return render(request, "petitions/closed.html", _page(petition))


def _page(petition: Petition) -> dict[str, Any]:
    """What every page about one petition needs."""
    return {
        "petition": petition,
        "state_label": presentation.state_label(petition),
        "counter": presentation.counter(petition),
        "share": presentation.share(petition),
    }


# --- check your e-mail -----------------------------------------------------------------------


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
        return render(request, "petitions/handle_gone.html", _page(petition), status=404)
    signature = signing.find_by_handle(petition, opened.public_id)
    if signature is None:
        return render(request, "petitions/handle_gone.html", _page(petition), status=404)
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
    age = clock.display_now() - opened.made_at
    shown = opened.address if age < ADDRESS_SHOWN else mailboxes.masked(opened.address)
    context = _page(signature.petition) | {
        "address": shown,
        "sender": mailboxes.sender(),
        "subject": composing.subject("confirm_signature"),
        "pending_days": PENDING_LIFE.days,
        "webmail": mailboxes.webmail(opened.address, request.headers.get("User-Agent", "")),
        "mail_is_slow": mailing.is_slow(),
        "code_form": forms.get("code_form") or CodeForm(),
        "address_form": forms.get("address_form") or AddressForm(),
        "notice": forms.get("notice", ""),
        "change_open": "address_form" in forms or "change" in request.GET,
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
        return _to_thanks(signature, outcome)
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
    rest = signing.resend(signature)
    if rest is not None:
        notice = gettext("Wait %(seconds)s seconds before sending again") % {
            "seconds": formats.number(int(rest.total_seconds()) or 1)
        }
        return _show_check(request, signature, opened, 429, notice=notice)
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
    signing.change_address(signature, form.cleaned_data["email"])
    handle = tokens.make_handle(signature.public_id, form.cleaned_data["email"])
    return SeeOther(reverse("petitions:check-email", args=[signature.petition.slug, handle]))


def _too_many(
    request: HttpRequest, signature: Signature, opened: tokens.Handle, wait: int
) -> HttpResponse:
    notice = gettext("Too many tries. Wait 10 minutes and try again.")
    response = _show_check(request, signature, opened, 429, notice=notice)
    response["Retry-After"] = str(wait)
    return response


# --- confirm ---------------------------------------------------------------------------------


@mailed_link
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link. GET and HEAD change nothing, however often scanners fetch them."""
    try:
        opened = tokens.read_confirm_token(token)
    except tokens.BadTokenError:
        return render(request, "petitions/link_unknown.html", status=404)
    signature = signing.find_by_token(opened)
    if signature is None:
        return render(request, "petitions/link_unknown.html", status=404)
    translation.activate(signature.language)
    request.LANGUAGE_CODE = signature.language
    if request.method == "POST":
        return _press(request, signature, opened)
    return _show_confirm(request, signature, signing.look(signature, opened))


def _press(request: HttpRequest, signature: Signature, opened: tokens.ConfirmToken) -> HttpResponse:
    """One of the page's buttons: confirm, a new link for an expired one, "I did not sign"."""
    act = request.POST.get("act", "confirm")
    outcome = signing.look(signature, opened)
    if act == "disown":
        return _disown(request, signature, opened)
    if act == "renew" and outcome == Outcome.EXPIRED:
        signing.renew_link(signature)
        return render(request, "petitions/link_renewed.html", _page(signature.petition))
    outcome = outcome or signing.confirm(signature)
    if outcome in {Outcome.COUNTED, Outcome.HELD}:
        return _to_thanks(signature, outcome)
    return _show_confirm(request, signature, outcome)


def _show_confirm(
    request: HttpRequest, signature: Signature, outcome: Outcome | None
) -> HttpResponse:
    """The button, or why there is none. No name and no address stands on this page."""
    context = _page(signature.petition) | {"outcome": outcome.value if outcome else "ready"}
    return render(request, "petitions/confirm.html", context)


def _disown(
    request: HttpRequest, signature: Signature, opened: tokens.ConfirmToken
) -> HttpResponse:
    if signature.state == SignatureState.PENDING and opened.fits(signature.generation):
        disown(signature)
    return render(request, "petitions/disowned.html", _page(signature.petition))


# --- thank you -------------------------------------------------------------------------------


def _to_thanks(signature: Signature, outcome: Outcome) -> HttpResponse:
    path = reverse("petitions:thanks", args=[signature.petition.slug])
    return SeeOther(f"{path}?held" if outcome == Outcome.HELD else path)


@require_safe
@petition_page
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """Thank you, with a total that includes the press that led here."""
    petition = public_petition(slug)
    context = _page(petition) | {
        "counter": presentation.counter(petition, total=counting.live_total(petition)),
        "held": "held" in request.GET,
    }
    response = render(request, "petitions/thanks.html", context)
    response["Cache-Control"] = "no-store"
    return response
