"""Who hears of a petition's new step, once, and in which words."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from petitions import clock
from petitions.domain import (
    addresses,
    announcing,
    certifying,
    dissolving,
    lifecycle,
    presenting,
    tokens,
    withdrawing,
)
from petitions.domain.composing import Drop, compose
from petitions.domain.delivering import drain
from petitions.models import (
    Delivery,
    Petition,
    PetitionEvent,
    Subscription,
    Supporter,
    Suppression,
)
from petitions.states import (
    DeliveryKind,
    DeliveryState,
    PetitionKind,
    PetitionState,
    SupporterState,
)
from tests.factories import outcomes, parliament, people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
S = PetitionState
TITLE = "Ask for the people's vote"


def _supporter(petition: Petition, email: str, **fields: object) -> Supporter:
    details: dict[str, object] = {
        "state": SupporterState.SUPPORTED,
        "place": petition.supporters.count() + 1,
        "language": "fr",
        "address": addresses.lock(email),
        "email_index": addresses.index(email, petition),
        "invited_at": timezone.now(),
    }
    return Supporter.objects.create(petition=petition, **{**details, **fields})


def _subscribe(petition: Petition, email: str, language: str = "km") -> None:
    Subscription.objects.create(
        petition=petition,
        address=addresses.lock(email),
        email_index=addresses.index(email, petition),
        language=language,
        created_at=timezone.now(),
    )


def _readers(event: PetitionEvent) -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(event=event).order_by("pk")
    return [(addresses.unlock(bytes(row.address or b"")), row.language) for row in rows]


def _announced(petition: Petition, state: PetitionState) -> PetitionEvent:
    event = PetitionEvent.objects.create(
        petition=petition, happened_at=timezone.now(), to_state=state
    )
    announcing.announce(event)
    return event


# --- who -------------------------------------------------------------------------------------


def test_petitioner_supporters_and_subscribers_hear_of_it_each_in_their_language() -> None:
    person = people.person(language="en")
    petition = outcomes.closed_petition(petitioner=person)
    _supporter(petition, "five@example.org")
    _supporter(petition, "asked@example.org", state=SupporterState.INVITED, place=None)
    _supporter(petition, "gone@example.org", address=None)
    _subscribe(petition, "news@example.org")
    event = certifying.certify(petition, by=people.person())
    assert _readers(event) == [
        (person.email, "en"),
        ("five@example.org", "fr"),
        ("news@example.org", "km"),
    ]
    kinds = set(Delivery.objects.filter(event=event).values_list("kind", "state"))
    assert kinds == {(DeliveryKind.STEP, DeliveryState.QUEUED)}


def test_an_address_with_two_parts_gets_one_mail() -> None:
    person = people.person(language="fr")
    petition = make.open_petition(petitioner=person)
    _subscribe(petition, person.email.upper())
    _supporter(petition, person.email)
    event = _announced(petition, S.CLOSED)
    assert _readers(event) == [(person.email, "fr")]
    announcing.announce(event)
    assert len(_readers(event)) == 1


def test_the_next_step_is_told_to_the_same_address_again(petition: Petition) -> None:
    _subscribe(petition, "news@example.org")
    assert [len(_readers(_announced(petition, state))) for state in (S.CLOSED, S.CERTIFIED)] == [
        1,
        1,
    ]


@pytest.mark.parametrize("state", [S.SCHEDULED, S.IN_TRANSLATION, S.WITHDRAWN, S.RESPONSE_OVERDUE])
def test_other_steps_are_told_to_nobody(petition: Petition, state: PetitionState) -> None:
    _subscribe(petition, "news@example.org")
    assert _readers(_announced(petition, state)) == []


def test_a_record_tells_nobody(petition: Petition) -> None:
    _subscribe(petition, "news@example.org")
    Petition.objects.update(kind=PetitionKind.RECORD)
    petition.refresh_from_db()
    assert _readers(_announced(petition, S.CLOSED)) == []


def test_every_announced_step_queues_its_mails_itself() -> None:
    """Opened and closed by the clock, not certified; certified, presented, answered."""
    now = timezone.now()
    petition = make.open_petition(
        threshold=1, opens_at=now - timedelta(days=40), closes_at=now - timedelta(days=2)
    )
    _subscribe(petition, "news@example.org")
    Petition.objects.update(state=S.SCHEDULED)
    lifecycle.advance_by_clock()
    lifecycle.advance_by_clock()
    petition.refresh_from_db()
    certifying.decline_certificate(petition, by=people.person())
    answered = outcomes.closed_petition()
    _subscribe(answered, "news@example.org")
    certifying.certify(answered, by=people.person())
    presenting.present(
        answered,
        member=parliament.member(),
        on=clock.today(),
        number="421-03054",
        by=people.person(),
    )
    presenting.table_response(
        answered,
        on=clock.today(),
        minister="A Minister",
        summary=outcomes.IN_THREE,
        files={},
        by=people.person(),
    )
    told = Delivery.objects.filter(kind=DeliveryKind.STEP).order_by("pk")
    assert list(told.values_list("event__to_state", flat=True)) == [
        S.OPEN,
        S.CLOSED,
        S.NOT_CERTIFIED,
        S.CERTIFIED,
        S.PRESENTED,
        S.RESPONSE_TABLED,
    ]


def test_a_step_that_fails_mails_nobody(petition: Petition) -> None:
    _subscribe(petition, "news@example.org")
    with pytest.raises(lifecycle.MoveError):
        lifecycle.move(petition, S.CERTIFIED, by=None)
    assert not Delivery.objects.filter(kind=DeliveryKind.STEP).exists()


def test_many_mails_leave_room_for_those_who_sign(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "BATCH", 2)
    for number in range(5):
        _subscribe(petition, f"news-{number}@example.org")
    event = _announced(petition, S.CLOSED)
    first, *rest = (
        Delivery.objects.filter(event=event).order_by("pk").values_list("due_at", flat=True)
    )
    assert [(due - first) / announcing.APART for due in rest] == [0, 1, 1, 2]


# --- what ------------------------------------------------------------------------------------

#: Each announced step, with words that only its mail has.
WORDS = {
    S.OPEN: "is now open for signature",
    S.CLOSED: "Thank you for being one of them.",
    S.CERTIFIED: "It is not that of the Clerk of Petitions.",
    S.NOT_CERTIFIED: "It is not certified, and goes no further.",
    S.PRESENTED: "The government must respond by",
    S.RESPONSE_TABLED: "A government response was tabled on",
    S.CLOSED_ON_DISSOLUTION: "Parliament has been dissolved.",
}
#: What would tell a stranger who sees the list of mails what was signed.
TELLING = ("cambod", "កម្ពុជា", "parliament", "parlement", "commons", "communes", "សភា", "vote")


def test_each_announced_step_has_its_mail() -> None:
    assert set(WORDS) == announcing.ANNOUNCED


@pytest.fixture
def followed() -> Petition:
    """A petition with all that its mails can tell of."""
    petition = outcomes.presented_petition(title_en=TITLE, title_fr=TITLE, title_km=TITLE)
    presenting.table_response(
        petition,
        on=clock.today(),
        minister="A Minister",
        summary=outcomes.IN_THREE,
        files={},
        by=people.person(),
    )
    Delivery.objects.all().delete()
    return petition


@pytest.mark.parametrize("state", WORDS)
def test_a_step_mail_is_neutral_outside_and_complete_inside(
    followed: Petition, state: PetitionState
) -> None:
    for language in ("en", "fr", "km"):
        _subscribe(followed, f"sok.dara.{language}@example.org", language)
    if state == S.OPEN:
        closes_at = timezone.now() + timedelta(days=3)
        Petition.objects.filter(pk=followed.pk).update(state=S.OPEN, closes_at=closes_at)
    for delivery in Delivery.objects.filter(event=_announced(followed, state)):
        message = compose(delivery)
        assert not isinstance(message, Drop)
        text, html = str(message.body), str(message.alternatives[0].content)
        assert [word for word in (TITLE, *TELLING) if word.lower() in message.subject.lower()] == []
        assert TITLE in text.splitlines()
        assert "dara" not in f"{message.subject}{text}{html}"
        assert (text, "\n\n\n" in text) == (text.strip() + "\n", False)
        assert re.findall(r"&#?\w+;", text) == []
        links = {line for line in text.splitlines() if line.startswith("http")}
        in_html = set(re.findall(r'href="(http[^"]*)"', html))
        assert links == in_html
        subscription = Subscription.objects.get(language=delivery.language)
        stop = f"http://testserver/u/{tokens.unsubscribe_token(subscription.public_id)}"
        assert stop in links
        assert message.extra_headers["List-Unsubscribe"] == f"<{stop}>"
        assert "List-Unsubscribe-Post" in message.extra_headers
        if delivery.language == "en":
            assert WORDS[state] in text


def test_who_did_not_sign_is_not_told_so(followed: Petition) -> None:
    """A supporter has no news to stop, and no signature to see."""
    _supporter(followed, "five@example.org", language="en")
    message = compose(Delivery.objects.get(event=_announced(followed, S.CLOSED)))
    assert not isinstance(message, Drop)
    assert message.subject == "The petition has closed"
    assert "Thank you for being one of them" not in message.body
    assert "you started or supported this petition" in message.body
    assert "List-Unsubscribe" not in message.extra_headers


def test_nothing_leads_to_a_page_that_nobody_may_see() -> None:
    person = people.person(language="en")
    petition = make.draft_petition(petitioner=person)
    Petition.objects.update(state=S.IN_TRANSLATION)
    dissolving.dissolve(clock.today(), by=person, reason="Gazette")
    message = compose(Delivery.objects.get())
    assert not isinstance(message, Drop)
    assert petition.slug not in message.body


# --- until it leaves -------------------------------------------------------------------------


def test_who_stopped_news_meanwhile_is_not_written_to(petition: Petition) -> None:
    signature = make.confirmed(petition, wants_news=True)
    event = _announced(petition, S.CLOSED)
    withdrawing.stop_news(signature)
    assert compose(Delivery.objects.get(event=event)) == Drop("unsubscribed")


def test_an_address_that_asked_to_be_left_alone_is(petition: Petition) -> None:
    _subscribe(petition, "news@example.org")
    event = _announced(petition, S.CLOSED)
    index = addresses.index("news@example.org", petition)
    Suppression.objects.create(petition=petition, email_index=index)
    assert compose(Delivery.objects.get(event=event)) == Drop("suppressed")


def test_an_invitation_to_sign_that_is_late_is_not_sent(petition: Petition) -> None:
    _subscribe(petition, "news@example.org")
    event = _announced(petition, S.OPEN)
    Petition.objects.update(state=S.CLOSED)
    assert compose(Delivery.objects.get(event=event)) == Drop("over")


def test_a_step_mail_leaves_and_keeps_no_address(petition: Petition) -> None:
    _subscribe(petition, "news@example.org")
    event = _announced(petition, S.CLOSED)
    assert drain() == 1
    row = Delivery.objects.get(event=event)
    assert (row.state, row.address) == (DeliveryState.SENT, None)
    assert mail.outbox[-1].to == ["news@example.org"]
    announcing.announce(event)
    assert drain() == 0
