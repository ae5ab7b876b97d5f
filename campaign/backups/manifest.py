"""What a backup says about itself, and what the present database would lose by it.

A manifest is read from the very state that is dumped, so that a restored database can be
compared with it number by number.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Max, Q

from campaign.backups.errors import DamagedError
from petitions.models import Petition, Signature
from petitions.states import SignatureState

FORM = 1
_COUNTED = Q(state=SignatureState.CONFIRMED, held_at=None)
_LEFT = Q(state__in=(SignatureState.WITHDRAWN, SignatureState.REJECTED))
#: Read before anything else: a database without it has nothing to lose.
_TABLE = Signature._meta.db_table  # noqa: SLF001 - Django documents `_meta`


@dataclass(frozen=True)
class Figures:
    """A petition at the instant of the backup; `newest` is the last change of a signature."""

    counted: int
    rows: int
    newest: datetime | None


@dataclass(frozen=True)
class Manifest:
    """`digest` is the dump's SHA-256; `keyed` the same under the site's pepper: who has not the
    pepper cannot have made this backup, and a database without its pepper is of little use."""

    made_at: datetime
    engine: str
    version: str
    migrations: list[str]
    rows: dict[str, int]
    petitions: dict[str, Figures]
    digest: str = ""
    keyed: str = ""

    def encode(self) -> bytes:
        return json.dumps({"form": FORM, **asdict(self)}, default=datetime.isoformat).encode()

    @classmethod
    def decode(cls, text: bytes) -> "Manifest":
        """Raises `DamagedError` for what no version of this program wrote."""
        try:
            fields: dict[str, Any] = json.loads(text)
            if fields.pop("form") != FORM:
                raise DamagedError(
                    "This backup was made by a newer version of the site. Restore it with that one."
                )
            fields["made_at"] = datetime.fromisoformat(fields["made_at"])
            fields["petitions"] = {
                slug: Figures(each["counted"], each["rows"], _instant(each["newest"]))
                for slug, each in fields["petitions"].items()
            }
            return cls(**fields)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedError("This backup does not say what it holds.") from error

    @property
    def counted(self) -> int:
        """The counted signatures of all petitions."""
        return sum(each.counted for each in self.petitions.values())

    def lines(self) -> Iterator[str]:
        """For the operator."""
        yield f"Made {self.made_at:%Y-%m-%d %H:%M} UTC from {self.engine}, version {self.version}."
        yield f"{sum(self.rows.values())} rows in {len(self.rows)} tables, of which counted:"
        for slug, each in sorted(self.petitions.items()):
            yield f"  {slug}: {each.counted}"


def describe(alias: str, *, made_at: datetime, engine: str, version: str) -> Manifest:
    """The manifest of what `alias` reads."""
    applied = MigrationRecorder(connections[alias]).applied_migrations()
    return Manifest(
        made_at=made_at,
        engine=engine,
        version=version,
        migrations=sorted(f"{app}.{name}" for app, name in applied),
        rows=rows_of_tables(alias),
        petitions=figures(alias),
    )


def rows_of_tables(alias: str) -> dict[str, int]:
    connection = connections[alias]
    with connection.cursor() as cursor:
        rows = {}
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608 - a name of the database's own
            rows[table] = cursor.fetchone()[0]
    return rows


def figures(alias: str) -> dict[str, Figures]:
    """Petition's slug → its figures; a petition without a signature too."""
    found = {slug: Figures(0, 0, None) for slug in _slugs(alias)}
    rows = (
        Signature.objects.using(alias)
        .values("petition__slug")
        .annotate(counted=Count("pk", filter=_COUNTED), all=Count("pk"), newest=Max("changed_at"))
        .values_list("petition__slug", "counted", "all", "newest")
    )
    return found | {slug: Figures(*each) for slug, *each in rows}


def _slugs(alias: str) -> list[str]:
    return list(Petition.objects.using(alias).values_list("slug", flat=True))


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


# --- what would be lost ----------------------------------------------------------------------


@dataclass(frozen=True)
class Loss:
    """What a database has that a backup has not.

    Withdrawals are a loss too: without them people would count again who asked not to.
    """

    signatures: int
    withdrawals: int

    def words(self) -> str:
        """The plain words by which an operator agrees; "" when there is nothing to lose."""
        parts = [
            f"{number} {name}" + ("" if number == 1 else "s")
            for number, name in ((self.signatures, "signature"), (self.withdrawals, "withdrawal"))
            if number
        ]
        return " and ".join(parts)


def loss(alias: str, manifest: Manifest) -> Loss:
    """What the database behind `alias` would lose if the backup took its place."""
    if not has_tables(alias):
        return Loss(0, 0)
    signatures = withdrawals = 0
    for slug, now in figures(alias).items():
        then = manifest.petitions.get(slug, Figures(0, 0, None))
        since = Signature.objects.using(alias).filter(petition__slug=slug)
        if then.newest is not None:
            since = since.filter(changed_at__gt=then.newest)
        left = since.filter(_LEFT).count()
        # The total tells of what changed and was not marked as changed, whatever the reason.
        signatures += max(since.count() - left, now.counted - then.counted)
        withdrawals += left
    return Loss(signatures, withdrawals)


def has_tables(alias: str) -> bool:
    connection = connections[alias]
    with connection.cursor() as cursor:
        return _TABLE in connection.introspection.table_names(cursor)


def differences(manifest: Manifest, alias: str) -> list[str]:
    """Where a restored database, perhaps migrated since, is not what the manifest says.

    Migrations may add, drop and fill tables; signatures and totals they leave alone.
    """
    found = figures(alias)
    return [
        f"{slug}: {_told(found.get(slug))} instead of {_told(manifest.petitions.get(slug))}"
        for slug in sorted(found.keys() | manifest.petitions.keys())
        if found.get(slug) != manifest.petitions.get(slug)
    ]


def _told(figures: Figures | None) -> str:
    if figures is None:
        return "nothing"
    return f"{figures.counted} counted of {figures.rows} rows, changed last {figures.newest}"
