"""What views of the desk begin with: a person of staff, with the permission that the page needs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from campaign.accounts.language import speak
from campaign.accounts.models import User
from campaign.accounts.roles import Permission

View = Callable[..., HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request that `needs()` has let through."""

    user: User


def needs(permission: Permission) -> Callable[[View], View]:
    """Lets through whoever has the permission; others are asked to log in, or refused (403)."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def checked(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.may(permission):
                raise PermissionDenied
            speak(request, request.user.language)
            response = view(request, *args, **kwargs)
            response["Cache-Control"] = "no-store"
            return response

        return checked

    return decorate
