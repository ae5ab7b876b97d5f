"""Prose, resolutions and events in the back office, three languages side by side."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from campaign.newsroom import texts
from campaign.newsroom.domain import searching
from campaign.newsroom.models import (
    Guide,
    GuideStep,
    Happening,
    Page,
    Post,
    Question,
    Resolution,
    ResolutionPoint,
    Tag,
)
from campaign.newsroom.states import PostState


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
class HappeningAdmin(TextsAdmin):
    list_display = ["title", "starts_at", "place", "is_public"]
    date_hierarchy = "starts_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Happening]:
        public = Happening.objects.public().filter(pk=OuterRef("pk"))
        found: QuerySet[Happening] = super().get_queryset(request)
        return found.annotate(is_public=Exists(public))

    @admin.display(boolean=True, description=_("Written in three languages: everybody sees it"))
    def is_public(self, happening: Any) -> bool:
        return bool(happening.is_public)


@admin.register(Tag)
class TagAdmin(TranslationAdmin):
    """A post is found by the names of its tags."""

    list_display = ["slug", "name_en", "name_fr", "name_km"]

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        for post in obj.posts.all():
            searching.index(post)


@admin.register(Post)
class PostAdmin(admin.ModelAdmin[Post]):
    """To look at: posts are written on the desk. A draft that nobody wants can be deleted."""

    list_display = ["slug", "title", "state", "published_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        is_draft = obj is not None and obj.state == PostState.DRAFT
        return is_draft and super().has_delete_permission(request, obj)
