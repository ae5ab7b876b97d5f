"""Pages on Members of Parliament: those of the desk, and one for everybody."""

from django.urls import path

from campaign.parliament.views import (
    board,
    briefings,
    letters,
    lists,
    meetings,
    members,
    office,
    packs,
    quotes,
    represent,
    sheets,
)

app_name = "parliament"

#: Namespace "letters", under a language prefix: for everybody.
localized = [path("write-to-my-mp/", letters.write, name="write")]

#: Papers to print, the same in every language of the page.
plain = [
    path("petitions/<slug:slug>/paper-sheet.<slug:language>.pdf", sheets.sheet, name="paper-sheet"),
    path("petitions/<slug:slug>/cover-sheet.pdf", sheets.cover, name="cover-sheet"),
]

urlpatterns = [
    path("", members.members, name="members"),
    path("tell/", members.tell, name="tell"),
    path("board/", board.board, name="board"),
    path("<int:member_id>/meetings.pdf", meetings.printed, name="meetings-pdf"),
    path("<int:member_id>/move/", board.move, name="move"),
    path("list/", lists.member_list, name="member-list"),
    path("represent/", represent.ask, name="represent"),
    path("<int:member_id>/", members.member, name="member"),
    path("<int:member_id>/checked/", members.checked, name="checked"),
    path("<int:member_id>/request-meeting/", office.request_meeting, name="request-meeting"),
    path("<int:member_id>/brief/", briefings.brief, name="brief"),
    path("briefings/<int:briefing_id>.pdf", briefings.download, name="briefing-pdf"),
    path("packs/<slug:slug>/", packs.pack, name="pack"),
    path("packs/<int:pack_id>.zip", packs.download, name="pack-zip"),
    path("quotes/<slug:slug>/", quotes.quote_list, name="quotes"),
    path("quotes/<int:quote_id>/change/", quotes.change, name="change-quote"),
    path("<int:member_id>/meetings/new/", meetings.new, name="new-meeting"),
    path("meetings/<int:meeting_id>/", meetings.meeting, name="meeting"),
    path("meetings/<int:meeting_id>.ics", meetings.calendar, name="calendar"),
    path("meetings/<int:held_id>/thanks/", meetings.thanks, name="thanks"),
    path("meetings/<int:meeting_id>/cancel/", meetings.cancel, name="cancel-meeting"),
    path("meetings/<int:meeting_id>/done/", meetings.done, name="step-done"),
]
