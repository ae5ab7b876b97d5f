"""A live site with the style sheets and scripts of production, and browsers that visit it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Request, expect

from petitions.models import Petition
from tests.browser import chromium
from tests.browser.pages import Stage, build_stage
from tests.browser.visitor import Visitor
from tests.factories import petitions as make

Visit = Callable[..., Visitor]

#: Milliseconds for what a page does next: far longer than it takes on a busy machine.
PATIENCE = 20_000

each_language = pytest.mark.parametrize("language", ["km", "fr", "en"])
with_and_without_scripts = pytest.mark.parametrize(
    "javascript", [pytest.param(True, id="js"), pytest.param(False, id="plain")]
)


class _SiteThread(LiveServerThread):
    """Django's live server; static files are WhiteNoise's affair, as in production."""

    def __init__(self) -> None:
        super().__init__("127.0.0.1", lambda media: media.application)
        self.daemon = True

    def __enter__(self) -> str:
        self.start()
        self.is_ready.wait()
        if self.error:
            raise self.error
        return f"http://{self.host}:{self.port}"

    def __exit__(self, *_exception: object) -> None:
        self.terminate()


@pytest.fixture(scope="package", autouse=True)
def _beside_an_event_loop() -> Iterator[None]:
    """Playwright keeps an event loop in this thread; Django takes that for async code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture(scope="package")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The static files collected, bundled, hashed and compressed, in use while tests run here."""
    root = tmp_path_factory.mktemp("static")
    bundling = {"BACKEND": "campaign.bundles.BundlingStorage"}
    with override_settings(
        STATIC_ROOT=root, STORAGES={**settings.STORAGES, "staticfiles": bundling}
    ):
        call_command("collectstatic", verbosity=0, interactive=False)
        yield root


@pytest.fixture(scope="package")
def running_site(static_root: Path, django_db_setup: None) -> Iterator[str]:
    """The address of the site, served by threads of this process from the tests' database."""
    with (
        _SiteThread() as address,
        override_settings(
            ALLOWED_HOSTS=["127.0.0.1"],
            PUBLIC_BASE_URL=address,
            PETITIONS_PUBLIC_BASE_URL=address,
            CONTACT_FORM=True,
        ),
    ):
        yield address


@pytest.fixture(scope="package")
def running_browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with chromium.browser() as browser:
        yield browser


@pytest.fixture
def petition(transactional_db: None) -> Petition:
    return make.open_petition()


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    return build_stage()


@pytest.fixture
def site(running_site: str, transactional_db: None) -> str:
    return running_site


@pytest.fixture
def visit(site: str, running_browser: Browser) -> Iterator[Visit]:
    """Makes a visitor: `visit("km", javascript=False, width=360, scheme="dark")`.

    A page that asks another host for anything, or whose script fails, fails the test.
    """
    contexts, complaints = [], []

    def note(request: Request) -> None:
        if not re.match(rf"{re.escape(site)}/|data:|blob:", request.url):
            complaints.append(f"asked {request.url}")

    def arrive(
        language: str, *, javascript: bool = True, width: int = 360, scheme: str = "light"
    ) -> Visitor:
        context = running_browser.new_context(
            java_script_enabled=javascript,
            viewport={"width": width, "height": 740},
            color_scheme=scheme,
            locale={"en": "en-CA", "fr": "fr-CA", "km": "km"}[language],
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("request", note)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        return Visitor(context.new_page(), site, language)

    yield arrive
    for context in contexts:
        context.close()
    assert complaints == []
