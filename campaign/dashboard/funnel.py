"""The way to a signature: how many took each step.

The first two steps are events that browsers with JavaScript told of, the others are forms. All
have the day on which they began, so that nobody confirms in a period without having sent in it.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Sum

from campaign.dashboard.filters import Filters
from petitions.models import Petition, Signature, VisitDay

#: In their order; as `VisitStep` names them, and the last one.
STEPS = ("visited", "started", "submitted", "mailed", "confirmed")


@dataclass(frozen=True)
class Step:
    """One step; `share` of the step before, as a fraction, None when that was nobody's."""

    name: str
    number: int
    share: float | None


def funnel(petition: Petition, filters: Filters) -> list[Step]:
    """Every step in its order; none when a row is chosen that visits are not counted by."""
    if filters.rows.keys() - {"language"}:
        return []
    numbers = Counter(_told(petition, filters)) + Counter(_signatures(petition, filters))
    steps, before = [], 0
    for name in STEPS:
        number = numbers[name]
        steps.append(Step(name, number, number / before if before else None))
        before = number
    return steps


def _told(petition: Petition, filters: Filters) -> dict[str, int]:
    rows = VisitDay.objects.filter(filters.of_rows(), petition=petition)
    if filters.first and filters.last:
        rows = rows.filter(day__range=(filters.first, filters.last))
    return dict(rows.order_by().values_list("step").annotate(Sum("count")))


def _signatures(petition: Petition, filters: Filters) -> dict[str, int]:
    """Of the rows that are here; those deleted unconfirmed have left their number among visits."""
    rows = Signature.objects.filter(
        filters.of_rows(), filters.within("created_at"), petition=petition
    )
    return rows.aggregate(
        submitted=Count("pk"), mailed=Count("first_mail_at"), confirmed=Count("confirmed_at")
    )
