"""Asking a Member to authorize a petition: by the desk, or by the petitioner."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard import house_wording
from campaign.dashboard.house_forms import AskForm, FindMemberForm, LetterForm
from campaign.dashboard.own import ask_why, own_petition
from campaign.parliament import queries, searching
from petitions import formats
from petitions.domain import authorizing, supporting
from petitions.models import Member, Petition
from petitions.states import PetitionState

#: A search that finds more is narrowed down.
_MOST_FOUND = 20


# --- the desk --------------------------------------------------------------------------------


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MOVE_PETITIONS)
def member(request: StaffRequest, slug: str) -> HttpResponse:
    """Whom to ask, who was asked, and what a letter said."""
    petition = get_object_or_404(Petition, slug=slug)
    match request.POST.get("act"):
        case "ask":
            return _ask(request, petition)
        case "letter":
            return _record_letter(request, petition)
        case "take_back":
            return _take_back(request, petition)
    return _show(request, petition)


def _ask(request: StaffRequest, petition: Petition) -> HttpResponse:
    chosen = _chosen(request.POST.get("member", ""))
    form = AskForm(request.POST)
    if chosen is None:
        raise Http404
    if _asked(request, petition, chosen, form):
        return _back(petition)
    return _show(request, petition, chosen=chosen, ask_form=form, status=422)


def _asked(request: StaffRequest, petition: Petition, chosen: Member, form: AskForm) -> bool:
    """Whether the request left; the form says why not."""
    if not form.is_valid():
        return False
    try:
        authorizing.ask(petition, chosen, by=request.user, **form.cleaned_data)
    except authorizing.AuthorizeError as error:
        form.add_error(None, str(error))
        return False
    messages.success(
        request, gettext("%(name)s’s office has been written to.") % {"name": chosen.name}
    )
    return True


def _record_letter(request: StaffRequest, petition: Petition) -> HttpResponse:
    asked = authorizing.waiting(petition)
    form = LetterForm(request.POST)
    if asked is None:
        return _back(petition)
    if form.is_valid():
        data = form.cleaned_data
        letter = authorizing.Letter(written_on=data["written_on"], by=request.user)
        try:
            if form.is_yes:
                authorizing.authorize(
                    asked, may_be_named=data["may_be_named"], note=data["note"], letter=letter
                )
            else:
                authorizing.decline(asked, note=data["note"], letter=letter)
        except authorizing.AuthorizeError as error:
            form.add_error("written_on", str(error))
        else:
            messages.success(request, gettext("The answer is recorded."))
            return _back(petition)
    return _show(request, petition, letter_form=form, status=422)


def _take_back(request: StaffRequest, petition: Petition) -> HttpResponse:
    asked = authorizing.waiting(petition)
    if asked is None or str(asked.pk) != request.POST.get("request"):
        # Answered or taken back meanwhile: the page says which.
        return _back(petition)
    try:
        authorizing.take_back(asked, by=request.user)
    except authorizing.AuthorizeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, gettext("The request is taken back. It counts for nothing."))
    return _back(petition)


def _back(petition: Petition) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:member", args=[petition.slug]))


def _show(
    request: StaffRequest,
    petition: Petition,
    *,
    chosen: Member | None = None,
    ask_form: AskForm | None = None,
    letter_form: LetterForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **_choice(request, petition, chosen, ask_form),
        "letter_form": letter_form or LetterForm(),
    }
    return render(request, "dashboard/petitions/member.html", context, status=status)


# --- the petitioner --------------------------------------------------------------------------


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WRITE_OWN_PETITION)
def own_member(request: StaffRequest) -> HttpResponse:
    """The petitioner chooses a Member, and writes to an address of the House alone."""
    petition = own_petition(request)
    if petition.state != PetitionState.AWAITING_MP and not petition.mp_requests.exists():
        raise Http404
    chosen = _chosen(request.POST.get("member", ""))
    form, status = None, 200
    if request.method == "POST" and chosen is not None:
        form = AskForm(request.POST, only_offices=True)
        if _asked(request, petition, chosen, form):
            return HttpResponseRedirect(reverse("own:member"))
        status = 422
    context = _choice(request, petition, chosen, form, only_offices=True)
    return render(request, "petitioner/member.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.WRITE_OWN_PETITION)
def own_take_back(request: StaffRequest) -> HttpResponse:
    """Back to the draft while supporters are gathered, after a page that says what it costs."""
    petition = own_petition(request)
    if petition.state != PetitionState.GATHERING_SUPPORTERS:
        raise Http404
    done = gettext("Your petition is a draft again.")
    return ask_why(request, petition, supporting.take_back, template="take_back", done=done)


# --- both ------------------------------------------------------------------------------------


def _choice(
    request: StaffRequest,
    petition: Petition,
    chosen: Member | None,
    form: AskForm | None,
    *,
    only_offices: bool = False,
) -> dict[str, Any]:
    """Who is asked now or was asked before, and a search for who comes next."""
    asked = authorizing.waiting(petition) if petition.state == PetitionState.AWAITING_MP else None
    may_ask = petition.state == PetitionState.AWAITING_MP and asked is None
    chosen = chosen or _chosen(request.GET.get("member", ""))
    language = "fr" if formats.current() == "fr" else "en"
    search = FindMemberForm(request.GET)
    query = request.GET.get("q", "")
    if chosen is not None and form is None:
        form = AskForm.about(chosen, language, only_offices=only_offices)
    return {
        "petition": petition,
        "left_text": house_wording.left(petition),
        "asked": asked,
        "may_ask": may_ask,
        "search_form": search,
        "query": query,
        "found": _found(query) if may_ask else [],
        "chosen": chosen if may_ask else None,
        "ask_form": form,
        "requests": house_wording.requests(petition),
    }


def _chosen(number: str) -> Member | None:
    """The Member of a number that came with a link or a form."""
    if not number.isdecimal() or len(number) > 9:
        return None
    return Member.objects.select_related("riding", "contact").filter(pk=int(number)).first()


def _found(query: str) -> list[Member]:
    """Members of today by name, riding or postal code."""
    search = searching.read(query)
    if search.is_empty:
        return []
    rows = queries.rows(search, queries.Counts())
    found = [row.member for row in rows if row.member is not None and row.member.left_on is None]
    return found[:_MOST_FOUND]
