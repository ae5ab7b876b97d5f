"""Readers of variables: a usable value, or one sentence with the variable's name."""

import json
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from campaign import environment

NAME = "PETITION_TEST_VARIABLE"


def refused(read: Callable[[], Any]) -> str:
    with pytest.raises(ImproperlyConfigured) as caught:
        read()
    return str(caught.value)


@pytest.mark.parametrize(("text", "value"), [("1", 1), ("8000", 8000)])
def test_a_whole_number_is_read(monkeypatch: pytest.MonkeyPatch, text: str, value: int) -> None:
    monkeypatch.setenv(NAME, text)
    assert environment.integer(NAME, 5, least=1) == value


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "many", "0x10"])
def test_another_number_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(NAME, text)
    message = refused(lambda: environment.integer(NAME, 5, least=1))
    assert message == f"{NAME} must be a whole number of at least 1."


def test_a_number_that_is_not_set_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)
    assert environment.integer(NAME, 5, least=1) == 5


@pytest.mark.parametrize(("text", "value"), [("0", False), ("1", True)])
def test_a_flag_is_0_or_1(monkeypatch: pytest.MonkeyPatch, text: str, *, value: bool) -> None:
    monkeypatch.setenv(NAME, text)
    assert environment.flag(NAME, default=not value) is value


@pytest.mark.parametrize("text", ["", "true", "yes", "2"])
def test_a_flag_is_not_guessed_at(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(NAME, text)
    assert refused(lambda: environment.flag(NAME, default=False)) == f"{NAME} must be 0 or 1."


def test_a_folder_is_made_and_closed_to_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(NAME, str(tmp_path / "made" / "var"))
    made = environment.folder(NAME, tmp_path)
    assert made == tmp_path / "made" / "var"
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert list(made.iterdir()) == []


def test_a_file_in_place_of_a_folder_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "var"
    path.touch()
    monkeypatch.setenv(NAME, str(path))
    message = refused(lambda: environment.folder(NAME, tmp_path))
    assert message == (
        f"{NAME} ({path}) cannot be written to: File exists. "
        "Give a folder that the site's user may write to."
    )


def test_without_an_address_the_database_is_a_file_in_the_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    read = environment.database(tmp_path)
    assert (read["ENGINE"], read["NAME"]) == (
        "django.db.backends.sqlite3",
        str(tmp_path / "db.sqlite3"),
    )
    assert read["OPTIONS"] == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;"
        ),
    }


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_an_address_of_postgresql_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scheme: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://ann:secret@db.example.org:5433/petition")
    read = environment.database(tmp_path)
    assert {key: read[key] for key in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "petition",
        "USER": "ann",
        "PASSWORD": "secret",
        "HOST": "db.example.org",
        "PORT": 5433,
    }
    # Queries end, locks are not waited for, and none is compiled for longer than it runs.
    assert read["OPTIONS"]["options"] == "-c statement_timeout=5000 -c lock_timeout=2000 -c jit=off"


@pytest.mark.parametrize("url", ["mysql://ann@h/petition", "h:5432/petition", "petition"])
def test_another_database_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert refused(lambda: environment.database(tmp_path)) == (
        "DATABASE_URL must begin with postgres:// (or postgresql://) or sqlite:///."
    )


@pytest.mark.parametrize("url", ["postgres://", "postgres://h", "postgres://h:port/petition"])
def test_half_an_address_of_a_database_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert refused(lambda: environment.database(tmp_path)) == (
        "DATABASE_URL cannot be read: write it as postgres://user:password@host:5432/name."
    )


def test_a_key_is_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(NAME, "of the environment")
    assert environment.key_reader(demo=False, var_dir=tmp_path)(NAME) == "of the environment"
    assert list(tmp_path.iterdir()) == []


def test_a_missing_key_stops_what_is_no_demonstration(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECRET_KEY", "")
    assert refused(lambda: environment.key_reader(demo=False, var_dir=tmp_path)("SECRET_KEY")) == (
        "SECRET_KEY is not set. Set it in the environment or in .env, "
        "or set DEMO=1 to try the site with generated keys."
    )


def test_web_and_worker_of_a_demonstration_make_the_same_keys(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = ("SECRET_KEY", "PETITIONS_MAIL_KEYS", "PETITIONS_LINK_KEY", "PETITIONS_INDEX_PEPPER")
    for name in names:
        monkeypatch.setenv(name, "")

    def keys(_turn: int) -> tuple[str, ...]:
        read = environment.key_reader(demo=True, var_dir=tmp_path)
        return tuple(read(name) for name in names)

    with ThreadPoolExecutor(8) as threads:
        made = set(threads.map(keys, range(8)))
    (one,) = made
    assert len(set(one)) == 4
    Fernet(one[1])
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert tuple(json.loads((tmp_path / "keys.json").read_text()).values()) == one
