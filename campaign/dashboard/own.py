"""The petitioner's pages: one petition from its first words to what became of it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard import own_wording, text_history
from campaign.dashboard import petition_wording as wording
from campaign.dashboard.own_forms import BeginForm, DraftForm
from campaign.dashboard.petition_forms import ReasonForm
from petitions import clock, formats
from petitions.domain import drafting, editing, examining, house_rules, lifecycle
from petitions.models import Petition
from petitions.states import PetitionState

_only_petitioners = needs(Permission.WRITE_OWN_PETITION)


def own_petition(request: StaffRequest) -> Petition:
    """The newest petition of whoever is logged in; 404 before it is begun."""
    petition = drafting.own(request.user).first()
    if petition is None:
        raise Http404
    return petition


@require_http_methods(["GET", "HEAD", "POST"])
@_only_petitioners
def petition(request: StaffRequest) -> HttpResponse:
    """Where the petition stands and what comes next; without one under way, a beginning."""
    if request.method == "POST":
        return _begin(request, BeginForm(request.POST))
    found = drafting.own(request.user).first()
    if found is None:
        return _show_begin(request, BeginForm(initial={"language": _house_language(request)}))
    context = {
        "petition": found,
        "steps": own_wording.steps(found),
        "state_text": own_wording.state(found),
        "refusal": examining.rejection(found),
        "findings": house_rules.findings(found) if _is_draft(found) else [],
        "is_draft": _is_draft(found),
        "shows_supporters": _is_draft(found) or found.supporters.exists(),
        "may_withdraw": drafting.may_withdraw(found),
        "may_begin": drafting.active(request.user) is None,
        "begin_form": BeginForm(initial={"language": _house_language(request)}),
        "history": wording.history(found),
    }
    return render(request, "petitioner/petition.html", context)


def _house_language(request: StaffRequest) -> str:
    return "fr" if request.user.language == "fr" else "en"


def _is_draft(found: Petition) -> bool:
    return found.state == PetitionState.DRAFT


def _begin(request: StaffRequest, form: BeginForm) -> HttpResponse:
    if not form.is_valid():
        return _show_begin(request, form, status=422)
    try:
        drafting.begin(**form.cleaned_data, by=request.user)
    except editing.EditError as error:
        form.add_error(None, str(error))
        return _show_begin(request, form, status=422)
    return HttpResponseRedirect(reverse("own:text"))


def _show_begin(request: StaffRequest, form: BeginForm, status: int = 200) -> HttpResponse:
    return render(request, "petitioner/begin.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@_only_petitioners
def text(request: StaffRequest) -> HttpResponse:
    """The editor. A script saves by itself and asks for JSON; the button does the same."""
    found = own_petition(request)
    if request.method != "POST":
        return _show_text(request, found, DraftForm.stored(found))
    form = DraftForm.posted(found, request.POST)
    if form.is_valid():
        try:
            based_on = form.cleaned_data["based_on"]
            found = drafting.save(found, form.draft(), based_on=based_on, by=request.user)
        except editing.EditError as error:
            form.add_error(None, str(error))
    if "application/json" in request.headers.get("Accept", ""):
        return _saved_json(found, form)
    if form.errors:
        return _show_text(request, found, form, status=422)
    messages.success(request, gettext("Your text is saved."))
    return HttpResponseRedirect(reverse("own:text"))


def _saved_json(found: Petition, form: DraftForm) -> HttpResponse:
    """For the script: what to write beside the button, and what the next save is based on."""
    if form.errors:
        problem = next(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"text": problem}, status=422)
    texts = editing.texts_of(found)
    time = formats.clock_time(clock.db_instant())
    content = {
        "text": gettext("Saved at %(time)s") % {"time": time},
        "based_on": texts.digest(),
        "count": house_rules.counted_text(texts, found.original_language),
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


def _show_text(
    request: StaffRequest, found: Petition, form: DraftForm, status: int = 200
) -> HttpResponse:
    texts = editing.texts_of(found)
    context = {
        "petition": found,
        "form": form,
        "may_be_written": _is_draft(found),
        "count": house_rules.counted_text(texts, found.original_language),
        "findings": house_rules.findings(found, texts),
    }
    return render(request, "petitioner/text.html", context, status=status)


@require_safe
@_only_petitioners
def preview(request: StaffRequest) -> HttpResponse:
    """The text as everybody will read it, in its own language."""
    found = own_petition(request)
    language = found.original_language
    with translation.override(language):
        context = {
            "petition": found,
            "preview_lang": formats.HTML_LANGUAGES[language],
            "draft": drafting.draft_of(found),
            "whereas_heading": gettext("Whereas:"),
            "requests_heading": own_wording.undersigned(found),
        }
    return render(request, "petitioner/preview.html", context)


@require_safe
@_only_petitioners
def versions(request: StaffRequest) -> HttpResponse:
    """What was changed when."""
    found = own_petition(request)
    return render(request, "petitioner/history.html", text_history.context(found))


@require_http_methods(["GET", "HEAD", "POST"])
@_only_petitioners
def withdraw(request: StaffRequest) -> HttpResponse:
    """Ends the petition, after a page that says so."""
    found = own_petition(request)
    if not drafting.may_withdraw(found):
        raise Http404
    done = gettext("Your petition is withdrawn.")
    return ask_why(request, found, drafting.withdraw, template="withdraw", done=done)


def ask_why(
    request: StaffRequest,
    found: Petition,
    act: Callable[..., object],
    *,
    template: str,
    done: str,
) -> HttpResponse:
    """A page that says what an act costs; its press acts, with the reason if one was given."""
    form = ReasonForm(request.POST or None, must=False)
    if request.method == "POST" and form.is_valid():
        try:
            act(found, by=request.user, reason=form.cleaned_data["reason"])
        except lifecycle.MoveError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return HttpResponseRedirect(reverse("own:petition"))
    status = 422 if form.errors else 200
    context = {"petition": found, "form": form}
    return render(request, f"petitioner/{template}.html", context, status=status)
