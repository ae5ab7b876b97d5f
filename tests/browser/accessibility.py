"""What axe finds on a page, and the looks in which pages are tried."""

import json

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: Each page by day and by night, narrow and wide.
LOOKS = {
    "km": [(360, "light"), (1280, "dark")],
    "en": [(360, "dark")],
}
#: The desk has three times as many pages: each once by day and once by night.
DESK_LOOKS = {"km": [(360, "light"), (1280, "dark")]}


def faults(page: Page) -> list[str]:
    """The violated rules, each with the elements at fault."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(Axe().axe_script)
    options = json.dumps({"resultTypes": ["violations"]})
    violations = page.evaluate(f"axe.run({options})")["violations"]
    return [
        f"{violation['id']}: {', '.join(str(node['target'][0]) for node in violation['nodes'])}"
        for violation in violations
    ]
