from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParliamentConfig(AppConfig):
    name = "campaign.parliament"
    label = "parliament"
    verbose_name = _("Parliament")

    def ready(self) -> None:
        from campaign.parliament import signals  # noqa: F401, PLC0415 - connects the receivers
