"""The page that makes a Member's briefing: texts beside the paper, and what was made before."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.parliament import letters, printing, queries, wording
from campaign.parliament.brief_forms import TextsForm
from campaign.parliament.domain import brief_texts, briefings
from campaign.parliament.forms import BriefForm
from campaign.parliament.models import Briefing
from petitions import formats
from petitions.models import Member, Petition


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MEET_MEMBERS)
def brief(request: StaffRequest, member_id: int) -> HttpResponse:
    """What would be printed now, beside its texts.

    A post shows what was typed, saves it, or else answers the PDF and records it.
    """
    member = _find(member_id)
    offered = briefings.petitions_to_brief()
    if request.method == "POST":
        form = BriefForm(request.POST, petitions=offered)
        if form.is_valid() and request.POST.get("act") in ("show", "save"):
            return _receive_texts(request, member, form)
        return _receive(request, member, form)
    usual = {
        "petition": offered[0].slug if offered else "",
        "language": briefings.usual_language(member),
    }
    return _show(request, member, BriefForm({**usual, **request.GET.dict()}, petitions=offered))


def _find(member_id: int) -> Member:
    known = queries.members_with_contacts().select_related("riding", "contact")
    return get_object_or_404(known, pk=member_id)


def _receive_texts(request: StaffRequest, member: Member, form: BriefForm) -> HttpResponse:
    petition, language = form.chosen()
    typed = TextsForm(request.POST, language=language)
    if not typed.is_valid():
        return _show(request, member, form, typed, status=422)
    if request.POST["act"] == "show":
        return _show(request, member, form, typed)
    based_on = typed.cleaned_data["based_on"]
    try:
        brief_texts.save(petition, typed.texts(), by=request.user, based_on=based_on)
    except brief_texts.StaleError:
        stored = brief_texts.texts_of(petition)
        typed = TextsForm.overtaken(request.POST, stored, language=language)
        typed.add_error(None, wording.overtaken())
        return _show(request, member, form, typed, status=422)
    messages.success(request, gettext("The texts are saved."))
    second = {"second": "on"} if form.pages > 1 else {}
    query = urlencode({"petition": petition.slug, "language": language, **second})
    return HttpResponseRedirect(f"{request.path}?{query}")


def _receive(request: StaffRequest, member: Member, form: BriefForm) -> HttpResponse:
    if not form.is_valid():
        return _show(request, member, form, status=422)
    petition, language = form.chosen()
    try:
        briefing = briefings.make_briefing(
            member, petition=petition, language=language, pages=form.pages, by=request.user
        )
    except briefings.BriefingError as error:
        form.add_error(None, wording.refusal(error))
        return _show(request, member, form, status=422)
    return _file(briefing)


@require_safe
@needs(Permission.MEET_MEMBERS)
def download(request: StaffRequest, briefing_id: int) -> HttpResponse:
    """A page made before, with the texts and numbers of that day."""
    known = Briefing.objects.select_related("member__riding", "petition")
    return _file(get_object_or_404(known, pk=briefing_id))


def _file(briefing: Briefing) -> HttpResponse:
    name = printing.filename(briefing)
    return HttpResponse(
        printing.render(briefing),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _show(
    request: StaffRequest,
    member: Member,
    form: BriefForm,
    typed: TextsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "member": member,
        "form": form,
        "offered": form.offered,
        "list_day": wording.member_day(member),
        "house_page": letters.house_page(member, formats.current()),
        "made": member.briefings.select_related("petition", "made_by"),
    }
    if "petition" not in form.errors and "language" not in form.errors:
        petition, language = form.chosen()
        texts = typed or TextsForm.stored(brief_texts.texts_of(petition), language=language)
        context |= {
            "texts": texts,
            **_preview(member, petition, texts, pages=form.pages),
        }
    return render(request, "parliament/brief.html", context, status=status)


def _preview(member: Member, petition: Petition, form: TextsForm, *, pages: int) -> dict[str, Any]:
    """The page as it would be, with what was typed if anything was, and what is missing."""
    texts = form.texts() if form.is_bound else brief_texts.texts_of(petition)
    draft = briefings.draft(
        member, petition=petition, language=form.language, pages=pages, texts=texts
    )
    gaps = brief_texts.gaps(petition, form.language, pages=pages, texts=texts)
    is_old = queries.is_old(queries.known_on(member))
    return {
        "petition": petition,
        "draft": draft,
        "sheet": printing.sheet(draft),
        "sheet_language": formats.HTML_LANGUAGES[form.language],
        "gaps": [wording.gap(each) for each in gaps],
        "is_unsaved": form.is_changed(),
        "may_make": not gaps
        and not form.is_changed()
        and not form.errors
        and member.left_on is None
        and not is_old,
    }
