"""Short links of places: made, counted, printed, retired."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.dashboard import breakdowns
from campaign.dashboard.filters import Filters
from campaign.dashboard.share_forms import ShareLinkForm
from campaign.sharing import posters
from campaign.sharing.views import CODES, code_file, poster_file
from petitions import formats
from petitions.domain import sharing
from petitions.models import Petition, ShareLink

_PAPERS = {"us-letter": "Letter", "a4": "A4"}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MAKE_LINKS)
def links(request: StaffRequest, slug: str) -> HttpResponse:
    """Every short link of the petition, and a form for one more."""
    petition = _petition(slug)
    if request.method != "POST":
        return _show(request, petition, ShareLinkForm())
    form = ShareLinkForm(request.POST)
    if not form.is_valid():
        return _show(request, petition, form, status=422)
    sharing.make_link(petition, **form.cleaned_data, by=request.user)
    messages.success(request, gettext("The short link is made."))
    return _back(petition)


def _petition(slug: str) -> Petition:
    petition: Petition = get_object_or_404(Petition.objects.signed_here(), slug=slug)
    return petition


def _show(
    request: StaffRequest, petition: Petition, form: ShareLinkForm, status: int = 200
) -> HttpResponse:
    small_cells = request.user.may(Permission.SEE_SMALL_CELLS)
    cells = breakdowns.tables(petition, Filters(petition.slug), small_cells=small_cells)["source"]
    found = petition.share_links.select_related("petition")
    context = {
        "petition": petition,
        "form": form,
        "rows": [_row(link, cells, small_cells=small_cells) for link in found],
        "tables_of": None if small_cells else breakdowns.day_of_tables(petition),
    }
    return render(request, "dashboard/petitions/share.html", context, status=status)


def _row(link: ShareLink, cells: dict[str, int], *, small_cells: bool) -> dict[str, Any]:
    """A link with what it brought; a number that may not be told stands among the others."""
    is_told = small_cells or link.code in cells
    return {
        "link": link,
        "address": posters.address_of(link).text,
        "number": formats.number(cells.get(link.code, 0)) if is_told else "–",
        "files": _files(link),
    }


def _files(link: ShareLink) -> dict[str, SafeString]:
    """A link to each file, by its name with underscores."""
    at = [link.petition.slug, link.code]
    sheets = {
        sheet: (reverse("desk:link-poster", args=[*at, sheet]), _PAPERS[paper])
        for sheet, (paper, _strips) in posters.SHEETS.items()
    }
    codes = {kind: (reverse("desk:link-qr", args=[*at, kind]), kind.upper()) for kind in CODES}
    return {
        name.replace("-", "_"): format_html('<a href="{}" translate="no">{}</a>', *file)
        for name, file in (sheets | codes).items()
    }


@require_POST
@needs(Permission.MAKE_LINKS)
def retire(request: StaffRequest, slug: str, code: str) -> HttpResponse:
    """From now on the link tells no place; it still leads to the petition."""
    link = _link(slug, code)
    if sharing.retire(link):
        messages.success(request, gettext("The short link is retired."))
    else:
        messages.error(request, gettext("This short link was retired before."))
    return _back(link.petition)


@require_safe
@needs(Permission.MAKE_LINKS)
def poster(request: StaffRequest, slug: str, code: str, paper: str) -> HttpResponse:
    """The poster of one place, whose code and address are this link."""
    link = _link(slug, code)
    return poster_file(link.petition, posters.address_of(link), paper, link.code)


@require_safe
@needs(Permission.MAKE_LINKS)
def code_picture(request: StaffRequest, slug: str, code: str, picture: str) -> HttpResponse:
    """The code of one place, for papers of one's own."""
    link = _link(slug, code)
    return code_file(posters.address_of(link), picture, link.code)


def _link(slug: str, code: str) -> ShareLink:
    rows = ShareLink.objects.select_related("petition")
    link: ShareLink = get_object_or_404(rows, petition__slug=slug, code=code)
    return link


def _back(petition: Petition) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:share", args=[petition.slug]))
