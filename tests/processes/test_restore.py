"""Restore and its drill as an operator runs them, on both engines, with no site running."""

import json
import socket
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing

import psycopg
import pytest

from tests.processes.places import CODE, COUNTED, PETITION_HERE, Place
from tests.processes.sites import PETITION, ROOT, Site
from tests.services import postgres_url


def test_a_backup_comes_back_by_a_plain_word_for_what_it_loses(place: Place) -> None:
    place.site.sql("INSERT INTO django_session VALUES ('logged in then', '', '2999-01-01')")
    before = place.content()
    backup = place.backup()
    total = place.total()
    place.sign(2)
    wanted = (
        "The present database has 2 signatures that this backup has not. "
        'To restore nevertheless: --yes-lose "2 signatures"'
    )
    assert place.refusal(backup) == wanted
    assert place.refusal(backup, "--yes-lose", "1 signature") == wanted
    done = place.restore(backup, "--yes-lose", "2 signatures")
    assert done.returncode == 0, done.stderr
    assert f"Restored {total} counted signatures, as in the backup." in done.stdout
    assert place.content()[:2] == before[:2]
    assert former_total(place) == total + 2
    assert place.restore(backup, "--yes-lose", "2 signatures").returncode == 1
    assert place.restore(place.backup()).returncode == 0
    assert place.site.sql("SELECT count(*) FROM django_session") == [(0,)]


def former_total(place: Place) -> int:
    """The total of what a restore replaced."""
    if place.site.changes:
        schema = place.site.sql(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before_restore%'"
        )[0][0]
        table = f"{schema}.petitions_signature"
        return int(place.site.sql(COUNTED.replace("petitions_signature", table))[0][0])
    (former,) = place.folder.glob("db.sqlite3.before-restore-*")
    with closing(sqlite3.connect(former)) as file:
        return int(file.execute(COUNTED).fetchone()[0])


@pytest.mark.xdist_group("drills")  # neither engine's drill sees the other's
def test_a_drill_touches_nothing_and_opens_the_vault(place: Place) -> None:
    passphrase = json.loads((place.folder / "demo.json").read_text())["vault_passphrase"]
    backup = place.backup()
    total = place.total()
    place.sign()
    before, databases = place.content(), postgres_databases()
    done = place.restore(backup, "--drill", typed=f"{passphrase}\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2:] == [
        f"Restored {total} counted signatures beside, as in the backup.",
        f"Vault of {PETITION}: opened, and a sealed row with it.",
    ]
    wrong = place.restore(backup, "--drill", typed="a wrong passphrase\n")
    assert wrong.returncode == 1
    assert f"Vault of {PETITION}: NOT opened." in wrong.stdout
    untried = place.restore(backup, "--drill")
    assert (untried.returncode, untried.stdout.splitlines()[-1]) == (
        0,
        f"Vault of {PETITION}: not tried.",
    )
    assert place.content() == before
    assert postgres_databases() == databases
    assert not (place.folder / ".backup-work").exists()


def postgres_databases() -> set[str]:
    """Those of drills; other tests may make databases meanwhile, but none of that name."""
    server = postgres_url()
    if server is None:
        return set()
    with psycopg.connect(server) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'petition_drill_%'"
        )
        return {row[0] for row in rows}


def test_a_restore_that_does_not_match_is_taken_back(place: Place) -> None:
    backup = place.backup()
    place.sign()
    before = place.content()
    done = place.run(
        "shell",
        "--verbosity",
        "0",
        "--command",
        "from campaign.backups import restoring; from django.core.management import call_command;"
        "restoring.differences = lambda *_: ['one row less'];"
        f"call_command('restore', {str(backup)!r}, yes_lose='1 signature')",
        typed=f"{CODE}\n",
    )
    assert done.returncode == 1
    assert "What came back is not what was saved: one row less." in done.stderr
    assert place.content() == before


@pytest.mark.postgresql
def test_a_backup_of_another_engine_is_refused(sqlite_place: Place, postgres_place: Place) -> None:
    assert postgres_place.refusal(sqlite_place.backup()) == (
        "This backup is of SQLite, and DATABASE_URL names PostgreSQL. "
        "Set DATABASE_URL to a database of SQLite."
    )


@pytest.mark.postgresql
def test_nothing_is_restored_while_others_are_connected(postgres_place: Place) -> None:
    backup = postgres_place.backup()
    with psycopg.connect(postgres_place.site.changes["DATABASE_URL"]):
        assert postgres_place.refusal(backup) == (
            "Others are connected to the database (1). Stop web, worker and clock, then restore."
        )


def test_nothing_is_restored_while_the_site_runs(sqlite_place: Place) -> None:
    backup = sqlite_place.backup()
    port = sqlite_place.site.port
    with socket.create_server(("127.0.0.1", port)):
        assert sqlite_place.refusal(backup) == (
            f"The site runs: something listens on BIND=127.0.0.1 PORT={port}. "
            "Stop web, worker and clock, then restore."
        )
    with closing(sqlite3.connect(sqlite_place.folder / "db.sqlite3")) as worker:
        worker.execute("PRAGMA journal_mode = WAL")
        worker.execute(COUNTED).fetchone()
        assert sqlite_place.refusal(backup).startswith(
            "Another process has db.sqlite3 open (database is locked)."
        )
    assert list(sqlite_place.folder.glob("*.before-restore-*")) == []


def test_withdrawals_are_a_loss(sqlite_place: Place) -> None:
    backup = sqlite_place.backup()
    sqlite_place.code(
        f"{PETITION_HERE}from petitions.domain import withdrawing;"
        "withdrawing.withdraw(petition.signatures.counted().first())"
    )
    assert sqlite_place.refusal(backup).endswith('--yes-lose "1 withdrawal"')


def test_a_damaged_or_foreign_backup_is_refused_whole(sqlite_place: Place) -> None:
    backup = sqlite_place.backup()
    content = backup.read_bytes()
    damaged = backup.with_name("petition-damaged.database")
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    for wrong in (content[:-1], content[:middle], flipped):
        damaged.write_bytes(wrong)
        assert sqlite_place.refusal(damaged).startswith("This backup is damaged: it was cut")
    (keys,) = sqlite_place.keys.iterdir()
    assert sqlite_place.refusal(keys).startswith("This is no backup of database")
    key_file = sqlite_place.folder.parent / "another"
    key_file.write_text(CODE[::-1])
    assert sqlite_place.refusal(backup, "--key-file", str(key_file)).startswith(
        "This recovery key does not open this backup"
    )
    assert "No such file" in sqlite_place.refusal(backup.with_name("petition-none.database"))


def test_a_database_comes_back_on_a_new_machine_with_its_keys(sqlite_place: Place) -> None:
    backup, total = sqlite_place.backup(), sqlite_place.total()
    keys = json.loads((sqlite_place.folder / "keys.json").read_text())
    (keys_backup,) = sqlite_place.keys.iterdir()
    new = Place(Site(sqlite_place.folder.with_name("new")))
    new.folder.mkdir()
    refused = new.restore(backup)
    assert "made with another PETITIONS_INDEX_PEPPER" in refused.stderr
    assert "Its keys are not this machine's" in new.restore(backup, "--drill").stdout

    written = new.folder / "keys.env"
    command = [sys.executable, "-m", "campaign.backups", str(keys_backup), "--to", str(written)]
    env = {"PATH": new.env["PATH"]}
    for expected in (0, 1):  # an existing file is not written over
        done = subprocess.run(
            command, cwd=ROOT, env=env, input=CODE, capture_output=True, text=True, check=False
        )
        assert done.returncode == expected, done.stderr
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    lines = written.read_text().splitlines()[1:]
    new.changes = dict(line.split("=", 1) for line in lines)
    assert new.changes == keys
    done = new.restore(backup)
    assert done.returncode == 0, done.stderr
    assert (new.total(), len(list(new.folder.glob("*.before-restore-*")))) == (total, 1)


def test_a_damaged_database_is_replaced_by_a_word_for_all_of_it(sqlite_place: Place) -> None:
    backup, total = sqlite_place.backup(), sqlite_place.total()
    present = sqlite_place.folder / "db.sqlite3"
    present.write_bytes(b"not a database " * 5000)
    done = sqlite_place.restore(backup)
    assert done.returncode == 1
    assert 'cannot be read (file is not a database). To restore nevertheless: --yes-lose "all' in (
        done.stderr
    )
    assert sqlite_place.restore(backup, "--yes-lose", "all of it").returncode == 0
    assert sqlite_place.total() == total
