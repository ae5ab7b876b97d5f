"""What is read or made once for a crowd that signs, and kept for an instant as public pages are.

It is for showing. Whether a signature is taken or counted the database decides each time.
"""

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from django.conf import settings

from petitions.models import Petition, Signature

Found = TypeVar("Found")
#: Key → the end of its time, and what was found. No more than a few for each petition, and a few
#: for the site.
_kept: dict[Hashable, tuple[float, Any]] = {}


def keep(key: Hashable, find: Callable[[], Found]) -> Found:
    """What `find` gave up to `KEPT_SECONDS` ago, or gives now; its errors are not kept."""
    until, kept = _kept.get(key, (0.0, None))
    if until > time.monotonic():
        return cast("Found", kept)
    found = find()
    _kept[key] = (time.monotonic() + settings.KEPT_SECONDS, found)
    return found


def petition_of(signature: Signature) -> Petition:
    """The petition that a signature is for, with its figures; whether or not others may see it."""
    pk = signature.petition_id
    figures = Petition.objects.select_related("tally").prefetch_related("milestones")
    return keep(("petition", pk), lambda: figures.get(pk=pk))
