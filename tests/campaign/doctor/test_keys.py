"""What the doctor says of keys and their files."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from campaign.doctor import keys
from campaign.doctor.findings import Level
from tests.campaign.doctor.levels import FAIL, OK, WARN, levels, told
from tests.factories import petitions as make


@pytest.fixture
def good_keys(settings: Settings, tmp_path: Path) -> Settings:
    settings.DEMO = False
    settings.VAR_DIR = tmp_path
    settings.SECRET_KEY = "s" * 50
    settings.PETITIONS_LINK_KEY = "l" * 32
    settings.PETITIONS_INDEX_PEPPER = "p" * 32
    settings.PETITIONS_MAIL_KEYS = [Fernet.generate_key().decode()]
    return settings


def test_good_keys_are_well(good_keys: Settings) -> None:
    assert levels(keys.have_their_form()) == [OK]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "s" * 49),
        ("PETITIONS_LINK_KEY", "l" * 31),
        ("PETITIONS_INDEX_PEPPER", "p" * 31),
        ("PETITIONS_INDEX_PEPPER", "l" * 32),
        ("PETITIONS_LINK_KEY_FALLBACKS", ["f" * 31]),
        ("SECRET_KEY_FALLBACKS", ["s" * 50]),
        ("PETITIONS_MAIL_KEYS", ["m" * 44]),
        ("PETITIONS_MAIL_KEYS", [Fernet.generate_key().decode(), "ខុស"]),
    ],
)
def test_a_bad_key_fails_and_is_not_shown(
    good_keys: Settings, name: str, value: str | list[str]
) -> None:
    setattr(good_keys, name, value)
    (finding,) = keys.have_their_form()
    assert finding.level == FAIL
    assert value[-1] * 3 not in str(finding)


def test_the_key_of_a_demonstration_fails_outside_it(good_keys: Settings) -> None:
    path = good_keys.VAR_DIR / "keys.json"
    path.write_text('{"PETITIONS_LINK_KEY": "' + "l" * 32 + '"}')
    assert "demonstration" in told(keys.have_their_form())
    good_keys.DEMO = True
    assert levels(keys.have_their_form()) == [OK]


@pytest.mark.django_db
def test_an_older_mail_key_is_named_while_something_needs_it(good_keys: Settings) -> None:
    (old,) = good_keys.PETITIONS_MAIL_KEYS
    make.submitted(make.open_petition())
    assert levels(keys.mail_keys_open_what_waits()) == [OK]
    good_keys.PETITIONS_MAIL_KEYS = [Fernet.generate_key().decode(), old]
    assert levels(keys.mail_keys_open_what_waits()) == [WARN]
    assert "1 stored addresses need an older key" in told(keys.mail_keys_open_what_waits())
    good_keys.PETITIONS_MAIL_KEYS = [Fernet.generate_key().decode()]
    assert levels(keys.mail_keys_open_what_waits()) == [FAIL]


@pytest.mark.parametrize(
    ("mode", "level"), [(0o600, OK), (0o640, OK), (0o644, FAIL), (0o602, FAIL)]
)
def test_a_file_of_keys_is_closed_to_others(
    good_keys: Settings, monkeypatch: pytest.MonkeyPatch, mode: int, level: Level
) -> None:
    folder = good_keys.VAR_DIR / "project"
    folder.mkdir()
    elsewhere = good_keys.VAR_DIR / "elsewhere"
    elsewhere.touch()
    elsewhere.chmod(mode)
    (folder / ".env").symlink_to(elsewhere)
    monkeypatch.setattr(keys, "BASE_DIR", folder)
    assert levels(keys.are_closed_to_others()) == [level]


@pytest.mark.parametrize(("mode", "level"), [(0o700, OK), (0o750, OK), (0o755, FAIL)])
def test_the_folder_of_the_database_is_closed_to_others(
    good_keys: Settings, monkeypatch: pytest.MonkeyPatch, mode: int, level: Level
) -> None:
    monkeypatch.setattr(keys, "BASE_DIR", good_keys.VAR_DIR)
    good_keys.VAR_DIR.chmod(mode)
    assert levels(keys.are_closed_to_others()) == [level]
