"""Whether an address has signed must not be told by how long an answer takes (security.md T04).

Pairs of requests, one for an address that is new and one for an address that is counted, in a
random order, to the views themselves: a network would only add noise of its own. Their two
distributions are compared by the test of Mann and Whitney: a small p says that they differ.
"""

import json
import os
import random
import sys
from collections.abc import Callable, Iterator
from itertools import count
from math import erfc, sqrt
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.bench import signing as bench
from tests.bench.report import Figure

if TYPE_CHECKING:
    from tests.bench.ground import Ground

_PAIRS = 200
_MODULE = ("-m", "tests.bench.sameness")
_SIGN = f"/km/petitions/{bench.SLUG}/sign/"


def measure(place: "Ground", rows: int) -> list[Figure]:
    place.run_once("manage.py", "collectstatic", "--noinput", "--verbosity=0")
    place.run_once(*bench.FILL, str(rows))
    pairs = min(_PAIRS, max(10, round(place.seconds * _PAIRS / 5)))
    figures = []
    for act, (new, known) in place.run(*_MODULE, str(pairs)).items():
        gap = abs(median(new) - median(known)) * 1000
        figures += [
            Figure(f"{act}: median of new addresses", f"{median(new) * 1000:.2f} ms"),
            Figure(f"{act}: known ones are apart by", f"{gap:.2f} ms", "5.00 or less"),
            Figure(f"{act}: p of Mann and Whitney", f"{p_value(new, known):.3f}", _reach(act)),
        ]
    return figures


def _reach(act: str) -> str:
    """To stop news takes a token that stands in that address's own mail: it asks nothing new."""
    return "" if act == "unsubscribe" else "0.010 or more"


def p_value(first: list[float], second: list[float]) -> float:
    """How likely samples as far apart as these two are when nothing sets them apart.

    Mann and Whitney's U, two-sided, by its normal approximation; good from ten values each on.
    """
    wins = sum((one > other) + (one == other) / 2 for one in first for other in second)
    product = len(first) * len(second)
    spread = sqrt(product * (len(first) + len(second) + 1) / 12)
    return erfc(abs(wins - product / 2) / spread / sqrt(2))


# --- the step, a process of its own ----------------------------------------------------------


def _compare(pairs: int) -> dict[str, tuple[list[float], list[float]]]:
    """Act → the seconds of each answer, for new and for known addresses."""
    from django.conf import settings
    from django.db import connection

    settings.PETITIONS_PROOF_PER_MINUTE = 0  # all come within a minute
    connection.ensure_connection()
    known = [_confirmed(number) for number in range(pairs)]
    new = [f"new-{uuid4()}@example.org" for _pair in range(pairs)]
    made: dict[str, tuple[list[float], list[float]]] = {}
    for act in (_submit, _resend, _my_signature, _unsubscribe):
        made[act.__name__.strip("_").replace("_", " ")] = _timed(act, new, known)
    return made


def _timed(
    act: Callable[[str], Callable[[], Any]], new: list[str], known: list[str]
) -> tuple[list[float], list[float]]:
    times: tuple[list[float], list[float]] = ([], [])
    act(f"warm-{uuid4()}@example.org")()
    for pair in zip(new, known, strict=True):
        for side in random.sample((0, 1), 2):
            post = act(pair[side])
            start = perf_counter()
            response = post()
            times[side].append(perf_counter() - start)
            assert response.status_code in {200, 303}, response.status_code
    return times


def _confirmed(number: int) -> str:
    from petitions.domain import signing, tokens
    from petitions.models import Petition

    petition = Petition.objects.select_related("vault").get(slug=bench.SLUG)
    answers = bench.answers(number)
    form_token = tokens.form_token(petition.public_id, "km")
    public_id = signing.submit(petition, answers, form_token=form_token, language="km")
    token = tokens.read_confirm_token(tokens.confirm_token(public_id, 0))
    row = signing.find_by_token(token)
    assert row is not None
    assert signing.confirm_by_link(row, token) == signing.Outcome.COUNTED
    email: str = answers.email
    return email


#: Each request from a network of its own: limits are not what is measured.
_networks: Iterator[str] = (f"10.{number // 250 % 250}.{number % 250}.9" for number in count())
#: Address → the page after its submit.
_pages: dict[str, str] = {}


def _post(page: str, data: dict[str, str]) -> Any:
    from django.test import Client

    return Client(REMOTE_ADDR=next(_networks), HTTP_HOST="localhost").post(page, data)


def _submit(email: str) -> Callable[[], Any]:
    from petitions.domain import tokens
    from petitions.models import Petition

    petition = Petition.objects.get(slug=bench.SLUG)
    form = {
        "eligibility": "resident",
        "name": "Sok Dara",
        "email": email,
        "residence": "canada",
        "province": "BC",
        "postal_code": "V3B 1A1",
        "declaration": "on",
        "form_token": tokens.form_token(petition.public_id, "km"),
    }

    def post() -> Any:
        response = _post(_SIGN, form)
        _pages[email] = response["Location"]
        return response

    return post


def _resend(email: str) -> Callable[[], Any]:
    """The minute that a mail rests is over for each of them."""
    from datetime import timedelta

    from petitions import clock
    from petitions.models import Signature

    if email not in _pages:
        _submit(email)()
    Signature.objects.update(mail_queued_at=clock.db_now() - timedelta(minutes=2))
    return lambda: _post(_pages[email], {"act": "resend"})


def _my_signature(email: str) -> Callable[[], Any]:
    return lambda: _post("/km/my-signature/", {"email": email})


def _unsubscribe(email: str) -> Callable[[], Any]:
    """By a link of who gets news, or of who has stopped them before."""
    from petitions import clock
    from petitions.domain import addresses, tokens
    from petitions.models import Petition, Subscription

    petition = Petition.objects.get(slug=bench.SLUG)
    row = Subscription.objects.create(
        petition=petition,
        address=addresses.lock(email),
        email_index=addresses.index(email, petition),
        language="km",
        created_at=clock.db_instant(),
    )
    link = f"/u/{tokens.unsubscribe_token(row.public_id)}"
    if email.startswith("new-"):
        row.delete()
    return lambda: _post(link, {})


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")
    django.setup()
    print(json.dumps(_compare(int(sys.argv[1]))))
