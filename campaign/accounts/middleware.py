"""The second factor, demanded where allauth only offers it."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation

from campaign.accounts.factors import second_step, shown
from campaign.accounts.language import remember_language, speak
from petitions.formats import HTML_LANGUAGES

#: Where people of staff see what others do not.
_GUARDED = ("/desk/", "/admin/", "/petitioner/")
#: Where an account's own locks are changed, but for the pages that ask for a factor.
_LOCKS = ("/accounts/2fa/", "/accounts/password/change/")
_ASKING = ("/accounts/2fa/reauthenticate/", "/accounts/2fa/webauthn/reauthenticate/")
#: Log-in, passwords, second step; invitations.
_ACCOUNTS = "/accounts/"
#: Read by somebody without an account, whoever is logged in on the same computer.
_INVITATION = "/accounts/invitation/"


class SecondFactorMiddleware:
    """Desk and back office open to sessions that have shown a second factor.

    What counts is this session's own record, not that the account has one: a session begun with
    the password alone must show the factor first. A demonstration asks only accounts that have
    one; elsewhere an account without one is sent to set it up. The pages that change password
    and factors are guarded too: the password alone must not be enough to add a factor and show it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        guarded = request.path.startswith(_GUARDED + _LOCKS)
        if guarded and request.path not in _ASKING and request.user.is_authenticated:
            detour = self._detour(request)
            if detour:
                where = urlencode({"next": request.get_full_path()})
                return HttpResponseRedirect(f"{reverse(detour)}?{where}")
        return self.get_response(request)

    def _detour(self, request: HttpRequest) -> str:
        """The name of the page to go to first; "" when the session may pass."""
        if not is_mfa_enabled(request.user):
            may_pass = settings.DEMO or request.path.startswith(_LOCKS) or _is_petitioner(request)
            return "" if may_pass else "mfa_index"
        return "" if "mfa" in shown(request) else second_step(request.user)


def _is_petitioner(request: HttpRequest) -> bool:
    """Sees nobody's data but their own: free to have a second factor, asked for it if they do."""
    return bool(getattr(request.user, "is_petitioner", False))


class AccountPagesMiddleware:
    """allauth's pages follow this site's rules: language, no copies kept, 422 for a refused form.

    Who is logged in reads them in their own language, as the desk; others in the one that they
    choose there, else the browser's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(_ACCOUNTS):
            return self.get_response(request)
        chosen = request.GET.get("language", "")
        if request.user.is_authenticated and not request.path.startswith(_INVITATION):
            speak(request, request.user.language)
            chosen = ""
        elif chosen in HTML_LANGUAGES:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        response = self.get_response(request)
        response["Cache-Control"] = "no-store"
        if chosen in HTML_LANGUAGES:
            remember_language(response, chosen)
        return response

    def process_template_response(
        self, request: HttpRequest, response: TemplateResponse
    ) -> TemplateResponse:
        if request.method == "POST" and request.path.startswith(_ACCOUNTS):
            context = response.context_data or {}
            forms = [context.get("form"), context.get("webauthn_form")]
            if response.status_code == 200 and any(form and form.errors for form in forms):
                response.status_code = 422
        return response
