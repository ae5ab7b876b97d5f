"""Supporters and what they want to get done, from page to mail and back, without JavaScript."""

from datetime import timedelta
from email.header import decode_header, make_header

import pytest
from django.core import mail
from django.utils import timezone

from petitions.domain import counting
from petitions.models import Petition, Signature
from petitions.states import SignatureState
from tests.conftest import SetClock
from tests.factories import petitions as make
from tests.journeys.person import Person
from tests.pages import main_text, read

pytestmark = pytest.mark.django_db


def counted() -> int:
    return Signature.objects.counted().count()


def test_a_supporter_signs_and_confirms_in_khmer(petition: Petition) -> None:
    dara = Person("km", "dara@example.org", "សុខ ដារ៉ា")
    dara.signs(petition)
    (message,) = dara.mails()
    assert str(make_header(decode_header(message["Subject"]))) == dara.words("Confirm your address")
    assert counted() == 0

    dara.opens(dara.link("c"))
    assert dara.is_at("Confirm your signature")
    dara.presses("confirm")

    assert dara.is_at("Your signature is counted")
    assert dara.address == f"/km/petitions/{petition.slug}/thanks/"
    signature = Signature.objects.get()
    assert (counted(), signature.language, signature.source) == (1, "km", "fb")
    # No news was asked for: no further mail.
    assert len(dara.mails()) == 1


def test_the_count_moves_for_everybody(petition: Petition, set_clock: SetClock) -> None:
    make.confirmed(petition)
    for number in range(5):
        person = Person("en", f"person-{number}@example.org")
        person.signs(petition)
        person.opens(person.link("c"))
        person.presses("confirm")
    set_clock(timezone.now() + timedelta(seconds=5))
    counting.tally_changed()

    passer_by = Person("en", "nobody@example.org")
    passer_by.opens(f"/en/petitions/{petition.slug}/")
    counter = read(passer_by.page).one("section", class_="counter")
    assert counter.one("p", class_="number").text == "6"


def test_a_grandmother_types_the_code_on_the_same_page(petition: Petition) -> None:
    """Inside Facebook's browser the link would open elsewhere; she reads it off the message."""
    grandmother = Person("km", "yeay@example.org", "សុខ ម៉ាលី")
    grandmother.signs(petition)
    in_khmer_digits = "".join(chr(0x17E0 + int(digit)) for digit in grandmother.code())

    grandmother.presses("code", code="០០០០០០")
    assert grandmother.reads("The code is not right. Check the newest e-mail")
    grandmother.presses("code", code=in_khmer_digits)

    assert grandmother.is_at("Your signature is counted")
    assert counted() == 1


def test_somebody_who_forgot_signs_twice(petition: Petition, set_clock: SetClock) -> None:
    chan = Person("fr", "chan@example.org")
    chan.signs(petition)
    first_page = main_text(chan.page)
    chan.opens(chan.link("c"))
    chan.presses("confirm")

    set_clock(timezone.now() + timedelta(minutes=5))
    chan.signs(petition)
    # Only the mailbox is told; the page is the one of the first time.
    assert main_text(chan.page) == first_page
    told = "Your signature was already confirmed and is counted once. There is nothing more to do."
    assert chan.words(told) in chan.text()
    assert "/c/" not in chan.text()
    assert counted() == 1


def test_somebody_mistyped_the_address_and_changes_it(petition: Petition) -> None:
    sophea = Person("en", "sophea@example.con")
    sophea.signs(petition)
    wrong_mailbox = Person("en", "sophea@example.con")
    old_link = wrong_mailbox.link("c")

    sophea.email = "sophea@example.com"
    sophea.presses("change", email=sophea.email)
    assert sophea.email in main_text(sophea.page)

    wrong_mailbox.opens(old_link)
    assert wrong_mailbox.is_at("There is a newer link")
    sophea.opens(sophea.link("c"))
    sophea.presses("confirm")
    assert sophea.is_at("Your signature is counted")
    assert counted() == 1


def test_somebody_waits_asks_again_and_uses_the_newest_mail(
    petition: Petition, set_clock: SetClock
) -> None:
    vanna = Person("en", "vanna@example.org")
    vanna.signs(petition)
    vanna.mails()
    set_clock(timezone.now() + timedelta(minutes=5))
    vanna.presses("resend")
    assert vanna.reads("The e-mail is on its way again. The newest one counts.")
    assert len(vanna.mails()) == 2
    vanna.opens(vanna.link("c"))
    vanna.presses("confirm")
    assert counted() == 1


def test_somebody_comes_back_after_the_link_has_expired(
    petition: Petition, set_clock: SetClock
) -> None:
    late = Person("en", "late@example.org")
    late.signs(petition)
    old_link = late.link("c")
    set_clock(timezone.now() + timedelta(days=8))

    late.opens(old_link)
    assert late.is_at("This link has expired")
    late.presses("renew")
    late.opens(late.link("c"))
    late.presses("confirm")

    assert late.is_at("Your signature is counted")
    assert counted() == 1


def test_somebody_regrets_withdraws_and_signs_again(
    petition: Petition, set_clock: SetClock
) -> None:
    make.confirmed(petition)
    rith = Person("en", "rith@example.org")
    rith.signs(petition)
    rith.opens(rith.link("c"))
    rith.presses("confirm")
    assert counted() == 2

    set_clock(timezone.now() + timedelta(hours=1))
    rith.asks_for_my_signature()
    assert rith.reads("If this address has signed, we have sent the details")
    rith.opens(rith.link("m"))
    rith.presses("withdraw")
    assert rith.reads("Your signature is withdrawn. It is no longer counted.")
    assert (counted(), counting.live_total(petition)) == (1, 1)

    set_clock(timezone.now() + timedelta(hours=2))
    rith.signs(petition)
    rith.opens(rith.link("c"))
    rith.presses("confirm")
    assert rith.is_at("Your signature is counted")
    assert (counted(), counting.live_total(petition)) == (2, 2)


def test_somebody_erases_everything(petition: Petition, set_clock: SetClock) -> None:
    rith = Person("km", "rith@example.org")
    rith.signs(petition)
    rith.opens(rith.link("c"))
    rith.presses("confirm")

    set_clock(timezone.now() + timedelta(hours=1))
    rith.asks_for_my_signature()
    rith.opens(rith.link("m"))
    rith.presses("erase")
    assert rith.reads("Your data is erased and your signature is no longer counted.")

    set_clock(timezone.now() + timedelta(hours=2))
    rith.asks_for_my_signature()
    assert "/m/" not in rith.text()
    assert counted() == 0


def test_somebodys_address_was_misused(petition: Petition, set_clock: SetClock) -> None:
    """ "I did not sign": nothing is counted, and that address is never written to again."""
    stranger = Person("en", "victim@example.org", "Some Stranger")
    stranger.signs(petition)
    victim = Person("en", "victim@example.org")
    victim.opens(victim.link("c"))
    victim.presses("disown")
    assert victim.is_at("Thank you for telling us")

    for day in (1, 2):
        set_clock(timezone.now() + timedelta(days=day))
        # The stranger cannot see that the mail is not sent.
        stranger.signs(petition)
        victim.mails()
    assert len(mail.outbox) == 1
    assert counted() == 0
    states = set(Signature.objects.values_list("state", flat=True))
    assert states == {SignatureState.REJECTED, SignatureState.PENDING}


def test_one_phone_signs_for_the_whole_family(petition: Petition) -> None:
    family = [Person("km", f"{name}@example.org", name) for name in ("Sok", "Mali", "Dara")]
    phone = family[0]
    phone.opens(f"/km/petitions/{petition.slug}/")
    phone.follows("/sign/")
    form_page, address = phone.page, phone.address
    for member in family:  # Back, and the next one types over the same form
        member.page, member.address = form_page, address
        member.fills_form()
    for member in family:
        member.opens(member.link("c"))
        member.presses("confirm")
    assert counted() == 3
