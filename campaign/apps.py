from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class CampaignConfig(AppConfig):
    name = "campaign"

    def ready(self) -> None:
        from campaign import checks  # noqa: F401, PLC0415 - registers the system checks


class AdminConfig(DjangoAdminConfig):
    default_site = "campaign.admin.AdminSite"
