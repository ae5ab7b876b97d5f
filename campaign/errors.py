"""The error pages: three languages on each, no database, no static file."""

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


@lru_cache
def _style_hash() -> str:
    """The CSP hash of the inline style that all error pages carry."""
    style = render_to_string("errors/style.css")
    return f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"


def error_page(status: int, *, retry_after: int | None = None) -> HttpResponse:
    """`templates/errors/<status>.html` with that status."""
    response = HttpResponse(render_to_string(f"errors/{status}.html"), status=status)
    response._csp_update = {"style-src": [_style_hash()]}  # type: ignore[attr-defined]  # noqa: SLF001 - django-csp's way
    response["Cache-Control"] = "no-store"
    # The address that went wrong may be a mailed link.
    response["Referrer-Policy"] = "no-referrer"
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(404)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(500)
