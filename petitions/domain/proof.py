"""Proof of work in the ALTCHA format: a small sum that a browser does while very many sign.

Ten thousand hashes take a phone a second or two, and whoever sends a thousand forms a thousand
times that. A sum belongs to one showing of the form. Whoever has no script signs all the same;
such a signature waits for somebody's look (`HoldRule.UNPROVEN`).
"""

import binascii
import json
from base64 import b64decode
from hashlib import sha256

from altcha.v1 import ChallengeOptions, create_challenge, verify_solution
from django.utils.crypto import salted_hmac

#: The largest number that the sought one can be: half as many hashes on average.
MOST = 20_000
_FIELDS = {"algorithm": str, "challenge": str, "number": int, "salt": str, "signature": str}


def challenge(form_token: str) -> str:
    """The sum for one showing of the form, as JSON for its script."""
    options = ChallengeOptions(
        max_number=MOST, hmac_key=_key(), params={"form": _digest(form_token)}
    )
    return json.dumps(create_challenge(options).to_dict())


def holds(payload: str, form_token: str) -> bool:
    """Whether `payload`, base64 of JSON, solves a sum that we set for this showing of the form."""
    try:
        found = json.loads(b64decode(payload, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return False
    if not isinstance(found, dict) or found.keys() < _FIELDS.keys():
        return False
    if any(type(found[name]) is not kind for name, kind in _FIELDS.items()):
        return False
    if not found["salt"].endswith(f"?form={_digest(form_token)}&"):
        return False
    is_right, _problem = verify_solution(payload, _key())
    return is_right


def _digest(form_token: str) -> str:
    return sha256(form_token.encode()).hexdigest()[:32]


def _key() -> str:
    return salted_hmac("petitions.proof", "", algorithm="sha256").hexdigest()
