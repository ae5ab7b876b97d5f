"""Briefings for many Members at once: whom they are for, what stands in the way, the ZIP."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.parliament import packing, wording
from campaign.parliament.domain import briefings, packs
from campaign.parliament.domain.packs import Plan
from campaign.parliament.forms import PackForm
from campaign.parliament.models import BriefingLanguage, Pack
from petitions import formats
from petitions.domain.cells import SMALLEST_CELL
from petitions.domain.text_names import language_name
from petitions.models import Petition


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MEET_MEMBERS)
def pack(request: StaffRequest, slug: str) -> HttpResponse:
    """Whom a pack would be for; posting makes it."""
    petition = next((each for each in briefings.petitions_to_brief() if each.slug == slug), None)
    if petition is None:
        raise Http404
    if request.method != "POST":
        return _show(request, petition, PackForm({"least": SMALLEST_CELL, **request.GET.dict()}))
    form = PackForm(request.POST)
    if not form.is_valid():
        return _show(request, petition, form, status=422)
    least, pages = form.cleaned_data["least"], form.pages
    try:
        made = packs.make_pack(petition, least=least, pages=pages, by=request.user)
    except briefings.BriefingError as error:
        form.add_error(None, wording.pack_refusal(error))
        return _show(request, petition, form, status=422)
    number = wording.pack_size(made.briefings.count())
    messages.success(
        request, gettext("The pack is made: %(number)s. Download it below.") % {"number": number}
    )
    return HttpResponseRedirect(reverse("parliament:pack", args=[petition.slug]))


@require_safe
@needs(Permission.MEET_MEMBERS)
def download(request: StaffRequest, pack_id: int) -> HttpResponseBase:
    """The ZIP, made while it is sent: the same however often it is asked for."""
    found = get_object_or_404(Pack.objects.select_related("petition"), pk=pack_id)
    return StreamingHttpResponse(
        packing.stream(found),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{packing.filename(found)}"'},
    )


def _show(
    request: StaffRequest, petition: Petition, form: PackForm, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "petition": petition,
        "form": form,
        "made": petition.packs.select_related("made_by").annotate(size=Count("briefings")),
    }
    if form.is_valid() or "least" not in form.errors:
        plan = packs.plan(petition, least=form.cleaned_data["least"], pages=form.pages)
        context |= {"plan": plan, "pages": form.pages, **_described(plan)}
    return render(request, "parliament/pack.html", context, status=status)


def _described(plan: Plan) -> dict[str, Any]:
    """The plan in words, with a page for each language where its texts are written."""
    return {
        "entries": [
            {
                "member": seat.member,
                "language": language_name(seat.language),
                "signers": formats.number(seat.numbers.riding or 0),
            }
            for seat in plan.seats
        ],
        "languages": [
            f"{language_name(code)}{formats.NBSP}– {formats.number(plan.languages[code])}"
            for code in BriefingLanguage.values
            if plan.languages[code]
        ],
        "gaps": [
            {
                "language": code,
                "name": language_name(code),
                "texts": [wording.gap(each) for each in gaps],
                "member": next(seat.member for seat in plan.seats if seat.language == code),
            }
            for code, gaps in plan.gaps.items()
        ],
    }
