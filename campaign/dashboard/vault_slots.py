"""A second list keeper's passphrase, a new recovery sheet, and the end of either.

Whoever opens the vault may add a way to open it. The other list keeper types their passphrase at
the same screen: so it is in no mail and in no second hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.factors import confirm_url, stale_factor
from campaign.accounts.roles import Permission
from campaign.dashboard.vault_forms import AddPassphraseForm, OpeningForm, emptied
from campaign.dashboard.vaults import ask_again, find_petition, stale
from petitions.domain import key_slots, vault
from petitions.models import Petition
from petitions.networks import over_limit


@dataclass(frozen=True)
class _Page:
    title: Promise
    lead: Promise
    button: Promise


_ADD = _Page(
    _("Add a list keeper’s passphrase"),
    _(
        "Open the vault first. Then leave the keyboard to the other list keeper: nobody should "
        "know a passphrase of somebody else."
    ),
    _("Add the passphrase"),
)
_RENEW = _Page(
    _("Make a new recovery sheet"),
    _(
        "It is shown once, so have a printer ready. The sheet that you have works until you "
        "remove it: prove the new one first."
    ),
    _("Show the new sheet"),
)
_REMOVE = _Page(
    _("Remove this way to open the vault"),
    _(
        "Open the vault with a passphrase or a recovery code that stays, so that nobody is left "
        "with one that was lost."
    ),
    _("Remove"),
)


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.KEEP_VAULT)
def add_passphrase(request: StaffRequest, slug: str) -> HttpResponse:
    """Another list keeper's passphrase, which they prove on the vault's page."""
    petition = _find(slug)

    def add(data: dict[str, Any]) -> HttpResponse:
        key_slots.add_passphrase(
            petition.vault,
            opened_with=data["secret"],
            passphrase=data["passphrase"],
            keeper=data["keeper"],
            label=data["label"],
            by=request.user,
        )
        return _back(petition)

    return _change(request, petition, _ADD, AddPassphraseForm(_posted(request)), add)


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.KEEP_VAULT)
def renew_sheet(request: StaffRequest, slug: str) -> HttpResponse:
    """A new sheet: it is the answer to the post, and its code is kept nowhere."""
    petition = _find(slug)

    def renew(data: dict[str, Any]) -> HttpResponse:
        slot, code = key_slots.renew_sheet(
            petition.vault, opened_with=data["secret"], by=request.user
        )
        context = {"petition": petition, "made_at": slot.created_at, "groups": code.split("-")}
        return render(request, "dashboard/vault/sheet.html", context)

    return _change(request, petition, _RENEW, OpeningForm(_posted(request)), renew)


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.KEEP_VAULT)
def remove(request: StaffRequest, slug: str, slot_id: int) -> HttpResponse:
    """The end of a passphrase or sheet, once another one has opened the vault."""
    petition = _find(slug)
    slot = get_object_or_404(petition.vault.slots.select_related("keeper"), pk=slot_id)

    def end(data: dict[str, Any]) -> HttpResponse:
        key_slots.remove(slot, opened_with=data["secret"], by=request.user)
        return _back(petition)

    form = OpeningForm(_posted(request))
    return _change(request, petition, _REMOVE, form, end, slot=slot)


def _find(slug: str) -> Petition:
    petition = find_petition(slug)
    if not hasattr(petition, "vault"):
        raise Http404
    return petition


def _posted(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _back(petition: Petition) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:vault", args=[petition.slug]))


def _change(
    request: StaffRequest,
    petition: Petition,
    page: _Page,
    form: OpeningForm,
    act: Callable[[dict[str, Any]], HttpResponse],
    **context: Any,
) -> HttpResponse:
    """The page, or what becomes of its post; `act` gets the valid form's data."""

    def show(form: OpeningForm, status: int) -> HttpResponse:
        told = {"petition": petition, "page": page, "form": form, **context}
        told["confirm_url"] = confirm_url(request)
        return render(request, "dashboard/vault/change.html", told, status=status)

    if request.method != "POST":
        return ask_again(request) or show(form, 200)
    if stale_factor(request):
        return show(emptied(form, stale()), 403)
    if not form.is_valid():
        return show(form, 422)
    if over_limit(request, "passphrase") is not None:
        reason = gettext("Too many tries. Wait 10 minutes and try again.")
        return show(emptied(form, reason), 429)
    try:
        return act(form.cleaned_data)
    except vault.VaultError:
        form.add_error("secret", gettext("This does not open the vault"))
    except key_slots.SlotError as error:
        form.add_error(None, str(error))
    return show(form, 422)
