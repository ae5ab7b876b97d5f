"""The public figures: the total is the rows that count, and small cells never show."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.accounts.models import User
from campaign.accounts.roles import Role
from petitions import clock
from petitions.domain import addresses, counting, signing, withdrawing
from petitions.models import Delivery, Milestone, Petition, Signature, Tally, TallyDay
from petitions.signals import threshold_reached
from petitions.states import DeliveryKind
from tests.conftest import SetClock
from tests.factories import people
from tests.factories import petitions as make

SLACK = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _tally(petition: Petition, set_clock: SetClock, *, after: timedelta = timedelta(0)) -> int:
    """Counts as the worker does, two seconds later by a clock set by hand."""
    set_clock(timezone.now() + timedelta(seconds=2) + after)
    counting.tally_changed()
    return Tally.objects.get(petition=petition).total


def _act(petition: Petition, act: str) -> None:
    rows = Signature.objects.filter(petition=petition).order_by("pk")
    match act:
        case "sign":
            make.submitted(petition)
        case "confirm":
            pending = rows.filter(state="pending").first()
            if pending:
                signing.confirm(pending)
        case "hold":
            rows.filter(state="pending").update(held_at=clock.db_now(), held_rule="test")
        case "withdraw" | "erase":
            counted = rows.counted().first()
            if counted:
                getattr(withdrawing, act)(counted)


@pytest.mark.django_db
@SLACK
@given(
    acts=st.lists(
        st.sampled_from(["sign", "sign", "confirm", "confirm", "hold", "withdraw", "erase"]),
        max_size=12,
    )
)
def test_whatever_happens_the_total_is_the_rows_that_count(
    petition: Petition, acts: list[str]
) -> None:
    other = make.open_petition()
    for act in acts:
        _act(other, act)
        counted = Signature.objects.filter(petition=other).counted().count()
        assert counting.live_total(other) == counted
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "SETTLED", timedelta(seconds=-2))  # nothing is under way here
        counting.tally(other)
    assert Tally.objects.get(petition=other).total == counting.live_total(other)


@pytest.mark.django_db
def test_a_tally_names_the_instant_it_is_of(petition: Petition, set_clock: SetClock) -> None:
    make.confirmed(petition)
    now = timezone.now() + timedelta(seconds=5)
    set_clock(now)
    counting.tally_changed()
    row = Tally.objects.get(petition=petition)
    assert (row.total, row.as_of) == (1, now - counting.SETTLED)


@pytest.mark.django_db
def test_without_a_change_nothing_is_counted_again(petition: Petition, set_clock: SetClock) -> None:
    make.confirmed(petition)
    _tally(petition, set_clock)
    set_clock(timezone.now() + timedelta(minutes=1))
    counting.tally_changed()
    set_clock(timezone.now() + timedelta(minutes=2))
    assert counting.tally_changed() == 0


@pytest.mark.django_db
def test_an_older_result_never_replaces_a_newer_one(
    petition: Petition, set_clock: SetClock
) -> None:
    make.confirmed(petition)
    _tally(petition, set_clock, after=timedelta(minutes=1))
    Tally.objects.update(total=7)
    set_clock(timezone.now())
    counting.tally(petition)
    assert Tally.objects.get(petition=petition).total == 7


@pytest.mark.django_db
def test_a_recount_mends_and_reports(
    petition: Petition, set_clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    make.confirmed(petition)
    _tally(petition, set_clock)
    Tally.objects.update(total=4, as_of=timezone.now() + timedelta(hours=1))
    assert counting.recount(petition) == 3
    assert Tally.objects.get(petition=petition).total == 1
    assert "off by +3" in caplog.text


@pytest.mark.django_db
def test_a_recount_reports_also_what_the_next_tally_would_have_covered_up(
    petition: Petition, set_clock: SetClock
) -> None:
    make.confirmed(petition)
    _tally(petition, set_clock)
    Tally.objects.update(total=4)
    make.confirmed(petition)
    set_clock(timezone.now() + timedelta(seconds=30))
    assert counting.recount(petition) == 3
    assert Tally.objects.get(petition=petition).total == 2
    assert counting.recount(petition) == 0


@pytest.mark.django_db
def test_a_held_row_joins_no_figure(petition: Petition, set_clock: SetClock) -> None:
    for _turn in range(6):
        make.confirmed(petition)
    held = make.submitted(petition)
    Signature.objects.filter(pk=held.pk).update(held_at=timezone.now(), held_rule="test")
    assert signing.confirm(held) == signing.Outcome.HELD
    assert _tally(petition, set_clock) == 6
    counting.publish_day(petition)
    assert Tally.objects.get(petition=petition).provinces == {"BC": 6}
    assert sum(TallyDay.objects.values_list("counted", flat=True)) == 6


@pytest.mark.django_db
def test_the_crossing_is_announced_with_its_number_and_instant(
    petition: Petition, set_clock: SetClock
) -> None:
    heard: list[dict[str, object]] = []

    def hear(**announcement: object) -> None:
        heard.append(announcement)

    Petition.objects.filter(pk=petition.pk).update(threshold=2)
    threshold_reached.connect(hear)
    try:
        for _turn in range(3):
            make.confirmed(petition)
        now = timezone.now() + timedelta(seconds=5)
        set_clock(now)
        counting.tally_changed()
    finally:
        threshold_reached.disconnect(hear)
    (told,) = heard
    assert (told["sender"], told["petition"]) == (Petition, petition)
    assert (told["total"], told["reached_at"]) == (3, now - counting.SETTLED)


@pytest.mark.django_db
def test_a_crossing_that_nobody_could_be_told_of_is_not_recorded(
    petition: Petition, set_clock: SetClock
) -> None:
    def fail(**_announcement: object) -> None:
        raise RuntimeError

    Petition.objects.filter(pk=petition.pk).update(threshold=1)
    make.confirmed(petition)
    threshold_reached.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            _tally(petition, set_clock)
    finally:
        threshold_reached.disconnect(fail)
    assert not Milestone.objects.exists()
    assert Tally.objects.get(petition=petition).as_of is None
    assert _tally(petition, set_clock, after=timedelta(seconds=9)) == 1
    assert Milestone.objects.get().number == 1


@pytest.mark.django_db
def test_reaching_the_goal_is_recorded_and_mailed_once(
    petition: Petition, set_clock: SetClock
) -> None:
    clerk = people.person(Role.CLERK, language="km")
    User.objects.create_user("supporter@example.org", "x")
    Petition.objects.filter(pk=petition.pk).update(threshold=2)
    first = make.confirmed(petition)
    make.confirmed(petition)
    assert _tally(petition, set_clock) == 2
    withdrawing.withdraw(first)
    assert _tally(petition, set_clock, after=timedelta(seconds=10)) == 1
    make.confirmed(petition)
    assert _tally(petition, set_clock, after=timedelta(seconds=20)) == 2
    assert Milestone.objects.get(petition=petition, number=2)
    mails = Delivery.objects.filter(kind=DeliveryKind.GOAL)
    assert [mail.language for mail in mails] == ["km"]
    assert addresses.unlock(bytes(mails[0].address)) == clerk.email


@pytest.mark.django_db
def test_figures_by_place_are_published_once_a_day(petition: Petition, set_clock: SetClock) -> None:
    for _turn in range(5):
        make.confirmed(petition)
    set_clock(timezone.now() + timedelta(seconds=2))
    assert counting.publish_due_days() == 1
    assert counting.publish_due_days() == 0
    assert Tally.objects.get(petition=petition).provinces == {"BC": 5}
    set_clock(timezone.now() + timedelta(seconds=9))
    for _turn in range(5):
        make.confirmed(petition)
    set_clock(timezone.now() + timedelta(days=1, seconds=2))
    assert counting.publish_due_days() == 1
    assert Tally.objects.get(petition=petition).provinces == {"BC": 10}


def _province_tables(
    petition: Petition, set_clock: SetClock, joining: list[int], start: datetime
) -> list[dict[str, int]]:
    """The table shown on each day, when so many join on the day before."""
    tables = []
    for day, number in enumerate(joining):
        set_clock(start + timedelta(days=day))
        for _turn in range(number):
            make.confirmed(petition)
        set_clock(start + timedelta(days=day, hours=12))
        counting.publish_day(petition)
        tables.append(Tally.objects.get(petition=petition).provinces)
    return tables


@pytest.mark.django_db
def test_two_tables_differ_by_five_people_or_not_at_all(set_clock: SetClock) -> None:
    start = datetime(2027, 3, 1, 10, tzinfo=UTC)
    petition = make.open_petition(opens_at=start, closes_at=start + timedelta(days=90))
    tables = _province_tables(petition, set_clock, [5, 1, 3, 0, 1, 2], start)
    assert tables == [{"BC": 5}] * 4 + [{"BC": 10}] * 2
    row = Tally.objects.get(petition=petition)
    assert (row.provinces_day, row.figures_day) == (date(2027, 3, 5), date(2027, 3, 6))
    assert row.told == {
        "province": {"BC": 10},
        "riding": {},
        "language": {"km": 10},
        "source": {"": 10},
    }


@pytest.mark.django_db
def test_who_leaves_between_two_tables_counts_as_a_difference(set_clock: SetClock) -> None:
    start = datetime(2027, 3, 1, 10, tzinfo=UTC)
    petition = make.open_petition(opens_at=start, closes_at=start + timedelta(days=90))
    set_clock(start)
    first = [make.confirmed(petition) for _turn in range(12)]
    counting.publish_day(petition)
    for day, number in ((1, 4), (2, 1)):
        set_clock(start + timedelta(days=day))
        for signature in first[:number]:
            withdrawing.withdraw(signature)
        first = first[number:]
        counting.publish_day(petition)
        expected = {"BC": 12} if day == 1 else {"BC": 7}
        assert Tally.objects.get(petition=petition).provinces == expected


@pytest.mark.django_db
def test_the_last_table_of_a_petition_gives_nobody_away_either(set_clock: SetClock) -> None:
    """One who signed on the last day would be the difference to the table of the day before."""
    start = datetime(2027, 3, 1, 10, tzinfo=UTC)
    petition = make.open_petition(opens_at=start, closes_at=start + timedelta(days=2))
    for _turn in range(9):
        make.confirmed(petition, province="ON")
    assert _province_tables(petition, set_clock, [5, 1], start) == [{"ON": 9, "BC": 5}] * 2
    set_clock(start + timedelta(days=4))
    counting.publish_day(petition)
    assert Tally.objects.get(petition=petition).provinces == {"ON": 9, "BC": 5}
    total = counting.freeze(petition)
    assert (total.number, total.provinces) == (15, {"ON": 9, "other": 6})


@pytest.mark.django_db
def test_days_are_counted_in_torontos_time(set_clock: SetClock) -> None:
    start = datetime(2027, 3, 1, 10, tzinfo=UTC)
    petition = make.open_petition(opens_at=start, closes_at=start + timedelta(days=90))
    midnight = datetime(2027, 3, 3, tzinfo=clock.TORONTO)
    for instant in (midnight - timedelta(seconds=1), midnight, midnight + timedelta(hours=20)):
        set_clock(instant)
        make.confirmed(petition)
    counting.publish_day(petition)
    days = TallyDay.objects.filter(petition=petition).values_list("day", "counted")
    assert list(days) == [(date(2027, 3, 2), 1), (date(2027, 3, 3), 2)]
