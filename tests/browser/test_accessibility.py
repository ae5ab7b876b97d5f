"""No page has a fault that axe can find: on a phone and at a desk, by day and by night."""

import pytest

from tests.browser.accessibility import LOOKS, faults
from tests.browser.conftest import Visit
from tests.browser.pages import PAGES, Stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("language", LOOKS)
def test_axe_finds_nothing(visit: Visit, stage: Stage, language: str) -> None:
    visitor = visit(language)
    page, found = visitor.page, {}
    for name, way in PAGES.items():
        way(visitor, stage)
        for width, scheme in LOOKS[language]:
            page.set_viewport_size({"width": width, "height": 740})
            page.emulate_media(color_scheme=scheme)
            if wrong := faults(page):
                found[f"{name} {width} {scheme}"] = wrong
    assert found == {}
