"""From a postal code to a riding, while the code is still readable: at signing."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from petitions.models import PostalPrefix, Riding

DATA = Path(__file__).resolve().parent.parent / "data"
#: From this share of a prefix's postal codes on, its riding is called likely.
LIKELY = Decimal("0.90")


@dataclass(frozen=True)
class RidingGuess:
    """The riding with the largest share of a postal prefix: "likely", or only "estimated"."""

    riding_id: int
    method: str


def riding_of(postal_code: str) -> RidingGuess | None:
    """The riding of a canonical postal code's first three characters; None when unknown."""
    best = PostalPrefix.objects.filter(fsa=postal_code[:3]).order_by("-share", "riding").first()
    if best is None:
        return None
    return RidingGuess(best.riding_id, "likely" if best.share >= LIKELY else "estimated")


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def import_ridings() -> tuple[int, int]:
    """Loads ridings and postal prefixes from `data/`; safe to repeat. Returns both numbers."""
    ridings = [
        Riding(
            code=int(row["code"]),
            name_en=row["name_en"],
            name_fr=row["name_fr"],
            province=row["province"],
        )
        for row in _rows("ridings.csv")
    ]
    Riding.objects.bulk_create(
        ridings,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name_en", "name_fr", "province"],
    )
    prefixes = [
        PostalPrefix(
            fsa=row["fsa"],
            riding_id=int(row["riding_code"]),
            share=Decimal(row["share"]),
            method=row["method"],
        )
        for row in _rows("fsa_ridings.csv")
    ]
    PostalPrefix.objects.bulk_create(
        prefixes,
        update_conflicts=True,
        unique_fields=["fsa", "riding"],
        update_fields=["share", "method"],
    )
    return len(ridings), len(prefixes)
