"""Petitions kept for an instant, as public pages are: a crowd that signs reads its petition once.

They are for showing. Whether a signature is taken or counted the database decides each time.
"""

import time
from collections.abc import Callable

from django.conf import settings

from petitions.models import Petition, Signature

#: By slug or primary key, each with the end of its time. No more than there are petitions.
_kept: dict[str | int, tuple[float, Petition]] = {}


def keep(key: str | int, find: Callable[[], Petition]) -> Petition:
    """What `find` found up to `KEPT_SECONDS` ago, or finds now; its errors are not kept."""
    until, petition = _kept.get(key, (0.0, None))
    if petition is None or until <= time.monotonic():
        petition = find()
        _kept[key] = (time.monotonic() + settings.KEPT_SECONDS, petition)
    return petition


def petition_of(signature: Signature) -> Petition:
    """The petition that a signature is for, with its figures; whether or not others may see it."""
    pk = signature.petition_id
    figures = Petition.objects.select_related("tally").prefetch_related("milestones")
    return keep(pk, lambda: figures.get(pk=pk))
