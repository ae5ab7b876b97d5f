"""Figures as plain text."""

import os
from dataclasses import dataclass

_GIB = 1024**3


@dataclass(frozen=True)
class Figure:
    """One measured number, and the one to reach where there is one (blueprint §13).

    `ratio` is the number of those that carry over to another size, for `flat()`.
    """

    name: str
    value: str
    reach: str = ""
    ratio: float | None = None


def of_reference(name: str, ratio: float, reach: str = "") -> Figure:
    """How much of the reference a kind of work reaches."""
    return Figure(f"{name}: of the reference", f"{ratio:.3f}", reach, ratio)


def flat(small: list[Figure], large: list[Figure]) -> list[Figure]:
    """What each ratio at the largest size is of the one at the smallest: 1 is flat."""
    before = {figure.name: figure.ratio for figure in small}
    return [
        Figure(figure.name, f"{figure.ratio / start:.2f}", "1.00 is flat")
        for figure in large
        if figure.ratio is not None and (start := before.get(figure.name))
    ]


def heading() -> str:
    """What the figures were measured on: cores and memory, no names."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, {memory:.0f} GiB"


def table(figures: list[Figure]) -> str:
    """Three columns, the last one only where there is something to reach."""
    name = max(len(figure.name) for figure in figures)
    value = max(len(figure.value) for figure in figures)
    return "\n".join(
        f"{figure.name:<{name}}  {figure.value:>{value}}  {figure.reach}".rstrip()
        for figure in figures
    )
