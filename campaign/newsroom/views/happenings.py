"""Events: the list, one of them, and its file for people's own calendars."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from campaign.newsroom import happenings
from campaign.newsroom.models import Happening
from campaign.newsroom.prose import to_html
from campaign.newsroom.views.beside import beside
from petitions import structured

_ROWS_A_PAGE = 10


@require_safe
def happening_list(request: HttpRequest) -> HttpResponse:
    """What is to come, then what is over."""
    found = Happening.objects.public().with_end().in_order()
    page = Paginator(found, _ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "to_come": [each for each in page if not each.is_over],
        "past": [each for each in page if each.is_over],
    }
    return render(request, "newsroom/events.html", context)


@require_safe
def happening_page(request: HttpRequest, slug: str) -> HttpResponse:
    happening = _find(slug)
    context = {
        "happening": happening,
        "description": happenings.description(happening),
        "body": to_html(happening.body),
        "structured": [happenings.event(happening), _breadcrumbs(happening)],
        **beside(happening.get_absolute_url(), happening.title),
    }
    return render(request, "newsroom/event.html", context)


@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    happening = _find(slug)
    return HttpResponse(
        happenings.event_file(happening),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{happening.slug}.ics"'},
    )


def _find(slug: str) -> Happening:
    """One that everybody may read; it has `is_over`."""
    found: Happening = get_object_or_404(Happening.objects.public().with_end(), slug=slug)
    return found


def _breadcrumbs(happening: Happening) -> structured.Thing:
    steps = [
        (str(settings.PETITIONS_SITE_NAME), reverse("home")),
        (gettext("Events"), reverse("events")),
        (happening.title, happening.get_absolute_url()),
    ]
    return structured.breadcrumbs(steps)
