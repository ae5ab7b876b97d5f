"""Prose, resolutions and events in the back office, three languages side by side."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from campaign.newsroom import texts
from campaign.newsroom.models import (
    Guide,
    GuideStep,
    Happening,
    Page,
    Question,
    Resolution,
    ResolutionPoint,
)


class TextsAdmin(TranslationAdmin):
    """Notes who wrote what, so that somebody else approves it."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        texts.record(form.instance, by=cast(AbstractBaseUser, request.user))


@admin.register(Page)
class PageAdmin(TextsAdmin):
    list_display = ["slug", "title", "position"]


@admin.register(Question)
class QuestionAdmin(TextsAdmin):
    list_display = ["slug", "question", "position"]


class GuideStepInline(TranslationStackedInline):
    model = GuideStep
    extra = 0


@admin.register(Guide)
class GuideAdmin(TextsAdmin):
    list_display = ["slug", "title", "position"]
    inlines = [GuideStepInline]


class ResolutionPointInline(TranslationStackedInline):
    model = ResolutionPoint
    extra = 0


@admin.register(Resolution)
class ResolutionAdmin(TextsAdmin):
    list_display = ["reference", "title", "adopted_on"]
    inlines = [ResolutionPointInline]


@admin.register(Happening)
class HappeningAdmin(TranslationAdmin):
    list_display = ["title", "starts_at", "place"]
    date_hierarchy = "starts_at"
