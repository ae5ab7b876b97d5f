"""The superuser's back office."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


class AdminSite(admin.AdminSite):
    """Django's admin behind allauth's login, which limits tries and asks for second factors."""

    site_header = _("Back office")
    site_title = _("Back office")

    login = method_decorator(secure_admin_login)(admin.AdminSite.login)
