"""The chart of days and total, as coordinates for an inline SVG of 900 by 280."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from campaign.dashboard.queries import Overview

WIDTH, HEIGHT = 900, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 12, 888, 34, 244
#: Bars show single days, a total hundreds: each has its own scale, and bars stay low.
_BARS_TOP = 150


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """`pace` runs from the last day to the closing; all y grow downwards."""

    bars: list[Bar]
    total: str
    pace: tuple[float, float, float, float] | None
    goal_y: float
    first_day: date
    today: date
    today_x: float
    last_day: date


def chart(figures: Overview) -> Chart | None:
    """None until there is a day to show."""
    series = figures.series
    if not series:
        return None
    first, today = series[0].day, series[-1].day
    last = max(today, today + timedelta(days=ceil(figures.days_left)))
    step = (_RIGHT - _LEFT) / ((last - first).days + 1)
    # A steep forecast leaves the picture rather than flattening what has happened.
    top = max(figures.petition.threshold, figures.confirmed) * 1.15
    highest = max(day.counted for day in series) or 1

    def x(day: date) -> float:
        return round(_LEFT + ((day - first).days + 0.5) * step, 1)

    def y(total: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * total / top, 1)

    bars = []
    for day in series:
        height = round((_BOTTOM - _BARS_TOP) * day.counted / highest, 1)
        bars.append(
            Bar(round(x(day.day) - step * 0.35, 1), _BOTTOM - height, round(step * 0.7, 1), height)
        )
    pace = None
    if figures.forecast is not None:
        rise = figures.forecast - figures.confirmed
        part = min(1.0, (top - figures.confirmed) / rise) if rise else 1.0
        end_x = round(x(today) + part * (x(last) - x(today)), 1)
        pace = (x(today), y(figures.confirmed), end_x, y(figures.confirmed + part * rise))
    return Chart(
        bars=bars,
        total=" ".join(f"{x(day.day)},{y(day.total)}" for day in series),
        pace=pace,
        goal_y=y(figures.petition.threshold),
        first_day=first,
        today=today,
        today_x=x(today),
        last_day=last,
    )
