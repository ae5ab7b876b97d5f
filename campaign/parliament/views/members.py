"""The list of Members, and the page of each."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.parliament import letters, queries, represent, searching, telling, wording
from campaign.parliament.domain import briefings
from campaign.parliament.domain.contacts import confirm_current, set_contact
from campaign.parliament.forms import ContactForm, SearchForm, contact_values
from petitions import clock, formats
from petitions.models import Member, Petition
from petitions.views.access import chosen

_ROWS_A_PAGE = 50


@require_safe
@needs(Permission.MEET_MEMBERS)
def members(request: StaffRequest) -> HttpResponse:
    """Who to talk to: every seat with its signers, found by name, riding or postal code."""
    petitions = list(Petition.objects.signed_here())
    petition = chosen(petitions, request.GET.get("petition", ""))
    form = SearchForm(request.GET)
    search = searching.read(form.asked("q"))
    counted = queries.counts(petition, small_cells=request.user.may(Permission.SEE_SMALL_CELLS))
    rows = queries.rows(search, counted, province=form.asked("province"), state=form.asked("state"))
    page = Paginator(rows, _ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "petition": petition,
        "petitions": petitions,
        "may_brief": petition in briefings.petitions_to_brief(),
        "form": form,
        "search": search,
        "page": page,
        "entries": [_entry(row) for row in page],
        "counts_of": counted.as_of,
        "list_day": wording.list_day(queries.checked_on()),
        "asks_represent": represent.is_on(),
    }
    return render(request, "parliament/members.html", context)


def _entry(row: queries.Row) -> dict[str, Any]:
    """One line of the list, with its figures in words."""
    return {
        "row": row,
        "signers": wording.cell(row.signers),
        "share": "" if row.share is None else formats.percent(float(row.share)),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MEET_MEMBERS)
def member(request: StaffRequest, member_id: int) -> HttpResponse:
    """A Member: how far we are, what was agreed, what is next. Posting changes the contact."""
    found = _find(member_id)
    if request.method != "POST":
        contact = getattr(found, "contact", None)
        return _show(request, found, ContactForm(initial=contact_values(contact)))
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, status=422)
    set_contact(found, **form.cleaned_data, by=request.user)
    messages.success(request, gettext("The contact is saved."))
    return HttpResponseRedirect(reverse("parliament:member", args=[member_id]))


@require_POST
@needs(Permission.MEET_MEMBERS)
def checked(request: StaffRequest, member_id: int) -> HttpResponse:
    """Name, riding and party agree with the House's page today."""
    found = _find(member_id)
    confirm_current(found, by=request.user)
    messages.success(request, gettext("Noted: they agree with the House’s page today."))
    back = "parliament:brief" if request.POST.get("back") == "brief" else "parliament:member"
    return HttpResponseRedirect(reverse(back, args=[member_id]))


@require_safe
@needs(Permission.MEET_MEMBERS)
def tell(request: StaffRequest) -> HttpResponse:
    """Who is to hear that the goal is reached, and why; each with the way to the briefing."""
    petitions = list(Petition.objects.signed_here())
    petition = chosen(petitions, request.GET.get("petition", ""))
    # Small numbers stay hidden also from who may see them: the list goes on to Members.
    counted = queries.counts(petition, small_cells=False)
    reached = petition.milestones.filter(number=petition.threshold) if petition else None
    context = {
        "petition": petition,
        "petitions": petitions,
        "counts_of": counted.as_of,
        "crossed": reached.first() if reached else None,
        "told": telling.members_to_tell(counted),
        "may_brief": petition in briefings.petitions_to_brief(),
    }
    return render(request, "parliament/tell.html", context)


def _find(member_id: int) -> Member:
    known = queries.members_with_contacts().select_related("riding", "contact__changed_by")
    return get_object_or_404(known, pk=member_id)


def _show(
    request: StaffRequest, found: Member, form: ContactForm, status: int = 200
) -> HttpResponse:
    petition = Petition.objects.signed_here().first()
    counted = queries.counts(petition, small_cells=request.user.may(Permission.SEE_SMALL_CELLS))
    context = {
        "member": found,
        "contact": getattr(found, "contact", None),
        "form": form,
        "petition": petition,
        "counts_of": counted.as_of,
        "in_riding": wording.cell(counted.riding(found.riding)),
        "in_province": wording.cell(counted.province(found.riding.province)),
        "may_write": found.left_on is None and bool(briefings.petitions_to_brief()),
        "late": queries.late_steps(clock.today(), member=found),
        "meetings": found.meetings.select_related("recorded_by"),
        "others": Member.objects.filter(riding=found.riding).exclude(pk=found.pk),
        "list_day": wording.member_day(found),
        "asks_represent": represent.is_on(),
        "seat_history": wording.seat_history(found),
        "house_page": letters.house_page(found, formats.current()),
    }
    return render(request, "parliament/member.html", context, status=status)
