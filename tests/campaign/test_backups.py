"""The file of a backup, the recovery key, what stays, what would be lost."""

import io
import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from nacl.public import PrivateKey
from pytest_django import Settings

from campaign.backups import files, keeping, making, manifest, recovery, sealing
from campaign.backups.errors import BackupError, DamagedError, WrongKeyError
from campaign.backups.manifest import Figures, Loss, Manifest
from campaign.backups.sealing import Content
from campaign.management.commands import backup as command
from petitions.domain import withdrawing
from petitions.models import Petition
from tests.factories import petitions as make

KEY = PrivateKey(b"one recovery key of these tests.")
OTHER = PrivateKey(b"another recovery key of the test")
CODE = "ABCDE-FGHIJ-KLMNO-PQRST-UVWXY"
BLOCK = sealing._BLOCK
NOW = datetime(2026, 7, 4, 7, 15, tzinfo=UTC)
DAY = timedelta(days=1)


def seal(
    content: bytes, *, to: list[PrivateKey] | None = None, kind: Content = Content.DATABASE
) -> bytes:
    target = io.BytesIO()
    keys = [key.public_key for key in to or [KEY]]
    sealing.seal([content[:7], content[7:]], target, content=kind, to=keys)
    return target.getvalue()


def unseal(sealed: bytes, key: PrivateKey = KEY, kind: Content = Content.DATABASE) -> bytes:
    return b"".join(sealing.unseal(io.BytesIO(sealed), key, content=kind))


# --- the file --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 9])
def test_what_was_sealed_comes_out(size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    sealed = seal(content)
    assert unseal(sealed) == content
    assert size < 20 or content[:20] not in sealed


@given(st.data())
@hypothesis_settings(deadline=None, max_examples=60)
def test_a_changed_bit_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(seal(b"content" * 20_000))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(BackupError):
        unseal(bytes(sealed))


@given(st.data())
@hypothesis_settings(deadline=None, max_examples=60)
def test_a_cut_file_is_noticed(data: st.DataObject) -> None:
    sealed = seal(b"content" * 20_000)
    with pytest.raises(DamagedError):
        unseal(sealed[: data.draw(st.integers(0, len(sealed) - 1))])


def test_a_file_cut_between_blocks_is_noticed() -> None:
    sealed = seal(bytes(2 * BLOCK + 100))
    last = 100 + sealing._EXTRA
    with pytest.raises(DamagedError):
        unseal(sealed[:-last])


def test_blocks_in_another_order_are_noticed() -> None:
    sealed = seal(b"a" * BLOCK + b"b" * BLOCK + b"c")
    start, size = len(sealed) - 2 * (BLOCK + sealing._EXTRA) - 1 - sealing._EXTRA, BLOCK + 17
    first, second = sealed[start : start + size], sealed[start + size : start + 2 * size]
    with pytest.raises(DamagedError):
        unseal(sealed[:start] + second + first + sealed[start + 2 * size :])


@pytest.mark.parametrize("size", [7, BLOCK])
def test_bytes_after_the_end_are_noticed(size: int) -> None:
    with pytest.raises(DamagedError):
        unseal(seal(bytes(size)) + b"more")


def test_each_recovery_key_opens_what_was_sealed_to_both() -> None:
    sealed = seal(b"content", to=[KEY, OTHER])
    assert [unseal(sealed, key) for key in (KEY, OTHER)] == [b"content"] * 2


def test_another_key_opens_nothing() -> None:
    with pytest.raises(WrongKeyError, match="mistyped, or the backup was made for another"):
        unseal(seal(b"content"), OTHER)


def test_whom_it_is_for_cannot_be_exchanged() -> None:
    """Else a file could be made to look as if a key that was retired had never opened it."""
    sealed = seal(b"content", to=[KEY, OTHER])
    with pytest.raises(BackupError):
        unseal(sealed.replace(bytes(OTHER.public_key), bytes(32)))


def test_keys_are_not_taken_for_a_database() -> None:
    with pytest.raises(DamagedError, match="This is no backup of database"):
        unseal(seal(b"{}", kind=Content.KEYS))


# --- the recovery key --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["abcde fghij klmno pqrst uvwxy", f" {CODE}\n", "ABCDEFGH1JKLMN0PQRSTUVWXY"]
)
def test_a_recovery_key_is_read_as_people_type_it(typed: str) -> None:
    assert bytes(recovery.private_key(typed)) == bytes(recovery.private_key(CODE))


def test_different_recovery_keys_are_different_keys() -> None:
    assert bytes(recovery.private_key(CODE)) != bytes(recovery.private_key(CODE[::-1]))


def test_a_recovery_key_that_lacks_a_letter_is_refused() -> None:
    with pytest.raises(WrongKeyError, match="this has 24"):
        recovery.private_key(CODE[:-1])


def test_public_keys_are_read_as_they_are_written() -> None:
    texts = [recovery.written(key.public_key) for key in (KEY, OTHER)]
    assert [bytes(key) for key in recovery.public_keys(texts)] == [
        bytes(key.public_key) for key in (KEY, OTHER)
    ]


@pytest.mark.parametrize("text", ["", "abc", "g" * 64, "ab" * 31, CODE])
def test_a_public_key_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BackupError, match="BACKUP_PUBLIC_KEYS holds something that is not"):
        recovery.public_keys([text])


def new_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *typed: str
) -> str:
    monkeypatch.setattr(command, "new_recovery_code", lambda: CODE)
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
    call_command("backup", new_key=True)
    return capsys.readouterr().out


def test_a_new_key_is_proved_before_its_public_half_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.BACKUP_PUBLIC_KEYS = ["first"]
    out = new_key(monkeypatch, capsys, "short", CODE[::-1], CODE.lower())
    public = recovery.written(recovery.private_key(CODE).public_key)
    assert out.splitlines()[-1] == f"BACKUP_PUBLIC_KEYS=first,{public}"
    assert out.count(CODE) == 1
    with pytest.raises(CommandError, match="not typed back"):
        new_key(monkeypatch, capsys, "short", CODE[::-1])
    assert "BACKUP_PUBLIC_KEYS" not in capsys.readouterr().out


# --- which stay --------------------------------------------------------------------------------

instants = st.sets(
    st.integers(0, 24 * 120).map(lambda hours: NOW - timedelta(hours=hours)), min_size=1
)


@given(instants)
def test_all_of_two_weeks_stay_and_later_one_a_week(made: set[datetime]) -> None:
    stay = keeping.kept(made, now=NOW, days=60)
    assert {each for each in made if NOW - each < 14 * DAY} <= stay
    assert all(NOW - each < 60 * DAY for each in stay)
    older = [each.isocalendar()[:2] for each in stay if NOW - each >= 14 * DAY]
    assert len(older) == len(set(older))
    weeks = {each.isocalendar()[:2] for each in made if NOW - each < 60 * DAY}
    assert weeks == {each.isocalendar()[:2] for each in stay}


@given(st.integers(1, 90))
def test_none_stays_longer_than_was_promised(days: int) -> None:
    nightly = {NOW - number * DAY for number in range(120)}
    assert NOW - min(keeping.kept(nightly, now=NOW, days=days)) == (days - 1) * DAY or days > 14
    assert all(NOW - each < days * DAY for each in keeping.kept(nightly, now=NOW, days=days))


def test_a_year_of_nights_leaves_two_weeks_of_nights_and_six_of_weeks() -> None:
    stay: set[datetime] = set()
    for night in range(365):
        now = NOW + night * DAY
        stay = keeping.kept(stay | {now}, now=now, days=60)
    ages = sorted((now - each) // DAY for each in stay)
    assert ages[:14] == list(range(14))
    assert [later - former for former, later in pairwise(ages[14:])] == [7] * 5


def test_only_backups_are_deleted(tmp_path: Path) -> None:
    old, older = (keeping.stamp(NOW - days * DAY) for days in (59, 61))
    names = [f"petition-{old}.database", f"petition-{older}.database", f"petition-{older}.keys"]
    others = ["notes.txt", f"petition-{older}.database.copy", f"copy-petition-{older}.keys"]
    for name in names + others:
        (tmp_path / name).touch()
    assert keeping.prune(tmp_path, now=NOW, days=60) == [tmp_path / name for name in names[1:]]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([names[0], *others])


# --- files -------------------------------------------------------------------------------------


def test_a_file_appears_whole_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "petition-1.keys"
    with files.appearing(path) as file:
        file.write(b"content")
        assert not path.exists()
    assert path.read_bytes() == b"content"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> Iterator[bytes]:
        yield b"half"
        raise OSError

    with pytest.raises(OSError), files.appearing(tmp_path / "petition-1.keys") as file:
        file.writelines(fail())
    assert list(tmp_path.iterdir()) == []


def test_one_works_at_a_time_and_cleans_up_after_a_killed_one(tmp_path: Path) -> None:
    (tmp_path / ".backup-work").mkdir()
    (tmp_path / ".backup-work" / "database").touch()
    with files.workplace(tmp_path) as work:
        assert list(work.iterdir()) == []
        assert stat.S_IMODE(work.stat().st_mode) == 0o700
        with pytest.raises(BackupError, match="is under way"), files.workplace(tmp_path):
            pass
    assert not work.exists()


def test_folders_of_databases_and_keys_are_apart(tmp_path: Path, settings: Settings) -> None:
    for keys in (tmp_path, tmp_path / "inside", tmp_path.parent, tmp_path / "x" / ".."):
        settings.BACKUP_DIR, settings.BACKUP_KEYS_DIR = tmp_path, keys
        with pytest.raises(BackupError, match="must be two folders, neither inside the other"):
            making.folders()
    settings.BACKUP_KEYS_DIR = tmp_path.parent / "keys"
    assert making.folders() == (tmp_path, tmp_path.parent / "keys")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "file").touch()
    settings.BACKUP_DIR, settings.BACKUP_KEYS_DIR = tmp_path / "file" / "in", tmp_path / "keys"
    with pytest.raises(BackupError, match=r"BACKUP_DIR \(.*\) cannot be made: Not a directory"):
        making.folders()


# --- what it says about itself, and what would be lost ---------------------------------------


def described() -> Manifest:
    return manifest.describe("default", made_at=NOW, engine="SQLite", version="1")


@pytest.mark.django_db
def test_a_manifest_says_what_is_there(petition: Petition, monkeypatch: pytest.MonkeyPatch) -> None:
    make.submitted(petition)
    newest = make.confirmed(petition).changed_at
    applied = {("petitions", "0001_initial"): None}
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda recorder: applied)
    found = described()
    assert found.petitions == {petition.slug: Figures(counted=1, rows=2, newest=newest)}
    assert (found.rows["petitions_signature"], found.rows["petitions_petition"]) == (2, 1)
    assert "petitions.0001_initial" in found.migrations
    assert Manifest.decode(found.encode()) == found


@pytest.mark.parametrize("text", [b"", b"[]", b'{"form": 1}', b'{"form": 1, "made_at": 5}'])
def test_a_manifest_that_is_none_is_refused(text: bytes) -> None:
    with pytest.raises(DamagedError):
        Manifest.decode(text)


def test_a_manifest_of_a_later_form_is_refused() -> None:
    with pytest.raises(DamagedError, match="newer version"):
        Manifest.decode(json.dumps({"form": manifest.FORM + 1}).encode())


@pytest.mark.django_db
def test_what_came_and_what_left_since_is_a_loss(petition: Petition) -> None:
    leaving = make.confirmed(petition)
    make.confirmed(petition)
    then = described()
    assert manifest.loss("default", then) == Loss(0, 0)
    make.confirmed(petition)
    make.submitted(petition)
    make.confirmed(make.open_petition())
    withdrawing.erase(leaving)
    assert manifest.loss("default", then) == Loss(signatures=3, withdrawals=1)


@pytest.mark.django_db
def test_a_higher_total_is_a_loss_however_it_came(petition: Petition) -> None:
    then = described()
    signature = make.confirmed(petition)
    figures = {petition.slug: Figures(0, 0, signature.changed_at)}
    assert manifest.loss("default", then) == Loss(1, 0)
    assert manifest.loss("default", Manifest(NOW, "", "", [], {}, figures)) == Loss(1, 0)


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        (Loss(0, 0), ""),
        (Loss(1, 0), "1 signature"),
        (Loss(0, 2), "2 withdrawals"),
        (Loss(12, 1), "12 signatures and 1 withdrawal"),
    ],
)
def test_a_loss_is_named_in_words(loss: Loss, words: str) -> None:
    assert loss.words() == words


@pytest.mark.django_db
def test_a_database_that_differs_is_told(petition: Petition) -> None:
    then = described()
    assert manifest.differences(then, "default") == []
    make.submitted(petition)
    (line,) = manifest.differences(then, "default")
    assert line.startswith(f"{petition.slug}: 0 counted of 1 rows, changed last ")
