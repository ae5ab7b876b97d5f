"""The page that makes a Member's briefing, and the pages made before."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.parliament import letters, printing, queries, wording
from campaign.parliament.domain import briefings
from campaign.parliament.forms import BriefForm, usual_language
from campaign.parliament.models import Briefing
from petitions import formats
from petitions.models import Member


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MEET_MEMBERS)
def brief(request: StaffRequest, member_id: int) -> HttpResponse:
    """What would be printed now; posting answers the PDF and records it."""
    member = _find(member_id)
    offered = briefings.petitions_to_brief()
    if request.method == "POST":
        return _receive(request, member, BriefForm(request.POST, petitions=offered))
    usual = {"petition": offered[0].slug if offered else "", "language": usual_language(member)}
    return _show(request, member, BriefForm({**usual, **request.GET.dict()}, petitions=offered))


def _find(member_id: int) -> Member:
    known = queries.members_with_contacts().select_related("riding", "contact")
    return get_object_or_404(known, pk=member_id)


def _receive(request: StaffRequest, member: Member, form: BriefForm) -> HttpResponse:
    if not form.is_valid():
        return _show(request, member, form, status=422)
    petition, language = form.chosen()
    try:
        briefing = briefings.make_briefing(
            member, petition=petition, language=language, by=request.user
        )
    except briefings.BriefingError as error:
        form.add_error(None, wording.refusal(error))
        return _show(request, member, form, status=422)
    return _file(briefing)


@require_safe
@needs(Permission.MEET_MEMBERS)
def download(request: StaffRequest, briefing_id: int) -> HttpResponse:
    """A page made before, with the numbers of that day."""
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
    request: StaffRequest, member: Member, form: BriefForm, status: int = 200
) -> HttpResponse:
    context = {
        "member": member,
        "form": form,
        "offered": form.offered,
        "list_day": wording.member_day(member),
        "house_page": letters.house_page(member, formats.current()),
        "made": member.briefings.select_related("petition", "made_by"),
        **_preview(member, form),
    }
    return render(request, "parliament/brief.html", context, status=status)


def _preview(member: Member, form: BriefForm) -> dict[str, Any]:
    """The page as it would be, and what is missing; nothing while no petition is chosen."""
    if "petition" in form.errors or "language" in form.errors:
        return {}
    petition, language = form.chosen()
    draft = briefings.draft(member, petition=petition, language=language)
    is_old = queries.is_old(queries.known_on(member))
    gaps = [wording.gap(each) for each in briefings.gaps(petition, language)]
    return {
        "petition": petition,
        "draft": draft,
        "sheet": printing.sheet(draft),
        "sheet_language": formats.HTML_LANGUAGES[language],
        "gaps": gaps,
        "may_make": not gaps and member.left_on is None and not is_old,
    }
