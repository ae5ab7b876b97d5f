"""Threads that start at the same instant, each with a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

Result = TypeVar("Result")


def race(*acts: Callable[[], Result]) -> list[Result]:
    """What each act returned, all begun at once; the first error of one is raised."""
    start = Barrier(len(acts), timeout=30)

    def run(act: Callable[[], Result]) -> Result:
        try:
            start.wait()
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [done.result() for done in [threads.submit(run, act) for act in acts]]
