"""The system's Chromium, driven by Playwright: no browser is ever downloaded."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.services import chromium, missing

#: Root needs no sandbox; the rest keeps the browser from asking its maker anything.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless browser; raises RuntimeError where none is installed."""
    path = chromium()
    if path is None:
        raise RuntimeError(missing("browser"))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield running
        running.close()
