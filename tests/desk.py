"""Every address of the desk, who may open it, and something that exists for each."""

from campaign.accounts.roles import Permission
from campaign.parliament.states import MeetingState
from petitions.models import Petition
from tests.factories import parliament, people

#: Address → the permission that opens it, and the methods that it answers.
DESK = {
    "": (Permission.SEE_OVERVIEW, {"GET"}),
    "team/": (Permission.MANAGE_TEAM, {"GET", "POST"}),
    "team/invitations/{invitation}/renew/": (Permission.MANAGE_TEAM, {"POST"}),
    "team/invitations/{invitation}/withdraw/": (Permission.MANAGE_TEAM, {"POST"}),
    "team/{person}/": (Permission.MANAGE_TEAM, {"GET", "POST"}),
    "team/{person}/deactivate/": (Permission.MANAGE_TEAM, {"POST"}),
    "team/{person}/reactivate/": (Permission.MANAGE_TEAM, {"POST"}),
    "petitions/": (Permission.SEE_OVERVIEW, {"GET"}),
    "petitions/new/": (Permission.WRITE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/": (Permission.SEE_OVERVIEW, {"GET"}),
    "petitions/{slug}/text/": (Permission.WRITE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/dates/": (Permission.WRITE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/move/{to}/": (Permission.MOVE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/pause/": (Permission.MOVE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/remind/": (Permission.SEND_REMINDERS, {"POST"}),
    "petitions/{slug}/export/": (Permission.EXPORT_SIGNERS, {"GET", "POST"}),
    "petitions/{slug}/vault/": (Permission.KEEP_VAULT, {"GET", "POST"}),
    "petitions/{slug}/vault/prove/{way}/": (Permission.KEEP_VAULT, {"GET", "POST"}),
    "petitions/{slug}/vault/start-again/": (Permission.KEEP_VAULT, {"POST"}),
    "parliament/": (Permission.MEET_MEMBERS, {"GET"}),
    "parliament/{member_id}/": (Permission.MEET_MEMBERS, {"GET", "POST"}),
    "parliament/list/": (Permission.MEET_MEMBERS, {"GET", "POST"}),
    "parliament/{member_id}/checked/": (Permission.MEET_MEMBERS, {"POST"}),
    "parliament/{member_id}/request-meeting/": (Permission.MEET_MEMBERS, {"GET"}),
    "parliament/meetings/{meeting_id}.ics": (Permission.MEET_MEMBERS, {"GET"}),
    "parliament/meetings/{held_id}/thanks/": (Permission.MEET_MEMBERS, {"GET"}),
    "parliament/{member_id}/brief/": (Permission.MEET_MEMBERS, {"GET", "POST"}),
    "parliament/briefings/{briefing_id}.pdf": (Permission.MEET_MEMBERS, {"GET"}),
    "parliament/{member_id}/meetings/new/": (Permission.MEET_MEMBERS, {"GET", "POST"}),
    "parliament/meetings/{meeting_id}/": (Permission.MEET_MEMBERS, {"GET", "POST"}),
    "parliament/meetings/{meeting_id}/cancel/": (Permission.MEET_MEMBERS, {"POST"}),
    "parliament/meetings/{meeting_id}/done/": (Permission.MEET_MEMBERS, {"POST"}),
}


def names_of(petition: Petition) -> dict[str, object]:
    """What stands in the addresses for something that exists."""
    meeting = parliament.meeting(parliament.member())
    return {
        "member_id": meeting.member_id,
        "meeting_id": meeting.pk,
        "held_id": parliament.meeting(meeting.member, state=MeetingState.HELD).pk,
        "briefing_id": parliament.briefing(meeting.member, petition).pk,
        "way": "passphrase",
        "slug": petition.slug,
        "person": people.person().pk,
        "invitation": people.invitation().pk,
        "to": "withdrawn",
    }
