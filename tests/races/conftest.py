"""A database that threads can race on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from petitions.models import Petition
from tests.factories import petitions as make


@pytest.fixture(autouse=True)
def raced_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """On SQLite a file with the test database's content, since one in memory locks whole tables."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    path = tmp_path / "race.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        memory.backup(file)
    connection.settings_dict["NAME"] = str(path)
    connection.connection = None
    yield
    connection.close()
    connection.settings_dict["NAME"] = name
    connection.connection = memory


@pytest.fixture
def petition(raced_database: None) -> Petition:
    return make.open_petition()
