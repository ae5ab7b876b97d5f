"""What the settings read from outside: variables, the folder of the site's files, keys.

Every reader either returns a usable value or raises `ImproperlyConfigured` with one sentence
that names the variable and the remedy; `manage.py` prints it and stops.
"""

import contextlib
import json
import os
import secrets
from pathlib import Path
from typing import Any

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

_ENGINES = {
    "sqlite": "django.db.backends.sqlite3",
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
}

_DATABASE_FORM = "DATABASE_URL cannot be read: write it as postgres://user:password@host:5432/name."

#: SQLite waits for its single writer instead of failing, and keeps what it acknowledged
#: through a power cut (`synchronous=FULL`).
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;",
}

#: Longer than any statement of ours; a stuck database answers 503 instead of holding a thread.
#: No compiling of queries: ours take milliseconds, and until a new database has been analyzed
#: PostgreSQL thinks them so large that it compiles each for a quarter of a second.
_POSTGRES_OPTIONS = {
    "connect_timeout": 3,
    "options": "-c statement_timeout=5000 -c lock_timeout=2000 -c jit=off",
}


def integer(name: str, default: int, *, least: int) -> int:
    """The whole number in variable `name`; anything else, or less than `least`, stops the start."""
    text = env.str(name, str(default))
    if not text.isdecimal() or int(text) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}.")
    return int(text)


def flag(name: str, *, default: bool) -> bool:
    """True for 1, False for 0; other words stop the start rather than be guessed at."""
    text: str = env.str(name, "1" if default else "0")
    if text not in {"0", "1"}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1.")
    return text == "1"


def folder(name: str, default: Path) -> Path:
    """The writable folder in variable `name`, made if missing, closed to other users."""
    path = Path(env.str(name, str(default))).resolve()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = path / f".probe-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name} ({path}) cannot be written to: {error.strerror}. "
            "Give a folder that the site's user may write to."
        ) from error
    return path


def database(var_dir: Path) -> dict[str, Any]:
    """Django's DATABASES entry for DATABASE_URL; a SQLite file in `var_dir` when it is not set."""
    url = env.str("DATABASE_URL", "") or f"sqlite:///{var_dir / 'db.sqlite3'}"
    scheme = url.partition(":")[0]
    if scheme not in _ENGINES:
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with postgres:// (or postgresql://) or sqlite:///."
        )
    options = _SQLITE_OPTIONS if scheme == "sqlite" else _POSTGRES_OPTIONS
    try:
        parsed = environ.Env.db_url_config(url)
    except ValueError as error:
        raise ImproperlyConfigured(_DATABASE_FORM) from error
    if not parsed.get("NAME"):
        raise ImproperlyConfigured(_DATABASE_FORM)
    return {
        **parsed,
        "ENGINE": _ENGINES[scheme],
        "OPTIONS": {**options, **parsed.get("OPTIONS", {})},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _new_keys() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "PETITIONS_MAIL_KEYS": Fernet.generate_key().decode(),
        "PETITIONS_LINK_KEY": secrets.token_urlsafe(32),
        "PETITIONS_INDEX_PEPPER": secrets.token_urlsafe(32),
    }


def _demo_keys(var_dir: Path) -> dict[str, str]:
    """Keys of a demonstration, made once and kept in `var_dir`.

    Web and worker may start at the same moment: the file appears whole (link of a finished
    file), and whoever comes second reads the first one's.
    """
    path = var_dir / "keys.json"
    if not path.exists():
        draft = var_dir / f"keys-{secrets.token_hex(4)}.json"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(_new_keys(), indent=1))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    keys: dict[str, str] = json.loads(path.read_text())
    return keys


def key_reader(*, demo: bool, var_dir: Path) -> Any:
    """A function name → secret. Outside a demonstration a missing one stops the start."""
    fallback = _demo_keys(var_dir) if demo else {}

    def read(name: str) -> str:
        value = env.str(name, "") or fallback.get(name, "")
        if not value:
            raise ImproperlyConfigured(
                f"{name} is not set. Set it in the environment or in .env, "
                "or set DEMO=1 to try the site with generated keys."
            )
        return value

    return read
