"""The database: there, up to date, durable, and of one time with this machine."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from campaign.doctor.findings import Finding, fail, ok, warn
from petitions import clock

#: From this on a node's clock is wrong enough to be seen on its pages.
_MOST_SKEW = timedelta(seconds=2)
#: What PostgreSQL must say so that an acknowledged signature survives a power cut, and so that
#: its own log repeats no row.
_POSTGRESQL = {
    "fsync": ("on", "a power cut may lose or break everything"),
    "full_page_writes": ("on", "a power cut may break pages of the database"),
    "synchronous_commit": ("on", "a power cut may lose acknowledged signatures"),
    "log_parameter_max_length_on_error": ("0", "its log may repeat what somebody typed"),
}
#: SQLite's name for each number of `PRAGMA synchronous`.
_SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")


def answers() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield ok("database", f"{connection.display_name} answers")


def is_migrated() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        names = ", ".join(f"{each.app_label}.{each.name}" for each, _backwards in waiting)
        yield fail("migrations", f"not applied: {names}", remedy="Run `manage.py migrate`.")
    else:
        yield ok("migrations", "all are applied")


def keeps_what_it_acknowledged() -> Iterator[Finding]:
    wrong = list(_postgresql() if connection.vendor == "postgresql" else _sqlite())
    yield from wrong or [ok("durability", "what was acknowledged survives a power cut")]


def has_our_time() -> Iterator[Finding]:
    skew = abs(clock.display_now() - clock.db_instant())
    if skew > _MOST_SKEW:
        yield warn(
            "clock",
            f"this machine and the database differ by {skew.total_seconds():.0f} s",
            remedy="Keep time by NTP on both: `timedatectl set-ntp true`.",
        )
    else:
        yield ok("clock", "this machine and the database have the same time")


def _postgresql() -> Iterator[Finding]:
    for name, (wanted, danger) in _POSTGRESQL.items():
        found = _value(f"SHOW {name}")
        if found != wanted:
            yield fail(
                "durability" if wanted == "on" else "database log",
                f"{name} is {found}: {danger}",
                remedy=f"ALTER SYSTEM SET {name} = {wanted}; then SELECT pg_reload_conf();",
            )


def _sqlite() -> Iterator[Finding]:
    mode = str(_value("PRAGMA journal_mode"))
    synchronous = _SYNCHRONOUS[int(str(_value("PRAGMA synchronous")))]
    if mode != "wal" or synchronous not in {"FULL", "EXTRA"}:
        yield fail(
            "durability",
            f"journal_mode is {mode} and synchronous is {synchronous}: "
            "a power cut may lose acknowledged signatures",
            remedy="Take `init_command` out of the query of DATABASE_URL: the site sets both.",
        )


def _value(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return row[0] if row else None
