"""The organizers' day in a browser: reminders, the export with and without a second factor."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django import Settings

from campaign.accounts.models import User
from campaign.accounts.roles import Role
from petitions.domain.delivering import drain
from petitions.models import Delivery, ExportRecord, Petition, Signature
from petitions.states import DeliveryState
from tests.browser.conftest import Visit, with_and_without_scripts
from tests.browser.visitor import Visitor
from tests.factories import people
from tests.factories import petitions as make

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


def _logs_in(visitor: Visitor, user: User) -> None:
    visitor.page.goto(f"{visitor.site}/accounts/login/?next=/desk/")
    visitor.page.locator("[name=login]").fill(user.email)
    visitor.page.locator("[name=password]").fill(people.PASSWORD)
    visitor.page.locator("main button").click()


def _two_who_wait(petition: Petition) -> None:
    for _turn in range(2):
        make.submitted(petition, language="km")
    past = timezone.now() - timedelta(days=2)
    Signature.objects.update(created_at=past, link_sent_at=past, mail_queued_at=past)
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=past)


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
    secret = keeper.page.locator("#authenticator_secret").input_value().replace(" ", "")
    before, now, after = people.codes_of(secret)
    keeper.page.locator("[name=code]").fill(before)
    keeper.page.locator("main button").first.click()
    keeper.page.wait_for_url(re.compile(r"/accounts/2fa/recovery-codes/|/accounts/2fa/$"))

    keeper.page.goto(f"{keeper.site}/desk/")
    keeper.page.locator("[name=code]").fill(now)
    keeper.page.locator("main button").first.click()
    _fills_export(keeper, petition)
    assert _downloads(keeper, tmp_path).rstrip().endswith("# end, 1 rows")
    assert len(after) == 6
