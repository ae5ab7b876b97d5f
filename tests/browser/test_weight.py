"""What a phone pays for a page, cold (ux.md §5)."""

import gzip
from collections import Counter
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Request

from tests.browser.conftest import Visit
from tests.browser.pages import PAGES, Stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

KILOBYTE = 1024
#: Kilobytes of the page's frame, besides which only fonts and pictures are asked for.
FRAME = {"document": 14, "stylesheet": 10, "script": 8}


def _size(request: Request) -> int:
    """Bytes of the answer's body; the page itself as a proxy in front compresses it."""
    response = request.response()
    assert response is not None
    if request.resource_type == "document" and "content-encoding" not in response.headers:
        return len(gzip.compress(response.body()))
    return request.sizes()["responseBodySize"]


def _font_size(weight: int) -> int:
    name = f"campaign/fonts/noto-sans-khmer-khmer-{weight}-normal.woff2"
    return Path(str(finders.find(name))).stat().st_size


#: Page → kilobytes in English and in Khmer, and requests. Those with pictures may weigh more.
BUDGETS = {
    "home": (45, 95, 6),
    "petition": (45, 95, 6),
    "sign": (45, 95, 6),
    "how-to-sign": (150, 150, 11),
    "news": (150, 150, 16),
    "resolutions": (45, 95, 6),
    "resolution": (45, 95, 6),
}
#: Font weights in use. The language's own name, ខ្មែរ, is Khmer on every page.
WEIGHTS = {"en": [400], "km": [400, 700]}
#: Runs in the page: pictures further down are loaded when they come near.
_READ_ON = "for (const image of document.images) image.loading = 'eager'"


@pytest.mark.parametrize("language", WEIGHTS)
def test_pages_are_light(visit: Visit, stage: Stage, language: str) -> None:
    found = {}
    for name in BUDGETS.keys() & PAGES.keys():
        visitor = visit(language)
        finished: list[Request] = []
        # Playwright takes no built-in function here.
        visitor.page.on("requestfinished", lambda request: finished.append(request))  # noqa: B023, PLW0108

        PAGES[name](visitor, stage)
        visitor.page.evaluate(_READ_ON)
        visitor.page.wait_for_load_state("networkidle")
        if faults := _faults(name, language, finished):
            found[name] = faults
    assert found == {}


def _faults(name: str, language: str, finished: list[Request]) -> list[str]:
    """What a page asks for above its budget."""
    # This machine may have the font, phones may not: each weight in use is counted as loaded.
    frame = [request for request in finished if request.resource_type != "font"]
    sizes = Counter({request.resource_type: 0 for request in frame})
    for request in frame:
        sizes[request.resource_type] += _size(request)
    fonts = [_font_size(weight) for weight in WEIGHTS[language]]
    english, khmer, requests = BUDGETS[name]
    most = khmer if language == "km" else english
    faults = [
        f"{kind}: {sizes[kind]} bytes"
        for kind, few in FRAME.items()
        if sizes[kind] > few * KILOBYTE
    ]
    if len(frame) + len(fonts) > requests:
        faults.append(f"{len(frame) + len(fonts)} requests")
    if sizes.total() + sum(fonts) > most * KILOBYTE:
        faults.append(f"{sizes.total() + sum(fonts)} bytes")
    return faults
