"""Home, choice of language, prose pages, the demonstration's mailbox, health."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from campaign import mailbox
from campaign.accounts.language import remember_language
from campaign.newsroom import presentation as news
from campaign.newsroom.models import Happening, Post, Resolution
from petitions import presentation, structured
from petitions.domain import mailing, purging
from petitions.formats import HTML_LANGUAGES
from petitions.views.access import accepted_language, leading_petitions

#: `/readyz` fails when a mail has waited this long: the worker or the mail server is away.
OUTBOX_LIMIT = timedelta(minutes=15)
#: What the home page shows of each, beside the petition.
_LATEST_POSTS = 3
_NEXT_HAPPENINGS = 2
_LATEST_RESOLUTIONS = 2


@require_safe
@vary_on_headers("Accept-Language", "Cookie")
def choose_language(request: HttpRequest) -> HttpResponse:
    """To the language chosen here before, else the browser's, else a page of three links."""
    chosen = request.GET.get("language", "")
    if chosen in HTML_LANGUAGES:
        response = HttpResponseRedirect(f"/{chosen}/")
        remember_language(response, chosen)
        return response
    known = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if known in HTML_LANGUAGES:
        return HttpResponseRedirect(f"/{known}/")
    language = accepted_language(request)
    if language:
        return HttpResponseRedirect(f"/{language}/")
    with translation.override("km"):
        return render(request, "choose_language.html")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The petition that is open (or the newest one), then what is new, and how to sign."""
    petitions = leading_petitions()
    first = petitions[0] if petitions else None
    context: dict[str, Any] = {
        "petition": first,
        "rows": [presentation.row(petition) for petition in petitions[1:]],
        "posts": [news.row(post) for post in Post.objects.public()[:_LATEST_POSTS]],
        "happenings": Happening.objects.public().to_come()[:_NEXT_HAPPENINGS],
        "resolutions": Resolution.objects.all()[:_LATEST_RESOLUTIONS],
        "structured": [structured.website(), structured.organization()],
    }
    if first is not None:
        context |= {
            "state_label": presentation.state_label(first),
            "is_open": presentation.is_taking_signatures(first),
            "counter": presentation.counter(first),
            "official": presentation.official_petition(first),
            "share": presentation.share(first),
        }
    return render(request, "home.html", context)


# --- the demonstration's mailbox -------------------------------------------------------------


def _mailbox_only() -> None:
    if not settings.MAILBOX_SHOWN:
        raise Http404


@require_safe
def mailbox_index(request: HttpRequest) -> HttpResponse:
    _mailbox_only()
    response = render(request, "mailbox/index.html", {"mails": mailbox.mails()})
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def mailbox_message(request: HttpRequest, mail_id: str) -> HttpResponse:
    _mailbox_only()
    mail = mailbox.mail(mail_id)
    if mail is None:
        raise Http404
    response = render(request, "mailbox/message.html", {"mail": mail})
    response["Cache-Control"] = "no-store"
    # The links in it are capabilities; they must not leave as a referrer.
    response["Referrer-Policy"] = "no-referrer"
    return response


# --- health ----------------------------------------------------------------------------------


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up. Touches nothing else."""
    return JsonResponse({"status": "up"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, the outbox moves, and what has had its time is deleted; else 503.

    `status` is "late" then, and the other fields say what is at fault.
    """
    with connection.cursor() as cursor:  # away: the middleware answers 503
        cursor.execute("SELECT 1")
    waiting = mailing.oldest_waiting()
    seconds = int(waiting.total_seconds()) if waiting else 0
    purge_is_late = purging.is_late()
    is_up = not purge_is_late and (waiting is None or waiting < OUTBOX_LIMIT)
    return JsonResponse(
        {
            "database": "up",
            "outbox_oldest_seconds": seconds,
            "purge": "late" if purge_is_late else "up",
            "status": "up" if is_up else "late",
        },
        status=200 if is_up else 503,
    )
