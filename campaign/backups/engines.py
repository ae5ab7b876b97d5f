"""What is different between SQLite and PostgreSQL: taking a dump, and bringing one back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.db import DEFAULT_DB_ALIAS, connections

#: Brings a restored database up to date and compares it; raises `BackupError` to have it undone.
Prove = Callable[[str], None]


class Engine(Protocol):
    """A kind of database; an alias is a name among Django's connections."""

    name: str

    def dump(self, file: Path) -> AbstractContextManager[str]:
        """Writes a dump; inside, the alias reads exactly what was dumped."""

    def beside(self, file: Path) -> AbstractContextManager[str]:
        """A passing database with the dump's content; the site's own is not touched."""

    def place(self, file: Path, *, prove: Prove) -> str:
        """Puts the dump into place of the site's database once `prove` has passed.

        Returns where the former one is kept, or "". Raises `BackupError`: nothing is changed.
        """

    def users(self) -> int:
        """How many other connections to the site's database are open, as far as can be told."""

    def forget(self, *, before: str) -> list[str]:
        """Deletes what restores before that stamp replaced, and says what it was."""


@contextmanager
def connected(alias: str, **changes: Any) -> Iterator[str]:
    """A connection like the site's, but for `changes`, under a name of its own."""
    connections.settings[alias] = {**connections[DEFAULT_DB_ALIAS].settings_dict, **changes}
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias], connections.settings[alias]
