"""The whole public site, followed link by link with the demonstration's texts in it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

import html5lib
import nacl.pwhash
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import transaction
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from campaign.bundles import BUNDLES
from campaign.demo import loading
from petitions.domain import vault
from petitions.formats import HTML_LANGUAGES
from tests.pages import Element, read

pytestmark = pytest.mark.django_db
#: Where the public site ends. What stands in a mail has no link that leads to it.
_INSIDE = re.compile(r"/(?:accounts|admin|desk|mailbox|petitioner)/")
#: What a page loads or leads to, by element.
_LINKS = {"a": "href", "link": "href", "img": "src", "script": "src", "iframe": "src"}
_KHMER = re.compile(r"[\u1780-\u17ff]+")
#: A word in Latin letters; codes such as e-1746 or K1A 0A6 are none.
_LATIN = re.compile(r"\b[A-Za-zÀ-ÿ]{3,}(?:['’-][A-Za-zÀ-ÿ]+)*\b")
#: On Khmer pages beside the words of `_NAMED`: what has no Khmer, or is read on other screens.
_NO_KHMER = {
    *("Facebook", "WhatsApp", "Telegram", "Messenger", "Gmail", "Outlook", "Yahoo", "iCloud"),
    *("SMS", "PDF", "JSON", "Atom", "ETag", "HTML", "WCAG", "Spam", "Junk", "Indésirables"),
    *("English", "Français", "Sign", "Signer"),
    # People.
    *("Chrystia", "Freeland", "Ron", "McKinnon", "Sophan", "Seng", "James", "Ricketson"),
    *("Jessa", "Khan"),
    # Places, a number of the IPU's files, a size of paper.
    *("Montréal", "Ottawa", "Coquitlam", "Port", "KHM-Coll", "Letter"),
}
#: Addresses, and what stands in brackets after its Khmer: the word that will be met elsewhere.
_NAMED = re.compile(
    r"https?://\S+|\S+@\S+|\b[\w-]+\.(?:org|ca)\b|\([^()\u1780-\u17ff]*\)|\{\w+\}|\S+: \*"
)


@dataclass(frozen=True)
class Found:
    """One answered page."""

    address: str
    html: str
    root: Element

    @property
    def links(self) -> Iterator[tuple[str, str]]:
        """Each address of our own that the page names, with its element."""
        for element in self.root.walk():
            target = element.attributes.get(_LINKS.get(element.tag, ""), "")
            address = urlsplit(urljoin(f"http://testserver{self.address}", target))
            if target and address.netloc == "testserver":
                yield element.tag, address.path

    @property
    def texts(self) -> Iterator[tuple[str, str]]:
        """Each text that is read, with the language that it says it is in."""
        yield from _texts(self.root, "")


def _texts(element: Element, language: str) -> Iterator[tuple[str, str]]:
    if element.tag in {"script", "style"} or element.attributes.get("translate") == "no":
        return
    language = element.attributes.get("lang", language)
    for name in ("alt", "title", "aria-label", "content"):
        if element.tag != "meta" or element.attributes.get("name") == "description":
            yield language, element.attributes.get(name, "")
    for child in element.children:
        if isinstance(child, str):
            yield language, child
        else:
            yield from _texts(child, language)


@pytest.fixture(scope="module")
def demonstration(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Loaded once for all languages, and gone afterwards."""
    folder = tmp_path_factory.mktemp("var")
    with (
        django_db_blocker.unblock(),
        override_settings(VAR_DIR=folder, DEMO=True),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setattr(vault, "OPERATIONS", nacl.pwhash.argon2id.OPSLIMIT_MIN)
        patch.setattr(vault, "MEMORY", nacl.pwhash.argon2id.MEMLIMIT_MIN)
        loading.load()
        yield
        transaction.set_rollback(True)


def _sitemap() -> list[str]:
    root = ET.fromstring(Client().get("/sitemap.xml").content)
    location = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
    return [urlsplit(entry.findtext(location, "")).path for entry in root]


def _crawl(language: str) -> tuple[list[Found], list[str]]:
    """Every page of a language that can be reached, and every address that leads nowhere."""
    client, broken = Client(), []
    prefix = f"/{language}/"
    waiting = [path for path in _sitemap() if path.startswith(prefix)]
    pages: dict[str, Found] = {}
    tried = set(waiting)
    while waiting:
        path = waiting.pop()
        if path.startswith(settings.STATIC_URL):
            name = path.removeprefix(settings.STATIC_URL)
            answers = name in BUNDLES or finders.find(name) is not None
        else:
            response = client.get(path)
            answers = response.status_code in {200, 302}
            if path.startswith(prefix) and response["Content-Type"].startswith("text/html"):
                pages[path] = page = Found(path, response.content.decode(), read(response))
                new = {address for _tag, address in page.links} - tried
                new = {each for each in new if not _INSIDE.match(each)}
                tried |= new
                waiting += new
        if not answers:
            broken.append(path)
    return list(pages.values()), broken


def _faults(page: Found, language: str) -> Iterator[str]:
    parser = html5lib.HTMLParser()
    parser.parse(page.html)
    yield from (f"HTML, line {place[0]}: {fault}" for place, fault, _more in parser.errors)
    ids = Counter(each.attributes["id"] for each in page.root.walk() if "id" in each.attributes)
    yield from (f"id twice: {name}" for name, number in ids.items() if number > 1)
    yield from _heading_faults(page.root)
    if page.root.one("html").attributes["lang"] != HTML_LANGUAGES[language]:
        yield "another language"
    yield from _language_faults(page)
    yield from _sibling_faults(page)


def _heading_faults(root: Element) -> Iterator[str]:
    levels = [int(each.tag[1]) for each in root.walk() if re.fullmatch("h[1-6]", each.tag)]
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"headings: {levels}"
    yield from (
        f"heading {level} after {before}"
        for before, level in pairwise(levels)
        if level > before + 1
    )


def _language_faults(page: Found) -> Iterator[str]:
    for language, text in page.texts:
        if language == "km":
            words = set(_LATIN.findall(_NAMED.sub(" ", text))) - _NO_KHMER
            yield from (f"Latin in Khmer: {word} in {text.strip()[:60]}" for word in words)
        else:
            # Its own name stands also in text to copy, which has no room for a `lang`.
            words = set(_KHMER.findall(text)) - {"ខ្មែរ"}
            yield from (f"Khmer in {language}: {word}" for word in words)


def _sibling_faults(page: Found) -> Iterator[str]:
    """Each page names itself and the same page in the other languages, or asks not to be found."""
    named = {
        link.attributes["hreflang"]: urlsplit(link.attributes["href"]).path
        for link in page.root.all("link", rel="alternate")
        if "hreflang" in link.attributes
    }
    rest = page.address.split("/", 2)[2]
    siblings = {html: f"/{code}/{rest}" for code, html in HTML_LANGUAGES.items()}
    is_hidden = bool(page.root.all("meta", name="robots", content="noindex"))
    if named != siblings and not (is_hidden and not named):
        yield f"siblings: {named}"


@pytest.mark.parametrize("language", HTML_LANGUAGES)
def test_every_page_of_the_site_is_whole(demonstration: None, language: str) -> None:
    pages, broken = _crawl(language)
    assert len(pages) >= 20
    assert broken == []
    faults = {page.address: sorted(set(_faults(page, language))) for page in pages}
    assert {address: found for address, found in faults.items() if found} == {}
    # A picture in the page may have a title of its own.
    titles = Counter(page.root.all("title")[0].text for page in pages)
    assert [title for title, number in titles.items() if number > 1] == []
