"""The vault ceremony: make it, print the recovery sheet, prove both ways to open it.

Each step is a page that can be left and come back to. Only the sheet is shown once, in the answer
to the post that made the vault: its code is kept nowhere.
"""

from datetime import timedelta
from typing import Any, TypeVar

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.factors import confirm_url, stale_factor
from campaign.accounts.roles import Permission
from campaign.dashboard.vault_forms import NewVaultForm, ProveForm, emptied
from petitions import clock
from petitions.domain import key_slots, passphrases, vault
from petitions.forms import PlainForm
from petitions.models import KeySlot, Petition, Signature
from petitions.networks import over_limit
from petitions.states import PetitionKind, PetitionState

Form = TypeVar("Form", bound=PlainForm)

#: Both ways to open a vault are tried this often, so that a lost one is noticed (security.md §4.3).
_DRILL = timedelta(days=92)
#: States in which a proved vault is something that the opening waits for.
_BEFORE_OPENING = frozenset(
    {
        PetitionState.DRAFT,
        PetitionState.GATHERING_SUPPORTERS,
        PetitionState.AWAITING_MP,
        PetitionState.IN_EXAMINATION,
        PetitionState.IN_TRANSLATION,
        PetitionState.SCHEDULED,
    }
)


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.KEEP_VAULT)
def ceremony(request: StaffRequest, slug: str) -> HttpResponse:
    """Where the ceremony stands; the post makes the vault, and its answer is the sheet."""
    petition = find_petition(slug)
    if request.method != "POST":
        return ask_again(request) or _show(request, petition, NewVaultForm())
    if stale_factor(request):
        return _show(request, petition, _refused(stale()), status=403)
    if hasattr(petition, "vault"):
        reason = gettext("This petition has a vault already, so no second one was made.")
        return _show(request, petition, _refused(reason), status=422)
    form = NewVaultForm(request.POST)
    if not form.is_valid():
        return _show(request, petition, form, status=422)
    passphrase = form.cleaned_data["passphrase"]
    try:
        row, code = vault.create(petition, passphrase=passphrase, by=request.user)
    except vault.CeremonyError as error:
        return _show(request, find_petition(slug), _refused(str(error)), status=422)
    context = {
        "petition": petition,
        "made_at": row.created_at,
        "groups": code.split("-"),
        "strength": passphrases.strength(passphrase).label,
    }
    return render(request, "dashboard/vault/sheet.html", context)


@sensitive_variables()
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.KEEP_VAULT)
def prove(request: StaffRequest, slug: str, way: str) -> HttpResponse:
    """One way to open the vault, tried: at the ceremony, and again every three months."""
    petition = find_petition(slug)
    if way not in KeySlot.Kind.values or not hasattr(petition, "vault"):
        raise Http404
    kind = KeySlot.Kind(way)
    if request.method != "POST":
        return ask_again(request) or _show_proof(request, petition, ProveForm(kind=kind))
    form = ProveForm(request.POST, kind=kind)
    if stale_factor(request):
        return _show_proof(request, petition, emptied(form, stale()), status=403)
    if not form.is_valid():
        return _show_proof(request, petition, form, status=422)
    if over_limit(request, "passphrase") is not None:
        reason = gettext("Too many tries. Wait 10 minutes and try again.")
        return _show_proof(request, petition, emptied(form, reason), status=429)
    try:
        vault.prove(petition.vault, form.cleaned_data["secret"], kind=kind)
    except vault.VaultError:
        form.add_error("secret", _does_not_open(kind))
        return _show_proof(request, petition, form, status=422)
    return HttpResponseRedirect(reverse("desk:vault", args=[slug]))


@require_POST
@needs(Permission.KEEP_VAULT)
def start_again(request: StaffRequest, slug: str) -> HttpResponse:
    """Throws an unproved vault away, so that the ceremony can begin anew."""
    petition = find_petition(slug)
    if stale_factor(request):
        return _show(request, petition, _refused(stale()), status=403)
    try:
        vault.discard(petition, by=request.user)
    except vault.CeremonyError as error:
        return _show(request, petition, _refused(str(error)), status=422)
    return HttpResponseRedirect(reverse("desk:vault", args=[slug]))


def find_petition(slug: str) -> Petition:
    """A petition that takes signatures; a record has no list, and so no vault."""
    petitions = Petition.objects.select_related("vault").exclude(kind=PetitionKind.RECORD)
    petition = petitions.filter(slug=slug).first()
    if petition is None:
        raise Http404
    return petition


def ask_again(request: StaffRequest) -> HttpResponse | None:
    """Whoever logged in too long ago shows it first, and then comes back here."""
    detour = confirm_url(request)
    return HttpResponseRedirect(detour) if detour else None


def stale() -> str:
    return gettext("Your log-in is older than 5 minutes. Confirm it, then try again")


def _does_not_open(kind: KeySlot.Kind) -> str:
    if kind == KeySlot.Kind.PASSPHRASE:
        return gettext("This passphrase does not open the vault")
    return gettext("This code does not open the vault. Compare it with the sheet, group by group")


def _refused(reason: str) -> PlainForm:
    """No field of the page is wrong: the summary says the reason alone."""
    form = PlainForm({})
    form.add_error(None, reason)
    return form


def _show(
    request: StaffRequest, petition: Petition, form: PlainForm, status: int = 200
) -> HttpResponse:
    """The form of a new vault, or where the ceremony stands."""
    context: dict[str, Any] = {
        "petition": petition,
        "form": form,
        "confirm_url": confirm_url(request, back=reverse("desk:vault", args=[petition.slug])),
    }
    if not hasattr(petition, "vault"):
        new = form if isinstance(form, NewVaultForm) else NewVaultForm()
        context |= {"new": new, "suggestion": passphrases.suggestion()}
        return render(request, "dashboard/vault/create.html", context, status=status)
    slots = list(petition.vault.slots.select_related("keeper").order_by("pk"))
    proofs = [slot.proved_at for slot in slots if slot.proved_at]
    is_proved = vault.proves(slots)
    context |= {
        "slots": slots,
        "removable": key_slots.removable(slots),
        "left": [slot.pk for slot in slots if not _keeps(slot)],
        "is_proved": is_proved,
        "is_drill_due": is_proved and min(proofs) < clock.display_now() - _DRILL,
        "can_discard": vault.can_discard(petition),
        "can_open": petition.state in _BEFORE_OPENING,
        "sealed": Signature.objects.filter(petition=petition, box_person__isnull=False).count(),
    }
    return render(request, "dashboard/vault/state.html", context, status=status)


def _keeps(slot: KeySlot) -> bool:
    """Whether a passphrase is still of somebody who may open the vault."""
    is_paper = slot.kind == KeySlot.Kind.RECOVERY
    return is_paper or slot.keeper is None or slot.keeper.may(Permission.KEEP_VAULT)


def _show_proof(
    request: StaffRequest, petition: Petition, form: ProveForm, status: int = 200
) -> HttpResponse:
    context = {
        "petition": petition,
        "form": form,
        "is_passphrase": form.kind == KeySlot.Kind.PASSPHRASE,
        "confirm_url": confirm_url(request),
    }
    return render(request, "dashboard/vault/prove.html", context, status=status)
