"""The mailed link: one button, and why there is none."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from petitions.domain import signing, tokens
from petitions.domain.signing import Outcome
from petitions.domain.withdrawing import disown
from petitions.models import Signature
from petitions.states import SignatureState
from petitions.views.access import mailed_link
from petitions.views.answers import about, to_thanks
from petitions.views.kept import keep, petition_of


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
    if act == "disown":
        return _disown(request, signature, opened)
    if act == "renew":
        return _renew(request, signature, opened)
    outcome = signing.confirm_by_link(signature, opened)
    if outcome in {Outcome.COUNTED, Outcome.HELD}:
        return to_thanks(signature, outcome)
    return _show_confirm(request, signature, outcome)


def _show_confirm(
    request: HttpRequest, signature: Signature, outcome: Outcome | None
) -> HttpResponse:
    """The button, or why there is none. No name and no address stands on this page.

    Nor a token: the form posts to where it stands, so that the page is made once for a crowd.
    """
    petition, said = petition_of(signature), outcome.value if outcome else "ready"

    def make() -> bytes:
        context = about(petition) | {"outcome": said}
        return render(request, "petitions/confirm.html", context).content

    return HttpResponse(keep(("confirm", petition.pk, signature.language, said), make))


def _renew(request: HttpRequest, signature: Signature, opened: tokens.ConfirmToken) -> HttpResponse:
    outcome = signing.look(signature, opened)
    if outcome != Outcome.EXPIRED:
        return _show_confirm(request, signature, outcome)
    signing.renew_link(signature)
    return render(request, "petitions/link_renewed.html", about(signature.petition))


def _disown(
    request: HttpRequest, signature: Signature, opened: tokens.ConfirmToken
) -> HttpResponse:
    """Empties a pending row. Of a counted one the page must not say that it is not counted."""
    outcome = signing.look(signature, opened)
    if opened.fits(signature.generation) and disown(signature):
        signature.state = SignatureState.REJECTED
    if signature.state != SignatureState.REJECTED:
        return _show_confirm(request, signature, outcome)
    return render(request, "petitions/disowned.html", about(signature.petition))
