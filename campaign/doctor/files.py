"""The disk: room on it, translations, backups."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings

from campaign.doctor.findings import Finding, fail, ok, warn
from campaign.environment import BASE_DIR
from petitions import clock

#: Shares of the disk that are free.
_LITTLE, _NONE = 0.10, 0.02
#: A nightly backup that failed once, and one that fails every night.
_LATE, _TOO_LATE = timedelta(hours=26), timedelta(days=3)
_COMPILE = "Run `make .venv/.messages`, then restart the site."


def have_space() -> Iterator[Finding]:
    disk = shutil.disk_usage(settings.VAR_DIR)
    share = disk.free / disk.total
    text = f"{share:.0%} of the disk of {settings.VAR_DIR} is free"
    remedy = "Free some: old backups, logs, releases; or enlarge the disk."
    if share < _NONE:
        yield fail("disk", text, remedy=remedy)
    elif share < _LITTLE:
        yield warn("disk", text, remedy=remedy)
    else:
        yield ok("disk", text)


def catalogues_are_compiled() -> Iterator[Finding]:
    """Each says in its compiled file what its source says, and leaves nothing out."""
    wrong = [
        finding
        for path in sorted((BASE_DIR / "locale").glob("*/LC_MESSAGES/django.po"))
        for finding in _faults(path)
    ]
    yield from wrong or [ok("translations", "complete and compiled")]


def backups_are_fresh() -> Iterator[Finding]:
    newest = max((path.stat().st_mtime for path in _backups()), default=None)
    remedy = "`systemctl status petition-backup.timer`, then `make backup`."
    if newest is None:
        tell = warn if settings.DEMO else fail
        yield tell("backups", f"none in {settings.BACKUP_DIR}", remedy=remedy)
        return
    age = clock.display_now() - datetime.fromtimestamp(newest, UTC)
    text = f"the newest is {age / timedelta(hours=1):.0f} hours old"
    if age > _TOO_LATE:
        yield fail("backups", text, remedy=remedy)
    elif age > _LATE:
        yield warn("backups", text, remedy=remedy)
    else:
        yield ok("backups", text)


def _faults(path: Path) -> Iterator[Finding]:
    language, compiled = path.parts[-3], path.with_suffix(".mo")
    if not compiled.exists():
        yield warn("translations", f"{language} is not compiled", remedy=_COMPILE)
        return
    with path.open("rb") as source, compiled.open("rb") as binary:
        written, used = _texts(read_po(source)), _texts(read_mo(binary))
    missing = sum(1 for text in written.values() if not all(text))
    if missing:
        yield warn(
            "translations",
            f"{language} lacks {missing} texts: English stands in for them",
            remedy=f"Translate what is empty in {path.relative_to(BASE_DIR)}.",
        )
    elif written != used:
        text = f"{language} was changed after it was compiled"
        yield warn("translations", text, remedy=_COMPILE)


def _texts(catalogue: Catalog) -> dict[object, tuple[str, ...]]:
    """What is asked for → what is said, plural forms included; without the header."""
    return {
        (*_all(message.context or ""), *_all(message.id)): _all(message.string)
        for message in catalogue
        if message.id and not message.fuzzy
    }


def _all(text: Any) -> tuple[str, ...]:
    """Babel gives one text as it is, plural forms in a row, and some contexts as bytes."""
    if isinstance(text, bytes):
        return (text.decode(),)
    return (text,) if isinstance(text, str) else tuple(text)


def _backups() -> list[Path]:
    return [path for path in settings.BACKUP_DIR.glob("petition-*.database") if path.is_file()]
