"""Many confirmed signatures at once, sealed like real ones.

python -m tests.bench.crowd SLUG COUNT [LETTERS]    fills a petition of the site's database

With LETTERS every name is that long, for a list of many bytes from few rows.
"""

import os
import sys
from datetime import datetime, timedelta
from uuid import uuid4

import django

_NAMES = ("Sok Dara", "សុខ ដារ៉ា", "Chea Sophea", "Anne-Marie Chan", "ចាន់ សុភា", "D'Arcy Ouk")
_PLACES = (("ON", "K1A 0A6"), ("QC", "H2X 1Y4"), ("BC", "V3B 1A1"), ("AB", "T2P 2M5"))
_BATCH = 2000


def fill(slug: str, count: int, letters: int = 0) -> None:
    """Each with a box and an address of its own; confirmed one second after another."""
    from petitions import clock
    from petitions.models import Petition, Signature

    petition = Petition.objects.select_related("vault").get(slug=slug)
    first = clock.db_instant() - timedelta(seconds=count)
    for start in range(0, count, _BATCH):
        numbers = range(start, min(count, start + _BATCH))
        Signature.objects.bulk_create(
            _signature(petition, number, first + timedelta(seconds=number), letters)
            for number in numbers
        )


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
        email_index=addresses.index(email, petition.public_id),
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
