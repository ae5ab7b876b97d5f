"""The organizers' day in a browser: reminders, the export with and without a second factor."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader
from pytest_django import Settings

from campaign.accounts.models import User
from campaign.accounts.roles import Role
from campaign.parliament.models import Meeting
from petitions.domain import visits
from petitions.domain.delivering import drain
from petitions.domain.visits import Batch
from petitions.models import Delivery, ExportRecord, Petition, Province, Signature, VisitDay
from petitions.states import DeliveryState, PaperState, PetitionState
from petitions.views import seeing
from tests.browser.conftest import Visit, with_and_without_scripts
from tests.browser.visitor import Visitor
from tests.factories import parliament, people
from tests.factories import petitions as make

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


def _logs_in(visitor: Visitor, user: User) -> None:
    visitor.page.goto(f"{visitor.site}/accounts/login/?next=/desk/")
    visitor.page.locator("[name=login]").fill(user.email)
    visitor.page.locator("[name=password]").fill(people.PASSWORD)
    visitor.page.locator("form:has([name=password]) button").click()
    visitor.page.wait_for_url(re.compile("/desk/|/2fa/"))


def _two_who_wait(petition: Petition) -> None:
    for _turn in range(2):
        make.submitted(petition, language="km")
    past = timezone.now() - timedelta(days=2)
    Signature.objects.update(created_at=past, link_sent_at=past, mail_queued_at=past)
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=past, created_at=past)


@with_and_without_scripts
def test_an_organizer_with_a_phone_in_khmer_sends_reminders(
    visit: Visit, petition: Petition, *, javascript: bool
) -> None:
    _two_who_wait(petition)
    organizer = visit("km", javascript=javascript, width=360)
    _logs_in(organizer, people.person(Role.ORGANIZER, language="km"))
    expect(organizer.page.get_by_role("heading", level=1)).to_contain_text("500")
    button = organizer.page.locator("form[action$='/remind/'] button")
    expect(button).to_contain_text("2")

    button.click()

    expect(organizer.page.get_by_role("status")).to_contain_text("2")
    expect(button).to_have_count(0)
    drain()
    subject = organizer.words("One step left: confirm your address")
    assert [message.subject for message in mail.outbox] == [subject, subject]


def _fills_export(keeper: Visitor, petition: Petition) -> None:
    keeper.page.goto(f"{keeper.site}/desk/petitions/{petition.slug}/export/")
    keeper.chooses("To hand the list to a Member of Parliament")
    keeper.field("Why is this list needed?").fill("To be presented")
    keeper.field("Recipient").fill("The office")
    day = f"{timezone.now() + timedelta(days=30):%Y-%m-%d}"
    keeper.field("The recipient has promised to destroy the list by (YYYY-MM-DD)").fill(day)
    keeper.field("Passphrase of the vault").fill(make.PASSPHRASE)


def _downloads(keeper: Visitor, folder: Path) -> str:
    with keeper.page.expect_download() as download:
        keeper.presses("Download the list")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path.read_text("utf-8-sig")


def test_a_list_keeper_exports_in_the_demonstration(
    visit: Visit, petition: Petition, tmp_path: Path
) -> None:
    make.confirmed(petition, name="សុខ ដារ៉ា")
    keeper = visit("fr", width=1280)
    _logs_in(keeper, people.person(Role.LIST_KEEPER, language="fr"))
    _fills_export(keeper, petition)
    text = _downloads(keeper, tmp_path)
    assert "សុខ ដារ៉ា" in text
    assert text.rstrip().endswith("# end, 1 rows")
    assert ExportRecord.objects.get().rows == 1


def test_for_real_the_list_keeper_sets_up_a_second_factor_and_shows_it(
    visit: Visit, petition: Petition, settings: Settings, tmp_path: Path
) -> None:
    settings.DEMO = False
    make.confirmed(petition)
    keeper = visit("en", width=1280)
    _logs_in(keeper, people.person(Role.LIST_KEEPER))
    keeper.page.wait_for_url(re.compile(r"/accounts/2fa/"))

    keeper.page.goto(f"{keeper.site}/accounts/2fa/totp/activate/")
    code, *_others = people.codes_of(keeper.page.locator("main code").inner_text())
    keeper.page.locator("[name=code]").fill(code)
    keeper.presses("Set up an app")
    keeper.is_at("Recovery codes")

    _fills_export(keeper, petition)
    assert _downloads(keeper, tmp_path).rstrip().endswith("# end, 1 rows")


@with_and_without_scripts
def test_an_editor_opens_a_second_petition_and_a_supporter_signs_it(
    visit: Visit, petition: Petition, *, javascript: bool
) -> None:
    editor = visit("en", javascript=javascript, width=1280)
    _logs_in(editor, people.person(Role.ADMIN, superuser=True))
    _writes_petition(editor)
    _sets_dates(editor)
    made = Petition.objects.get(slug="rivers")
    _moves(editor, made, PetitionState.IN_TRANSLATION)
    _makes_and_proves_vault(editor, made)
    _approves_all(visit("en", javascript=javascript), made)
    _moves(editor, made, PetitionState.SCHEDULED)
    made.refresh_from_db()
    assert made.state == PetitionState.OPEN

    dara = visit("km", javascript=javascript)
    dara.signs(made, email="dara@example.org")
    dara.page.goto(dara.opens_mail())
    dara.presses("Confirm my signature")
    dara.is_at("Your signature is counted")
    assert Signature.objects.filter(petition=made).counted().count() == 1


def _writes_petition(editor: Visitor) -> None:
    editor.page.goto(f"{editor.site}/desk/petitions/")
    editor.follows("New petition")
    editor.field("Working title").fill("Clean rivers")
    editor.field("Address", optional=True).fill("rivers")
    editor.presses("Create the draft")
    editor.is_at("Texts in three languages")
    words = {"en": "Clean rivers", "fr": "Des rivières propres", "km": "ទន្លេស្អាត"}
    names = ("title", "short_title", "summary", "addressee", "request_1", "ask", "share_text")
    for name in names:
        for language, text in words.items():
            editor.page.locator(f"[name={name}_{language}]").fill(text)
    editor.button("Save").last.click()
    editor.reads("The texts are saved.")


def _sets_dates(editor: Visitor) -> None:
    editor.page.goto(f"{editor.site}/desk/petitions/rivers/dates/")
    editor.page.locator("[name=opening][value=at_once]").check()
    editor.page.locator("[name=days][value='90']").check()
    editor.presses("Save")
    editor.reads("Goal and dates are saved.")


def _moves(editor: Visitor, petition: Petition, to: PetitionState) -> None:
    """The page in words, and its button."""
    editor.page.goto(f"{editor.site}/desk/petitions/{petition.slug}/move/{to}/")
    editor.reads("What will happen")
    editor.page.locator("main form button").click()
    editor.page.wait_for_url(re.compile(rf"/desk/petitions/{petition.slug}/$"))


def _approves_all(organizer: Visitor, petition: Petition) -> None:
    """Somebody else than the writer, on a phone: a language at a press."""
    _logs_in(organizer, people.person(Role.ORGANIZER))
    organizer.page.goto(f"{organizer.site}/desk/petitions/{petition.slug}/translation/")
    for language in ("English", "French", "Khmer"):
        organizer.presses(f"Approve 7 texts in {language}")
    organizer.reads("The three languages are in step")


def _makes_and_proves_vault(keeper: Visitor, petition: Petition) -> None:
    """The ceremony, with what stands on the sheet typed as somebody reads it off paper."""
    keeper.page.goto(f"{keeper.site}/desk/petitions/{petition.slug}/vault/")
    keeper.page.locator("[name=passphrase]").fill(make.PASSPHRASE)
    keeper.page.locator("[name=again]").fill(make.PASSPHRASE)
    keeper.page.locator("form:has([name=passphrase]) button").click()
    code = keeper.page.locator(".recovery-code").inner_text()
    for step, secret in (("passphrase", make.PASSPHRASE), ("recovery", code.lower())):
        keeper.page.goto(f"{keeper.site}/desk/petitions/{petition.slug}/vault/prove/{step}/")
        keeper.page.locator("[name=secret]").fill(secret)
        keeper.page.locator("form:has([name=secret]) button").click()
    keeper.reads("This vault is proved. The petition can open.")


def test_a_briefer_prints_for_the_member_of_a_postal_code_and_records_the_meeting(
    visit: Visit, petition: Petition, tmp_path: Path
) -> None:
    riding = make.riding()
    member = parliament.member(riding, name="Élise Côté")
    parliament.facts(petition)
    for _turn in range(5):
        make.confirmed(petition)
    briefer = visit("en", width=1280)
    _logs_in(briefer, people.person(Role.BRIEFER))
    briefer.page.goto(f"{briefer.site}/desk/parliament/")
    briefer.field("Name, riding or postal code").fill("v3b 1a1")
    briefer.presses("Search")
    briefer.page.get_by_role("link", name="Élise Côté").click()
    briefer.follows("Make the briefing")
    briefer.field("The ask (English)").fill("Study it in committee.")
    briefer.presses("Show on the paper")
    expect(briefer.page.locator(".paper .ask")).to_have_text("Study it in committee.")
    briefer.reads("Not saved yet: save the texts, then download.")
    briefer.presses("Save the texts")
    briefer.reads("The texts are saved.")
    with briefer.page.expect_download() as download:
        briefer.presses("Download the PDF")
    path = tmp_path / "briefing.pdf"
    download.value.save_as(path)
    text = PdfReader(path).pages[0].extract_text()
    assert "Élise Côté" in text
    assert "Coquitlam—Port Coquitlam" in text
    assert "Study it in committee." in text

    briefer.page.goto(f"{briefer.site}/desk/parliament/{member.pk}/")
    briefer.follows("Plan a meeting")
    briefer.chooses("took place")
    briefer.field("Date (YYYY-MM-DD)").fill("2026-01-15")
    briefer.field("Answer or promise", optional=True).fill("to put a written question")
    briefer.presses("Save the meeting")
    briefer.reads("The meeting is saved.")
    assert Meeting.objects.get(member=member).promise == "to put a written question"


@with_and_without_scripts
def test_a_briefer_with_a_phone_in_khmer_moves_a_member_on_the_board(
    visit: Visit, petition: Petition, *, javascript: bool
) -> None:
    member = parliament.member(make.riding(), name="Élise Côté")
    parliament.meeting(
        member,
        state="held",
        day="2026-01-15",
        next_step="សរសេរទៅការិយាល័យ",
        next_by="ដារ៉ា",
        next_due="2026-01-20",
    )
    briefer = visit("km", javascript=javascript, width=360)
    _logs_in(briefer, people.person(Role.BRIEFER, language="km"))
    briefer.page.goto(f"{briefer.site}/desk/parliament/board/?province=BC")
    card = briefer.page.locator("#column-to_contact ~ ul .card")
    expect(card).to_contain_text("សរសេរទៅការិយាល័យ · ដារ៉ា")

    card.locator("button[value=booked]").click()

    expect(briefer.page.get_by_role("status")).to_contain_text("Élise Côté")
    expect(briefer.page.locator("#column-booked ~ ul .card h3")).to_have_text("Élise Côté")
    expect(card).to_have_count(0)
    assert briefer.page.url.endswith("?province=BC")
    assert briefer.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_overview_is_one_page_of_paper(
    visit: Visit, petition: Petition, tmp_path: Path
) -> None:
    begin = timezone.now() - timedelta(days=80)
    Petition.objects.filter(pk=petition.pk).update(opens_at=begin)
    for place, province in enumerate(Province.values):
        row = make.confirmed(petition)
        then = begin + timedelta(days=3 * place)
        Signature.objects.filter(pk=row.pk).update(
            province=province, counted_at=then, confirmed_at=then, source=f"poster-{place % 5}"
        )
    make.sheet(petition, state=PaperState.ACCEPTED, accepted=12)
    organizer = visit("en", width=1280)
    _logs_in(organizer, people.person(Role.ORGANIZER))

    paper = tmp_path / "overview.pdf"
    organizer.page.pdf(path=paper, format="Letter")

    (sheet,) = PdfReader(paper).pages
    words = sheet.extract_text()
    assert "Nunavut" in words  # the tables stand on it
    assert "Other days" not in words  # and nothing to press


def test_pages_tell_that_they_were_seen(
    visit: Visit, petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeing, "_batch", Batch())
    monkeypatch.setattr(visits, "PAUSE", 0)
    person = visit("km")
    with person.page.expect_response(re.compile("/seen")) as answered:
        person.opens("petitions:detail", petition.slug)
    assert answered.value.status == 204
    told = VisitDay.objects.values_list("petition", "step", "language", "count")
    assert list(told) == [(petition.pk, "visited", "km", 1)]
    assert not person.page.context.cookies()
