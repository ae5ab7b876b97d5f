"""No page has a fault that axe can find: on a phone and at a desk, by day and by night."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.pages import PAGES, Stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: The two languages share the four combinations: each page is seen in all of them.
LOOKS = {
    "km": [(360, "light"), (1280, "dark")],
    "en": [(360, "dark"), (1280, "light")],
}


def _faults(page: Page) -> list[str]:
    """The violated rules, each with the elements at fault."""
    options = json.dumps({"resultTypes": ["violations"]})
    violations = page.evaluate(f"axe.run({options})")["violations"]
    return [
        f"{violation['id']}: {', '.join(str(node['target'][0]) for node in violation['nodes'])}"
        for violation in violations
    ]


@pytest.mark.parametrize("language", LOOKS)
def test_axe_finds_nothing(visit: Visit, stage: Stage, language: str) -> None:
    visitor = visit(language)
    page, found = visitor.page, {}
    for name, way in PAGES.items():
        way(visitor, stage)
        page.evaluate(Axe().axe_script)
        for width, scheme in LOOKS[language]:
            page.set_viewport_size({"width": width, "height": 740})
            page.emulate_media(color_scheme=scheme)
            if faults := _faults(page):
                found[f"{name} {width} {scheme}"] = faults
    assert found == {}
