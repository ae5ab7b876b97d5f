"""Signers on the desk: how many, one by an exact address, and the list while its vault is open.

Looking into the list is a post whose address holds the filters: a page that is only fetched opens
no name, and going back in a browser shows none again.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.factors import confirm_url, stale_factor
from campaign.accounts.roles import Permission
from campaign.dashboard.signer_forms import AddressForm, FilterForm, NameForm
from campaign.dashboard.vault_forms import ProveForm, emptied
from petitions import formats
from petitions.domain import list_ends, signers, vault, vault_sessions
from petitions.domain.vault_sessions import OpenVault
from petitions.models import KeySlot, Petition
from petitions.networks import over_limit
from petitions.states import SignatureState

#: No page beside the desk's is sent the secret of an open vault.
_COOKIE_PATH = "/desk/"


def _petition(slug: str) -> Petition:
    rows = Petition.objects.signed_here().select_related("vault")
    petition: Petition | None = rows.filter(slug=slug).first()
    if petition is None:
        raise Http404
    return petition


# --- numbers, and one signer by address ------------------------------------------------------


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EXPORT_SIGNERS)
def overview(request: StaffRequest, slug: str) -> HttpResponse:
    """The counts, the vault's door, and the search; a post looks for one address."""
    petition = _petition(slug)
    if request.method != "POST":
        return _show(request, petition, AddressForm())
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _show(request, petition, form, status=422)
    try:
        found = signers.ask_address(petition, form.cleaned_data["email"], by=request.user)
    except signers.TooManyQuestionsError as error:
        reason = gettext("You have looked for %(number)s addresses in an hour. Wait, then go on")
        form.add_error(None, reason % {"number": formats.number(signers.MOST_ASKED)})
        response = _show(request, petition, form, status=429)
        response["Retry-After"] = str(error.wait)
        return response
    return _show(request, petition, form, answer=[_entry(each) for each in found])


def _entry(found: signers.Found) -> dict[str, Any]:
    """What the desk may know of a signature without opening it."""
    signature = found.signature
    return {
        "signature": signature,
        "state": _state(signature.state, is_held=signature.held_at is not None),
        "language": dict(settings.LANGUAGES)[signature.language],
        "place": _place(signature.province),
        "sent": found.sent,
        "refused": found.refused,
        "waits": signature.state == SignatureState.PENDING,
        "counts": signature.is_counted,
    }


def _state(state: str, *, is_held: bool) -> str:
    if state == SignatureState.CONFIRMED and is_held:
        return gettext("Held for review")
    return str(SignatureState(state).label)


def _place(province: str) -> str:
    return formats.province(province) if province else gettext("Outside Canada")


def _show(
    request: StaffRequest,
    petition: Petition,
    form: AddressForm | ProveForm,
    *,
    status: int = 200,
    answer: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    """The page; `form` is the one of the two that was sent, or has nothing to say."""
    address = reverse("desk:signers", args=[petition.slug])
    context = {
        "petition": petition,
        "form": form,
        "search": form if isinstance(form, AddressForm) else AddressForm(),
        "door": form if isinstance(form, ProveForm) else ProveForm(kind=KeySlot.Kind.PASSPHRASE),
        "counts": signers.counts(petition),
        "answer": answer,
        "has_vault": hasattr(petition, "vault"),
        "erased_at": list_ends.erased_at(petition),
        "confirm_url": confirm_url(request, back=address),
        **_bar(_opened(request, petition)),
    }
    return render(request, "dashboard/signers/overview.html", context, status=status)


# --- the vault's door ------------------------------------------------------------------------


def _cookie(petition: Petition) -> str:
    """Browsers hold `__Secure-` cookies to their word; `__Host-` would send it to every page."""
    return f"{'__Secure-' if settings.SESSION_COOKIE_SECURE else ''}vault-{petition.pk}"


def _opened(request: StaffRequest, petition: Petition) -> OpenVault | None:
    """The vault, if this browser holds its secret and its minutes are not over."""
    try:
        secret = bytes.fromhex(request.COOKIES.get(_cookie(petition), ""))
    except ValueError:
        return None
    if list_ends.erased_at(petition):
        return None
    return vault_sessions.find(petition, secret, by=request.user)


def _bar(opened: OpenVault | None) -> dict[str, Any]:
    return {"closes_at": formats.clock_time(opened.closes_at) if opened else ""}


@sensitive_variables()
@sensitive_post_parameters()
@require_POST
@needs(Permission.EXPORT_SIGNERS)
def open_vault(request: StaffRequest, slug: str) -> HttpResponse:
    """The passphrase, typed after a fresh log-in, opens the vault in this browser alone."""
    petition = _petition(slug)
    if not hasattr(petition, "vault"):
        raise Http404
    form = ProveForm(request.POST, kind=KeySlot.Kind.PASSPHRASE)
    if list_ends.erased_at(petition):
        return _show(request, petition, AddressForm(), status=410)
    if stale_factor(request):
        reason = gettext("Your log-in is older than 5 minutes. Confirm it, then try again")
        return _show(request, petition, emptied(form, reason), status=403)
    if not form.is_valid():
        return _show(request, petition, form, status=422)
    if over_limit(request, "passphrase") is not None:
        reason = gettext("Too many tries. Wait 10 minutes and try again.")
        return _show(request, petition, emptied(form, reason), status=429)
    try:
        secret = vault_sessions.begin(petition, form.cleaned_data["secret"], by=request.user)
    except vault.VaultError:
        form.add_error("secret", gettext("This passphrase does not open the vault"))
        return _show(request, petition, form, status=422)
    response = HttpResponseRedirect(reverse("desk:signer-list", args=[slug]))
    response.set_cookie(
        _cookie(petition),
        secret.hex(),
        max_age=vault_sessions.LIFE,
        path=_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


@require_POST
@needs(Permission.EXPORT_SIGNERS)
def close_vault(request: StaffRequest, slug: str) -> HttpResponse:
    petition = _petition(slug)
    vault_sessions.close(petition, by=request.user)
    messages.success(request, gettext("The vault is closed."))
    response = HttpResponseRedirect(reverse("desk:signers", args=[slug]))
    response.delete_cookie(_cookie(petition), path=_COOKIE_PATH, samesite="Strict")
    return response


# --- the open list ---------------------------------------------------------------------------


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EXPORT_SIGNERS)
def signer_list(request: StaffRequest, slug: str) -> HttpResponse:
    """Filters and how many they leave; the post opens the next names of them."""
    petition = _petition(slug)
    opened = _opened(request, petition)
    if opened is None:
        messages.info(request, gettext("The vault is closed. Open it to see names."))
        return HttpResponseRedirect(reverse("desk:signers", args=[slug]))
    form = FilterForm(request.GET, petition=petition)
    name = NameForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"petition": petition, "form": form, "name": name, **_bar(opened)}
    if not form.is_valid() or (name.is_bound and not name.is_valid()):
        context["wrong"] = form if form.errors else name
        return render(request, "dashboard/signers/list.html", context, status=422)
    start = request.GET.copy()
    start.pop("after", None)
    listed = signers.listed(petition, form.filters()).count()
    context |= {"listed": listed, "start": start.urlencode()}
    if name.is_bound:
        context |= _read(request, petition, opened, form, name)
    return render(request, "dashboard/signers/list.html", context)


def _read(
    request: StaffRequest, petition: Petition, opened: OpenVault, form: FilterForm, name: NameForm
) -> dict[str, Any]:
    """The names from the marker in the page's address on, and where to go on."""
    marker = request.GET.get("after", "")
    block = signers.read_list(
        petition,
        opened.key,
        form.filters(),
        by=request.user,
        name=name.cleaned_data["name"],
        after=int(marker) if marker.isdecimal() and len(marker) < 19 else 0,
    )
    further = request.GET.copy()
    further["after"] = str(block.after)
    return {
        "found": block,
        "further": further.urlencode() if block.after else "",
        "rows": [
            {
                **row,
                "place": _place(row["province"]),
                "state": _state(SignatureState.CONFIRMED, is_held=row["held_at"] is not None),
            }
            for row in block.rows
        ],
    }
