"""The count of pages shown and forms opened, as browsers with JavaScript tell it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from petitions import clock
from petitions.domain.visits import Batch, Event
from petitions.networks import over_limit
from petitions.states import VisitStep
from petitions.views.access import own_form, petition_page, public_petition

_TOLD = {VisitStep.VISITED, VisitStep.STARTED}
_batch = Batch()


@own_form
@require_POST
@petition_page
def seen(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes note of a step and a language, and answers nothing."""
    step, language = request.GET.get("step", ""), request.GET.get("lang", "")
    if step not in _TOLD or language not in dict(settings.LANGUAGES):
        return HttpResponse(status=400)
    wait = over_limit(request, "seen")
    if wait is not None:
        return HttpResponse(status=429, headers={"Retry-After": str(wait)})
    petition = public_petition(slug)
    _batch.note(Event(petition.pk, clock.day_of(clock.display_now()), step, language))
    return HttpResponse(status=204)
