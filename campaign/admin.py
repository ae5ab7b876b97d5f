"""The superuser's back office."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.utils.translation import gettext_lazy as _


class AdminSite(admin.AdminSite):
    """Django's admin behind allauth's login, which limits tries and asks for second factors."""

    site_header = _("Back office")
    site_title = _("Back office")

    login = login_required(admin.AdminSite.login)
