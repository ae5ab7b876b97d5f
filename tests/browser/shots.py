"""Screenshots of the pages, of a demonstration started for them: `make shots`.

python -m tests.browser.shots            shots/<language>/<page>-<width>-<scheme>.png
python -m tests.browser.shots --readme   docs/screenshot.png
python -m tests.browser.shots --guide    pictures of the guide's steps, among the static files
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.chromium import browser

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "shots"
GUIDE = ROOT / "campaign" / "static" / "campaign" / "guide"
LANGUAGES = ("km", "en", "fr")
WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")
PETITION = "petitions/cambodia-follow-up"
#: Seconds until a demonstration must answer, a mail must arrive, the site must have stopped.
PATIENCE = 60
#: Pages that are only an address under the language prefix.
PLAIN_PAGES = {
    "home": "",
    "list": "petitions/",
    "petition": f"{PETITION}/",
    "record": "petitions/e-1746/",
    "sign": f"{PETITION}/sign/",
    "my-signature": "my-signature/",
    "how-to-sign": "how-to-sign/",
    "faq": "faq/",
    "news": "news/",
    "article": "news/from-riding-meeting-to-response/",
    "resolutions": "resolutions/",
    "resolution": "resolutions/ipu-khm-coll-03/",
    "privacy": "privacy/",
    "contact": "contact/",
    "404": "no-such-page/",
}
#: Pages of the desk, as its administrator sees them.
DESK_PAGES = {
    "desk-overview": "",
    "desk-petitions": "petitions/",
    "desk-petition": "petitions/cambodia-follow-up/",
    "desk-new-petition": "petitions/new/",
    "desk-text": "petitions/cambodia-follow-up/text/",
    "desk-translation": "petitions/cambodia-follow-up/translation/",
    "desk-texts": "texts/",
    "desk-news": "news/",
    "desk-new-post": "news/new/",
    "desk-resolutions": "resolutions/",
    "desk-withdraw": "petitions/cambodia-follow-up/move/withdrawn/",
    "desk-vault": "petitions/cambodia-follow-up/vault/",
    "desk-signers": "petitions/cambodia-follow-up/signers/",
    "desk-export": "petitions/cambodia-follow-up/export/",
    "desk-members": "parliament/?q=V3B",
    "desk-member": "parliament/59293/",
    "desk-brief": "parliament/59293/brief/",
    "desk-pack": "parliament/packs/cambodia-follow-up/",
    "desk-meeting": "parliament/59293/meetings/new/",
    "desk-team": "team/",
}


# --- the demonstration -----------------------------------------------------------------------


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def demonstration() -> Iterator[tuple[str, Path]]:
    """The address and the folder of a site with the demonstration, on a port of its own."""
    port = _free_port()
    var_dir = tempfile.mkdtemp(prefix="petition-shots-")
    away = dict.fromkeys(("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "ALLOWED_HOSTS"), "")
    own = {
        "DEMO": "1",
        "DEBUG": "0",
        "BIND": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "VAR_DIR": var_dir,
    }
    command = [sys.executable, "manage.py", "start"]
    site = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **away, **own}, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(site, f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}", Path(var_dir)
    finally:
        site.terminate()
        try:
            site.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            site.kill()
            raise
        shutil.rmtree(var_dir)


def _wait_for(site: subprocess.Popen[bytes], address: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if site.poll() is not None:
            raise RuntimeError("The demonstration did not start.")
        with suppress(URLError), urlopen(address) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError(f"The demonstration does not answer at {address}.")


# --- the walk --------------------------------------------------------------------------------


class Walk:
    """One person in one language at one width, who takes a picture of every page on the way."""

    def __init__(self, page: Page, base: str, language: str, width: int) -> None:
        self.page = page
        self.base = base
        self.language = language
        self.width = width
        self.name = "សុខ ដារ៉ា" if language == "km" else "Sok Dara"
        self.address = f"dara-{language}-{width}@example.org"

    def take(self, name: str) -> None:
        for scheme in SCHEMES:
            self.page.emulate_media(color_scheme=scheme)
            path = SHOTS / self.language / f"{name}-{self.width}-{scheme}.png"
            self.page.screenshot(path=path, full_page=True)

    def opens(self, path: str) -> None:
        self.page.goto(f"{self.base}/{self.language}/{path}")

    def walks(self) -> None:
        for name, path in PLAIN_PAGES.items():
            self.opens(path)
            self.take(name)
        self.page.goto(self.base)
        self.take("choose-language")
        self._fails()
        self._signs()
        self._comes_back()

    def _fails(self) -> None:
        self.opens(f"{PETITION}/sign/")
        self.page.locator("form button.wide").click()
        self.page.locator(".summary-of-errors").wait_for()
        self.take("sign-errors")
        self.page.locator("[name=eligibility][value=neither]").check()
        self.page.locator("form button.wide").click()
        self.page.locator(".summary-of-errors").wait_for(state="detached")
        self.take("not-eligible")

    def _signs(self) -> None:
        self.signs_until_confirm(photographed=True)
        self.take("confirm")
        self.page.locator("button[value=confirm]").click()
        self.page.wait_for_url("**/thanks/")
        self.take("thanks")

    def signs_until_confirm(self, *, photographed: bool = False) -> None:
        page = self.page
        self.opens(f"{PETITION}/sign/")
        page.locator("[name=eligibility][value=citizen]").check()
        page.locator("[name=name]").fill(self.name)
        page.locator("[name=email]").fill(self.address)
        page.locator("[name=residence][value=canada]").check()
        page.locator("[name=province]").select_option("QC")
        page.locator("[name=postal_code]").fill("H2X 1Y4")
        page.locator("[name=updates]").check()
        page.locator("[name=declaration]").check()
        page.locator("form button.wide").click()
        page.wait_for_url("**/check-email/**")
        if photographed:
            self.take("check-email")
        self._follows_mail("/c/")

    def _comes_back(self) -> None:
        self.opens("my-signature/")
        self.page.locator("[name=email]").fill(self.address)
        self.page.locator("main form button").click()
        self.page.locator("[name=email]").wait_for(state="detached")
        self._follows_mail("/m/")
        self.take("manage")

    def _follows_mail(self, kind: str) -> None:
        """Looks into the demonstration's mailbox until the mail with such a link has come."""
        row = self.page.locator("main li").filter(has_text=self.address).first
        link = self.page.locator(f"main a[href*='{kind}']")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.page.goto(f"{self.base}/mailbox/")
            if row.count():
                row.get_by_role("link").click()
                self.page.locator("main dl").wait_for()
            if link.count():
                self.page.goto(str(link.first.get_attribute("href")))
                return
            time.sleep(0.5)
        raise RuntimeError(f"No mail with {kind} came to {self.address}.")


def _works(walk: Walk, var_dir: Path) -> None:
    """The desk, in the language of the walk."""
    page = walk.page
    users = json.loads((var_dir / "demo.json").read_text())["users"]
    admin = next(user for user in users if user["role"] == "admin")
    page.goto(f"{walk.base}/accounts/login/?next=/desk/")
    walk.take("log-in")
    page.locator("[name=login]").fill(admin["email"])
    page.locator("[name=password]").fill(admin["password"])
    page.locator("form:has([name=password]) button").click()
    page.wait_for_url("**/desk/")
    page.locator(f"button[name=language][value={walk.language}]").click()
    page.wait_for_url("**/desk/")
    for name, path in DESK_PAGES.items():
        page.goto(f"{walk.base}/desk/{path}")
        walk.take(name)


def take_all(running: Browser, base: str, var_dir: Path) -> None:
    shutil.rmtree(SHOTS, ignore_errors=True)
    for language in LANGUAGES:
        for width in WIDTHS:
            context = running.new_context(
                viewport={"width": width, "height": 800},
                # None of ours, so that the address without a language offers the choice.
                locale="vi",
                reduced_motion="reduce",
            )
            walk = Walk(context.new_page(), base, language, width)
            walk.walks()
            _works(walk, var_dir)
            context.close()
            print(f"{language} {width}", flush=True)


# --- the picture of the README ---------------------------------------------------------------

_README_PAGE = """
<!doctype html>
<style>
  body {{ display: flex; align-items: flex-start; gap: 24px; margin: 0; padding: 24px;
          background: #e9e5da; }}
  img {{ display: block; border: 1px solid #d9d4c8; }}
</style>
<img src="{phone}" width="270"><img src="{desk}" width="760">
"""
_README_SIZE = {"width": 1104, "height": 620}
_MOST_BYTES = 300 * 1024


def _picture(running: Browser, address: str, width: int, height: int) -> str:
    context = running.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(address)
    picture = b64encode(page.screenshot()).decode()
    context.close()
    return f"data:image/png;base64,{picture}"


def take_readme(running: Browser, base: str) -> None:
    """The petition in Khmer on a phone beside the same page in English at a desk."""
    phone = _picture(running, f"{base}/km/{PETITION}/", 360, 760)
    desk = _picture(running, f"{base}/en/{PETITION}/", 1280, 960)
    context = running.new_context(viewport=_README_SIZE)
    page = context.new_page()
    page.set_content(_README_PAGE.format(phone=phone, desk=desk))
    picture = page.screenshot(path=ROOT / "docs" / "screenshot.png")
    context.close()
    if len(picture) > _MOST_BYTES:
        sys.exit(f"docs/screenshot.png is too heavy: {len(picture)} bytes.")


# --- the pictures of the guide ---------------------------------------------------------------

#: As `campaign/newsroom/guide_pictures.py` shows them.
STEP_WIDTH, STEP_HEIGHT = 320, 340
#: Bytes of each: five of them and the page are light on a phone (ux.md §5).
_MOST_OF_A_STEP = 24 * 1024


class Steps:
    """The five steps of signing, photographed for the guide; its person is nobody."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.page = walk.page
        self.number = 0

    def take(self, element: str, *, ends: bool = False) -> None:
        """A picture that begins, or ends, with an element; nothing floats over it."""
        self.page.evaluate(
            "document.querySelectorAll('.demo-ribbon, .sticky-sign').forEach((it) => it.remove());"
            "scrollTo(0, 0)"
        )
        box = self.page.locator(element).first.bounding_box()
        if box is None:
            raise RuntimeError(f"There is no {element} to show.")
        top = box["y"] + box["height"] + 12 - STEP_HEIGHT if ends else box["y"] - 12
        clip = {"x": 0, "y": max(0, top), "width": STEP_WIDTH, "height": STEP_HEIGHT}
        shot = self.page.screenshot(full_page=True, clip=clip)
        self.number += 1
        path = GUIDE / f"{self.walk.language}-{self.number}.webp"
        path.parent.mkdir(exist_ok=True)
        with Image.open(BytesIO(shot)) as picture:
            picture.convert("RGB").save(path, "WEBP", quality=50, method=6)
        if path.stat().st_size > _MOST_OF_A_STEP:
            sys.exit(f"{path} is too heavy: {path.stat().st_size} bytes.")

    def takes_all(self) -> None:
        self.walk.opens(f"{PETITION}/")
        self.take("main h1")
        self.take("header.site")
        self.take(".counter", ends=True)
        self.walk.opens(f"{PETITION}/sign/")
        self.page.locator("[name=name]").fill(self.walk.name)
        self.page.locator("[name=email]").fill("dara@example.org")
        self.page.locator("[name=email]").blur()
        self.take(".field:has([name=name])")
        self.walk.signs_until_confirm()
        self.take("main h1")


def take_guide(running: Browser, base: str) -> None:
    for language in LANGUAGES:
        context = running.new_context(
            viewport={"width": STEP_WIDTH, "height": 800},
            device_scale_factor=2,
            reduced_motion="reduce",
        )
        Steps(Walk(context.new_page(), base, language, STEP_WIDTH)).takes_all()
        context.close()


def main() -> None:
    with demonstration() as (base, var_dir), browser() as running:
        if "--readme" in sys.argv[1:]:
            take_readme(running, base)
        elif "--guide" in sys.argv[1:]:
            take_guide(running, base)
        else:
            take_all(running, base, var_dir)
            take_guide(running, base)


if __name__ == "__main__":
    main()
