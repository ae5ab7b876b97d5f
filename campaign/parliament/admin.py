"""Members' contacts, meetings and briefings in the back office: for looking, except facts."""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin

from campaign.parliament.models import Briefing, Contact, Fact, Meeting
from petitions.admin import LookOnly


@admin.register(Fact)
class FactAdmin(TranslationAdmin):
    """Three languages side by side."""

    list_display = ["petition", "position", "text"]
    list_filter = ["petition"]


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
    list_display = ["member", "petition", "language", "as_of", "made_by"]
    list_filter = ["petition", "language"]
