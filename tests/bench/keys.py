"""New keys: how long a petition's vault key and the pepper of its indexes take to change.

Its steps are processes of their own: `fill`, `vault` and `pepper`.
"""

import json
import sys
from time import perf_counter
from typing import TYPE_CHECKING

from tests.bench import export
from tests.bench.report import Figure

if TYPE_CHECKING:
    from tests.bench.ground import Ground

_SLUG = "bench-keys"
_MODULE = ("-m", "tests.bench.keys")
_NEWER = "another horse, another battery, other staples"
#: Issue and docs speak of a minute for so many signatures.
_PART = 10_000


def measure(place: "Ground", rows: int) -> list[Figure]:
    place.run_once(*_MODULE, "fill", str(rows))
    pepper, vault = place.run(*_MODULE, "pepper"), place.run(*_MODULE, "vault")
    assert pepper["rows"] == vault["rows"] / 2 == rows
    whole, waits = pepper["seconds"], pepper["writers_wait"]
    return [
        Figure("pepper: seconds for 10,000 rows", f"{whole * _PART / rows:.1f}", "60 or less"),
        Figure("pepper: of them writers wait", f"{waits * _PART / rows:.1f}", "60 or less"),
        Figure(
            "vault key: seconds for 10,000 rows",
            f"{vault['seconds'] * _PART / rows:.1f}",
            "60 or less",
        ),
    ]


# --- the steps, each a process ---------------------------------------------------------------


def _fill(rows: int) -> None:
    """Each signature with the mail that led to it."""
    from petitions.models import Delivery, Signature
    from petitions.states import DeliveryKind, DeliveryState

    export.fill(_SLUG, rows)
    Delivery.objects.bulk_create(
        (
            Delivery(
                kind=DeliveryKind.SIGN,
                state=DeliveryState.SENT,
                petition_id=row.petition_id,
                signature=row,
                address_index=row.email_index,
                language="km",
                due_at=row.created_at,
                created_at=row.created_at,
                sent_at=row.created_at,
            )
            for row in Signature.objects.filter(petition__slug=_SLUG).iterator()
        ),
        batch_size=2000,
    )


def _pepper() -> dict[str, float]:
    from django.conf import settings

    from petitions.domain import pepper_change, vault
    from petitions.models import Petition

    petition = Petition.objects.select_related("vault").get(slug=_SLUG)
    key = vault.open_vault(petition.vault, export.PASSPHRASE)
    settings.PETITIONS_INDEX_PEPPER_FALLBACKS = [settings.PETITIONS_INDEX_PEPPER]
    settings.PETITIONS_INDEX_PEPPER = f"newer than {settings.PETITIONS_INDEX_PEPPER}"
    stopped: list[float] = []
    stop_writers = pepper_change._stop_writers

    def noting() -> None:
        stop_writers()
        stopped.append(perf_counter())

    pepper_change._stop_writers = noting
    start = perf_counter()
    rows = pepper_change.change(petition, key).signatures
    end = perf_counter()
    return {"rows": rows, "seconds": end - start, "writers_wait": end - stopped[-1]}


def _vault() -> dict[str, float]:
    from petitions.domain import vault, vault_keys
    from petitions.models import Petition

    petition = Petition.objects.get(slug=_SLUG)
    row, _code = vault_keys.change(petition, opened_with=export.PASSPHRASE, passphrase=_NEWER)
    key = vault.open_vault(row, _NEWER)
    start = perf_counter()
    boxes = vault_keys.move(row, key).boxes
    return {"rows": boxes, "seconds": perf_counter() - start}


def main() -> None:
    import django

    django.setup()
    step, *arguments = sys.argv[1:]
    if step == "fill":
        _fill(int(arguments[0]))
    else:
        print(json.dumps({"pepper": _pepper, "vault": _vault}[step]()))


if __name__ == "__main__":
    main()
