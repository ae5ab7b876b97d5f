"""The facts of briefings in the back office, three languages side by side."""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from campaign.parliament.models import Fact


@admin.register(Fact)
class FactAdmin(TranslationAdmin):
    list_display = ["petition", "position", "text"]
    list_filter = ["petition"]
