"""The form, what becomes of its post, and the thank-you page at the end of the way."""

import logging

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from petitions import clock, formats, presentation, share_kit
from petitions.domain import counting, proof, signing, tokens
from petitions.forms import SignForm
from petitions.models import Petition
from petitions.networks import arrival, is_pressed, is_worn, over_limit
from petitions.peppers import UnknownPepperError
from petitions.views import mailboxes
from petitions.views.access import own_form, personal_page, petition_page, public_petition
from petitions.views.answers import SeeOther, about
from petitions.views.kept import keep

logger = logging.getLogger(__name__)

#: Stands for the token in a form that is kept.
_TOKEN = "the-token-comes-here"  # noqa: S105 - a mark, not a secret
#: Stands for the sum that is set while very many sign.
_SUM = "the-sum-comes-here"


@sensitive_post_parameters()
@own_form
@require_http_methods(["GET", "HEAD", "POST"])
@petition_page
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. With database or pepper away its post is answered 503, with everything in it."""
    try:
        return _sign(request, slug)
    except (OperationalError, InterfaceError, UnknownPepperError) as error:
        if request.method != "POST":
            raise
        is_ours = isinstance(error, UnknownPepperError)
        reason = str(error) if is_ours else "the database is away"
        logger.exception("a signature could not be stored: %s", reason)
        return _again(request, slug, None, SignForm(request.POST), status=503)


def _sign(request: HttpRequest, slug: str) -> HttpResponse:
    petition = public_petition(slug)
    if not presentation.is_taking_signatures(petition):
        return _closed(request, petition)
    if request.method != "POST":
        if not request.GET:
            return _show_empty_form(request, petition)
        source = request.GET.get("s", "")
        return _show_form(request, petition, SignForm(initial={"source": source}))
    if "switch" in request.POST:  # the language links carry the typed answers along
        return _show_form(request, petition, SignForm(initial=request.POST.dict()))
    return _receive(request, petition)


def _receive(request: HttpRequest, petition: Petition) -> HttpResponse:
    form = SignForm(request.POST)
    if form.is_ineligible:
        return render(request, "petitions/not_eligible.html", about(petition))
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
    is_unproven = _is_unproven(request, petition, form)
    if is_unproven and "altcha" not in request.POST:  # no sum was set when the form was shown
        form.add_error(
            None,
            gettext(
                "Very many people are signing at this moment. Your answers are still here: "
                "press Sign again"
            ),
        )
        return _show_form(request, petition, form, status=422)
    answers = form.answers()
    age = tokens.form_age(token, clock.display_now())
    came = arrival(
        request,
        is_trapped=bool(form.cleaned_data["website"]),
        seconds=age.total_seconds(),
        is_unproven=is_unproven,
    )
    try:
        public_id = signing.submit(
            petition, answers, form_token=token, language=formats.current(), arrival=came
        )
    except signing.NotOpenError:
        return _closed(request, petition)
    handle = tokens.make_handle(public_id, answers.email)
    return SeeOther(reverse("petitions:check-email", args=[petition.slug, handle]))


def _is_unproven(request: HttpRequest, petition: Petition, form: SignForm) -> bool:
    """Whether a proof of work is asked for, and the form has none of its own."""
    if not is_pressed(request, petition.slug, counts=True):
        return False
    token = form.cleaned_data["form_token"]
    return not proof.holds(form.cleaned_data["altcha"], token) or is_worn(token)


def _show_empty_form(request: HttpRequest, petition: Petition) -> HttpResponse:
    """The form, made once for all who come at the same time; the token is each visitor's own."""
    language = formats.current()
    pressed = is_pressed(request, petition.slug)

    def make() -> str:
        task = _SUM if pressed else ""
        return _form_page(request, petition, SignForm(), _TOKEN, task).content.decode()

    page = keep(("form", petition.slug, language, pressed), make)
    token = tokens.form_token(petition.public_id, language)
    if pressed:
        page = page.replace(_SUM, escape(proof.challenge(token)))
    return HttpResponse(page.replace(_TOKEN, token))


def _show_form(
    request: HttpRequest, petition: Petition, form: SignForm, status: int = 200
) -> HttpResponse:
    """The form with a token that still serves, or a new one."""
    token = form["form_token"].value() or ""
    try:
        tokens.check_form_token(token, petition.public_id)
    except (tokens.BadTokenError, tokens.ExpiredTokenError):
        token = tokens.form_token(petition.public_id, formats.current())
    task = proof.challenge(token) if is_pressed(request, petition.slug) else ""
    return _form_page(request, petition, form, token, task, status=status)


def _form_page(
    request: HttpRequest,
    petition: Petition,
    form: SignForm,
    token: str,
    task: str,
    *,
    status: int = 200,
) -> HttpResponse:
    """`task` is the sum for the browser, or empty."""
    context = about(petition) | {
        "form": form,
        "form_token": token,
        "task": task,
        "switch_form": "sign-form",
    }
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
        "switch_form": "sign-form",
    }
    response = render(request, "petitions/sign_again.html", context, status=status)
    response["Retry-After"] = str(wait)
    return response


def _closed(request: HttpRequest, petition: Petition) -> HttpResponse:
    return render(request, "petitions/closed.html", about(petition))


# --- thank you -------------------------------------------------------------------------------


def _nearest_share(request: HttpRequest) -> str:
    """What the thank-you page offers first: people inside Facebook's browser have Messenger."""
    inside = mailboxes.is_in_app(request.headers.get("User-Agent", ""))
    return "messenger" if inside else "whatsapp"


@personal_page
@require_safe
@petition_page
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """Thank you, with a total that includes the press that led here."""
    petition = public_petition(slug)
    context = about(petition) | {
        "counter": presentation.counter(petition, total=counting.live_total(petition)),
        "held": "held" in request.GET,
        "share": presentation.share(petition, first=_nearest_share(request)),
        "code": keep(("code", slug, formats.current()), lambda: share_kit.code(petition)),
    }
    return render(request, "petitions/thanks.html", context)
