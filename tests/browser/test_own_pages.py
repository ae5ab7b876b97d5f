"""A signer comes back: sees the signature, withdraws it, erases it, by the mailed link."""

import pytest
from playwright.sync_api import expect

from petitions.models import Petition, Signature
from petitions.states import SignatureState
from tests.browser.conftest import Visit, with_and_without_scripts
from tests.browser.visitor import Visitor
from tests.factories import petitions as make

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def _comes_back(visitor: Visitor, email: str) -> None:
    """From the form with one field to the page behind the mailed link."""
    visitor.opens("petitions:my-signature")
    visitor.field("E-mail address you signed with").fill(email)
    visitor.presses("Send me the link")
    visitor.is_at("Open your e-mail")
    visitor.page.goto(visitor.opens_mail("m"))
    visitor.is_at("My signature")


@with_and_without_scripts
def test_withdrawing_takes_the_signature_out_of_the_count(
    visit: Visit, petition: Petition, *, javascript: bool
) -> None:
    make.confirmed(petition, email="dara@example.org")
    dara = visit("km", javascript=javascript)
    _comes_back(dara, "dara@example.org")

    dara.presses("Withdraw my signature")

    dara.reads("Your signature is withdrawn. It is no longer counted.")
    expect(dara.button("Withdraw my signature")).to_have_count(0)
    row = Signature.objects.get()
    assert (row.state, row.box_person is None) == (SignatureState.WITHDRAWN, False)


def test_erasing_leaves_nothing_of_the_person(visit: Visit, petition: Petition) -> None:
    make.confirmed(petition, email="dara@example.org")
    dara = visit("km", javascript=False)
    _comes_back(dara, "dara@example.org")

    dara.presses("Erase my data")

    dara.reads("Your data is erased and your signature is no longer counted.")
    expect(dara.button("Erase my data")).to_have_count(0)
    row = Signature.objects.get()
    assert (row.box_person, row.box_email, row.email_index, row.province) == (None, None, None, "")


def test_news_stop_and_the_signature_stays(visit: Visit, petition: Petition) -> None:
    make.confirmed(petition, email="dara@example.org", wants_news=True)
    dara = visit("km", javascript=False)
    _comes_back(dara, "dara@example.org")

    dara.presses("Stop e-mails about this petition")

    dara.reads("You will get no more e-mails about this petition.")
    assert Signature.objects.counted().count() == 1


def test_an_address_that_has_not_signed_reads_the_same_page(
    visit: Visit, petition: Petition
) -> None:
    make.confirmed(petition, email="dara@example.org")
    pages = []
    for address in ("dara@example.org", "nobody@example.org"):
        visitor = visit("en")
        visitor.opens("petitions:my-signature")
        visitor.field("E-mail address you signed with").fill(address)
        visitor.presses("Send me the link")
        visitor.is_at("Open your e-mail")
        pages.append(visitor.page.content())

    assert pages[0] == pages[1]
