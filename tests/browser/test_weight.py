"""What a phone pays for the petition page and the home page, cold (ux.md §5)."""

import gzip
from collections import Counter
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Request

from tests.browser.conftest import Visit
from tests.browser.pages import Stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

KILOBYTE = 1024
#: Files of the page's frame, besides which only fonts are asked for.
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


@pytest.mark.parametrize(
    ("name", "language", "weights", "most"),
    [
        # The language's own name, ខ្មែរ, is Khmer on every page.
        ("petitions:detail", "en", [400], 45),
        ("petitions:detail", "fr", [400], 45),
        ("petitions:detail", "km", [400, 700], 95),
        ("home", "en", [400], 45),
        ("home", "km", [400, 700], 95),
    ],
)
def test_what_people_come_to_first_is_light(
    visit: Visit, stage: Stage, name: str, language: str, weights: list[int], *, most: int
) -> None:
    visitor = visit(language)
    finished: list[Request] = []
    # Playwright takes no built-in function here.
    visitor.page.on("requestfinished", lambda request: finished.append(request))  # noqa: PLW0108

    visitor.opens(name, *([stage.petition.slug] if name == "petitions:detail" else []))
    visitor.page.wait_for_load_state("networkidle")

    # This machine may have the font, phones may not: each weight in use is counted as loaded.
    frame = [request for request in finished if request.resource_type != "font"]
    sizes = Counter({request.resource_type: _size(request) for request in frame})
    fonts = [_font_size(weight) for weight in weights]
    too_heavy = {kind: size for kind, size in sizes.items() if size > FRAME[kind] * KILOBYTE}
    assert too_heavy == {}
    assert len(frame) + len(fonts) <= 6
    assert sizes.total() + sum(fonts) <= most * KILOBYTE
