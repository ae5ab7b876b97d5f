"""What a backup is, who may read it, which ones go; as an operator makes it."""

import signal
import stat
import subprocess
from collections.abc import Callable

import pytest

from campaign.backups import sealing
from campaign.backups.sealing import Content
from tests.processes import canaries
from tests.processes.places import KEY, PETITION_HERE, Place
from tests.processes.sites import Site
from tests.processes.waiting import until
from tests.skips import need

NAME, ADDRESS = "Zkvorbelinx Qadrumthe", "xilvo@qvz-canary.example.org"


def test_a_backup_holds_no_plain_text_of_a_signer(place: Place) -> None:
    place.code(f"{PETITION_HERE}make.submitted(petition, name={NAME!r}, email={ADDRESS!r})")
    backup = place.backup()
    with backup.open("rb") as file:
        inside = b"".join(sealing.unseal(file, KEY, content=Content.DATABASE))
    dump = place.folder.parent / "dump"
    dump.write_bytes(inside[8 + int.from_bytes(inside[:8], "big") :])
    if place.site.changes:
        shown = [need("pg_restore"), "--file=-", str(dump)]
        inside += subprocess.run(shown, check=True, capture_output=True).stdout
    assert b"petitions_signature" in inside
    places = {"backup": backup.read_bytes(), "opened": inside, **canaries.files(place.folder)}
    assert canaries.hits([NAME, ADDRESS], places) == []


def test_a_damaged_database_is_not_backed_up_as_if_it_were_sound(sqlite_place: Place) -> None:
    present = sqlite_place.folder / "db.sqlite3"
    sqlite_place.site.sql("PRAGMA journal_mode = DELETE")
    content = bytearray(present.read_bytes())
    # The second page of a table's tree: it is read when that table is.
    content[4096 * 40 : 4096 * 41] = bytes(4096)
    present.write_bytes(content)
    done = sqlite_place.run("backup")
    assert done.returncode == 1
    assert "SQLite finds the database damaged" in done.stderr
    assert list(sqlite_place.databases.iterdir()) == []


def test_backups_lie_apart_for_their_owner_only_and_old_ones_go(sqlite_place: Place) -> None:
    old = "petition-20200101T000000Z"
    for folder, kind in ((sqlite_place.databases, "database"), (sqlite_place.keys, "keys")):
        folder.mkdir(mode=0o700)
        (folder / f"{old}.{kind}").touch()
    former = sqlite_place.folder / "db.sqlite3.before-restore-20200101T000000Z"
    former.touch()
    done = sqlite_place.run("backup")
    assert done.stderr.startswith("WARN BACKUP_DIR and BACKUP_KEYS_DIR are on one disk.")
    (database,), (keys,) = sqlite_place.databases.iterdir(), sqlite_place.keys.iterdir()
    assert database.with_suffix(".keys").name == keys.name
    modes = [path.stat().st_mode for path in (database, keys, database.parent, keys.parent)]
    assert [stat.S_IMODE(mode) for mode in modes] == [0o600, 0o600, 0o700, 0o700]
    assert [line for line in done.stdout.splitlines() if line.startswith("Deleted")] == [
        f"Deleted:  {old}.database",
        f"Deleted:  {old}.keys",
        f"Deleted:  {former.name}",
    ]
    assert not former.exists()


@pytest.mark.postgresql
def test_what_a_restore_replaced_goes_with_the_old_backups(postgres_place: Place) -> None:
    for day in ("20200101t000000z", "29990101t000000z"):
        postgres_place.site.sql(f"CREATE SCHEMA before_restore_{day}")
    assert postgres_place.run("backup").stdout.endswith(
        "Deleted:  before_restore_20200101t000000z\n"
    )
    left = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before_restore%'"
    assert postgres_place.site.sql(left) == [("before_restore_29990101t000000z",)]


def test_a_backup_killed_half_way_leaves_no_file_of_that_name(sqlite_place: Place) -> None:
    done = sqlite_place.run(
        "shell",
        "--verbosity",
        "0",
        "--command",
        "import os; from django.core.management import call_command;"
        f"os.fsync = lambda _: os.kill(os.getpid(), {int(signal.SIGKILL)});"
        "call_command('backup')",
    )
    assert done.returncode == -signal.SIGKILL
    assert list(sqlite_place.databases.glob("petition-*")) == []
    assert len(list(sqlite_place.databases.iterdir())) == 1
    backup = sqlite_place.backup()
    assert list(sqlite_place.databases.iterdir()) == [backup]
    assert not (sqlite_place.folder / ".backup-work").exists()


def test_a_backup_is_taken_while_people_sign(start_site: Callable[..., Site]) -> None:
    site = start_site()
    place = Place(site)
    site.sign("during@example.org")
    backup = place.backup()
    until(lambda: site.get("/readyz").status == 200, "the site goes on")
    assert "The site runs" in place.restore(backup).stderr
    assert place.restore(backup, "--drill").returncode == 0


def test_without_a_recovery_key_nothing_is_written(sqlite_place: Place) -> None:
    sqlite_place.changes = {"BACKUP_DIR": "", "BACKUP_PUBLIC_KEYS": ""}
    done = sqlite_place.run("backup")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == (
        "CommandError: No backup was made. BACKUP_PUBLIC_KEYS is not set: there is nobody to seal "
        "a backup to. Make a recovery key with `manage.py backup --new-key`."
    )
    assert not (sqlite_place.folder / "backups").exists()


def test_a_database_without_tables_is_told(sqlite_place: Place) -> None:
    (sqlite_place.folder / "db.sqlite3").unlink()
    done = sqlite_place.run("backup")
    assert done.stderr.strip() == (
        "CommandError: No backup was made. The database cannot be read (no such table: "
        "petitions_petition). Start it, mend DATABASE_URL, or make its tables with "
        "`manage.py migrate`."
    )
