"""What views begin with: finding the petition, refusing other sites' posts, headers, limits."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from petitions import presentation
from petitions.domain import examining
from petitions.formats import HTML_LANGUAGES
from petitions.models import Petition, PetitionEvent
from petitions.models.petition import PetitionQuerySet
from petitions.states import PUBLIC, PetitionState
from petitions.views.kept import keep

View = Callable[..., HttpResponse]


#: Ended before its time. Told to everybody, but only of a petition that everybody had seen.
_REMOVED = {PetitionState.WITHDRAWN, PetitionState.REJECTED}


class RemovedError(Exception):
    """A petition that was public has been withdrawn, or one has been rejected."""

    def __init__(self, petition: Petition, event: PetitionEvent) -> None:
        super().__init__(petition.slug)
        self.petition = petition
        self.event = event


def public_petition(slug: str) -> Petition:
    """The petition that anybody may see, with its vault; 404 or `RemovedError` otherwise."""
    return keep(("public", slug), lambda: _find_public(slug))


def _find_public(slug: str) -> Petition:
    petition = (
        Petition.objects.select_related("vault", "tally", "follows", "outcome")
        .prefetch_related("milestones")
        .filter(slug=slug)
        .first()
    )
    if petition is None:
        raise Http404
    if petition.state in _REMOVED and _is_known(petition):
        raise RemovedError(petition, petition.events.filter(to_state__in=_REMOVED).latest())
    if not petition.is_public:
        raise Http404
    return petition


def _is_known(petition: Petition) -> bool:
    """Whether everybody had seen it, or it was refused with a reason for everybody."""
    was_public = petition.events.filter(from_state__in=PUBLIC)
    return was_public.exists() or examining.rejection(petition) is not None


def chosen(petitions: list[Petition], slug: str) -> Petition | None:
    """The petition asked for, or the first one (None of none) when none is; 404 otherwise."""
    if not slug:
        return next(iter(petitions), None)
    for petition in petitions:
        if petition.slug == slug:
            return petition
    raise Http404


def with_figures(petitions: PetitionQuerySet) -> PetitionQuerySet:
    """Petitions with what their counters need, in as many queries as for one."""
    return petitions.select_related("tally", "outcome").prefetch_related("milestones")


def leading_petitions() -> list[Petition]:
    """Public petitions with their figures, those first that take signatures."""
    petitions = list(with_figures(Petition.objects.public()))
    return sorted(petitions, key=presentation.is_taking_signatures, reverse=True)


def petition_page(view: View) -> View:
    """For pages about one petition: once removed, each answers 410 and says since when."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RemovedError as removed:
            context = {
                "petition": removed.petition,
                "state_label": PetitionState(removed.petition.state).label,
                "removed_on": removed.event.happened_at,
                "note": examining.rejection(removed.petition),
            }
            return render(request, "petitions/removed.html", context, status=410)

    return checked


def accepted_language(request: HttpRequest) -> str:
    """The first of our languages that the browser asks for; "" when it asks for none."""
    for asked, quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        language = asked.partition("-")[0]
        if quality and language in HTML_LANGUAGES:
            return language
    return ""


def from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that another site sent this post.

    No cookie is involved (in-app browsers lose them). Absent and `null` origins are let through:
    old phones send none, and pages with `no-referrer` send `null`.
    """
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return True
    origin = request.headers.get("Origin", "null")
    if origin == "null":
        return False
    try:
        return urlsplit(origin).netloc != request.get_host()
    except ValueError:  # not an address at all: no browser wrote it
        return True


def own_form(view: View) -> View:
    """For pages with public forms: no CSRF cookie, but no posts of other sites; never stored."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and from_elsewhere(request):
            raise PermissionDenied
        return _unstored(view(request, *args, **kwargs))

    return csrf_exempt(checked)


def mailed_link(view: View) -> View:
    """For pages that a mailed token opens: the token is the capability, the address a secret.

    `no-referrer` keeps it from leaking, and makes browsers post `Origin: null`: so neither the
    origin nor a cookie is asked for.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = _unstored(view(request, *args, **kwargs))
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return csrf_exempt(checked)


def personal_page(view: View) -> View:
    """For pages that follow somebody's own act: never stored, whatever they answer."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _unstored(view(request, *args, **kwargs))

    return checked


def _unstored(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
