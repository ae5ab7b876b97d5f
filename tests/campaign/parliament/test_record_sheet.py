"""One page per Member: what was asked, what was promised, what is next; nothing private."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.utils import translation
from pypdf import PdfReader
from pytest_django import Settings

from campaign.accounts.roles import Role
from campaign.parliament import queries, record_sheet
from campaign.parliament.models import Contact
from campaign.parliament.states import MeetingState
from petitions import clock
from petitions.domain import counting
from petitions.models import Member, Petition
from tests.factories import parliament, people
from tests.factories import petitions as make
from tests.pages import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


@pytest.fixture
def member() -> Member:
    riding = make.riding(24001, "Lévis—Lotbinière", "G6V")
    riding.province = "QC"
    riding.save(update_fields=["province"])
    found = parliament.member(riding, name="Élise Côté", honorific="The Hon.")
    Contact.objects.create(
        member=found,
        state="promised",
        language="fr",
        email="office@example.org",
        phone="613 555 0100",
        changed_at="2026-11-01T12:00Z",
    )
    return Member.objects.select_related("riding", "contact").get(pk=found.pk)


def _pages(content: bytes) -> list[str]:
    """The words of each page, spaces and line ends folded."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def test_the_page_has_what_was_agreed_and_nothing_private(member: Member) -> None:
    parliament.meeting(
        member,
        state=MeetingState.HELD,
        day=date(2026, 11, 2),
        place="Ottawa",
        participants="Dara\nMarie",
        asked="To speak in the House",
        promise="once 500 have signed, I will *speak*",
        next_step="Send the numbers",
        next_by="Dara",
        next_due=clock.today() - timedelta(days=2),
        private_notes="in confidence",
    )
    user = people.person(Role.BRIEFER)
    response = people.log_in(user).get(f"/desk/parliament/{member.pk}/meetings.pdf")
    assert response["Content-Type"] == "application/pdf"
    name = f"meetings-levis-lotbiniere-{clock.today()}.pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    (text,) = _pages(response.content)
    for words in (
        "The Hon. Élise Côté Lévis—Lotbinière · Quebec",
        "Party: Independent",
        "Office: office@example.org · 613 555 0100",
        "Language: French",
        "State: Promised",
        "November 2, 2026 Held",
        "Place: Ottawa",
        "Who took part: Dara Marie",
        "What was asked: To speak in the House",
        "Answer or promise once 500 have signed, I will *speak*",
        "Next step: Send the numbers · Dara · 2 days late",
        "Checked: House list of",
    ):
        assert words in text
    assert "confidence" not in text


def test_no_number_of_signers_leaves_the_desk(member: Member, petition: Petition) -> None:
    before = record_sheet.sheet(member)
    for _turn in range(7):
        make.confirmed(petition, postal_code="G6V 1A1", province="QC")
    counting.publish_day(petition)
    assert queries.counts(petition, small_cells=False).riding(member.riding).number == 7
    assert record_sheet.sheet(member) == before


def test_a_step_that_is_done_says_when(member: Member) -> None:
    parliament.meeting(
        member,
        next_step="Call",
        next_by="Dara",
        next_due=date(2026, 11, 2),
        next_done_at="2026-11-03T02:00Z",
    )
    (text,) = _pages(record_sheet.render(member))
    assert "Call · Dara · done on November 2, 2026" in text


def test_without_a_contact_or_a_meeting_there_is_a_page_too() -> None:
    (text,) = _pages(record_sheet.render(parliament.member(name="Ann")))
    assert "Ann" in text
    assert "No meeting yet." in text
    assert "State: To contact" in text
    assert "Office:" not in text


@pytest.mark.parametrize("meetings", [3, 40])
def test_many_meetings_stay_on_one_page_and_the_oldest_give_way(
    member: Member, meetings: int
) -> None:
    for number in range(meetings):
        parliament.meeting(
            member, day=date(2026, 1, 1) + timedelta(days=number), asked=f"Question {number}."
        )
    (text,) = _pages(record_sheet.render(member))
    assert f"Question {meetings - 1}." in text
    shown = text.count("Question")
    if meetings == 3:
        assert shown == 3
        assert "earlier" not in text
    else:
        assert 3 < shown < meetings
        assert f"{meetings - shown} earlier meetings are in the log on the desk." in text


@pytest.mark.parametrize(("language", "words"), [("fr", "Parti : "), ("km", "គណបក្ស")])
def test_the_page_speaks_the_readers_language(member: Member, language: str, words: str) -> None:
    with translation.override(language):
        data = record_sheet.sheet(member)
        content = record_sheet.render(member)
    assert data["language"] == language
    assert words.replace(" : ", "").strip() in [fact["name"] for fact in data["facts"]]
    assert len(_pages(content)) == 1


def test_the_members_page_leads_to_it(member: Member) -> None:
    client = people.log_in(people.person(Role.BRIEFER))
    page = read(client.get(f"/desk/parliament/{member.pk}/"))
    links = [link.attributes["href"] for link in page.all("a")]
    assert f"/desk/parliament/{member.pk}/meetings.pdf" in links
