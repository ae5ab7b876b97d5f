"""Mail to a Member's office, drafted on the desk and sent from one's own mail program."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from campaign.accounts.access import StaffRequest, needs
from campaign.accounts.roles import Permission
from campaign.parliament import office_mail
from campaign.parliament.domain import briefings
from campaign.parliament.letters import Letter
from campaign.parliament.models import BriefingLanguage
from petitions import formats
from petitions.models import Member


@require_safe
@needs(Permission.MEET_MEMBERS)
def request_meeting(request: StaffRequest, member_id: int) -> HttpResponse:
    """A request for a meeting, about the petition that is open."""
    known = Member.objects.select_related("riding", "contact")
    member: Member = get_object_or_404(known, pk=member_id, left_on=None)
    petition = next(iter(briefings.petitions_to_brief()), None)
    if petition is None:
        raise Http404
    language = asked_language(request, member)
    letter = office_mail.ask_for_meeting(member, petition, language=language)
    heading = gettext("Request for a meeting")
    return show_letter(request, member, letter, language, heading=heading)


def asked_language(request: StaffRequest, member: Member) -> str:
    """`?language=`, or the one that the Member is usually written to in."""
    asked = request.GET.get("language", "")
    return asked if asked in BriefingLanguage.values else briefings.usual_language(member)


def show_letter(
    request: StaffRequest, member: Member, letter: Letter, language: str, *, heading: str
) -> HttpResponse:
    context = {
        "member": member,
        "letter": letter,
        "letter_lang": formats.HTML_LANGUAGES[language],
        "languages_of_letter": [
            {"code": code, "label": label, "current": code == language}
            for code, label in BriefingLanguage.choices
        ],
        "heading": heading,
    }
    return render(request, "parliament/office_letter.html", context)
