"""Many confirmed signatures at once, sealed like real ones.

python -m tests.bench.crowd SLUG COUNT [LETTERS]    fills a petition of the site's database

With LETTERS every name is that long, for a list of many bytes from few rows.
"""

import os
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

import django
from django.db.utils import ProgrammingError

_NAMES = ("Sok Dara", "សុខ ដារ៉ា", "Chea Sophea", "Anne-Marie Chan", "ចាន់ សុភា", "D'Arcy Ouk")
_PLACES = (("ON", "K1A 0A6"), ("QC", "H2X 1Y4"), ("BC", "V3B 1A1"), ("AB", "T2P 2M5"))
_BATCH = 2000
#: So many are filled in one by one before the others are copied from them.
_SEALED = 500
#: Rows copied in one statement.
_COPIED = 20_000
#: Columns that must differ from row to row, as each engine makes them.
_FRESH = {
    "sqlite": {
        "public_id": "lower(hex(randomblob(16)))",
        "email_index": "randomblob(32)",
        "submission_key": "randomblob(32)",
    },
    "postgresql": {
        "public_id": "gen_random_uuid()",
        "email_index": "sha256(gen_random_uuid()::text::bytea)",
        "submission_key": "sha256(gen_random_uuid()::text::bytea)",
    },
}


def fill(slug: str, count: int, letters: int = 0, *, after: int = 0) -> None:
    """Each with a box and an address of its own; confirmed one second after another.

    `after` is how many the petition has from here already.
    """
    from petitions import clock
    from petitions.models import Petition, Signature

    petition = Petition.objects.select_related("vault").get(slug=slug)
    first = clock.db_instant() - timedelta(seconds=count)
    for start in range(0, count, _BATCH):
        numbers = range(start, min(count, start + _BATCH))
        Signature.objects.bulk_create(
            _signature(petition, after + number, first + timedelta(seconds=number), letters)
            for number in numbers
        )


def grow(slug: str, count: int) -> None:
    """Up to `count` in all: the first ones filled in, the others copied inside the database.

    A copied box belongs to another row, so an export would refuse it. All else is as if filled
    in, and a million is there in a minute.
    """
    from petitions.models import Petition

    petition = Petition.objects.get(slug=slug)
    have = petition.signatures.count()
    sealed = min(count, _SEALED)
    if have < sealed:
        fill(slug, sealed - have, after=have)
        have = sealed
    _copy_up_to(petition, have, count)
    settle()


def _copy_up_to(petition, have: int, count: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA cache_size = -500000")  # the indexes stay in memory
        else:
            cursor.execute("SET statement_timeout = 0")
        while have < count:
            have += _copy(petition, min(have, count - have, _COPIED))


def settle() -> None:
    """What PostgreSQL does by itself some minutes after so many rows have come."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE petitions_signature")
        with suppress(ProgrammingError):  # not every role may ask for it
            cursor.execute("CHECKPOINT")


def _copy(petition, number: int) -> int:
    """So many more rows like the first ones, with public ids and addresses of their own."""
    from django.db import connection

    from petitions.models import Signature

    meta = Signature._meta
    columns = [field.column for field in meta.concrete_fields if not field.primary_key]
    fresh = _FRESH[connection.vendor]
    values = [fresh.get(column, column) for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {meta.db_table} ({', '.join(columns)}) SELECT {', '.join(values)}"
            f" FROM {meta.db_table} WHERE petition_id = %s AND state = 'confirmed'"
            " ORDER BY id LIMIT %s",
            [petition.pk, number],
        )
        return cursor.rowcount


def _signature(petition, number: int, instant: datetime, letters: int):
    from petitions.domain import addresses, vault
    from petitions.models import Signature
    from petitions.states import SignatureState

    public_id, email = uuid4(), f"crowd-{number}@example.org"
    province, postal_code = _PLACES[number % len(_PLACES)]
    place = {"petition": petition.public_id, "signature": public_id}
    key = petition.vault.public_key
    name = f"{_NAMES[number % len(_NAMES)]} {number}".ljust(letters, "a")
    person = {"name": name, "postal_code": postal_code}
    return Signature(
        public_id=public_id,
        petition=petition,
        state=SignatureState.CONFIRMED,
        box_person=vault.seal(key, content=person, **place),
        box_email=vault.seal(key, content={"email": email}, **place),
        email_index=addresses.index(email, petition),
        language="km",
        eligibility="resident",
        residence="canada",
        province=province,
        country="CA",
        created_at=instant,
        changed_at=instant,
        first_mail_at=instant,
        link_sent_at=instant,
        confirmed_at=instant,
        counted_at=instant,
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
    django.setup()
    fill(sys.argv[1], *map(int, sys.argv[2:]))
