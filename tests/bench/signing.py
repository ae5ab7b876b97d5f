"""Signing: a submit and a confirm, beside one bare statement in a transaction of its own.

One after another, as one web process does it, with nothing else on the database. The four have
their turns, a few of each, again and again: where the machine grows slower, all do. A confirm is
all that a press of the mailed button asks of the database: the row found by its token, confirmed,
and the way to its petition's next page. Counting is timed too: it must keep up with the size.
"""

import json
import os
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.bench.report import Figure, of_reference

if TYPE_CHECKING:
    from tests.bench.ground import Ground

SLUG = "bench"
_PASSPHRASE = "correct horse battery staple"
_MODULE = ("-m", "tests.bench.signing")
#: The step that makes an open petition with so many signatures.
FILL = (*_MODULE, "fill")
#: How many of each in a round.
_TURNS = 20


def measure(place: "Ground", rows: int) -> list[Figure]:
    place.run_once(*FILL, str(rows))
    # What was just filled in must be on the disk, or each commit waits for that.
    os.sync()
    found = place.run(*_MODULE, "time", str(place.seconds))
    rates, busy = found["rates"], found["busy"]
    insert, submit, update, confirm = (median(each) for each in zip(*rates, strict=True))
    _insert, submit_busy, _update, confirm_busy = (median(each) for each in zip(*busy, strict=True))
    return [
        Figure("reference: bare INSERT transactions", f"{insert:,.0f} a second"),
        Figure("submits", f"{submit:,.0f} a second", "200 or more"),
        Figure("submits: a second of one core", f"{submit_busy:,.0f}"),
        of_reference("submits", median(each[1] / each[0] for each in rates), "0.067 or more"),
        Figure("reference: bare UPDATE transactions", f"{update:,.0f} a second"),
        Figure("confirms", f"{confirm:,.0f} a second", "300 or more"),
        Figure("confirms: a second of one core", f"{confirm_busy:,.0f}"),
        of_reference("confirms", median(each[3] / each[2] for each in rates), "0.100 or more"),
        Figure("one tally of the total", f"{found['tally'] * 1000:,.0f} ms"),
        Figure("the total of the thank-you page", f"{found['total'] * 1000:,.1f} ms"),
    ]


# --- the steps, each a process ---------------------------------------------------------------


def _fill(rows: int) -> None:
    from petitions.models import Petition
    from tests.bench.crowd import grow

    if not Petition.objects.filter(slug=SLUG).exists():
        _make_petition()
    grow(SLUG, rows)


def _make_petition() -> None:
    from datetime import timedelta

    from petitions import clock
    from petitions.domain import vault
    from petitions.domain.ridings import import_ridings
    from petitions.models import Petition, Tally
    from petitions.states import PetitionKind, PetitionState

    import_ridings()
    now = clock.db_instant()
    petition = Petition.objects.create(
        slug=SLUG,
        kind=PetitionKind.CAMPAIGN,
        title_en="Bench",
        opens_at=now - timedelta(days=10),
        closes_at=now + timedelta(days=10),
    )
    vault.create(petition, passphrase=_PASSPHRASE)
    # By hand: the ceremony of an opening is not what is measured.
    Petition.objects.filter(pk=petition.pk).update(state=PetitionState.OPEN)
    Tally.objects.create(petition=petition)


def _time(seconds: float) -> dict[str, Any]:
    """The rates of some rounds, and how long counting takes."""
    from petitions.domain import counting
    from petitions.models import Petition

    petition = Petition.objects.select_related("vault").get(slug=SLUG)
    _commit("DROP TABLE IF EXISTS bench_bare")
    _commit("CREATE TABLE bench_bare (id integer PRIMARY KEY, text varchar(40))")
    rounds: list[list[tuple[float, float]]] = []
    start = perf_counter()
    while len(rounds) < 2 or perf_counter() - start < seconds:
        numbers = range(len(rounds) * _TURNS, (len(rounds) + 1) * _TURNS)
        rounds.append(_round(petition, numbers))
    del rounds[0]  # it warmed up
    return {
        "rates": [[rate for rate, _busy in each] for each in rounds],
        "busy": [[busy for _rate, busy in each] for each in rounds],
        "tally": _seconds(lambda: counting.tally(petition)),
        "total": _seconds(lambda: counting.live_total(petition)),
    }


def _round(petition: Any, numbers: range) -> list[tuple[float, float]]:
    """The rates of bare INSERTs, submits, bare UPDATEs, confirms."""
    from petitions.domain import signing, tokens
    from petitions.models import Petition

    form_token = tokens.form_token(petition.public_id, "km")
    links: list[str] = []

    def submit(number: int) -> None:
        public_id = signing.submit(petition, answers(number), form_token=form_token, language="km")
        links.append(tokens.confirm_token(public_id, 0))

    def confirm(number: int) -> None:
        token = tokens.read_confirm_token(links[number - numbers.start])
        row = signing.find_by_token(token)
        assert row is not None
        assert signing.confirm_by_link(row, token) == signing.Outcome.COUNTED
        assert Petition.objects.values_list("slug", flat=True).get(pk=row.petition_id) == SLUG

    return [_rate(act, numbers) for act in (_insert, submit, _update, confirm)]


def answers(number: int) -> Any:
    from petitions.domain.signing import Answers

    return Answers(
        eligibility="resident",
        name="Sok Dara",
        email=f"{uuid4()}-{number}@example.org",
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


def _rate(act: Callable[[int], None], numbers: range) -> tuple[float, float]:
    """Acts a second by the clock on the wall, and by the time of this process alone."""
    start, busy = perf_counter(), process_time()
    for number in numbers:
        act(number)
    return len(numbers) / (perf_counter() - start), len(numbers) / (process_time() - busy)


def _seconds(act: Callable[[], object]) -> float:
    start = perf_counter()
    act()
    return perf_counter() - start


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
    django.setup()
    if sys.argv[1] == "fill":
        _fill(int(sys.argv[2]))
    else:
        print(json.dumps(_time(float(sys.argv[2]))))
