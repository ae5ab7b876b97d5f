"""What pages say of news and of events to come, in the active language."""

from datetime import datetime, time
from typing import Any

from django.conf import settings
from modeltranslation.utils import resolution_order

from campaign.newsroom.domain import searching
from campaign.newsroom.domain.searching import Piece
from campaign.newsroom.models import Post
from petitions import clock, formats
from petitions.formats import HTML_LANGUAGES

#: What a post is read by: written in a language means all three.
TEXTS = ("title", "summary", "body")


def updated_at(post: Post) -> datetime:
    """When it was published, or the day on which it was corrected last."""
    days = [note.noted_on for note in post.corrections.all()]
    corrected = [datetime.combine(day, time(), clock.TORONTO) for day in days]
    return max(filter(None, [post.published_at, *corrected]))


def row(post: Post, words: list[str] | None = None) -> dict[str, Any]:
    """A post in a list, as `components/post_row.html` shows it."""
    pieces, language = _found(post, words or [])
    return {
        "post": post,
        "languages": _languages(post),
        "pieces": pieces,
        "pieces_lang": "" if language == formats.current() else HTML_LANGUAGES[language],
    }


def _languages(post: Post) -> list[dict[str, str]]:
    """The languages that it is written in; none where it is in all."""
    names = [
        {"name": name, "html_lang": HTML_LANGUAGES[code]}
        for code, name in settings.LANGUAGES
        if all(getattr(post, f"{field}_{code}") for field in TEXTS)
    ]
    return [] if len(names) == len(settings.LANGUAGES) else names


def _found(post: Post, words: list[str]) -> tuple[list[Piece], str]:
    """Where a word stands in the post, and in which language: the page's own before others."""
    for language in resolution_order(formats.current()) if words else ():
        for text in searching.texts_of(post, language)[1:]:  # the title is shown anyway
            pieces = searching.excerpt(text, words)
            if pieces:
                return pieces, language
    return [], formats.current()
