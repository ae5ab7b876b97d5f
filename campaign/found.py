"""How search engines and phones find the public pages, each in three languages."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaign.newsroom.models import Happening, Page, Post, Resolution
from campaign.newsroom.presentation import updated_at
from petitions import formats
from petitions.formats import HTML_LANGUAGES
from petitions.models import Petition

#: What no search engine has any business with. Pages of mailed links say so themselves as well.
_CLOSED = ("/accounts/", "/admin/", "/desk/", "/mailbox/", "/petitioner/")
_PLAIN = (
    "home",
    "petitions:list",
    "news",
    "events",
    "how-to-sign",
    "faq",
    "resolutions",
    "letters:write",
    "contact",
    "open-data",
)


class _InThree(Sitemap):  # type: ignore[type-arg]  # not subscriptable at run time
    """Each page once a language, with the others as its alternates."""

    i18n = True
    alternates = True
    x_default = False

    def get_domain(self, site: Any = None) -> str:
        """The site's own name, whatever name it was asked by."""
        return urlsplit(settings.PUBLIC_BASE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.PUBLIC_BASE_URL).scheme


class PlainPages(_InThree):
    def items(self) -> Iterable[tuple[str, ...]]:
        pages = Page.objects.order_by("pk").values_list("slug", flat=True)
        return [*((name,) for name in _PLAIN), *(("page", slug) for slug in pages)]

    def location(self, item: tuple[str, ...]) -> str:
        return reverse(item[0], args=item[1:])


class Petitions(_InThree):
    def items(self) -> list[Petition]:
        return list(Petition.objects.public().order_by("pk"))

    def location(self, item: Petition) -> str:
        return reverse("petitions:detail", args=[item.slug])


class Resolutions(_InThree):
    def items(self) -> list[Resolution]:
        return list(Resolution.objects.order_by("pk"))

    def location(self, item: Resolution) -> str:
        return reverse("resolution", args=[item.slug])


class News(_InThree):
    def items(self) -> list[Post]:
        return list(Post.objects.public().prefetch_related("corrections"))

    def location(self, item: Post) -> str:
        return reverse("article", args=[item.slug])

    def lastmod(self, item: Post) -> datetime:
        return updated_at(item)


class Events(_InThree):
    def items(self) -> list[Happening]:
        return list(Happening.objects.public().order_by("pk"))

    def location(self, item: Happening) -> str:
        return item.get_absolute_url()

    def lastmod(self, item: Happening) -> datetime:
        return item.changed_at


_SITEMAPS: dict[str, Any] = {
    "pages": PlainPages,
    "petitions": Petitions,
    "resolutions": Resolutions,
    "news": News,
    "events": Events,
}


@require_safe
def sitemap(request: HttpRequest) -> HttpResponseBase:
    return views.sitemap(request, _SITEMAPS)


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """The site as a phone keeps it on its first screen, in the language of the page it was on."""
    home = reverse("home")
    content = {
        "name": str(settings.PETITIONS_SITE_NAME),
        "short_name": str(settings.PETITIONS_SITE_NAME),
        "lang": HTML_LANGUAGES[formats.current()],
        "dir": "ltr",
        "id": home,
        "start_url": home,
        "scope": "/",
        "display": "browser",
        "background_color": "#ffffff",
        "theme_color": "#0b5563",
        "icons": [
            {
                "src": static(f"campaign/icons/{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any maskable",
            }
            for size in (192, 512)
        ],
    }
    text = json.dumps(content, ensure_ascii=False)
    return HttpResponse(text, content_type="application/manifest+json; charset=utf-8")


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in _CLOSED),
        "",
        f"Sitemap: {settings.PUBLIC_BASE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
