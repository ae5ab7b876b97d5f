"""Export: a list of sealed signatures leaves, beside opening the same boxes and nothing more.

Its steps are processes of their own: `fill`, `bare`, and `stream` once for each set of fields.
"""

import json
import resource
import sys
from collections.abc import Iterable
from itertools import islice
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

from tests.bench.report import Figure, of_reference

if TYPE_CHECKING:
    from tests.bench.ground import Ground

_SLUG = "bench-export"
PASSPHRASE = "correct horse battery staple"
#: What most lists hold, and all that a list can hold (two boxes a row).
_LISTS = {
    "name, province, date": ["name", "province", "date"],
    "all seven fields": ["name", "province", "date", "riding", "country", "postal_code", "email"],
}
_MODULE = ("-m", "tests.bench.export")


def measure(place: "Ground", rows: int) -> list[Figure]:
    place.run(*_MODULE, "fill", str(rows))
    bare = place.run(*_MODULE, "bare")
    figures = [
        Figure("reference: one box opened bare", f"{bare['rate']:,.0f} rows/s"),
        Figure("reference: a second of one core", f"{bare['cpu_rate']:,.0f} rows"),
    ]
    for name, fields in _LISTS.items():
        found = place.run(*_MODULE, "stream", *fields)
        figures += [
            Figure(f"{name}: rows", f"{found['rate']:,.0f} rows/s", "10,000 or more"),
            Figure(f"{name}: a second of one core", f"{found['cpu_rate']:,.0f} rows"),
            of_reference(name, found["cpu_rate"] / bare["cpu_rate"]),
            Figure(f"{name}: first byte", f"{found['first_byte']:.3f} s", "under 0.5"),
            Figure(f"{name}: first row", f"{found['first_row']:.3f} s"),
            Figure(f"{name}: memory at most", f"{found['memory']:.0f} MB", "under 200"),
            Figure(f"{name}: of it before the export", f"{found['memory_before']:.0f} MB"),
        ]
    return figures


# --- the steps, each a process ---------------------------------------------------------------


def fill(slug: str, rows: int) -> None:
    """So many confirmed signatures on a petition of that name, whose vault `PASSPHRASE` opens."""
    from petitions.domain import vault
    from petitions.models import Petition
    from petitions.states import PetitionKind
    from tests.bench import crowd

    petition, is_new = Petition.objects.get_or_create(
        slug=slug, defaults={"kind": PetitionKind.CAMPAIGN, "title_en": "Bench"}
    )
    if is_new:
        vault.create(petition, passphrase=PASSPHRASE)
    have = petition.signatures.count()
    crowd.fill(slug, rows - have, after=have)
    crowd.settle()


def _bare() -> dict[str, Any]:
    """Every name's box opened by PyNaCl alone, from memory."""
    from nacl.public import SealedBox

    from petitions.domain import vault
    from petitions.models import Petition

    petition = Petition.objects.select_related("vault").get(slug=_SLUG)
    opener = SealedBox(vault.open_vault(petition.vault, PASSPHRASE))
    boxes = [bytes(box) for box in petition.signatures.values_list("box_person", flat=True)]
    start, busy = perf_counter(), process_time()
    for box in boxes:
        opener.decrypt(box)
    return _rates(len(boxes), start, busy)


def _stream(fields: list[str]) -> dict[str, Any]:
    from campaign.accounts.models import User
    from petitions.domain import exporting, vault
    from petitions.models import Petition

    petition = Petition.objects.select_related("vault").get(slug=_SLUG)
    by, _made = User.objects.get_or_create(email="bench@example.org")
    key = vault.open_vault(petition.vault, PASSPHRASE)
    rows = petition.signatures.count()
    before = _memory()
    start, busy = perf_counter(), process_time()
    settings = exporting.Settings(
        purpose="check",
        reason="bench",
        recipient="nobody",
        fields=fields,
        province="",
        riding=None,
        file_format="excel",
    )
    record = exporting.start(petition, settings, by=by)
    first_byte, first_row = _take(exporting.stream(record, key), start)
    rates = _rates(rows, start, busy)
    record.refresh_from_db()
    assert record.rows == rows
    return {
        **rates,
        "first_byte": first_byte,
        "first_row": first_row,
        "memory": _memory(),
        "memory_before": before,
    }


def _rates(rows: int, start: float, busy: float) -> dict[str, float]:
    """Rows a second by the clock on the wall, and by the processor's time.

    The second one hardly changes with what else the machine does: ratios are taken from it.
    """
    return {
        "rate": rows / (perf_counter() - start),
        "cpu_rate": rows / (process_time() - busy),
    }


def _take(pieces: Iterable[bytes], start: float) -> tuple[float, float]:
    """Takes the whole file as a download does, keeping none of it; when its pieces came."""
    pieces = iter(pieces)
    next(pieces)
    first_byte = perf_counter() - start
    # The mark of Excel, the heading, and then rows.
    for _piece in islice(pieces, 2):
        pass
    first_row = perf_counter() - start
    for _piece in pieces:
        pass
    return first_byte, first_row


def _memory() -> float:
    """The most that this process has had resident, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def main() -> None:
    import django

    django.setup()
    step, *arguments = sys.argv[1:]
    if step == "fill":
        fill(_SLUG, int(arguments[0]))
    else:
        print(json.dumps(_bare() if step == "bare" else _stream(arguments)))


if __name__ == "__main__":
    main()
