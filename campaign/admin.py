"""The superuser's back office."""

from collections.abc import Callable
from typing import Any, TypeVar

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

View = TypeVar("View", bound=Callable[..., Any])


class AdminSite(admin.AdminSite):
    """Django's admin behind allauth's login, which limits tries and asks for second factors."""

    site_header = _("Back office")
    site_title = _("Back office")

    login = method_decorator(secure_admin_login)(admin.AdminSite.login)

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # noqa: FBT001, FBT002 - Django's signature
        """Django lets a few pages be kept; none of these is for whoever sits here next."""
        return super().admin_view(view)
