"""What the doctor says of disk, translations and backups."""

import os
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from django.utils import timezone
from pytest_django import Settings

from campaign.doctor import files
from campaign.doctor.findings import Level
from tests.campaign.doctor.levels import FAIL, OK, WARN, levels, told


class Disk(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(("free", "level"), [(10, OK), (9, WARN), (2, WARN), (1, FAIL)])
def test_a_full_disk_is_told_in_time(
    monkeypatch: pytest.MonkeyPatch, free: int, level: Level
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: Disk(100, 100 - free, free))
    assert levels(files.have_space()) == [level]


_TEXTS = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"

msgid "Sign"
msgstr "ចុះហត្ថលេខា"

msgctxt "page"
msgid "Next"
msgstr "បន្ទាប់"

msgid "%(n)s signature"
msgid_plural "%(n)s signatures"
msgstr[0] "ហត្ថលេខា %(n)s"
"""


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A compiled catalogue of a text, one with a context, and one with a plural."""
    monkeypatch.setattr(files, "BASE_DIR", tmp_path)
    path = tmp_path / "locale" / "km" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(_TEXTS)
    compile_catalogue(path)
    return path


def compile_catalogue(path: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as source, path.with_suffix(".mo").open("wb") as binary:
        write_mo(binary, read_po(source))


def test_a_complete_catalogue_is_well(catalogue: Path) -> None:
    assert levels(files.catalogues_are_compiled()) == [OK]


def test_a_catalogue_not_compiled_is_told(catalogue: Path) -> None:
    catalogue.with_suffix(".mo").unlink()
    assert told(files.catalogues_are_compiled()) == "km is not compiled"


def test_a_catalogue_changed_since_is_told(catalogue: Path) -> None:
    catalogue.write_text(catalogue.read_text().replace("ចុះ", "សូមចុះ"))
    assert told(files.catalogues_are_compiled()) == "km was changed after it was compiled"


def test_a_catalogue_that_lacks_a_text_is_told(catalogue: Path) -> None:
    catalogue.write_text(catalogue.read_text() + '\nmsgid "Confirm"\nmsgstr ""\n')
    compile_catalogue(catalogue)
    assert "lacks 1 texts" in told(files.catalogues_are_compiled())


@pytest.fixture
def backup(settings: Settings, tmp_path: Path) -> Path:
    settings.BACKUP_DIR = tmp_path
    path = tmp_path / "petition-20261101T030000Z.database"
    path.touch()
    return path


@pytest.mark.parametrize(("hours", "level"), [(25, OK), (27, WARN), (71, WARN), (73, FAIL)])
def test_an_old_backup_is_told(backup: Path, hours: int, level: Level) -> None:
    older = backup.with_name("petition-20261001T030000Z.database")
    older.touch()
    os.utime(older, (0, 0))
    written = (timezone.now() - timedelta(hours=hours)).timestamp()
    os.utime(backup, (written, written))
    assert levels(files.backups_are_fresh()) == [level]


def test_no_backup_at_all_fails_for_real(backup: Path, settings: Settings) -> None:
    backup.unlink()
    settings.DEMO = False
    assert levels(files.backups_are_fresh()) == [FAIL]
    settings.DEMO = True
    assert levels(files.backups_are_fresh()) == [WARN]
