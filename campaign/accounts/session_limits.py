"""Sessions that end by themselves, and browsers that are known again."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from campaign.accounts import mailing
from campaign.accounts.domain import sessions
from campaign.accounts.models import DeskSession, User
from petitions import clock, formats

#: Where somebody is logged in at all. Public pages never look at the session.
_INSIDE = ("/desk/", "/admin/", "/petitioner/", "/accounts/")
_ACCOUNTS = "/accounts/"
#: The session is written at most so often, in seconds.
_NOTED = 60


def device_cookie() -> str:
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


class SessionLimitsMiddleware:
    """Ends sessions after 15 minutes without a request, and after eight hours (security.md T30)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_INSIDE) and isinstance(request.user, User):
            if why := _why_over(request):
                return _sign_out(request, why)
            _note(request, request.user)
        response = self.get_response(request)
        if device := getattr(request, "new_device", ""):
            response.set_cookie(
                device_cookie(),
                device,
                max_age=int(sessions.KEPT.total_seconds()),
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def _why_over(request: HttpRequest) -> str:
    began, seen = request.session.get("began"), request.session.get("seen")
    if began is None or seen is None:
        return ""
    instants = datetime.fromisoformat(began), datetime.fromisoformat(seen)
    return sessions.is_over(*instants, timezone.now())


def _note(request: HttpRequest, person: User) -> None:
    """That somebody is there; and the session's key, which changes with the password."""
    if "began" not in request.session:  # from before sessions were noted
        begin(request, person)
        return
    now = timezone.now()
    seen = datetime.fromisoformat(request.session["seen"])
    if (now - seen).total_seconds() < _NOTED:
        return
    request.session["seen"] = now.isoformat()
    row = DeskSession.objects.filter(pk=request.session["desk_session"])
    key = request.session.session_key or ""
    row.exclude(session_key=key).update(session_key=key)


def begin(request: HttpRequest, person: User) -> None:
    """Notes a new session; a browser that this person never had is told to them by mail."""
    device = request.COOKIES.get(device_cookie(), "")
    if not device:
        device = request.new_device = sessions.new_device()  # type: ignore[attr-defined]
    if not request.session.session_key:
        request.session.save()
    row, is_new = sessions.begin(
        person,
        session_key=request.session.session_key or "",
        device=device,
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
    )
    now = timezone.now().isoformat()
    request.session.update({"began": now, "seen": now, "desk_session": row.pk})
    if is_new:
        _alert(person, row)


def _alert(person: User, row: DeskSession) -> None:
    with override(person.language):
        context = {
            "moment": formats.moment(row.began_at),
            "browser": row.browser or gettext("an unknown browser"),
            "password_url": settings.PUBLIC_BASE_URL + reverse("account_reset_password"),
        }
    mailing.send("new_sign_in", to=person.email, language=person.language, context=context)


def _sign_out(request: HttpRequest, why: str) -> HttpResponse:
    """To the log-in page, and back from there; a script is told, and keeps what was typed."""
    row = DeskSession.objects.filter(pk=request.session.get("desk_session", 0))
    row.update(ended_at=clock.db_now())
    language = getattr(request.user, "language", "en")
    logout(request)
    if "application/json" in request.headers.get("Accept", ""):
        with override(language):
            text = gettext("You are signed out. Sign in again in another tab, then press Save here")
        return JsonResponse({"text": text}, status=401)
    where = {"ended": why, "language": language}
    if not request.path.startswith(_ACCOUNTS):
        where["next"] = request.get_full_path() if request.method == "GET" else request.path
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode(where)}")
