"""Prose pages, questions and answers, the guide, contact."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaign.newsroom.models import Guide, Page, Question
from campaign.newsroom.prose import to_html


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Page, slug=slug)
    return render(request, "newsroom/page.html", {"page": found, "body": to_html(found.body)})


@require_safe
def faq(request: HttpRequest) -> HttpResponse:
    questions = [
        {"slug": row.slug, "question": row.question, "answer_html": to_html(row.answer)}
        for row in Question.objects.all()
    ]
    return render(request, "newsroom/faq.html", {"questions": questions})


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    guides = Guide.objects.prefetch_related("steps")
    return render(request, "newsroom/guide.html", {"guides": guides})


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "newsroom/contact.html")
