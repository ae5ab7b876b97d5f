"""Members' contacts, meetings and briefings in the back office: for looking, except texts."""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from campaign.parliament.models import (
    Briefing,
    BriefText,
    Contact,
    Decision,
    Fact,
    Meeting,
    Pack,
    Quote,
)
from petitions.admin import LookOnly


@admin.register(Fact)
class FactAdmin(TranslationAdmin):
    """Three languages side by side."""

    list_display = ["petition", "position", "text"]
    list_filter = ["petition"]


@admin.register(Decision)
class DecisionAdmin(TranslationAdmin):
    list_display = ["petition", "position", "text", "link"]
    list_filter = ["petition"]


@admin.register(BriefText)
class BriefTextAdmin(LookOnly):
    """Written on the desk, which counts words."""

    list_display = ["petition", "changed_at", "changed_by"]


@admin.register(Quote)
class QuoteAdmin(LookOnly):
    """Kept on the desk, which asks for the consent."""

    list_display = ["petition", "is_printed", "consent", "consented_on", "withdrawn_at"]


@admin.register(Pack)
class PackAdmin(LookOnly):
    list_display = ["petition", "least", "as_of", "made_by"]


@admin.register(Contact)
class ContactAdmin(LookOnly):
    list_display = ["member", "state", "language", "changed_at", "changed_by"]
    list_filter = ["state", "language"]


@admin.register(Meeting)
class MeetingAdmin(LookOnly):
    list_display = ["member", "state", "day", "next_step", "next_due", "next_done_at"]
    list_filter = ["state"]


@admin.register(Briefing)
class BriefingAdmin(LookOnly):
    list_display = ["member", "petition", "language", "pages", "as_of", "made_by"]
    list_filter = ["petition", "language"]
