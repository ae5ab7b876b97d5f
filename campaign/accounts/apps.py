from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "campaign.accounts"
    label = "accounts"
    verbose_name = _("People who work here")

    def ready(self) -> None:
        from campaign.accounts import signals  # noqa: F401, PLC0415 - connects the receivers
