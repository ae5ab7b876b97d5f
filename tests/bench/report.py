"""Figures as plain text."""

import os
from dataclasses import dataclass

_GIB = 1024**3


@dataclass(frozen=True)
class Figure:
    """One measured number, and the one to reach where there is one (blueprint §13)."""

    name: str
    value: str
    reach: str = ""


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
