"""Reminders that leave by themselves: after 24 and 72 hours, each once, and none after an end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.celery import app
from petitions import clock, tasks
from petitions.domain import delivering, mailing, reminding, signing, withdrawing
from petitions.models import Delivery, Mailing, Petition, Signature
from petitions.states import DeliveryKind, DeliveryState, PetitionState
from tests.conftest import SetClock
from tests.factories import people
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db
START = datetime(2027, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def petition(db: None) -> Petition:
    return make.open_petition(
        opens_at=START - timedelta(days=1), closes_at=START + timedelta(days=100)
    )


@pytest.fixture
def signature(petition: Petition, set_clock: SetClock) -> Signature:
    """Pending; its first mail was accepted at `START`."""
    return _submitted(petition, set_clock)


def _submitted(petition: Petition, set_clock: SetClock, **changes: str) -> Signature:
    set_clock(START)
    signature = make.submitted(petition, **changes)
    delivering.drain()
    return signature


def _reminders() -> list[int]:
    rows = Delivery.objects.filter(kind=DeliveryKind.REMIND).order_by("pk")
    return [row.reminder or 0 for row in rows]


def _beat(set_clock: SetClock, after: timedelta) -> int:
    """The task's work at that time after the first mail, and the mails that it set off."""
    set_clock(START + after)
    queued = reminding.remind_by_itself()
    delivering.drain()
    return queued


def test_the_first_after_24_hours_the_second_after_72_and_then_no_more(
    signature: Signature, set_clock: SetClock
) -> None:
    hours = (
        [24 * HOUR - SECOND, 24 * HOUR, 25 * HOUR]
        + [72 * HOUR - SECOND, 72 * HOUR, 96 * HOUR]
        + [timedelta(days=day) for day in range(5, 14)]
    )
    assert [_beat(set_clock, after) for after in hours] == [0, 1, 0, 0, 1, 0] + [0] * 9
    assert _reminders() == [1, 2]
    assert len(mail.outbox) == 3


def test_the_mail_is_in_the_signers_language(petition: Petition, set_clock: SetClock) -> None:
    _submitted(petition, set_clock, language="fr")
    _beat(set_clock, 24 * HOUR)
    assert mail.outbox[1].subject == "Une dernière étape\u00a0: confirmez votre adresse"


@pytest.mark.parametrize(
    "act", [signing.confirm, withdrawing.disown, withdrawing.withdraw, withdrawing.erase]
)
@pytest.mark.parametrize("is_queued", [False, True])
def test_none_to_whom_nothing_is_left_to_press(
    signature: Signature,
    set_clock: SetClock,
    act: Callable[[Signature], object],
    *,
    is_queued: bool,
) -> None:
    set_clock(START + 24 * HOUR)
    if is_queued:
        reminding.remind_by_itself()
    act(signature)
    _beat(set_clock, 24 * HOUR)
    _beat(set_clock, 72 * HOUR)
    assert len(mail.outbox) == 1


def _close(petition: Petition) -> None:
    Petition.objects.filter(pk=petition.pk).update(closes_at=START + 20 * HOUR)


def _pause(petition: Petition) -> None:
    Petition.objects.filter(pk=petition.pk).update(paused_at=START)


def _end(petition: Petition) -> None:
    Petition.objects.filter(pk=petition.pk).update(state=PetitionState.WITHDRAWN)


@pytest.mark.parametrize("act", [_close, _pause, _end])
def test_none_while_the_petition_takes_no_signature(
    signature: Signature, set_clock: SetClock, act: Callable[[Petition], None]
) -> None:
    act(signature.petition)
    assert _beat(set_clock, 24 * HOUR) == 0
    assert not reminding.due_by_itself(signature.petition).exists()


def test_one_that_waits_when_the_petition_is_withdrawn_does_not_leave(
    signature: Signature, set_clock: SetClock
) -> None:
    set_clock(START + 24 * HOUR)
    assert reminding.remind_by_itself() == 1
    _end(signature.petition)
    delivering.drain()
    assert len(mail.outbox) == 1


def test_after_a_pause_the_reminder_is_made_up_for(
    signature: Signature, set_clock: SetClock
) -> None:
    _pause(signature.petition)
    _beat(set_clock, 24 * HOUR)
    Petition.objects.update(paused_at=None)
    assert _beat(set_clock, 30 * HOUR) == 1


def test_time_begins_when_the_mail_server_accepted_the_mail(
    petition: Petition, set_clock: SetClock
) -> None:
    set_clock(START - timedelta(days=5))
    make.submitted(petition)
    set_clock(START)
    delivering.drain()
    assert [_beat(set_clock, after) for after in (24 * HOUR - SECOND, 24 * HOUR)] == [0, 1]


def test_a_reminder_that_waited_long_for_its_server_rests_a_day_before_the_next(
    signature: Signature, set_clock: SetClock
) -> None:
    set_clock(START + 24 * HOUR)
    reminding.remind_by_itself()
    set_clock(START + 80 * HOUR)
    assert reminding.remind_by_itself() == 0  # the first has not left yet
    delivering.drain()
    assert [_beat(set_clock, 104 * HOUR - SECOND), _beat(set_clock, 104 * HOUR)] == [0, 1]


def test_an_organizers_press_takes_the_place_of_the_next_one(
    signature: Signature, set_clock: SetClock
) -> None:
    _beat(set_clock, 24 * HOUR)
    set_clock(START + 50 * HOUR)
    assert reminding.remind(signature.petition, by=people.person()) == 1
    delivering.drain()
    assert [_beat(set_clock, after * HOUR) for after in (72, 75, 100)] == [0, 0, 0]
    assert _reminders() == [1, 2]
    assert Mailing.objects.count() == 1  # who pressed is kept; what the clock does is not


def test_an_address_typed_twice_is_one_mailbox(petition: Petition, set_clock: SetClock) -> None:
    for _turn in range(3):
        set_clock(START)
        make.submitted(petition, email="dara@example.org")
        set_clock(START + timedelta(minutes=5))
        delivering.drain()
        delivering.drain()
    for hour in range(24, 14 * 24, 12):
        _beat(set_clock, hour * HOUR)
    assert _reminders() == [1, 2]


def test_a_changed_address_has_its_own(signature: Signature, set_clock: SetClock) -> None:
    _beat(set_clock, 24 * HOUR)
    signing.change_address(signature, "other@example.org")
    delivering.drain()
    assert [_beat(set_clock, after * HOUR) for after in (47, 48, 96)] == [0, 1, 1]
    assert [message.to for message in mail.outbox[2:]] == [["other@example.org"]] * 3
    assert _reminders() == [1, 1, 2]


def test_the_demonstrations_signers_are_left_to_the_desk(
    signature: Signature, set_clock: SetClock
) -> None:
    """They have no mail of ours behind them, as `campaign/demo/signatures.py` makes them."""
    Delivery.objects.all().delete()
    assert _beat(set_clock, 24 * HOUR) == 0
    assert reminding.due(signature.petition).count() == 1


def test_the_page_of_the_signature_does_not_tell_that_it_was_reminded(
    petition: Petition, set_clock: SetClock
) -> None:
    """Whoever holds the page asks for the mail again; a row that is counted answers the same."""
    pending, counted = (_submitted(petition, set_clock) for _turn in range(2))
    signing.confirm(counted)
    _beat(set_clock, 24 * HOUR)
    assert len(mail.outbox) == 3
    assert [signing.resend(row) for row in (pending, counted)] == [None, None]
    queued = Signature.objects.order_by("pk").values_list("mails_queued", flat=True)
    assert len(set(queued)) == 1


def test_the_database_keeps_each_reminder_of_an_address_once(
    signature: Signature, set_clock: SetClock
) -> None:
    _beat(set_clock, 24 * HOUR)
    again = Delivery.objects.get(kind=DeliveryKind.REMIND)
    again.pk, again.public_id = None, signature.public_id
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_a_run_that_is_killed_half_way_goes_on_where_it_stopped(
    petition: Petition, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [_submitted(petition, set_clock) for _turn in range(5)]
    set_clock(START + 24 * HOUR)
    monkeypatch.setattr(reminding, "BATCH", 2)
    whole, calls = reminding.sign_mail, []

    def killed(row: Signature, *, kind: DeliveryKind) -> Delivery:
        calls.append(row)
        if len(calls) == 4:  # in the middle of the second batch
            raise KeyboardInterrupt
        return whole(row, kind=kind)

    monkeypatch.setattr(reminding, "sign_mail", killed)
    with pytest.raises(KeyboardInterrupt):
        reminding.remind_by_itself()
    assert _reminders() == [1, 1]
    monkeypatch.setattr(reminding, "sign_mail", whole)
    assert reminding.remind_by_itself() == 3
    reminded = Delivery.objects.filter(kind=DeliveryKind.REMIND).values_list("signature", flat=True)
    assert sorted(filter(None, reminded)) == [row.pk for row in rows]


def test_the_bell_reminds_and_expires_before_the_next(
    signature: Signature, set_clock: SetClock
) -> None:
    set_clock(START + 24 * HOUR)
    tasks.remind()
    assert _reminders() == [1]
    entry = app.conf.beat_schedule["remind"]
    assert entry["task"] == tasks.remind.name
    assert entry["options"]["expires"] < entry["schedule"]


# --- whatever comes in between ---------------------------------------------------------------

_ACTS = st.one_of(
    st.integers(min_value=1, max_value=40),  # so many hours pass
    st.sampled_from(["beat", "beat", "press", "drain", "drain", "resend", "again", "change"]),
    st.sampled_from([signing.confirm, withdrawing.disown]),
)


class _Life:
    """One address, and what befalls it."""

    def __init__(self, petition: Petition, set_clock: SetClock) -> None:
        self.petition, self.set_clock, self.now = petition, set_clock, START
        set_clock(START)
        self.by = people.person()
        self.row = make.submitted(petition, email="dara@example.org")
        self.indexes = {bytes(self.row.email_index or b"")}
        self.ended: datetime | None = None

    def go(self, act: object) -> None:
        if isinstance(act, int):
            self.now += act * HOUR
            self.set_clock(self.now)
        elif callable(act):
            act(self.row)
            self.ended = self.ended or self.now
        else:
            getattr(self, f"_{act}")()

    def _beat(self) -> None:
        reminding.remind_by_itself()

    def _press(self) -> None:
        reminding.remind(self.petition, by=self.by)

    def _drain(self) -> None:
        delivering.drain()

    def _resend(self) -> None:
        try:
            signing.resend(self.row)
        except mailing.TooManyMailsError:
            self.go("drain")

    def _again(self) -> None:
        make.submitted(self.petition, email="dara@example.org")

    def _change(self) -> None:
        try:
            signing.change_address(self.row, f"other-{len(self.indexes)}@example.org")
        except mailing.TooManyMailsError:
            return
        self.row.refresh_from_db()
        self.indexes.add(bytes(self.row.email_index or b""))

    def reminders(self, index: bytes) -> list[Delivery]:
        mails = Delivery.objects.filter(petition=self.petition, address_index=index)
        return list(mails.filter(kind=DeliveryKind.REMIND).order_by("created_at"))


@given(st.lists(_ACTS, max_size=25))
@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_at_most_two_a_day_after_the_last_mail_and_none_after_an_end(
    petition: Petition, set_clock: SetClock, acts: list[object]
) -> None:
    with transaction.atomic():
        life = _Life(petition, set_clock)
        for act in acts:
            life.go(act)
        for index in life.indexes:
            rows = life.reminders(index)
            assert len(rows) <= reminding.MOST_REMINDERS
            for row in rows:
                _assert_rested(row)
                left = row.state == DeliveryState.SENT
                assert not (left and life.ended and row.sent_at and row.sent_at > life.ended)
        transaction.set_rollback(True)


def _assert_rested(reminder: Delivery) -> None:
    before = Delivery.objects.filter(
        address_index=reminder.address_index,
        sent_at__lt=reminder.created_at,
        sent_at__gt=reminder.created_at - 24 * HOUR,
    )
    assert not before.exists()
    assert clock.db_instant() >= reminder.created_at >= START + 24 * HOUR
