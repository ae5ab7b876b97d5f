"""Decisions of others and copies of their official texts, for tests."""

from datetime import date
from itertools import count
from typing import Any

from campaign.newsroom.domain import documents
from campaign.newsroom.domain.documents import Copy
from campaign.newsroom.models import Document, Resolution
from tests.factories import people
from tests.factories.news import in_three

_number = count(1)
_TEXTS = ("organization", "kind", "place", "title", "summary", "relation")
ADOPTED_ON = date(2018, 10, 18)
SOURCE = "https://parliament.example.org/decision.pdf"


def pdf(text: str = "", *, size: int = 0) -> bytes:
    """A PDF of one empty page; a text makes another file of it, a size one of so many bytes."""
    head = f"%PDF-1.4\n%{text}\n".encode()
    objects = (
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>endobj\n"
    )
    tail = b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    padding = max(0, size - len(head) - len(objects) - len(tail))
    return head + objects + b"%" * (padding - 1) + b"\n" * min(padding, 1) + tail


def resolution(**fields: Any) -> Resolution:
    """A decision in three languages, without points."""
    number = next(_number)
    defaults: dict[str, Any] = {
        "slug": f"decision-{number}",
        "reference": f"CL/{number}",
        "adopted_on": ADOPTED_ON,
        **in_three(*_TEXTS),
    }
    return Resolution.objects.create(**{**defaults, **fields})


def copy(language: str = "en", **fields: Any) -> Copy:
    defaults = {"content": pdf(), "source_url": SOURCE, "retrieved_on": date(2018, 11, 2)}
    return Copy(language=language, **{**defaults, **fields})


def document(of: Resolution | None = None, language: str = "en", **fields: Any) -> Document:
    """A copy that is kept, by the real way in."""
    kept = documents.keep(of or resolution(), copy(language, **fields), by=people.person())
    return Document.objects.get(pk=kept.pk)
