"""Making a backup: the database into BACKUP_DIR, the keys into BACKUP_KEYS_DIR."""

import hmac
import json
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import connection

from campaign.backups import keeping
from campaign.backups.engines import Engine
from campaign.backups.errors import BackupError
from campaign.backups.files import appearing, drop_drafts, pieces, workplace
from campaign.backups.manifest import Manifest, describe
from campaign.backups.postgresql import PostgreSQL
from campaign.backups.recovery import public_keys
from campaign.backups.sealing import Content, seal
from campaign.backups.sqlite import SQLite
from campaign.environment import BASE_DIR
from petitions import clock, peppers

#: The secrets of the settings without which a database is of little use.
KEYS = ("SECRET_KEY", "PETITIONS_LINK_KEY", "PETITIONS_INDEX_PEPPER")
#: Comma-separated ones; most sites have no fallbacks.
KEY_LISTS = (
    "PETITIONS_MAIL_KEYS",
    "SECRET_KEY_FALLBACKS",
    "PETITIONS_LINK_KEY_FALLBACKS",
    "PETITIONS_INDEX_PEPPER_FALLBACKS",
)
#: The manifest stands before the dump; this many bytes before it say how long it is.
LENGTH = 8


@dataclass(frozen=True)
class Made:
    """A backup, what it holds, and what had to be said about it."""

    database: Path
    keys: Path
    manifest: Manifest
    pruned: list[str]
    warning: str


def make() -> Made:
    """One backup of each kind, then the older ones that do not stay are deleted."""
    recipients = public_keys(settings.BACKUP_PUBLIC_KEYS)
    databases, keys = folders()
    now = clock.db_instant()
    name = f"petition-{keeping.stamp(now)}"
    database_file, keys_file = databases / f"{name}.database", keys / f"{name}.keys"
    with workplace(settings.VAR_DIR) as work:
        for folder in (databases, keys):
            drop_drafts(folder)
        dump = work / "database"
        manifest = _dump(dump, now)
        with appearing(database_file) as file:
            seal(_content(manifest, dump), file, content=Content.DATABASE, to=recipients)
        with appearing(keys_file) as file:
            seal([_keys(now)], file, content=Content.KEYS, to=recipients)
    return Made(database_file, keys_file, manifest, _prune(databases, keys, now), _warning())


def folders() -> tuple[Path, Path]:
    """The two folders, made if missing; raises `BackupError` if one stands in the other."""
    databases, keys = settings.BACKUP_DIR.resolve(), settings.BACKUP_KEYS_DIR.resolve()
    if databases == keys or databases in keys.parents or keys in databases.parents:
        raise BackupError(
            "BACKUP_DIR and BACKUP_KEYS_DIR must be two folders, neither inside the other: "
            "whoever takes the one must not have both database and keys."
        )
    for name, folder in (("BACKUP_DIR", databases), ("BACKUP_KEYS_DIR", keys)):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise BackupError(
                f"{name} ({folder}) cannot be made: {error.strerror}. "
                "Give a folder that the site's user may write to."
            ) from error
        if not os.access(folder, os.W_OK):
            raise BackupError(
                f"{name} ({folder}) cannot be written to. Give it to the site's user."
            )
    return databases, keys


def _warning() -> str:
    if settings.BACKUP_DIR.stat().st_dev != settings.BACKUP_KEYS_DIR.stat().st_dev:
        return ""
    return (
        "BACKUP_DIR and BACKUP_KEYS_DIR are on one disk. Copy each to another place, and not both "
        "to the same one (docs/operations.md, Backups)."
    )


def engine() -> Engine:
    """The site's kind of database."""
    return SQLite() if connection.vendor == "sqlite" else PostgreSQL()


def version() -> str:
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def keyed(digest: str, pepper: str) -> str:
    """A digest under one of the site's peppers."""
    return hmac.digest(pepper.encode(), f"backup {digest}".encode(), sha256).hex()


def digest_of(file: Path) -> str:
    digest = sha256()
    for piece in pieces(file):
        digest.update(piece)
    return digest.hexdigest()


def _dump(file: Path, now: datetime) -> Manifest:
    kind = engine()
    with kind.dump(file) as alias:
        manifest = describe(alias, made_at=now, engine=kind.name, version=version())
    digest = digest_of(file)
    return replace(manifest, digest=digest, keyed=keyed(digest, peppers.newest()))


def _content(manifest: Manifest, dump: Path) -> Iterator[bytes]:
    text = manifest.encode()
    yield len(text).to_bytes(LENGTH, "big")
    yield text
    yield from pieces(dump)


def _keys(now: datetime) -> bytes:
    keys = {name: getattr(settings, name) for name in KEYS}
    lists = {name: ",".join(getattr(settings, name)) for name in KEY_LISTS}
    keys |= {name: text for name, text in lists.items() if text}
    return json.dumps({"made_at": now.isoformat(), "keys": keys}).encode()


def _prune(databases: Path, keys: Path, now: datetime) -> list[str]:
    """Older backups, and what older restores replaced: both hold what was erased since."""
    days = settings.BACKUP_KEEP_DAYS
    left = [
        path.name
        for folder in (databases, keys)
        for path in keeping.prune(folder, now=now, days=days)
    ]
    return left + engine().forget(before=keeping.stamp(now - timedelta(days=days)))
