"""Planning a meeting, recording how it went, calling it off, and ticking off what follows."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.parliament import office_mail, queries, record_sheet
from campaign.parliament.calendar_entries import meeting_file
from campaign.parliament.domain import meetings
from campaign.parliament.forms import MeetingForm, meeting_values
from campaign.parliament.models import Meeting
from campaign.parliament.states import MeetingState
from campaign.parliament.views.office import asked_language, show_letter
from petitions.models import Member


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MEET_MEMBERS)
def new(request: StaffRequest, member_id: int) -> HttpResponse:
    """A meeting that is to come, or one that took place without being planned here."""
    member: Member = get_object_or_404(
        Member.objects.select_related("riding", "contact"), pk=member_id
    )
    return _receive(request, Meeting(member=member))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MEET_MEMBERS)
def meeting(request: StaffRequest, meeting_id: int) -> HttpResponse:
    """A meeting planned before: moved, or recorded as it went."""
    return _receive(request, _find(meeting_id))


def _find(meeting_id: int) -> Meeting:
    return get_object_or_404(
        Meeting.objects.select_related("member__riding", "member__contact"), pk=meeting_id
    )


def _receive(request: StaffRequest, found: Meeting) -> HttpResponse:
    if request.method != "POST":
        # An empty day is to be typed: today would be saved unread.
        return _show(request, found, MeetingForm(initial=meeting_values(found)))
    form = MeetingForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, status=422)
    write = meetings.record if form.was_held else meetings.plan
    write(found, form.details(), by=request.user)
    messages.success(request, gettext("The meeting is saved."))
    return _back(found)


def _show(
    request: StaffRequest, found: Meeting, form: MeetingForm, status: int = 200
) -> HttpResponse:
    context = {"meeting": found, "member": found.member, "form": form}
    return render(request, "parliament/meeting.html", context, status=status)


@require_POST
@needs(Permission.MEET_MEMBERS)
def cancel(request: StaffRequest, meeting_id: int) -> HttpResponse:
    """It will not take place."""
    found = _find(meeting_id)
    try:
        meetings.cancel(found, by=request.user)
    except meetings.NotPlannedError:
        messages.error(request, gettext("Only a planned meeting can be cancelled."))
    else:
        messages.success(request, gettext("The meeting is cancelled."))
    return _back(found)


@require_POST
@needs(Permission.MEET_MEMBERS)
def done(request: StaffRequest, meeting_id: int) -> HttpResponse:
    """The next step is done."""
    found = meetings.finish_step(_find(meeting_id), by=request.user)
    messages.success(request, gettext("The step is done."))
    return _back(found)


@require_safe
@needs(Permission.MEET_MEMBERS)
def printed(request: StaffRequest, member_id: int) -> HttpResponse:
    """What was agreed with a Member, on one page to take along; without private notes."""
    known = queries.members_with_contacts().select_related("riding", "contact")
    found = get_object_or_404(known, pk=member_id)
    name = record_sheet.filename(found)
    return HttpResponse(
        record_sheet.render(found),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
@needs(Permission.MEET_MEMBERS)
def calendar(request: StaffRequest, meeting_id: int) -> HttpResponse:
    """The planned meeting for one's own calendar."""
    found = get_object_or_404(
        Meeting.objects.select_related("member"), pk=meeting_id, state=MeetingState.PLANNED
    )
    page = settings.PUBLIC_BASE_URL + reverse("parliament:meeting", args=[found.pk])
    return HttpResponse(
        meeting_file(found, address=page),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="meeting-{found.day}.ics"'},
    )


@require_safe
@needs(Permission.MEET_MEMBERS)
def thanks(request: StaffRequest, held_id: int) -> HttpResponse:
    """A letter of thanks for a meeting that took place."""
    known = Meeting.objects.select_related("member__riding", "member__contact")
    found = get_object_or_404(known, pk=held_id, state=MeetingState.HELD)
    language = asked_language(request, found.member)
    return show_letter(
        request,
        found.member,
        office_mail.thank(found, language=language),
        language,
        heading=gettext("Thank-you letter"),
    )


def _back(found: Meeting) -> HttpResponse:
    return HttpResponseRedirect(reverse("parliament:member", args=[found.member_id]))
