"""Prose pages, questions and answers, the guide."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from campaign.newsroom import guide_pictures
from campaign.newsroom.models import Guide, Page, Question
from campaign.newsroom.prose import plain, to_html
from petitions import fallbacks, presentation, share_kit, structured


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Page, slug=slug)
    return render(request, "newsroom/page.html", {"page": found, "body": _html(found, "body")})


@require_safe
def faq(request: HttpRequest) -> HttpResponse:
    questions: list[dict[str, Any]] = [
        {"question": row, "answer": _html(row, "answer")} for row in Question.objects.all()
    ]
    own = [each for each in questions if not _borrows(each["question"], "question", "answer")]
    context = {
        "questions": questions,
        "borrowed": len(own) < len(questions),
        "structured": [
            structured.questions((each["question"].question, plain(each["answer"])) for each in own)
        ]
        if own
        else [],
    }
    return render(request, "newsroom/faq.html", context)


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    guides = [_guide(row) for row in Guide.objects.prefetch_related("steps")]
    borrowed = any(
        _borrows(entry["guide"], "title", "intro", "note")
        or any(_borrows(step["step"], "title", "text") for step in entry["steps"])
        for entry in guides
    )
    context = {
        "guides": guides,
        "borrowed": borrowed,
        "structured": [_how_to(entry) for entry in guides],
        "share": presentation.share_page(
            reverse("how-to-sign"), gettext("How to sign in five steps")
        ),
        "texts": [_as_text(entry) for entry in guides],
        "pictured": next((each for each in guides if each["is_pictured"]), None),
    }
    return render(request, "newsroom/guide.html", context)


def _guide(row: Guide) -> dict[str, Any]:
    return {
        "guide": row,
        "is_pictured": guide_pictures.has_pictures(row),
        "in_short": _in_short(row),
        "intro": _html(row, "intro"),
        "note": _html(row, "note"),
        "steps": [
            {"step": step, "text": _html(step, "text"), "picture": picture}
            for step, picture in zip(row.steps.all(), guide_pictures.of_guide(row), strict=True)
        ],
    }


def _how_to(entry: dict[str, Any]) -> structured.Thing:
    steps = [
        {"name": part["step"].title, "text": plain(part["text"])}
        | ({"image": presentation.absolute(part["picture"].url)} if part["picture"] else {})
        for part in entry["steps"]
    ]
    return structured.how_to(entry["guide"].title, steps)


def _in_short(row: Guide) -> str:
    """In one line what the picture with all steps shows."""
    titles = [f"{place}. {step.title}" for place, step in enumerate(row.steps.all(), start=1)]
    return " · ".join([row.title, *titles])


def _as_text(entry: dict[str, Any]) -> dict[str, Any]:
    """The whole guide to paste wherever people ask how, with the way to its page."""
    guide = entry["guide"]
    steps = [
        f"{place}. {part['step'].title}\n{plain(part['text'])}"
        for place, part in enumerate(entry["steps"], start=1)
    ]
    address = presentation.absolute(f"{reverse('how-to-sign')}#{guide.slug}")
    parts = [guide.title, plain(entry["intro"]), *steps, plain(entry["note"]), address]
    text = "\n\n".join(part for part in parts if part)
    return share_kit.ready(guide.slug, guide.title, text) | {"lang": fallbacks.lang(guide, "title")}


def _html(row: Model, field: str) -> SafeString:
    """The field's Markdown as HTML, with names in the language that the text really speaks."""
    return to_html(getattr(row, field), fallbacks.spoken(row, field))


def _borrows(row: Any, *fields: str) -> bool:
    """Whether a field is shown in another language than the page's."""
    return any(fallbacks.lang(row, field) for field in fields)
