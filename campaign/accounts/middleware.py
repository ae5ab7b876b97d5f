"""The second factor, demanded where allauth only offers it."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from campaign.accounts.factors import shown

#: Where people of staff see what others do not.
_GUARDED = ("/desk/", "/admin/")


class SecondFactorMiddleware:
    """Desk and back office open to sessions that have shown a second factor.

    What counts is this session's own record, not that the account has one: a session begun with
    the password alone must show the factor first. A demonstration asks only accounts that have
    one; elsewhere an account without one is sent to set it up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_GUARDED) and request.user.is_authenticated:
            detour = self._detour(request)
            if detour:
                where = urlencode({"next": request.get_full_path()})
                return HttpResponseRedirect(f"{reverse(detour)}?{where}")
        return self.get_response(request)

    def _detour(self, request: HttpRequest) -> str:
        """The name of the page to go to first; "" when the session may pass."""
        if not is_mfa_enabled(request.user):
            return "" if settings.DEMO else "mfa_index"
        return "" if "mfa" in shown(request) else "mfa_reauthenticate"
