"""Which older backups stay: all of two weeks, then one a week, and none beyond BACKUP_KEEP_DAYS.

The end is a promise: what was erased on the site is gone from its backups too by then.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

ALL_OF = timedelta(days=14)
_NAME = re.compile(r"petition-(\d{8}T\d{6}Z)\.(?:database|keys)")
_STAMP = "%Y%m%dT%H%M%SZ"


def stamp(instant: datetime) -> str:
    """An instant as names of files have it."""
    return f"{instant.astimezone(UTC):{_STAMP}}"


def instant_of(stamp: str) -> datetime:
    """The instant of a stamp; raises `ValueError` if it is none."""
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)


def kept(made: set[datetime], *, now: datetime, days: int) -> set[datetime]:
    """Those of the backups that stay: see above; of a week the newest."""
    fresh = {each for each in made if now - each < timedelta(days=days)}
    weekly: dict[tuple[int, int], datetime] = {}
    for each in sorted(fresh):
        weekly[each.isocalendar()[:2]] = each
    return {each for each in fresh if now - each < ALL_OF} | set(weekly.values())


def prune(folder: Path, *, now: datetime, days: int) -> list[Path]:
    """Deletes what does not stay, and says which; other files are left alone."""
    backups = {path: instant_of(found[1]) for path in folder.iterdir() if (found := _match(path))}
    staying = kept(set(backups.values()), now=now, days=days)
    leaving = sorted(path for path, instant in backups.items() if instant not in staying)
    for path in leaving:
        path.unlink()
    return leaving


def _match(path: Path) -> re.Match[str] | None:
    return _NAME.fullmatch(path.name)
