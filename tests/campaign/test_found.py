"""What search engines are told: every public page, and nothing else."""

import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from pytest_django import Settings

from campaign.newsroom.models import Page, PostCorrection
from tests.factories import news
from tests.factories import petitions as make
from tests.routes import removed_petition

pytestmark = pytest.mark.django_db
_LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
_LASTMOD = _LOC.replace("loc", "lastmod")
_LINK = "{http://www.w3.org/1999/xhtml}link"


def _entries() -> dict[str, set[str]]:
    """Every address of the sitemap, and the addresses of the same page in the other languages."""
    root = ET.fromstring(Client().get("/sitemap.xml").content)
    return {
        entry.findtext(_LOC, ""): {link.attrib["href"] for link in entry.findall(_LINK)}
        for entry in root
    }


def test_every_public_page_stands_there_in_three_languages(settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = "https://petition.example.org"
    petition, draft, removed = make.open_petition(), make.draft_petition(), removed_petition()
    Page.objects.create(slug="about", title_en="About", body_en="Text")
    post, hidden = news.post(), news.post(days_ago=-1)
    event = news.happening(starts_at=timezone.now())
    unwritten = news.happening(starts_at=timezone.now(), title_km="")
    found = _entries()
    base = "https://petition.example.org"
    for path in (
        *("", f"petitions/{petition.slug}/", "about/", "resolutions/", f"news/{post.slug}/"),
        *("events/", f"events/{event.slug}/"),
    ):
        each = {f"{base}/{code}/{path}" for code in ("en", "fr", "km")}
        assert each <= found.keys()
        assert all(found[address] == each for address in each)
    assert not [
        address
        for address in found
        for row in (draft, removed, hidden, unwritten)
        if row.slug in address
    ]


def test_news_say_when_they_changed_last() -> None:
    post = news.post(days_ago=9)
    PostCorrection.objects.create(post=post, noted_on=date(2999, 1, 2), text_en="Note")
    root = ET.fromstring(Client().get("/sitemap.xml").content)
    days = {
        entry.findtext(_LASTMOD)
        for entry in root
        if entry.findtext(_LOC, "").endswith(f"/news/{post.slug}/")
    }
    assert days == {"2999-01-02"}


def test_every_address_of_it_answers() -> None:
    make.open_petition()
    Page.objects.create(slug="about", title_en="About", body_en="Text")
    paths = [re.sub(r"https?://[^/]+", "", address) for address in _entries()]
    assert len(paths) > 20
    assert {path: Client().get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_what_is_inside_is_not_looked_for() -> None:
    text = Client().get("/robots.txt").content.decode()
    closed = re.findall(r"^Disallow: (\S+)$", text, re.MULTILINE)
    for path in ("/accounts/login/", reverse("desk:overview"), "/admin/", "/petitioner/"):
        assert [part for part in closed if path.startswith(part)], path
    assert "/sitemap.xml" in text
    assert get_resolver().resolve("/sitemap.xml")
