"""What stops the start: one clear sentence, with the variable's name and the remedy."""

import re
import socket
from pathlib import Path

import pytest

from tests.processes.sites import free_port, manage, variables

KEY = {"SECRET_KEY": "k" * 50, "PETITIONS_LINK_KEY": "l", "PETITIONS_INDEX_PEPPER": "p"}


def refusal(folder: Path, port: int | None = None, **changes: str) -> str:
    """The sentence that a start ends with; nothing else may be written."""
    done = manage("start", env=variables(folder, port or free_port(), **changes))
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"DATABASE_URL": "mysql://ann:secret@127.0.0.1/petition"},
            "DATABASE_URL must begin with postgres:// (or postgresql://) or sqlite:///.",
        ),
        (
            {"DATABASE_URL": "postgres://ann:secret@127.0.0.1:port/petition"},
            "DATABASE_URL cannot be read: write it as postgres://user:password@host:5432/name.",
        ),
        (
            {"DEMO": "0"},
            (
                "SECRET_KEY is not set. Set it in the environment or in .env, "
                "or set DEMO=1 to try the site with generated keys."
            ),
        ),
        (
            {"DEMO": "0", **KEY},
            (
                "PETITIONS_MAIL_KEYS is not set. Set it in the environment or in .env, "
                "or set DEMO=1 to try the site with generated keys."
            ),
        ),
        (
            {"PUBLIC_BASE_URL": "https://petition.example.org/site"},
            (
                "PUBLIC_BASE_URL must be an address such as https://petition.example.org, "
                "without a path."
            ),
        ),
        (
            {"REDIS_URL": "127.0.0.1:6379"},
            "REDIS_URL must begin with redis://, rediss:// or unix://.",
        ),
        (
            {"EMAIL_URL": "mail.example.org"},
            "EMAIL_URL must be an address such as smtp+tls://user:password@host:587.",
        ),
        (
            {"PETITIONS_EVENT_NETWORKS": "the temple"},
            (
                "PETITIONS_EVENT_NETWORKS: the temple is not a network. "
                "Write networks as 203.0.113.0/24, separated by commas."
            ),
        ),
        ({"PORT": "http"}, "PORT must be a whole number of at least 1."),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_wrong_variable_stops_the_start(
    tmp_path: Path, changes: dict[str, str], sentence: str
) -> None:
    assert refusal(tmp_path / "var", **changes) == f"Cannot start: {sentence}"


def test_a_mail_key_that_is_none_stops_the_start(tmp_path: Path) -> None:
    sentence = refusal(tmp_path / "var", DEMO="0", **KEY, PETITIONS_MAIL_KEYS="abc")
    assert sentence.startswith(
        "Cannot start: PETITIONS_MAIL_KEYS holds something that is not a Fernet key. Make one with"
    )


def test_a_folder_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "var"
    assert refusal(folder) == (
        f"Cannot start: VAR_DIR ({folder}) cannot be written to: Not a directory. "
        "Give a folder that the site's user may write to."
    )


def test_a_taken_port_stops_the_start(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = refusal(tmp_path / "var", port)
    assert sentence == (
        f"Cannot start: nothing can listen on BIND=127.0.0.1 PORT={port} "
        "(Address already in use). Stop what runs there, or choose another with PORT=8001."
    )


def test_a_database_that_does_not_answer_stops_the_start(tmp_path: Path) -> None:
    url = f"postgres://ann:secret@127.0.0.1:{free_port()}/petition"
    sentence = refusal(tmp_path / "var", DATABASE_URL=url)
    assert re.fullmatch(
        r"Cannot start: the database does not answer or refuses us \(.*Connection refused\)\. "
        r"Start it, or mend DATABASE_URL\.",
        sentence,
    )
    assert "secret" not in sentence
