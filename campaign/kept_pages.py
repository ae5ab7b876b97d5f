"""Public pages kept in memory for an instant: whole, with their tag, compressed once.

Nothing that a page of these says depends on who asks, so that a crowd costs as much as a visitor.
A petition's total is then at most `KEPT_SECONDS` older than the stored one.
"""

import gzip
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import TypeGuard

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

Handler = Callable[[HttpRequest], HttpResponseBase]
#: Host, scheme as a proxy told it, and address.
Key = tuple[str, str, str]

#: Pages under a language, feeds, data for programs, search engines and calendars, and cards on
#: other sites; with nothing asked but a share link's source, a language, a subject of the news, a
#: page of a list, or the site that a card stands on.
_KEPT = re.compile(
    r"/(?:en|fr|km)/(?:[\w/-]*(?:\?s=[\w-]{1,32})?|feed\.atom|manifest\.webmanifest)"
    r"|/(?:en|fr|km)/news/\?(?:tag=[\w-]{1,50}|page=\d{1,3})"
    r"|/(?:en|fr|km)/events/(?:\?page=\d{1,3}|[\w-]+\.ics)"
    r"|/petitions/[\w-]+/count\.json(?:\?lang=\w\w)?"
    r"|/petitions(?:/[\w-]+)?\.json|/robots\.txt|/sitemap\.xml"
    r"|/embed/[\w-]+/(?:\?lang=\w\w(?:&from=[\w.-]{1,80})?)?"
)
#: Pages kept at a time; whoever was asked for longest ago goes first.
_MOST = 500
#: Shorter bodies do not gain by it.
_WORTH_COMPRESSING = 500


@dataclass(frozen=True)
class _Page:
    """One answer as it was made, and until when it may be given again."""

    until: float
    tag: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    compressed: bytes

    def answer(self, request: HttpRequest) -> HttpResponse:
        is_compressed = bool(self.compressed) and "gzip" in request.headers.get(
            "Accept-Encoding", ""
        )
        content = self.compressed if is_compressed else self.body
        response = HttpResponse(content, headers=dict(self.headers))
        if is_compressed:
            response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(content))
        return get_conditional_response(request, self.tag, response=response) or response


class KeptPagesMiddleware:
    """Answers from memory what was answered to somebody else half a second ago.

    Stands before all others, so that a kept page costs neither session, nor database, nor
    template. Kept is only what took no notice of cookies and set none, and is not `no-store`.
    """

    def __init__(self, get_response: Handler) -> None:
        if not settings.KEPT_SECONDS:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self._pages: OrderedDict[Key, _Page] = OrderedDict()
        self._lock = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"} or not _KEPT.fullmatch(request.get_full_path()):
            return self.get_response(request)
        key = (
            request.META.get("HTTP_HOST", ""),
            request.META.get("HTTP_X_FORWARDED_PROTO", ""),
            request.get_full_path(),
        )
        page = self._pages.get(key)
        if page is None or page.until <= time.monotonic():
            until = time.monotonic() + settings.KEPT_SECONDS
            response = self._make_whole(request)
            if not _may_be_kept(response):
                return response
            page = _page(response, until)
            self._keep(key, page)
        return page.answer(request)

    def _make_whole(self, request: HttpRequest) -> HttpResponseBase:
        """The page itself, also for somebody who has it and asks whether it has changed."""
        had = request.META.pop("HTTP_IF_NONE_MATCH", None)
        response = self.get_response(request)
        if had is not None:
            request.META["HTTP_IF_NONE_MATCH"] = had
        return response

    def _keep(self, key: Key, page: _Page) -> None:
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            if len(self._pages) > _MOST:
                self._pages.popitem(last=False)


def _page(response: HttpResponse, until: float) -> _Page:
    patch_vary_headers(response, ["Accept-Encoding"])
    body = response.content
    tag = response.get("ETag") or f'W/"{sha256(body).hexdigest()[:20]}"'
    response["ETag"] = tag
    compressed = gzip.compress(body, mtime=0) if len(body) > _WORTH_COMPRESSING else b""
    return _Page(until, tag, tuple(response.items()), body, compressed)


def _may_be_kept(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    return (
        isinstance(response, HttpResponse)
        and response.status_code == 200
        and not response.cookies
        and "no-store" not in response.get("Cache-Control", "")
        and "cookie" not in response.get("Vary", "").lower()
    )
