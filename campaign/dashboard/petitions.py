"""The petitions of the desk: all of them, each with what is left to do, and a new one."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.models import User
from campaign.accounts.roles import Permission
from campaign.dashboard import house_wording, outcome_wording, translation_table
from campaign.dashboard import petition_wording as wording
from campaign.dashboard.petition_forms import NewPetitionForm
from campaign.parliament import certificates
from petitions import presentation
from petitions.domain import editing, gate, official, reviewing, translating, vault
from petitions.models import Outcome, Petition, Signature
from petitions.states import PetitionKind, PetitionState, TextStatus


@require_safe
@needs(Permission.SEE_OVERVIEW)
def petition_list(request: StaffRequest) -> HttpResponse:
    """Open ones first, then those in work, then the ended; records last."""
    found = Petition.objects.prefetch_related("clauses").order_by("-pk")
    counted = dict(
        Signature.objects.counted().order_by().values_list("petition").annotate(number=Count("pk"))
    ) | dict(Outcome.objects.exclude(certified_at=None).values_list("petition", "certified_total"))
    progress = _progress([each for each in found if editing.may_be_written(each)])
    rows = [
        {
            "petition": petition,
            "is_record": petition.kind == PetitionKind.RECORD,
            "is_open": presentation.is_taking_signatures(petition),
            "state_label": presentation.state_label(petition),
            "progress": progress.get(petition.pk, []),
            "confirmed": counted.get(petition.pk, 0),
        }
        for petition in sorted(found, key=_rank)
    ]
    return render(request, "dashboard/petitions/list.html", {"rows": rows})


def _rank(petition: Petition) -> int:
    if petition.kind == PetitionKind.RECORD:
        return 3
    if petition.state == PetitionState.OPEN:
        return 0
    return 1 if petition.state in editing.IN_WRITING | {PetitionState.SCHEDULED} else 2


def _progress(petitions: Sequence[Petition]) -> dict[int, list[dict[str, Any]]]:
    """By petition how many texts of each language are approved, in as many queries as for one."""
    subjects = {each.pk: editing.subject_of(each) for each in petitions}
    states = translating.states_of_all(list(subjects.values()))
    return {pk: translation_table.bars(subject, states[pk]) for pk, subject in subjects.items()}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WRITE_PETITIONS)
def new_petition(request: StaffRequest) -> HttpResponse:
    if request.method != "POST":
        return _show_new(request, NewPetitionForm(initial={"language": request.user.language}))
    form = NewPetitionForm(request.POST)
    if not form.is_valid():
        return _show_new(request, form, status=422)
    try:
        petition = editing.create(**form.cleaned_data, by=request.user)
    except editing.AddressError as error:
        form.add_error("slug", str(error))
        return _show_new(request, form, status=422)
    return HttpResponseRedirect(reverse("desk:text", args=[petition.slug]))


def _show_new(request: StaffRequest, form: NewPetitionForm, status: int = 200) -> HttpResponse:
    return render(request, "dashboard/petitions/new.html", {"form": form}, status=status)


@require_safe
@needs(Permission.SEE_OVERVIEW)
def petition_page(request: StaffRequest, slug: str) -> HttpResponse:
    """What state it is in, what is left before it can open, what may be done, what was done."""
    petition = get_object_or_404(Petition, slug=slug)
    context = {
        **_standing(petition),
        **_offers(petition, request.user),
        "outcome_facts": outcome_wording.facts(petition),
        "outcome_steps": outcome_wording.steps(petition, request.user),
        "is_certified": certificates.is_certified(petition),
        "house_steps": house_wording.panel(petition, request.user),
        "history": wording.history(petition),
    }
    return render(request, "dashboard/petitions/petition.html", context)


def _standing(petition: Petition) -> dict[str, Any]:
    """What state it is in, and what is left before it can open."""
    may_be_written = editing.may_be_written(petition)
    return {
        "petition": petition,
        "is_open": presentation.is_taking_signatures(petition),
        "is_paused": presentation.is_paused(petition),
        "state_label": presentation.state_label(petition),
        "state_text": wording.state(petition),
        "dates_text": wording.dates(petition),
        "is_public": petition.is_public,
        "is_record": petition.kind == PetitionKind.RECORD,
        "may_be_written": may_be_written,
        "progress": _progress([petition])[petition.pk],
        "missing": _missing(petition),
        "held": reviewing.held(petition).count(),
        "texts_reason": gate.reason_against(petition) if may_be_written else "",
        "vault_state": _vault_state(petition),
        "shows_to_do": petition.state in editing.IN_WRITING | {PetitionState.SCHEDULED},
    }


def _offers(petition: Petition, person: User) -> dict[str, Any]:
    """What this person may do with it now."""
    may_move = person.may(Permission.MOVE_PETITIONS)
    return {
        "watches_official": may_move and official.has_official(petition),
        "may_correct": may_move and gate.may_be_corrected(petition),
        "moves": _moves(petition) if may_move else [],
        "may_pause": may_move and petition.state == PetitionState.OPEN,
        "may_export": person.may(Permission.EXPORT_SIGNERS) and hasattr(petition, "vault"),
    }


def _missing(petition: Petition) -> list[dict[str, Any]]:
    """What is not written yet, by language, each with its place to write."""
    by_language: dict[str, list[dict[str, str]]] = {each: [] for each in editing.LANGUAGES}
    for state in translating.states(editing.subject_of(petition)).values():
        if state.status == TextStatus.MISSING:
            anchor = f"id_{state.name}_{state.language}"
            text = {"anchor": anchor, "text": wording.text_name(state.name)}
            by_language[state.language].append(text)
    return [
        {"language": wording.language(each), "texts": texts}
        for each, texts in by_language.items()
        if texts
    ]


def _vault_state(petition: Petition) -> str:
    if not hasattr(petition, "vault"):
        return "none"
    return "proved" if vault.is_proved(petition) else "unproved"


def _moves(petition: Petition) -> list[dict[str, Any]]:
    return [
        {
            "to": to,
            "label": wording.move_label(petition, to),
            "reasons": wording.reasons_against(petition, to),
            "is_end": wording.is_end(to),
        }
        for to in wording.offered(petition)
    ]
