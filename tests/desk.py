"""Every address of the desk, who may open it, and something that exists for each."""

from uuid import uuid4

from django.utils import timezone

from campaign.accounts.roles import Permission
from campaign.newsroom.models import Page, Post
from campaign.newsroom.states import PostState
from campaign.parliament.states import MeetingState
from petitions.domain import sharing
from petitions.models import Outcome, Petition
from tests.factories import news_mails as news
from tests.factories import parliament, people, posts, reviews
from tests.factories import petitions as make

#: Address → the permission that opens it, and the methods that it answers.
DESK = {
    "": (Permission.SEE_OVERVIEW, {"GET"}),
    "team/": (Permission.MANAGE_TEAM, {"GET", "POST"}),
    "team/invitations/{invitation}/renew/": (Permission.MANAGE_TEAM, {"POST"}),
    "team/invitations/{invitation}/withdraw/": (Permission.MANAGE_TEAM, {"POST"}),
    "team/audit/": (Permission.MANAGE_TEAM, {"GET"}),
    "team/{person}/": (Permission.MANAGE_TEAM, {"GET", "POST"}),
    "team/{person}/sign-out/": (Permission.MANAGE_TEAM, {"POST"}),
    "team/{person}/deactivate/": (Permission.MANAGE_TEAM, {"POST"}),
    "team/{person}/reactivate/": (Permission.MANAGE_TEAM, {"POST"}),
    "petitions/": (Permission.SEE_OVERVIEW, {"GET"}),
    "petitions/new/": (Permission.WRITE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/": (Permission.SEE_OVERVIEW, {"GET"}),
    "petitions/{slug}/text/": (Permission.WRITE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/history/": (Permission.WRITE_PETITIONS, {"GET"}),
    "petitions/{slug}/translation/": (Permission.WRITE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/preview/": (Permission.WRITE_PETITIONS, {"GET"}),
    "petitions/{slug}/override/": (Permission.MOVE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/correction/": (Permission.MOVE_PETITIONS, {"GET", "POST"}),
    "news/": (Permission.WRITE_NEWS, {"GET"}),
    "news/new/": (Permission.WRITE_NEWS, {"GET", "POST"}),
    "news/preview/": (Permission.WRITE_NEWS, {"POST"}),
    "news/{number}/": (Permission.WRITE_NEWS, {"GET", "POST"}),
    "news/{number}/text/": (Permission.WRITE_NEWS, {"GET", "POST"}),
    "news/{number}/preview/": (Permission.WRITE_NEWS, {"GET"}),
    "news/{number}/photos/": (Permission.WRITE_NEWS, {"POST"}),
    "news/{number}/photos/{photo}/": (Permission.WRITE_NEWS, {"POST"}),
    "news/{number}/publish/": (Permission.PUBLISH_NEWS, {"GET", "POST"}),
    "news/{number}/take-back/": (Permission.PUBLISH_NEWS, {"POST"}),
    "news/{number}/correct/": (Permission.PUBLISH_NEWS, {"GET", "POST"}),
    "news/{number}/withdraw/": (Permission.PUBLISH_NEWS, {"GET", "POST"}),
    "texts/": (Permission.WRITE_PETITIONS, {"GET"}),
    "texts/{kind}/{pk}/": (Permission.WRITE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/dates/": (Permission.WRITE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/move/{to}/": (Permission.MOVE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/member/": (Permission.MOVE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/examination/": (Permission.EXAMINE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/pause/": (Permission.MOVE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/official-counts/": (Permission.MOVE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/paper/": (Permission.ENTER_PAPER, {"GET"}),
    "petitions/{slug}/paper/new/": (Permission.ENTER_PAPER, {"GET", "POST"}),
    "petitions/{slug}/paper/{sheet}/": (Permission.ENTER_PAPER, {"GET", "POST"}),
    "petitions/{slug}/paper/{sheet}/check/": (Permission.ENTER_PAPER, {"POST"}),
    "petitions/{slug}/paper/{sheet}/reopen/": (Permission.ENTER_PAPER, {"POST"}),
    "petitions/{slug}/paper/{sheet}/send/": (Permission.ENTER_PAPER, {"POST"}),
    "petitions/{slug}/presentation/": (Permission.MOVE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/response/": (Permission.MOVE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/certificate.{language}.pdf": (Permission.SEE_OVERVIEW, {"GET"}),
    "calendar/": (Permission.MOVE_PETITIONS, {"GET", "POST"}),
    "dissolution/": (Permission.MOVE_PETITIONS, {"GET", "POST"}),
    "petitions/{slug}/remind/": (Permission.SEND_REMINDERS, {"POST"}),
    "petitions/{slug}/news/": (Permission.SEND_NEWS, {"GET"}),
    "petitions/{slug}/news/new/": (Permission.SEND_NEWS, {"GET", "POST"}),
    "petitions/{slug}/news/{news}/": (Permission.SEND_NEWS, {"GET"}),
    "petitions/{slug}/news/{news}/text/": (Permission.SEND_NEWS, {"GET", "POST"}),
    "petitions/{slug}/news/{news}/test/": (Permission.SEND_NEWS, {"POST"}),
    "petitions/{slug}/news/{news}/send/": (Permission.SEND_NEWS, {"GET", "POST"}),
    "petitions/{slug}/news/{news}/stop/": (Permission.SEND_NEWS, {"POST"}),
    "petitions/{slug}/news/{news}/delete/": (Permission.SEND_NEWS, {"POST"}),
    "petitions/{slug}/review/": (Permission.REVIEW_SIGNATURES, {"GET"}),
    "petitions/{slug}/review/{group}/": (Permission.REVIEW_SIGNATURES, {"GET", "POST"}),
    "petitions/{slug}/review/undo/{batch}/": (Permission.REVIEW_SIGNATURES, {"POST"}),
    "petitions/{slug}/share/": (Permission.MAKE_LINKS, {"GET", "POST"}),
    "petitions/{slug}/share/{code}/retire/": (Permission.MAKE_LINKS, {"POST"}),
    "petitions/{slug}/share/{code}/poster-{paper}.pdf": (Permission.MAKE_LINKS, {"GET"}),
    "petitions/{slug}/share/{code}/qr.{picture}": (Permission.MAKE_LINKS, {"GET"}),
    "events/": (Permission.REVIEW_SIGNATURES, {"GET", "POST"}),
    "events/{event}/end/": (Permission.REVIEW_SIGNATURES, {"POST"}),
    "petitions/{slug}/export/": (Permission.EXPORT_SIGNERS, {"GET", "POST"}),
    "petitions/{slug}/signers/": (Permission.EXPORT_SIGNERS, {"GET", "POST"}),
    "petitions/{slug}/signers/open/": (Permission.EXPORT_SIGNERS, {"POST"}),
    "petitions/{slug}/signers/close/": (Permission.EXPORT_SIGNERS, {"POST"}),
    "petitions/{slug}/signers/list/": (Permission.EXPORT_SIGNERS, {"GET", "POST"}),
    "petitions/{slug}/vault/": (Permission.KEEP_VAULT, {"GET", "POST"}),
    "petitions/{slug}/vault/prove/{way}/": (Permission.KEEP_VAULT, {"GET", "POST"}),
    "petitions/{slug}/vault/start-again/": (Permission.KEEP_VAULT, {"POST"}),
    "parliament/": (Permission.MEET_MEMBERS, {"GET"}),
    "parliament/tell/": (Permission.MEET_MEMBERS, {"GET"}),
    "parliament/board/": (Permission.MEET_MEMBERS, {"GET"}),
    "parliament/{member_id}/meetings.pdf": (Permission.MEET_MEMBERS, {"GET"}),
    "parliament/{member_id}/move/": (Permission.MEET_MEMBERS, {"POST"}),
    "parliament/{member_id}/": (Permission.MEET_MEMBERS, {"GET", "POST"}),
    "parliament/list/": (Permission.MEET_MEMBERS, {"GET", "POST"}),
    "parliament/represent/": (Permission.MEET_MEMBERS, {"GET", "POST"}),
    "parliament/{member_id}/checked/": (Permission.MEET_MEMBERS, {"POST"}),
    "parliament/{member_id}/request-meeting/": (Permission.MEET_MEMBERS, {"GET"}),
    "parliament/meetings/{meeting_id}.ics": (Permission.MEET_MEMBERS, {"GET"}),
    "parliament/meetings/{held_id}/thanks/": (Permission.MEET_MEMBERS, {"GET"}),
    "parliament/{member_id}/brief/": (Permission.MEET_MEMBERS, {"GET", "POST"}),
    "parliament/briefings/{briefing_id}.pdf": (Permission.MEET_MEMBERS, {"GET"}),
    "parliament/packs/{slug}/": (Permission.MEET_MEMBERS, {"GET", "POST"}),
    "parliament/packs/{pack_id}.zip": (Permission.MEET_MEMBERS, {"GET"}),
    "parliament/quotes/{slug}/": (Permission.MEET_MEMBERS, {"GET", "POST"}),
    "parliament/quotes/{quote_id}/change/": (Permission.MEET_MEMBERS, {"POST"}),
    "parliament/{member_id}/meetings/new/": (Permission.MEET_MEMBERS, {"GET", "POST"}),
    "parliament/meetings/{meeting_id}/": (Permission.MEET_MEMBERS, {"GET", "POST"}),
    "parliament/meetings/{meeting_id}/cancel/": (Permission.MEET_MEMBERS, {"POST"}),
    "parliament/meetings/{meeting_id}/done/": (Permission.MEET_MEMBERS, {"POST"}),
}


def names_of(petition: Petition) -> dict[str, object]:
    """What stands in the addresses for something that exists."""
    Petition.objects.filter(pk=petition.pk).update(house_number="e-9999")
    Outcome.objects.create(petition=petition, certified_at=timezone.now(), certified_total=1)
    meeting = parliament.meeting(parliament.member())
    photo = posts.photo(posts.post())
    Post.objects.update(state=PostState.PUBLISHED, published_at=timezone.now())
    return {
        "member_id": meeting.member_id,
        "meeting_id": meeting.pk,
        "held_id": parliament.meeting(meeting.member, state=MeetingState.HELD).pk,
        "briefing_id": parliament.briefing(meeting.member, petition).pk,
        "group": reviews.held(petition).held_rule,
        "batch": uuid4(),
        "event": reviews.event().pk,
        "news": news.draft(petition).pk,
        "code": sharing.make_link(petition, place="Temple", kind="poster", by=people.person()).code,
        "paper": "letter",
        "picture": "svg",
        "pack_id": parliament.pack(petition).pk,
        "quote_id": parliament.quote(petition).pk,
        "number": photo.post_id,
        "photo": photo.pk,
        "kind": "page",
        "pk": Page.objects.get_or_create(slug="about", title_en="About", body_en="Text")[0].pk,
        "way": "passphrase",
        "slug": petition.slug,
        "language": "en",
        "sheet": make.sheet(petition).sheet_number,
        "person": people.person().pk,
        "invitation": people.invitation().pk,
        "to": "withdrawn",
    }
