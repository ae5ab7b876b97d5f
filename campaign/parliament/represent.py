"""Represent, the public service of Open North: the ridings of a postal code, and their Members.

Asked by staff, one postal code at a time, and never while somebody signs. Only the code leaves
the house. Off unless `REPRESENT_URL` is set. The shape of an answer is that of its documentation
(represent.opennorth.ca/api, "postcodes"): boundaries and representatives of every level, each
found by the code's centre point ("centroid") or by the post's own table ("concordance").
"""

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from petitions.domain.ridings import BOUNDARIES

#: Seconds for a whole question; somebody waits for the page meanwhile.
TIMEOUT = 6.0
#: Bytes. An answer with every level of government has about 20,000.
LARGEST = 300_000
_HOW_FOUND = ("concordance", "centroid")
_FEDERAL = "/boundary-sets/federal-electoral-districts"
_MEMBER = "MP"


class RepresentError(Exception):
    """The question has no answer now."""


class UnknownCodeError(RepresentError):
    """The service does not know this postal code."""


class AwayError(RepresentError):
    """Not reached in time, or too busy: later it may answer."""


class StrangeAnswerError(RepresentError):
    """The answer is not of the documented shape, too large, or points elsewhere."""


@dataclass(frozen=True)
class Representative:
    """A Member as the service has them, with the name of their riding."""

    name: str
    party: str
    riding: str


@dataclass(frozen=True)
class Answer:
    """Names of ridings, and Members; more than one where the code lies in more.

    Names only: the service keeps older borders too, in which a number means another riding.
    """

    ridings: list[str]
    representatives: list[Representative]


def is_on() -> bool:
    return bool(settings.REPRESENT_URL)


def ask(postal_code: str) -> Answer:
    """What the service says of a canonical postal code; raises a `RepresentError`."""
    body = _get(f"/postcodes/{postal_code.replace(' ', '')}/")
    try:
        data = json.loads(body)
        return Answer(_ridings(data), _representatives(data))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise StrangeAnswerError from error


# --- the wire --------------------------------------------------------------------------------


def _get(path: str) -> bytes:
    base = urlsplit(settings.REPRESENT_URL)
    kind = HTTPSConnection if base.scheme == "https" else HTTPConnection
    connection = kind(base.netloc, timeout=TIMEOUT)
    try:
        connection.request("GET", path, headers={"Accept": "application/json"})
        return _read(connection.getresponse(), until=monotonic() + TIMEOUT)
    except HTTPException as error:
        raise StrangeAnswerError from error
    except OSError as error:
        raise AwayError from error
    finally:
        connection.close()


def _read(response: HTTPResponse, *, until: float) -> bytes:
    """The body of a good answer; `until` is when patience ends, however slowly it drips in."""
    if response.status == 404:
        raise UnknownCodeError
    if response.status == 429 or response.status >= 500:
        raise AwayError
    if response.status != 200:
        raise StrangeAnswerError
    body = b""
    while part := response.read1(65_536):
        body += part
        if len(body) > LARGEST:
            raise StrangeAnswerError
        if monotonic() > until:
            raise AwayError
    return body


# --- the answer ------------------------------------------------------------------------------


def _found(data: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """Rows found either way, each kind of which may be missing or null."""
    return [row for how in _HOW_FOUND for row in data.get(f"{kind}_{how}") or []]


def _ridings(data: dict[str, Any]) -> list[str]:
    """Those of today's borders, where the service tells them from older ones."""
    sets: dict[str, list[str]] = {}
    for row in _found(data, "boundaries"):
        name = row["related"]["boundary_set_url"]
        if name.startswith(_FEDERAL):
            sets.setdefault(name, []).append(str(row["name"]))
    of_today = next((name for name in sets if f"-{BOUNDARIES}-" in name), f"{_FEDERAL}/")
    return list(dict.fromkeys(sets.get(of_today, [])))


def _representatives(data: dict[str, Any]) -> list[Representative]:
    members = (
        Representative(
            name=str(row["name"]),
            party=str(row.get("party_name") or ""),
            riding=str(row["district_name"]),
        )
        for row in _found(data, "representatives")
        if row["elected_office"] == _MEMBER
    )
    return list(dict.fromkeys(members))
