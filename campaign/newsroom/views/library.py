"""What others decided: the list with its filters, and one decision."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaign.newsroom import library
from campaign.newsroom.models import Resolution
from petitions import fallbacks


@require_safe
def resolution_list(request: HttpRequest) -> HttpResponse:
    """The newest first, by body, year and language of the official text."""
    form = library.FilterForm(request.GET.dict(), Resolution.objects.prefetch_related("documents"))
    context = {
        "form": form,
        "rows": [library.entry(row) for row in form.found()],
        "has_any": form.has_any,
        "is_narrowed": form.is_narrowed,
    }
    return render(request, "newsroom/resolutions.html", context)


@require_safe
def resolution(request: HttpRequest, slug: str) -> HttpResponse:
    """One of them: the official text first, then our summary, counted as the official text is."""
    rows = Resolution.objects.prefetch_related("points", "documents")
    found: Resolution = get_object_or_404(rows, slug=slug)
    points = list(found.points.all())
    borrowed = [fallbacks.lang(found, name) for name in ("title", "summary", "relation")]
    borrowed += [fallbacks.lang(point, "text") for point in points]
    context = {
        **library.entry(found),
        "points": points,
        "other_languages": library.not_in_this_language(found),
        "borrowed": any(borrowed),
        "structured": library.things(found),
    }
    return render(request, "newsroom/resolution.html", context)
