"""Waiting for what other processes do: for the thing itself, with a deadline, never for a time."""

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import TypeVar

import pytest

Found = TypeVar("Found")
_PAUSE = 0.05


def until(look: Callable[[], Found], what: str, *, within: float = 60.0) -> Found:
    """The first true value of `look()`; the test fails when there is none in that many seconds."""
    end = monotonic() + within
    while not (found := look()):
        if monotonic() > end:
            pytest.fail(f"not within {within:.0f} seconds: {what}")
        Event().wait(_PAUSE)
    return found
