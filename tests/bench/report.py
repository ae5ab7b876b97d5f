"""Figures as plain text."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

_GIB = 1024**3


@dataclass(frozen=True)
class Figure:
    """One measured number, and the one to reach where there is one (blueprint §13)."""

    name: str
    value: str
    reach: str = ""


def heading() -> str:
    """What the figures were measured on: cores, memory and versions, no names."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, {memory:.0f} GiB, Python {platform.python_version()}, {_processor()}"


def _processor() -> str:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return names[0] if names else platform.machine()


def table(figures: list[Figure]) -> str:
    """Three columns, the last one only where there is something to reach."""
    name = max(len(figure.name) for figure in figures)
    value = max(len(figure.value) for figure in figures)
    return "\n".join(
        f"{figure.name:<{name}}  {figure.value:>{value}}  {figure.reach}".rstrip()
        for figure in figures
    )
