"""Fixtures of the whole suite."""

from collections.abc import Callable, Iterator
from datetime import datetime

import nacl.pwhash
import pytest
from django.core.cache import cache
from django.db.models import DateTimeField, Value
from django.utils import translation

from petitions import clock, networks
from petitions.domain import events, vault
from petitions.models import Petition
from petitions.views import kept
from tests.factories import petitions as make

pytest_plugins = ["tests.skips"]


@pytest.fixture(autouse=True)
def cheap_and_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Cheap key slots, fresh limits and a neutral language for every test."""
    monkeypatch.setattr(vault, "OPERATIONS", nacl.pwhash.argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr(vault, "MEMORY", nacl.pwhash.argon2id.MEMLIMIT_MIN)
    networks._storage.cache_clear()
    kept._kept.clear()
    monkeypatch.setattr(events, "_kept", (0.0, ()))
    cache.clear()
    with translation.override("en"):
        yield


@pytest.fixture
def petition(db: None) -> Petition:
    return make.open_petition()


SetClock = Callable[[datetime], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Sets the database's clock, and the pages' one, to a literal instant."""

    def set_to(instant: datetime) -> None:
        monkeypatch.setattr(clock, "db_now", lambda: Value(instant, output_field=DateTimeField()))
        monkeypatch.setattr(clock, "display_now", lambda: instant)

    return set_to
