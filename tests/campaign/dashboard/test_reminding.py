"""Reminders from the overview: who sees the button, and what a press does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaign.accounts.roles import Role
from petitions.models import Delivery, Petition, Signature
from petitions.states import DeliveryKind, DeliveryState
from tests import pages
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(petition: Petition) -> Petition:
    """A petition with three people who sent the form two days ago."""
    for _turn in range(3):
        make.submitted(petition)
    past = timezone.now() - timedelta(days=2)
    Signature.objects.update(created_at=past, link_sent_at=past, mail_queued_at=past)
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=past, created_at=past)
    return petition


def _path(petition: Petition) -> str:
    return f"/desk/petitions/{petition.slug}/remind/"


def test_an_organizer_reminds_those_who_wait_by_one_press(waiting: Petition) -> None:
    organizer = people.log_in(people.person(Role.ORGANIZER))
    before = pages.main_text(organizer.get("/desk/"))
    assert "3 people sent the form a day ago or longer and have not confirmed." in before
    assert "Send 3 reminders" in before
    response = organizer.post(_path(waiting), follow=True)
    assert Delivery.objects.filter(kind=DeliveryKind.REMIND).count() == 3
    after = pages.main_text(response)
    assert "3 reminders are on their way." in after
    assert "Send 3 reminders" not in after


def test_a_press_that_comes_too_late_says_why_nothing_is_sent(waiting: Petition) -> None:
    organizer = people.log_in(people.person(Role.ORGANIZER))
    organizer.post(_path(waiting), follow=True)
    text = pages.main_text(organizer.post(_path(waiting), follow=True))
    assert "Nobody is to be reminded now" in text
    assert Delivery.objects.filter(kind=DeliveryKind.REMIND).count() == 3


def test_the_button_is_for_those_who_may_press_it(waiting: Petition) -> None:
    text = pages.main_text(people.log_in(people.person(Role.BRIEFER)).get("/desk/"))
    assert "Will we reach" in text
    assert "reminder" not in text
    assert people.log_in(people.person(Role.BRIEFER)).post(_path(waiting)).status_code == 403


def test_an_unknown_petition_is_not_found() -> None:
    client = people.log_in(people.person(Role.ORGANIZER))
    assert client.post("/desk/petitions/nothing/remind/").status_code == 404


@pytest.mark.parametrize(("days", "is_told"), [(14, False), (16, True)])
def test_the_overview_tells_when_nothing_is_purged_any_more(
    petition: Petition, days: int, *, is_told: bool
) -> None:
    make.submitted(petition)
    past = timezone.now() - timedelta(days=days)
    Signature.objects.update(created_at=past, first_mail_at=past)
    text = pages.main_text(people.log_in(people.person(Role.ORGANIZER)).get("/desk/"))
    assert ("Personal data that has had its time is still here" in text) is is_told


@pytest.mark.parametrize(("refused", "is_told"), [(2, False), (4, True)])
def test_the_overview_tells_when_many_mails_are_refused(
    petition: Petition, refused: int, *, is_told: bool
) -> None:
    now = timezone.now()
    Delivery.objects.bulk_create(
        Delivery(
            kind=DeliveryKind.SIGN,
            state=DeliveryState.BOUNCED if number < refused else DeliveryState.SENT,
            petition=petition,
            language="km",
            due_at=now,
            created_at=now,
            sent_at=now,
        )
        for number in range(100)
    )
    words = "Mail servers refused 4% of the e-mails of the last seven days (4 of 100)."
    text = pages.main_text(people.log_in(people.person(Role.ORGANIZER)).get("/desk/"))
    assert (words in text) is is_told
