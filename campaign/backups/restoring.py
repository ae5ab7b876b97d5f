"""Bringing a backup back, and trying whether it would come back.

A backup is opened below VAR_DIR (or beside the SQLite file), read to its end, brought up to date
and compared with its manifest; only then does it take the present database's place.
"""

import errno
import hmac
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import Error as AnyDatabaseError
from django.db import connection
from nacl.public import PrivateKey

from campaign.backups import files, making
from campaign.backups.engines import Engine
from campaign.backups.errors import BackupError, DamagedError, LossError
from campaign.backups.manifest import Manifest, differences, has_tables, loss
from campaign.backups.sealing import Content, unseal
from petitions import peppers
from petitions.domain import counting, vault
from petitions.models import Petition, Signature, Vault

logger = logging.getLogger(__name__)

#: What an operator types where the present database cannot even be counted.
ALL_OF_IT = "all of it"
#: A petition's slug → a passphrase, or "" to leave its vault closed.
AskPassphrase = Callable[[str], str]


@dataclass(frozen=True)
class Opened:
    """A backup whose every byte was read and found to be what was sealed."""

    manifest: Manifest
    dump: Path


@contextmanager
def opened(backup: Path, key: PrivateKey) -> Iterator[Opened]:
    """The content of a backup of a database, in a folder that goes afterwards."""
    with files.workplace(_beside_the_database()) as work:
        dump = work / "database"
        with backup.open("rb") as source:
            pieces = _whole_blocks(unseal(source, key, content=Content.DATABASE))
            manifest = Manifest.decode(next(pieces))
            files.write(dump, pieces)
        if making.digest_of(dump) != manifest.digest:
            raise DamagedError("This backup is not what it says. Take an older one.")
        yield Opened(manifest, dump)


def _beside_the_database() -> Path:
    """Where a SQLite file can be renamed into place; for PostgreSQL any folder of ours."""
    if connection.vendor == "sqlite":
        return Path(connection.settings_dict["NAME"]).parent
    return Path(settings.VAR_DIR)


def _whole_blocks(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The manifest's text first, then the dump in pieces."""
    start = b""
    while len(start) < making.LENGTH + int.from_bytes(start[: making.LENGTH], "big"):
        if not (block := next(blocks, b"")):
            raise DamagedError("This backup does not say what it holds.")
        start += block
    end = making.LENGTH + int.from_bytes(start[: making.LENGTH], "big")
    yield start[making.LENGTH : end]
    yield start[end:]
    yield from blocks


def is_of_this_site(manifest: Manifest) -> bool:
    """Whether it was made with a pepper that the site has now, or still has."""
    made = (making.keyed(manifest.digest, pepper) for pepper in peppers.every())
    return any(hmac.compare_digest(each, manifest.keyed) for each in made)


# --- for real --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Restored:
    """What took place; `drift` has the petitions whose stored total was not that of the rows."""

    counted: int
    former: str
    drift: dict[str, int]


def restore(backup: Opened, *, agreed: str) -> Restored:
    """Puts a backup in place of the site's database, which is kept under another name.

    `agreed` are the words that name what is lost by it, "" for nothing. Raises `LossError` when
    they are other words, and `BackupError` while anything runs or the backup does not fit;
    nothing is changed then.
    """
    manifest, engine = backup.manifest, _fitting_engine(backup.manifest)
    if not is_of_this_site(manifest):
        raise BackupError(
            "This backup was made with another PETITIONS_INDEX_PEPPER, or not by this site. "
            "Restore the keys of the same day first (petition-….keys) and put them into .env."
        )
    _nothing_may_run(engine)
    _loss_is_agreed(manifest, agreed)

    def prove(alias: str) -> None:
        call_command("migrate", database=alias, verbosity=0)
        _must_be_same(manifest, alias)

    former = engine.place(backup.dump, prove=prove)
    # Who was logged out since would be logged in again.
    Session.objects.all().delete()
    drift = {
        petition.slug: number
        for petition in Petition.objects.order_by("slug")
        if (number := counting.recount(petition))
    }
    logger.warning("restored the backup of %s, %s", manifest.made_at, former or "nothing before")
    return Restored(Signature.objects.counted().count(), former, drift)


def _fitting_engine(manifest: Manifest) -> Engine:
    engine = making.engine()
    if engine.name != manifest.engine:
        raise BackupError(
            f"This backup is of {manifest.engine}, and DATABASE_URL names {engine.name}. "
            f"Set DATABASE_URL to a database of {manifest.engine}."
        )
    return engine


def _nothing_may_run(engine: Engine) -> None:
    family = socket.AF_INET6 if ":" in settings.BIND else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            # Taking the place, not knocking: a knock would start a unit that waits on its socket.
            probe.bind((settings.BIND, settings.PORT))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise BackupError(
                    f"The site runs: something listens on BIND={settings.BIND} "
                    f"PORT={settings.PORT}. Stop web, worker and clock, then restore."
                ) from error
    try:
        users = engine.users()
    except AnyDatabaseError as error:
        raise BackupError(
            f"The database does not answer ({error}). Start it, or mend DATABASE_URL; on a new "
            "server make the empty database first."
        ) from error
    if users:
        raise BackupError(
            f"Others are connected to the database ({users}). Stop web, worker and clock, "
            "then restore."
        )


def _loss_is_agreed(manifest: Manifest, agreed: str) -> None:
    try:
        lost = loss("default", manifest).words()
        text = f"The present database has {lost} that this backup has not"
    except AnyDatabaseError as error:
        lost, text = ALL_OF_IT, f"The present database cannot be read ({error})"
    if lost != agreed:
        if not lost:
            raise LossError("Nothing would be lost. Leave --yes-lose out.")
        raise LossError(f'{text}. To restore nevertheless: --yes-lose "{lost}"')


def _must_be_same(manifest: Manifest, alias: str) -> None:
    if found := differences(manifest, alias):
        raise BackupError(f"What came back is not what was saved: {'; '.join(found)}.")


# --- to try it ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drill:
    """`vaults`: petition's slug → whether its vault opened, None where nobody tried."""

    counted: int
    vaults: dict[str, bool | None]


def drill(backup: Opened, *, ask: AskPassphrase) -> Drill:
    """Restores beside the site's database, compares, opens the vaults, and takes all away again."""
    manifest, engine = backup.manifest, _fitting_engine(backup.manifest)
    with engine.beside(backup.dump) as alias:
        if not has_tables(alias):
            raise BackupError("This backup holds no signatures' table: it is of an empty database.")
        call_command("migrate", database=alias, verbosity=0)
        _must_be_same(manifest, alias)
        vaults = {
            row.petition.slug: _try_vault(row, ask(row.petition.slug))
            for row in Vault.objects.using(alias)
            .select_related("petition")
            .order_by("petition__slug")
        }
        return Drill(Signature.objects.using(alias).counted().count(), vaults)


def _try_vault(row: Vault, passphrase: str) -> bool | None:
    """Opens the challenge and, with the key from it, the newest sealed row."""
    if not passphrase:
        return None
    rows = row.petition.signatures.exclude(box_person=None).order_by("-pk")
    try:
        key = vault.open_vault(row, passphrase)
        former = vault.former_key(row, key)
        petition = row.petition.public_id
        for public_id, box in rows.values_list("public_id", "box_person")[:1]:
            vault.unseal(key, box or b"", petition=petition, signature=public_id, former=former)
    except vault.VaultError:
        return False
    return True
