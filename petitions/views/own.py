"""A signer's own pages: find my signature, manage it, stop news."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from petitions import clock, formats, presentation
from petitions.domain import addresses, mailing, own_riding, signing, tokens, withdrawing
from petitions.forms import MySignatureForm, OwnRidingForm
from petitions.models import Signature, Subscription
from petitions.networks import over_limit
from petitions.states import DeliveryKind, SignatureState
from petitions.views.access import mailed_link, own_form
from petitions.views.answers import SeeOther


@sensitive_post_parameters()
@own_form
@require_http_methods(["GET", "HEAD", "POST"])
def my_signature(request: HttpRequest) -> HttpResponse:
    """One field, one answer for every address; the mail tells the rest."""
    if request.method != "POST":
        return render(request, "petitions/my_signature.html", {"form": MySignatureForm()})
    wait = over_limit(request, "my-signature")
    form = MySignatureForm(request.POST)
    if wait is not None:
        form.add_error(None, gettext("Too many tries. Wait 10 minutes and try again."))
        response = render(request, "petitions/my_signature.html", {"form": form}, status=429)
        response["Retry-After"] = str(wait)
        return response
    if not form.is_valid():
        return render(request, "petitions/my_signature.html", {"form": form}, status=422)
    address = form.cleaned_data["email"]
    mailing.queue(
        DeliveryKind.MANAGE,
        petition=None,
        address=addresses.lock(address),
        address_index=addresses.site_index(address),
        language=formats.current(),
    )
    return render(request, "petitions/my_signature_sent.html")


def _with_signature(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives a page the signature of its mailed link, and speaks that signature's language."""

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        try:
            public_id = tokens.read_manage_token(token, clock.db_instant())
        except tokens.ExpiredTokenError:
            return render(request, "petitions/manage_expired.html", status=410)
        except tokens.BadTokenError:
            return render(request, "petitions/link_unknown.html", status=404)
        known = Signature.objects.select_related("petition", "riding")
        signature = known.filter(public_id=public_id).first()
        if signature is None:
            return render(request, "petitions/link_unknown.html", status=404)
        translation.activate(signature.language)
        request.LANGUAGE_CODE = signature.language
        return view(request, token, signature)

    return opened


@mailed_link
@require_http_methods(["GET", "HEAD", "POST"])
@_with_signature
def manage(request: HttpRequest, token: str, signature: Signature) -> HttpResponse:
    """State, date and province of one signature, and what its signer may do about it."""
    done = "riding_chosen" if "riding" in request.GET else ""
    if request.method == "POST":
        done = _act(signature, request.POST.get("act", ""))
        signature.refresh_from_db()
    context = {
        "signature": signature,
        "petition": signature.petition,
        "state_label": SignatureState(signature.state).label,
        "signed_on": formats.long_date(signature.confirmed_at or signature.created_at),
        "province": formats.province(signature.province) if signature.province else "",
        "country": dict(formats.countries(signature.language)).get(signature.country, ""),
        "gets_news": bool(signature.email_index) and withdrawing.wants_news(signature),
        "riding_method": own_riding.certainty(signature),
        "may_choose_riding": own_riding.may_choose(signature),
        "token": token,
        "may_withdraw": signature.state in {SignatureState.PENDING, SignatureState.CONFIRMED},
        "may_erase": signature.erased_at is None,
        "may_resend": signature.state == SignatureState.PENDING,
        "done": done,
        "share": presentation.share(signature.petition),
    }
    return render(request, "petitions/manage.html", context)


@sensitive_post_parameters()
@mailed_link
@require_http_methods(["GET", "HEAD", "POST"])
@_with_signature
def riding(request: HttpRequest, token: str, signature: Signature) -> HttpResponse:
    """The signer says which riding is theirs, among those that the postal code may lie in."""
    if not own_riding.may_choose(signature):
        return render(request, "petitions/link_unknown.html", status=404)
    if request.method != "POST":
        return _show_riding(request, token, signature, OwnRidingForm())
    form = OwnRidingForm(request.POST)
    if not form.is_valid() or form.is_first_step:
        return _show_riding(request, token, signature, form, status=422 if form.errors else 200)
    chosen = form.chosen()
    if chosen is not None:
        own_riding.choose(signature, chosen)
    return SeeOther(reverse("links:manage", args=[token]) + "?riding")


def _show_riding(
    request: HttpRequest, token: str, signature: Signature, form: OwnRidingForm, status: int = 200
) -> HttpResponse:
    context = {
        "signature": signature,
        "petition": signature.petition,
        "form": form,
        "token": token,
        "riding_method": own_riding.certainty(signature),
    }
    return render(request, "petitions/own_riding.html", context, status=status)


def _act(signature: Signature, act: str) -> str:
    """Does what the pressed button names; returns the name of what was done, or nothing."""
    match act:
        case "withdraw":
            return "withdrawn" if withdrawing.withdraw(signature) else ""
        case "erase":
            return "erased" if withdrawing.erase(signature) else ""
        case "stop_news":
            withdrawing.stop_news(signature)
            return "news_stopped"
        case "resend" if signature.state == SignatureState.PENDING:
            return _resend(signature)
    return ""


def _resend(signature: Signature) -> str:
    try:
        rest = signing.resend(signature)
    except signing.TooManyMailsError:
        return "too_many"
    return "resent" if rest is None else "too_soon"


@mailed_link
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stops news with one press, and with the one-click POST of mail programs (RFC 8058)."""
    try:
        public_id = tokens.read_unsubscribe_token(token)
    except tokens.BadTokenError:
        return render(request, "petitions/link_unknown.html", status=404)
    subscription = Subscription.objects.filter(public_id=public_id).first()
    if subscription is not None:
        translation.activate(subscription.language)
        request.LANGUAGE_CODE = subscription.language
    if request.method == "POST" and subscription is not None:
        withdrawing.unsubscribe(subscription)
    done = request.method == "POST" or subscription is None
    return render(request, "petitions/unsubscribe.html", {"done": done})
