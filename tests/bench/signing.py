"""Signing: a submit and a confirm, beside one bare statement in a transaction of its own.

One after another, as one web process does it, with nothing else on the database: `fill` makes an
open petition with signatures, `measure` asks for the four rates.
"""

import json
import sys
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Any

from tests.bench.report import Figure

if TYPE_CHECKING:
    from tests.bench.ground import Ground

_SLUG = "bench"
_PASSPHRASE = "correct horse battery staple"
_MODULE = ("-m", "tests.bench.signing")
#: The step that makes an open petition with so many signatures.
FILL = (*_MODULE, "fill")
#: How many of each are timed.
_TURNS = 400


def measure(place: "Ground", rows: int) -> list[Figure]:
    place.run(*FILL, str(rows))
    found = place.run(*_MODULE, "time")
    return [
        Figure("reference: bare INSERT transactions", f"{found['insert']:,.0f} a second"),
        Figure("submits", f"{found['submit']:,.0f} a second", "200 or more"),
        Figure("submits: of the reference", f"{found['submit'] / found['insert']:.2f}", "0.07"),
        Figure("reference: bare UPDATE transactions", f"{found['update']:,.0f} a second"),
        Figure("confirms", f"{found['confirm']:,.0f} a second", "300 or more"),
        Figure("confirms: of the reference", f"{found['confirm'] / found['update']:.2f}", "0.10"),
    ]


# --- the steps, each a process ---------------------------------------------------------------


def _fill(rows: int) -> None:
    from datetime import timedelta

    from petitions import clock
    from petitions.domain import vault
    from petitions.models import Petition, Tally
    from petitions.states import PetitionKind, PetitionState
    from tests.bench.crowd import fill

    now = clock.db_instant()
    petition = Petition.objects.create(
        slug=_SLUG,
        kind=PetitionKind.CAMPAIGN,
        title_en="Bench",
        opens_at=now - timedelta(days=10),
        closes_at=now + timedelta(days=10),
    )
    vault.create(petition, passphrase=_PASSPHRASE)
    # By hand: the ceremony of an opening is not what is measured.
    Petition.objects.filter(pk=petition.pk).update(state=PetitionState.OPEN)
    Tally.objects.create(petition=petition)
    fill(_SLUG, rows)


def _time() -> dict[str, Any]:
    from petitions.domain import signing, tokens
    from petitions.models import Petition, Signature

    petition = Petition.objects.select_related("vault").get(slug=_SLUG)
    token = tokens.form_token(petition.public_id, "km")
    signed: list[Any] = []

    def submit(number: int) -> None:
        answers = _answers(number)
        signed.append(signing.submit(petition, answers, form_token=token, language="km"))

    def confirm(number: int) -> None:
        row = Signature.objects.select_related("petition").get(public_id=signed[number])
        assert signing.confirm(row) == signing.Outcome.COUNTED

    _commit("CREATE TABLE bench_bare (id integer PRIMARY KEY, text varchar(40))")
    return {
        "insert": _rate(_insert),
        "submit": _rate(submit),
        "update": _rate(_update),
        "confirm": _rate(confirm),
    }


def _answers(number: int) -> Any:
    from petitions.domain.signing import Answers

    return Answers(
        eligibility="resident",
        name="Sok Dara",
        email=f"new-{number}@example.org",
        residence="canada",
        province="BC",
        postal_code="V3B 1A1",
        country="CA",
        wants_news=False,
    )


def _insert(number: int) -> None:
    _commit(f"INSERT INTO bench_bare VALUES ({number}, 'waiting')")


def _update(number: int) -> None:
    _commit(f"UPDATE bench_bare SET text = 'done' WHERE id = {number}")


def _commit(statement: str) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def _rate(act: Callable[[int], None]) -> float:
    start = perf_counter()
    for number in range(_TURNS):
        act(number)
    return _TURNS / (perf_counter() - start)


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
    django.setup()
    if sys.argv[1] == "fill":
        _fill(int(sys.argv[2]))
    else:
        print(json.dumps(_time()))
