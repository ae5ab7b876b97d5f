"""What a phone pays for the petition page, cold (ux.md §5)."""

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Request

from pathlib import Path

from tests.browser.conftest import Visit, each_language
from tests.browser.pages import Stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MOST_REQUESTS = 6
MOST_BYTES = {"en": 45_000, "fr": 45_000, "km": 95_000}
#: Chromium takes the system's Noto Sans Khmer where it has it; most phones must load ours.
FONTS = ("400", "700")


@each_language
def test_the_petition_page_is_light(visit: Visit, stage: Stage, language: str) -> None:
    visitor = visit(language)
    finished: list[Request] = []
    visitor.page.on("requestfinished", lambda request: finished.append(request))

    visitor.opens("petitions:detail", stage.petition.slug)
    visitor.page.wait_for_load_state("networkidle")
    for r in finished:
        print(language, r.url[:60], r.sizes(), r.response().headers.get("content-encoding"))
    import gzip

    print(len(gzip.compress(finished[0].response().body())))
