"""Pages, questions and guides in the back office, three languages side by side."""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from campaign.newsroom.models import Guide, GuideStep, Page, Question


@admin.register(Page)
class PageAdmin(TranslationAdmin):
    list_display = ["slug", "title", "position"]


@admin.register(Question)
class QuestionAdmin(TranslationAdmin):
    list_display = ["slug", "question", "position"]


class GuideStepInline(TranslationStackedInline):
    model = GuideStep
    extra = 0


@admin.register(Guide)
class GuideAdmin(TranslationAdmin):
    list_display = ["slug", "title", "position"]
    inlines = [GuideStepInline]
