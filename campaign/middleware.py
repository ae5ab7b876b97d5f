"""Headers of every page, and the answers to half a form and when the database is away."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from campaign.errors import error_page

logger = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]


class PageHeadersMiddleware:
    """What no page needs is switched off for all; a page without own rule is asked for anew."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-cache")
        response.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()"
        )
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class DatabaseAwayMiddleware:
    """503 in three languages while the database is away, and the browser told when to return."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        logger.error("the database is away: %s", type(error).__name__)
        response = error_page(503, retry_after=30)
        # The address may be that of a mailed link.
        response["Referrer-Policy"] = "no-referrer"
        return response


class WholeFormMiddleware:
    """Half a form is refused: the end of a connection must not be taken for the end of the form."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Files are not read into memory here; their own format says where they end.
        if request.content_type == "application/x-www-form-urlencoded" and _is_cut(request):
            return error_page(400)
        return self.get_response(request)


def _is_cut(request: HttpRequest) -> bool:
    try:
        return len(request.body) < int(request.META.get("CONTENT_LENGTH") or 0)
    except UnreadablePostError:
        return True
