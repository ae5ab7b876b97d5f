"""The chart of days and total, as coordinates for inline SVG: one for wide screens, one for phones.

Each has letters of its own size, since a picture made smaller would make them too small to read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from math import ceil

from campaign.dashboard.marks import Mark, MarkKind
from campaign.dashboard.queries import Day, Overview

#: More bars than this would be too thin to tell apart on a phone: then a bar is a week.
MOST_BARS = 45
#: Paths around a point, told apart without colour.
SHAPES = {
    MarkKind.MILESTONE: "m0-9l9 9-9 9-9-9z",
    MarkKind.MAIL: "m-7-7h14v14h-14z",
    MarkKind.MEETING: "m-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0z",
    MarkKind.EVENT: "m0-9l9 16h-18z",
}
_TOP, _BELOW, _SIDE, _MARK = 70, 62, 12, 20
#: Bars show single days, a total hundreds: each has its own scale, and bars stay low.
_BARS_PART = 0.45


@dataclass(frozen=True)
class Frame:
    """A picture's size, and how many days have their names below it."""

    name: str
    width: int
    height: int
    names: int

    @property
    def bottom(self) -> int:
        return self.height - _BELOW

    @property
    def right(self) -> int:
        return self.width - _SIDE

    @property
    def lines(self) -> tuple[int, int]:
        """Of the names of days: the number above the month."""
        return self.bottom + 22, self.bottom + 46

    def label(self, x: float, y: float) -> "Label":
        """Above a point, and inside the picture."""
        if x < 4 * _SIDE:
            return Label(_SIDE, round(y - 8, 1), "start")
        if x > self.width - 4 * _SIDE:
            return Label(self.right, round(y - 8, 1), "end")
        return Label(x, round(y - 8, 1), "middle")


FRAMES = (Frame("wide", 900, 360, 8), Frame("narrow", 340, 320, 4))


@dataclass(frozen=True)
class Bar:
    """Signatures of a day, or of a week that began on it; `total` is at its end."""

    day: date
    counted: int
    total: int


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Sign:
    """Where a mark stands."""

    x: float
    y: float
    kind: MarkKind
    shape: str


@dataclass(frozen=True)
class Name:
    """A day below the chart."""

    day: date
    label: "Label"


@dataclass(frozen=True)
class Label:
    """Where a number begins, ends or has its middle."""

    x: float
    y: float
    anchor: str


@dataclass(frozen=True)
class Drawing:
    """All y grow downwards. `pace` runs from the last day to the closing."""

    frame: Frame
    bars: list[Box]
    most: Label
    total: str
    end: Label
    pace: tuple[float, float, float, float] | None
    goal_y: float | None
    goal: Label | None
    signs: list[Sign]
    names: list[Name]


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    marks: list[Mark]
    kinds: list[MarkKind]
    drawings: list[Drawing]
    is_weekly: bool
    first_day: date
    last_day: date
    most: int
    total: int

    @property
    def has_pace(self) -> bool:
        return self.drawings[0].pace is not None


@dataclass(frozen=True)
class _Scale:
    frame: Frame
    first: date
    last: date
    top: float

    @property
    def step(self) -> float:
        return (self.frame.width - 2 * _SIDE) / ((self.last - self.first).days + 1)

    def x(self, day: date) -> float:
        return round(_SIDE + ((day - self.first).days + 0.5) * self.step, 1)

    def y(self, total: float) -> float:
        return round(self.frame.bottom - (self.frame.bottom - _TOP) * total / self.top, 1)


def chart(figures: Overview, marks: list[Mark]) -> Chart | None:
    """None until there is a day to show."""
    days = figures.days
    if not days:
        return None
    first, last = days[0].day, _last(figures)
    is_weekly = len(days) > MOST_BARS
    bars = [*_weeks(days)] if is_weekly else [Bar(d.day, d.counted, d.total) for d in days]
    shown = [mark for mark in marks if first <= mark.day <= last]
    goal = 0 if figures.is_part else figures.petition.threshold
    # A steep forecast leaves the picture rather than flattening what has happened.
    top = max(goal, *(day.total for day in days), 1) * 1.15
    scales = [_Scale(frame, first, last, top) for frame in FRAMES]
    return Chart(
        bars=bars,
        marks=shown,
        kinds=[kind for kind in MarkKind if any(mark.kind == kind for mark in shown)],
        drawings=[_drawing(scale, figures, bars, shown) for scale in scales],
        is_weekly=is_weekly,
        first_day=first,
        last_day=last,
        most=max(bar.counted for bar in bars),
        total=days[-1].total,
    )


def _last(figures: Overview) -> date:
    """The closing, where all days are shown; else the last of the chosen ones that there is."""
    last = figures.days[-1].day
    if figures.spell is not None or figures.is_part:
        return last
    return max(last, last + timedelta(days=ceil(figures.days_left)))


def _weeks(days: list[Day]) -> Iterator[Bar]:
    """Weeks begin on Monday; the first and the last may be shorter."""
    for _week, found in groupby(days, key=lambda each: each.day - timedelta(each.day.weekday())):
        week = list(found)
        yield Bar(week[0].day, sum(each.counted for each in week), week[-1].total)


def _drawing(scale: _Scale, figures: Overview, bars: list[Bar], marks: list[Mark]) -> Drawing:
    days, frame = figures.days, scale.frame
    boxes = list(_boxes(scale, bars, days[-1].day))
    highest = min(boxes, key=lambda box: box.y)
    goal_y = None if figures.is_part else scale.y(figures.petition.threshold)
    return Drawing(
        frame=frame,
        bars=boxes,
        most=frame.label(round(highest.x + highest.width / 2, 1), highest.y),
        total=" ".join(f"{scale.x(day.day)},{scale.y(day.total)}" for day in days),
        end=frame.label(scale.x(days[-1].day), scale.y(days[-1].total)),
        pace=_pace(scale, figures),
        goal_y=goal_y,
        goal=None if goal_y is None else frame.label(0, goal_y),
        signs=list(_signs(scale, marks)),
        names=list(_names(scale)),
    )


def _boxes(scale: _Scale, bars: list[Bar], last: date) -> Iterator[Box]:
    bottom = scale.frame.bottom
    highest = max(bar.counted for bar in bars) or 1
    ends = [bar.day for bar in bars[1:]] + [last + timedelta(days=1)]
    for bar, end in zip(bars, ends, strict=True):
        height = round((bottom - _TOP) * _BARS_PART * bar.counted / highest, 1)
        width = (end - bar.day).days * scale.step
        left = scale.x(bar.day) - scale.step / 2
        yield Box(
            round(left + width * 0.12, 1),
            round(bottom - height, 1),
            round(width * 0.76, 1),
            height,
        )


def _pace(scale: _Scale, figures: Overview) -> tuple[float, float, float, float] | None:
    if figures.forecast is None or figures.is_part or figures.spell is not None:
        return None
    today = figures.days[-1].day
    rise = figures.forecast - figures.confirmed
    part = min(1.0, (scale.top - figures.confirmed) / rise) if rise else 1.0
    end_x = round(scale.x(today) + part * (scale.x(scale.last) - scale.x(today)), 1)
    end_y = scale.y(figures.confirmed + part * rise)
    return (scale.x(today), scale.y(figures.confirmed), end_x, end_y)


def _signs(scale: _Scale, marks: list[Mark]) -> Iterator[Sign]:
    """One of a kind a day, those of one day below one another."""
    for day, found in groupby(marks, key=lambda mark: mark.day):
        for place, kind in enumerate(dict.fromkeys(mark.kind for mark in found)):
            yield Sign(scale.x(day), 12 + _MARK * (place % 3), kind, SHAPES[kind])


def _names(scale: _Scale) -> Iterator[Name]:
    days = (scale.last - scale.first).days
    step = max(1, ceil(days / (scale.frame.names - 1)))
    for place in range(0, days + 1, step):
        day = scale.first + timedelta(days=place)
        yield Name(day, scale.frame.label(scale.x(day), scale.frame.bottom))
