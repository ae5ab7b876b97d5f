from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    name = "campaign.newsroom"
    label = "newsroom"
    verbose_name = _("Pages and questions")
