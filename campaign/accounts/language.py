"""In which language a page speaks, and remembering what was chosen."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


def speak(request: HttpRequest, language: str) -> None:
    """Answers this request in the language of the person who is logged in.

    The page's language menu then stores what is chosen with the person (`own_language`).
    """
    translation.activate(language)
    request.LANGUAGE_CODE = language
    request.own_language = True  # type: ignore[attr-defined]


def remember_language(response: HttpResponse, language: str) -> None:
    """In the visitor's browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
    )
