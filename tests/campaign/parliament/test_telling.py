"""Once the goal is reached: who is told, by a mail to those who meet Members and a page."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from campaign.accounts.roles import Role
from campaign.parliament import queries, telling
from campaign.parliament.models import Contact, Meeting
from campaign.parliament.states import ContactState, MeetingState
from petitions import clock
from petitions.domain import counting, delivering
from petitions.models import Delivery, Member, Milestone, Petition
from petitions.states import DeliveryKind
from tests.campaign.accounts import mails
from tests.conftest import SetClock
from tests.factories import parliament, people
from tests.factories import petitions as make
from tests.pages import main_text, read

pytestmark = pytest.mark.django_db

PAGE = "/desk/parliament/tell/"


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


def _promised(promise: str = "once 500 have signed, I will speak", **fields: object) -> Member:
    member = parliament.member(**fields)
    state = ContactState.PROMISED
    Contact.objects.create(member=member, state=state, changed_at="2026-11-01T12:00Z")
    if promise:
        parliament.meeting(member, state=MeetingState.HELD, promise=promise)
    return member


def _of_riding(petition: Petition, number: int) -> Member:
    """A Member in whose riding so many have signed."""
    member = parliament.member(make.riding(), name="Of many")
    for _turn in range(number):
        make.confirmed(petition)
    counting.publish_day(petition)
    return member


def _told(petition: Petition, *, small_cells: bool = False) -> list[tuple[str, int | None, str]]:
    found = telling.members_to_tell(queries.counts(petition, small_cells=small_cells))
    return [(told.member.name, told.signers, told.promise) for told in found]


def test_a_riding_with_five_signers_or_a_promise_is_a_reason(petition: Petition) -> None:
    _of_riding(petition, 5)
    _promised(name="Promised")
    parliament.member(name="Neither")
    _promised(name="Left", left_on=clock.today())
    assert _told(petition) == [
        ("Promised", None, "once 500 have signed, I will speak"),
        ("Of many", 5, ""),
    ]


@pytest.mark.parametrize("signers", [4, 5])
def test_four_signers_are_no_reason_that_anybody_could_read(
    petition: Petition, signers: int
) -> None:
    _of_riding(petition, signers)
    told = [("Of many", 5, "")] if signers == 5 else []
    assert _told(petition) == _told(petition, small_cells=True) == told


@pytest.mark.parametrize("role", [Role.BRIEFER, Role.ORGANIZER])
def test_a_number_that_would_give_a_small_one_away_is_no_reason_either(
    petition: Petition, role: Role
) -> None:
    """Also for who may see small numbers: the list is there to be passed on."""
    make.riding(59900, "Small", "V1A")
    make.confirmed(petition, postal_code="V1A 1A1")
    _of_riding(petition, 6)
    assert _told(petition) == []
    assert "Nobody yet" in main_text(people.log_in(people.person(role)).get(PAGE))


def test_the_newest_promise_is_quoted(petition: Petition) -> None:
    member = _promised("the first")
    parliament.meeting(member, state=MeetingState.HELD, day=date(2026, 12, 9), promise="the second")
    parliament.meeting(member, day=date(2026, 12, 20), promise="only planned")
    assert [promise for _name, _signers, promise in _told(petition)] == ["the second"]


def test_the_page_says_whether_the_goal_is_reached(petition: Petition) -> None:
    member = _promised("to speak", name="Ann")
    client = people.log_in(people.person(Role.BRIEFER))
    page = read(client.get(PAGE))
    assert "The goal of 500 is not reached yet." in page.text
    assert "Ann" in page.text
    assert "has promised" in page.text
    assert page.one("q").text == "to speak"
    links = [link.attributes["href"] for link in page.all("a")]
    assert f"/desk/parliament/{member.pk}/brief/?petition={petition.slug}" in links
    reached = "2026-11-20T17:00Z"
    Milestone.objects.create(petition=petition, number=500, reached_at=reached)
    text = main_text(client.get(PAGE))
    assert (
        "The goal of 500 was reached on November\N{NO-BREAK SPACE}20, 2026. Tell these Members."
        in text
    )


def test_the_day_of_the_numbers_is_told(petition: Petition) -> None:
    _of_riding(petition, 5)
    text = main_text(people.log_in(people.person(Role.ORGANIZER)).get(PAGE))
    assert "5 signers in the riding" in text
    assert "they change once a day at most" in text


def test_queries_do_not_grow_with_members(
    petition: Petition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = people.log_in(people.person(Role.BRIEFER))
    for turn in (1, 2):
        for _number in range(turn):
            _promised()
        with django_assert_num_queries(10):
            client.get(PAGE)


# --- the mail --------------------------------------------------------------------------------


def _cross(petition: Petition, set_clock: SetClock) -> None:
    Petition.objects.filter(pk=petition.pk).update(threshold=1)
    make.confirmed(petition)
    Delivery.objects.all().delete()
    set_clock(timezone.now() + timedelta(seconds=5))
    assert counting.tally_changed() == 1


def test_the_crossing_is_mailed_to_the_team_and_who_to_tell_to_those_who_meet(
    petition: Petition, set_clock: SetClock
) -> None:
    member = _promised(name="Élise Côté")
    briefer = people.person(Role.BRIEFER, language="fr")
    clerk = people.person(Role.CLERK)
    people.person(Role.PETITIONER)
    _cross(petition, set_clock)
    assert counting.tally_changed() == 1
    sent = {message.to[0]: message for message in mails.sent()}
    assert set(sent) == {briefer.email, clerk.email}
    for body in (str(sent[briefer.email].body), str(sent[briefer.email].alternatives[0][0])):
        assert "Élise Côté" in body
        path = f"/desk/parliament/{member.pk}/brief/?petition={petition.slug}"
        assert f"http://testserver{path}" in body
        assert f"http://testserver{PAGE}?petition={petition.slug}" in body
        assert petition.title_fr in body  # type: ignore[attr-defined]
    assert "Élise Côté" not in str(sent[clerk.email].body)
    assert sent[briefer.email].extra_headers["Content-Language"] == "fr-CA"


def test_promises_and_private_notes_are_not_mailed(petition: Petition, set_clock: SetClock) -> None:
    _promised("to speak in secret")
    Meeting.objects.update(private_notes="he was ill")
    people.person(Role.ORGANIZER)
    _cross(petition, set_clock)
    (message,) = mails.sent()
    for body in (str(message.body), str(message.alternatives[0][0])):
        assert "has promised" in body
        assert "secret" not in body
        assert "he was ill" not in body


def test_a_long_list_is_cut_and_leads_to_the_page(
    petition: Petition, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "LONGEST_LIST", 2)
    for number in range(3):
        _promised(name=f"Member {number}")
    people.person(Role.ORGANIZER)
    _cross(petition, set_clock)
    (message,) = mails.sent()
    assert str(message.body).count("/brief/?petition=") == 2


def test_without_anybody_to_tell_the_mail_says_what_is_next(
    petition: Petition, set_clock: SetClock
) -> None:
    people.person(Role.ORGANIZER)
    _cross(petition, set_clock)
    (message,) = mails.sent()
    assert "Next, prepare the briefing note" in str(message.body)
    assert "Members to tell" not in str(message.body)


def test_a_crossing_undone_by_an_error_mails_nobody(
    petition: Petition, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recorded and queued in one transaction: neither without the other."""
    people.person(Role.CLERK)
    people.person(Role.ORGANIZER)

    def fail(*_arguments: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(telling, "_reader", fail)
        with pytest.raises(RuntimeError):
            _cross(petition, set_clock)
    assert not Milestone.objects.exists()
    assert not Delivery.objects.exists()
    set_clock(timezone.now() + timedelta(seconds=9))
    counting.tally_changed()
    assert Delivery.objects.filter(kind=DeliveryKind.NOTICE).count() == 1
    assert delivering.drain() == 2
