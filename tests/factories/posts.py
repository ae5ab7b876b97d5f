"""Posts and photographs for tests, one function per state that a test asks for."""

from io import BytesIO
from itertools import count
from typing import Any

from django.utils import timezone
from PIL import Image

from campaign.newsroom import texts
from campaign.newsroom.domain import photos
from campaign.newsroom.models import Photo, Post, PostSource
from campaign.newsroom.states import PostState
from petitions.domain import translating
from petitions.models import TranslationState
from petitions.states import TextStatus
from tests.factories import people

_number = count(1)


def post(**fields: Any) -> Post:
    """A draft that is complete in three languages; nobody has noted who wrote it."""
    written = {
        f"{field}_{language}": f"{field} {language}"
        for field in ("title", "summary", "body")
        for language in ("en", "fr", "km")
    }
    return Post.objects.create(**{"slug": f"written-{next(_number)}", **written, **fields})


def approved(found: Post) -> Post:
    """Every text as it stands, written and approved by people who have left."""
    subject = texts.subject_of(found)
    translating.record(subject, by=None)
    TranslationState.objects.filter(subject=subject.label, subject_id=found.pk).exclude(
        status=TextStatus.MISSING
    ).update(status=TextStatus.APPROVED)
    return found


def published(**fields: Any) -> Post:
    """What everybody reads, by hand and not through the gate."""
    return post(**{"state": PostState.PUBLISHED, "published_at": timezone.now(), **fields})


def source(of: Post, **fields: Any) -> PostSource:
    """The last source of a post."""
    number = of.sources.count() + 1
    defaults = {
        "position": number,
        "title": f"Source {number}",
        "language": "en",
        "url": f"https://example.org/{number}",
    }
    return PostSource.objects.create(post=of, **{**defaults, **fields})


def jpeg(width: int = 64, height: int = 48, *, colour: str = "navy", **saved: Any) -> bytes:
    """The file of a photograph; `saved` goes to Pillow."""
    buffer = BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, format="JPEG", **saved)
    return buffer.getvalue()


def photo(of: Post, **fields: Any) -> Photo:
    """The last photograph of a draft, made by the real upload, with its texts."""
    made = photos.add(of, jpeg(), by=people.person())
    for name in ("alt_en", "alt_fr", "alt_km"):
        setattr(made, name, f"{name} {made.pk}")
    for name, value in fields.items():
        setattr(made, name, value)
    made.save()
    return made
