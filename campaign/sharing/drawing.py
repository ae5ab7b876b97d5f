"""Pictures to pass on, each drawn once for all who ask.

Everybody may ask for them, and networks ask many times at once. So one is set once for the same
words and figures and kept; one is set at a time; and whoever would wait too long gets a plain one,
with the site's name.
"""

import json
import logging
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from django.core.cache import cache

from campaign.parliament import typesetting

logger = logging.getLogger(__name__)

#: The picture of `cards.plain_data()`, kept with the code: there it is when typst is at fault.
PLAIN = Path(__file__).resolve().parent / "plain.png"
#: Seconds that somebody waits while others' pictures are made.
_PATIENCE = 2
_KEPT = 24 * 3600
#: One that could not be made is tried again after so many seconds.
_AGAIN = 60
_making = Lock()


def tag(template: str, data: Mapping[str, Any]) -> str:
    """Another one for other words, figures or pictures."""
    shown = json.dumps([template, data], sort_keys=True, default=_digest)
    return sha256(shown.encode()).hexdigest()[:20]


def _digest(picture: bytes) -> str:
    return sha256(picture).hexdigest()


def picture(template: str, data: Mapping[str, Any]) -> bytes | None:
    """The PNG of the template; None when it cannot be made, or not soon enough."""
    key = f"picture-{tag(template, data)}"
    kept: bytes | None = cache.get(key)
    if kept is None and _making.acquire(timeout=_PATIENCE):
        try:
            # Somebody else may have made it while this one waited.
            kept = cache.get(key)
            if kept is None:
                kept = _make(template, data)
                cache.set(key, kept, _KEPT if kept else _AGAIN)
        finally:
            _making.release()
    return kept or None


def _make(template: str, data: Mapping[str, Any]) -> bytes:
    """The PNG; nothing at all when typst is at fault, so that this, too, is kept for a while."""
    try:
        return typesetting.picture(template, data)
    except typesetting.TypesettingError:
        logger.exception("a picture to pass on could not be made")
        return b""
