"""What every page's frame needs: names, languages with the same page's address, menus."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import gettext

from petitions import formats
from petitions.formats import HTML_LANGUAGES

#: How networks name our languages.
_OG_LOCALES = {"en": "en_CA", "fr": "fr_CA", "km": "km_KH"}


def _languages(request: HttpRequest) -> list[dict[str, Any]]:
    """The same page in each language; for pages without one of their own, each home."""
    return [
        {
            "code": code,
            "html_lang": HTML_LANGUAGES[code],
            "name": name,
            "url": _in_language(request, code),
            "current": code == formats.current(),
        }
        for code, name in settings.LANGUAGES
    ]


def _in_language(request: HttpRequest, code: str) -> str:
    if request.path[:4] in {f"/{each}/" for each in HTML_LANGUAGES}:
        return translate_url(request.path, code)
    if request.path.startswith("/accounts/"):
        query = request.GET.copy()
        query["language"] = code
        return f"{request.path}?{query.urlencode()}"
    return f"/{code}/"


def _menu(request: HttpRequest) -> list[dict[str, Any]]:
    entries = [
        (reverse("petitions:list"), gettext("Petitions")),
        (reverse("news"), gettext("News")),
        (reverse("page", args=["how-to-sign"]), gettext("How to sign")),
        (reverse("page", args=["faq"]), gettext("Questions")),
        (reverse("resolutions"), gettext("Decisions")),
        (reverse("page", args=["about"]), gettext("About")),
    ]
    return [{"url": url, "label": label, "current": request.path == url} for url, label in entries]


def _footer() -> list[dict[str, str]]:
    pages = [
        ("privacy", gettext("Privacy")),
        ("terms", gettext("Terms of use")),
        ("accessibility", gettext("Accessibility")),
        ("contact", gettext("Contact us")),
    ]
    return [
        {"url": reverse("petitions:my-signature"), "label": gettext("My signature")},
        *({"url": reverse("page", args=[slug]), "label": label} for slug, label in pages),
        {"url": reverse("open-data"), "label": gettext("Open data")},
    ]


def site(request: HttpRequest) -> dict[str, Any]:
    language = formats.current()
    return {
        "site_name": settings.PETITIONS_SITE_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "organizer_name": settings.ORGANIZER_NAME or gettext("the campaign team"),
        "html_lang": HTML_LANGUAGES[language],
        "og_locale": _OG_LOCALES[language],
        "languages": _languages(request),
        "menu": _menu(request),
        "footer": _footer(),
        "home_url": reverse("home"),
        "base_url": settings.PUBLIC_BASE_URL,
        "canonical": f"{settings.PUBLIC_BASE_URL}{request.path}",
        "is_demo": settings.DEMO,
        "mailbox_shown": settings.MAILBOX_SHOWN,
    }
