"""The first five: asked by mail, five places, never named."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from petitions.domain import addresses, lifecycle, purging, supporting, tokens
from petitions.domain.mailing import WrittenMail
from petitions.domain.supporting import Invitee, Standing, SupportError
from petitions.models import Clause, Delivery, Petition, Signature, Supporter
from petitions.states import DeliveryKind, PetitionState, SupporterState
from tests.conftest import SetClock
from tests.factories import house
from tests.tables import all_rows

pytestmark = pytest.mark.django_db
S = PetitionState
DAY = timedelta(days=1)


def mails() -> list[tuple[str, WrittenMail]]:
    """Every notice in the outbox, as address and words, in the order of queueing."""
    rows = Delivery.objects.filter(kind=DeliveryKind.NOTICE).order_by("pk")
    return [
        (addresses.unlock(row.address or b""), WrittenMail.unlock(row.content or b""))
        for row in rows
    ]


def mailed_to() -> list[str]:
    return [address for address, _mail in mails()]


# --- asking ----------------------------------------------------------------------------------


def test_asking_freezes_the_text_and_mails_each_person_in_their_language() -> None:
    petition = house.draft()
    people = [*house.invitees(4), Invitee("Sok Dara", "dara@example.org", "km")]
    supporting.invite(petition, people, by=house.petitioner_of(petition))
    petition.refresh_from_db()
    assert petition.state == S.GATHERING_SUPPORTERS
    assert petition.versions.count() == 1
    assert mailed_to() == [person.email for person in people]
    (khmer,) = Delivery.objects.filter(language="km")
    words = WrittenMail.unlock(khmer.content or b"")
    row = Supporter.objects.get(language="km")
    assert tokens.support_token(row.public_id) in words.text
    assert "Sok Dara" in words.text
    assert "Chea Sophal" in words.subject
    assert petition.title_km in words.text  # type: ignore[attr-defined]


def test_names_and_addresses_lie_nowhere_in_clear() -> None:
    house.member_asked()
    everything = b"\n".join(
        bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
        for rows in all_rows().values()
        for row in rows
        for cell in row
    )
    assert b"Chea Sophal" in everything
    for secret in (b"Supporter a", b"supporter-a", b"office@"):
        assert secret not in everything


@pytest.mark.parametrize("number", [4, 11])
def test_five_to_ten_people_are_asked(number: int) -> None:
    petition = house.draft()
    people = [*house.invitees(10), Invitee("One More", "more@example.org", "en")][:number]
    with pytest.raises(SupportError, match="at least 5 people, and at most 10"):
        supporting.invite(petition, people, by=house.petitioner_of(petition))
    assert not Supporter.objects.exists()


def test_each_row_says_what_is_wrong_with_it_and_nobody_is_asked() -> None:
    petition = house.draft()
    people = house.invitees(5)
    people[1] = replace(people[1], email="SUPPORTER-A@example.org")
    people[3] = replace(people[3], email=house.petitioner_of(petition).email.upper())
    with pytest.raises(SupportError) as refused:
        supporting.invite(petition, people, by=house.petitioner_of(petition))
    assert refused.value.errors == {
        1: "This address stands in the list already",
        3: "You cannot be a supporter of your own petition",
    }
    petition.refresh_from_db()
    assert (petition.state, Delivery.objects.count()) == (S.DRAFT, 0)


def test_a_text_against_the_rules_is_not_put_to_people() -> None:
    petition = house.draft()
    Clause.objects.filter(petition=petition, kind="request").delete()
    with pytest.raises(SupportError, match="Write at least one request"):
        house.asked(petition)
    assert not Supporter.objects.exists()
    assert not Delivery.objects.exists()


def test_people_are_asked_once() -> None:
    petition = house.asked()
    with pytest.raises(SupportError, match="asked already"):
        supporting.invite(petition, house.invitees(), by=house.petitioner_of(petition))


# --- answering -------------------------------------------------------------------------------


def test_the_fifth_supporter_moves_the_petition_and_the_sixth_comes_too_late() -> None:
    petition = house.asked(number=6)
    rows = list(Supporter.objects.all())
    Delivery.objects.all().delete()
    outcomes = [supporting.support(row, house.ANSWERS) for row in rows]
    assert outcomes == [Standing.SUPPORTED] * 5 + [Standing.FULL]
    petition.refresh_from_db()
    assert petition.state == S.AWAITING_MP
    assert list(Supporter.objects.values_list("place", flat=True)) == [1, 2, 3, 4, 5, None]
    event = petition.events.latest()
    assert (event.by, event.reason) == (None, supporting.BY_THE_FIFTH)
    petitioner = house.petitioner_of(petition).email
    assert mailed_to() == [petitioner, *(f"supporter-{letter}@example.org" for letter in "abcde")]
    assert not Signature.objects.exists()
    rows[5].refresh_from_db()
    assert (rows[5].name, rows[5].address) == (None, None)
    assert supporting.look(rows[5]) == Standing.FULL


def test_pressing_twice_takes_one_place() -> None:
    house.asked()
    row = Supporter.objects.first()
    assert row is not None
    assert [supporting.support(row, house.ANSWERS) for _turn in range(2)] == [
        Standing.SUPPORTED
    ] * 2
    assert Supporter.objects.filter(place__isnull=False).count() == 1


def test_who_declines_is_forgotten_and_not_asked_again() -> None:
    petition = house.asked(number=6)
    row = Supporter.objects.get(pk=Supporter.objects.values_list("pk", flat=True)[0])
    assert supporting.decline(row) == Standing.DECLINED
    row.refresh_from_db()
    assert row.address is None
    assert supporting.support(row, house.ANSWERS) == Standing.DECLINED
    supporting.take_back(petition, by=house.petitioner_of(petition))
    with pytest.raises(SupportError) as refused:
        supporting.invite(petition, house.invitees(), by=house.petitioner_of(petition))
    assert refused.value.errors == {0: "This person has declined: ask somebody else"}


def test_the_petitioner_hears_when_five_can_no_longer_be_found() -> None:
    house.asked(number=6)
    Delivery.objects.all().delete()
    first, second, third = Supporter.objects.all()[:3]
    supporting.decline(first)
    assert mails() == []
    supporting.decline(second)
    supporting.decline(third)
    ((_address, mail),) = mails()
    assert "fewer than five can still support it" in mail.text


def test_a_request_ends_after_thirty_days_and_its_address_is_deleted(set_clock: SetClock) -> None:
    house.asked()
    row = Supporter.objects.first()
    assert row is not None
    end = row.invited_at + 30 * DAY
    set_clock(end - timedelta(seconds=1))
    assert (supporting.look(row), purging.erase_step_people()) == (Standing.READY, 0)
    set_clock(end)
    assert supporting.look(row) == Standing.EXPIRED
    assert supporting.support(row, house.ANSWERS) == Standing.EXPIRED
    assert purging.erase_step_people() == 5
    assert not Supporter.objects.filter(address__isnull=False).exists()


def test_one_reminder_a_day_to_who_has_not_answered(set_clock: SetClock) -> None:
    petition = house.asked()
    by = house.petitioner_of(petition)
    first, second = Supporter.objects.all()[:2]
    with pytest.raises(SupportError, match="less than a day ago"):
        supporting.remind(first, by=by)
    supporting.support(second, house.ANSWERS)
    set_clock(timezone.now() + 2 * DAY)
    with pytest.raises(SupportError, match="not waited for any more"):
        supporting.remind(second, by=by)
    before = Delivery.objects.count()
    supporting.remind(first, by=by)
    assert Delivery.objects.count() == before + 1
    assert "still waited for" in mails()[-1][1].text
    with pytest.raises(SupportError, match="less than a day ago"):
        supporting.remind(first, by=by)


def test_taking_it_back_over_and_over_does_not_bomb_a_mailbox() -> None:
    petition = house.draft()
    by = house.petitioner_of(petition)
    for _turn in range(supporting.MOST_MAILS):
        supporting.invite(petition, house.invitees(), by=by)
        supporting.take_back(petition, by=by)
    with pytest.raises(SupportError) as refused:
        supporting.invite(petition, house.invitees(), by=by)
    assert set(refused.value.errors) == {0, 1, 2, 3, 4}


# --- going back ------------------------------------------------------------------------------


def test_back_to_the_draft_support_is_void_and_people_are_forgotten() -> None:
    petition = house.supported(by=2)
    Delivery.objects.all().delete()
    event = supporting.take_back(petition, by=house.petitioner_of(petition), reason="A slip")
    assert (petition.state, event.reason) == (S.DRAFT, "A slip")
    assert mailed_to() == ["supporter-a@example.org", "supporter-b@example.org"]
    for row in Supporter.objects.all():
        assert (row.state, row.place, row.name, row.address, row.email_index) == (
            SupporterState.CANCELLED,
            *[None] * 4,
        )
        assert supporting.look(row) == Standing.CANCELLED
    house.asked(petition)
    assert Supporter.objects.filter(state=SupporterState.INVITED).count() == 5


def test_of_a_withdrawn_petition_the_link_says_so() -> None:
    petition = house.asked()
    row = Supporter.objects.select_related("petition").first()
    assert row is not None
    lifecycle.move(petition, S.WITHDRAWN, by=None)
    row.petition.refresh_from_db()
    assert supporting.look(row) == Standing.ENDED
    assert supporting.support(row, house.ANSWERS) == Standing.ENDED


def test_thirty_days_after_the_end_nobody_who_took_part_is_known(set_clock: SetClock) -> None:
    petition = house.supported(by=5)
    lifecycle.move(petition, S.WITHDRAWN, by=None)
    ended = petition.events.latest().happened_at
    set_clock(ended + 30 * DAY - timedelta(seconds=1))
    purging.erase_step_people()
    assert Supporter.objects.filter(name__isnull=False).count() == 5
    set_clock(ended + 30 * DAY)
    purging.erase_step_people()
    known = ("name", "address", "email_index", "eligibility", "province", "country")
    assert set(Supporter.objects.values_list(*known)) == {(None, None, None, "", "", "")}
    assert not Delivery.objects.filter(kind=DeliveryKind.NOTICE).exists()
    assert Petition.objects.filter(pk=petition.pk).exists()


# --- tokens ----------------------------------------------------------------------------------


def test_a_token_serves_one_purpose() -> None:
    house.asked()
    public_id = Supporter.objects.values_list("public_id", flat=True)[0]
    made = {
        tokens.read_support_token: tokens.support_token(public_id),
        tokens.read_office_token: tokens.office_token(public_id),
        tokens.read_unsubscribe_token: tokens.unsubscribe_token(public_id),
    }
    for read, own in made.items():
        assert read(own) == public_id
        for other in set(made.values()) - {own}:
            with pytest.raises(tokens.BadTokenError):
                read(other)
