"""The desk's numbers, on days set by hand."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from campaign.dashboard import queries, wording
from campaign.dashboard.chart import chart
from campaign.dashboard.queries import Spell
from petitions.clock import TORONTO
from petitions.models import Petition, Signature
from tests.conftest import SetClock
from tests.factories import petitions as make

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=TORONTO)


def _counted_on(petition: Petition, day: int, number: int) -> None:
    """`number` signatures that began to count at noon of a day of November."""
    for _turn in range(number):
        signature = make.confirmed(petition)
        when = NOON.replace(day=day)
        Signature.objects.filter(pk=signature.pk).update(counted_at=when, confirmed_at=when)


def _opened(petition: Petition, day: int, *, days_left: float) -> Petition:
    Petition.objects.filter(pk=petition.pk).update(
        opens_at=NOON.replace(day=day), closes_at=NOON + timedelta(days=days_left)
    )
    return Petition.objects.get(pk=petition.pk)


def test_the_pace_is_the_mean_of_seven_full_days(petition: Petition, set_clock: SetClock) -> None:
    _counted_on(petition, 12, 9)  # before the seven days
    _counted_on(petition, 13, 2)
    _counted_on(petition, 19, 5)
    _counted_on(petition, 20, 3)  # today is not over
    set_clock(NOON)
    figures = queries.overview(_opened(petition, 1, days_left=10))
    assert figures.confirmed == 19
    assert figures.week == Spell(days=7, counted=7, before=9)
    assert figures.pace == 1.0
    assert figures.week.change == pytest.approx(7 / 9 - 1)
    assert figures.forecast == 29
    assert figures.needed_a_day == pytest.approx((500 - 19) / 10)


def test_a_day_ends_in_toronto(petition: Petition, set_clock: SetClock) -> None:
    signature = make.confirmed(petition)
    late = datetime(2026, 11, 19, 23, 30, tzinfo=TORONTO)  # the 20th in London
    Signature.objects.filter(pk=signature.pk).update(counted_at=late)
    set_clock(NOON)
    series = queries.overview(_opened(petition, 18, days_left=10)).series
    assert [(day.day.day, day.counted, day.total) for day in series] == [
        (18, 0, 0),
        (19, 1, 1),
        (20, 0, 1),
    ]


def test_before_seven_days_there_is_no_forecast(petition: Petition, set_clock: SetClock) -> None:
    set_clock(NOON)
    figures = queries.overview(_opened(petition, 15, days_left=10))
    assert (figures.pace, figures.forecast) == (None, None)
    assert wording.answer(figures) == "Too early to say: seven full days are needed."


@pytest.mark.parametrize(
    ("threshold", "sentence"),
    [
        (25, "Yes, at this pace: 29 by November\u00a030, 2026."),
        (30, "Not at this pace: 29 by November\u00a030, 2026."),
    ],
)
def test_the_answer_compares_forecast_and_goal(
    petition: Petition, set_clock: SetClock, threshold: int, sentence: str
) -> None:
    _counted_on(petition, 12, 12)
    _counted_on(petition, 19, 7)
    set_clock(NOON)
    Petition.objects.filter(pk=petition.pk).update(threshold=threshold)
    figures = queries.overview(_opened(petition, 1, days_left=10))
    assert wording.answer(figures) == sentence


def test_a_reached_goal_is_the_answer_also_after_a_fall(petition: Petition) -> None:
    petition.milestones.create(number=petition.threshold, reached_at=NOON)
    figures = queries.overview(petition)
    assert wording.answer(figures) == "Yes: reached on November\u00a020, 2026."


def test_pending_is_not_confirmed(petition: Petition) -> None:
    make.submitted(petition)
    figures = queries.overview(petition)
    assert (figures.confirmed, figures.pending) == (0, 1)


def test_the_chart_keeps_a_steep_forecast_inside(petition: Petition, set_clock: SetClock) -> None:
    _counted_on(petition, 19, 21)
    set_clock(NOON)
    Petition.objects.filter(pk=petition.pk).update(threshold=20)
    drawn = chart(queries.overview(_opened(petition, 1, days_left=100)), [])
    assert drawn is not None
    assert [drawing.pace and drawing.pace[3] for drawing in drawn.drawings] == [70, 70]
    assert len(drawn.bars) == 20


def test_queries_do_not_grow_with_signatures(
    petition: Petition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.confirmed(petition)
    petition = Petition.objects.select_related("outcome").get(pk=petition.pk)
    with django_assert_num_queries(2):
        queries.overview(petition)
    for _turn in range(3):
        make.confirmed(petition)
    with django_assert_num_queries(2):
        queries.overview(petition)
