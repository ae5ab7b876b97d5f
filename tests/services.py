"""Services that some tests need: looked for, never installed.

| service    | where                                                        |
|------------|--------------------------------------------------------------|
| PostgreSQL | TEST_POSTGRES_URL, postgres://127.0.0.1:5432 when not set      |
| Redis      | TEST_REDIS_URL, redis://127.0.0.1:6379/15 when not set         |
| Chromium   | chromium, chromium-browser or google-chrome on PATH           |
"""

import getpass
import os
import shutil
from collections.abc import Callable
from functools import cache
from urllib.parse import urlsplit

import psycopg
import redis

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@cache
def postgres_url() -> str | None:
    """The address of a server where we may make databases; None if there is none."""
    given = urlsplit(os.environ.get("TEST_POSTGRES_URL") or "postgres://127.0.0.1:5432")
    place = given.netloc if given.username else f"{getpass.getuser()}@{given.netloc}"
    # The name is that of the database to connect to; tests make their own beside it.
    url = f"postgres://{place}/{given.path.strip('/') or 'postgres'}"
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            may = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error:
        return None
    return url if may == (True,) else None


@cache
def redis_url() -> str | None:
    """The address of a Redis database that tests may empty; None if none answers."""
    url = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379/15"
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1) as client:
            client.ping()
    except (redis.RedisError, ValueError):
        return None
    return url


@cache
def chromium() -> str | None:
    """The browser's program; None if it is not installed."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


#: Marker → name, how to find it, and why it counts as missing.
SERVICES: dict[str, tuple[str, Callable[[], str | None], str]] = {
    "postgresql": (
        "PostgreSQL",
        postgres_url,
        "no server at TEST_POSTGRES_URL lets us make databases",
    ),
    "redis": ("Redis", redis_url, "no server answers at TEST_REDIS_URL"),
    "browser": ("Chromium", chromium, f"none of {', '.join(_BROWSERS)} is on PATH"),
}


def missing(marker: str) -> str | None:
    """Why tests with this marker cannot run, with the service's name; None if they can."""
    name, find, why = SERVICES[marker]
    return None if find() else f"{name} is missing: {why}"
