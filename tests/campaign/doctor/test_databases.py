"""What the doctor says of the database."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from campaign.doctor import databases
from campaign.doctor.findings import Level
from tests.campaign.doctor.levels import FAIL, OK, WARN, levels
from tests.conftest import SetClock
from tests.factories import petitions as make


@pytest.mark.django_db
def test_a_migrated_database_is_well() -> None:
    assert levels(databases.answers()) == [OK]
    assert levels(databases.is_migrated()) == [OK]


@pytest.mark.django_db
def test_a_migration_not_applied_is_named(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.MIGRATION_MODULES = {}  # the real ones: tests make their tables from the models
    applied = "django.db.migrations.recorder.MigrationRecorder.applied_migrations"
    monkeypatch.setattr(applied, lambda recorder: {})
    (finding,) = databases.is_migrated()
    assert finding.level == FAIL
    assert "petitions.0001_initial" in finding.text


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "delete"), ("synchronous", 1), ("synchronous", 0)],
)
def test_a_sqlite_that_may_forget_fails(
    monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    answers: dict[str, object] = {"journal_mode": "wal", "synchronous": 2}
    monkeypatch.setattr(databases, "_value", lambda query: answers[query.split(" ")[1]])
    assert list(databases._sqlite()) == []
    answers[name] = value
    assert levels(databases._sqlite()) == [FAIL]


@pytest.mark.parametrize("name", databases._POSTGRESQL)
def test_a_postgresql_that_may_forget_or_tell_fails(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    answers = {setting: wanted for setting, (wanted, _why) in databases._POSTGRESQL.items()}
    monkeypatch.setattr(databases, "_value", lambda query: answers[query.split(" ")[1]])
    assert list(databases._postgresql()) == []
    answers[name] = "off"
    (finding,) = databases._postgresql()
    assert (finding.level, name in finding.remedy) == (FAIL, True)


@pytest.mark.postgresql
@pytest.mark.django_db
def test_postgresql_knows_the_settings_that_are_asked_for() -> None:
    assert {databases._value(f"SHOW {name}") for name in databases._POSTGRESQL} <= {
        "on", "off", "0", "-1",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "level"), [(1, OK), (-1, OK), (3, WARN), (-3, WARN)])
def test_a_clock_that_differs_is_told(
    set_clock: SetClock, monkeypatch: pytest.MonkeyPatch, seconds: int, level: Level
) -> None:
    make.open_petition()
    now = timezone.now()
    set_clock(now)
    monkeypatch.setattr("petitions.clock.display_now", lambda: now + timedelta(seconds=seconds))
    assert levels(databases.has_our_time()) == [level]
