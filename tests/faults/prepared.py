"""A site with the demonstration in it: made once for each engine, and copied for each trial."""

import shutil
import subprocess
from pathlib import Path

from tests.faults.parts import Parts, keys
from tests.faults.services import Postgres


def copy(engine: str, *, moulds: Path, to: Path) -> Postgres | None:
    """Leaves `to/var`, and for PostgreSQL a running cluster in `to/postgres`."""
    mould = moulds / engine
    if not mould.exists():
        _make(engine, mould)
    # With owners: PostgreSQL's files belong to its own user.
    subprocess.run(["cp", "-a", f"{mould}/.", str(to)], check=True)
    if engine != "postgresql":
        return None
    cluster = Postgres(to / "postgres")
    cluster.start()
    return cluster


def _make(engine: str, mould: Path) -> None:
    making = mould.with_name(f"{engine}-unfinished")
    # Of a former try that failed.
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o755)
    cluster = Postgres(making / "postgres").create() if engine == "postgresql" else None
    changes = {"DATABASE_URL": cluster.url} if cluster else {}
    Parts(making / "var", keys() | changes).prepare()
    if cluster:
        cluster.stop()
    making.rename(mould)
