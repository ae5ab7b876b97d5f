"""Which fields exist in three languages."""

from modeltranslation.translator import TranslationOptions, register

from campaign.newsroom.models import (
    Guide,
    GuideStep,
    Happening,
    Page,
    Photo,
    Post,
    PostCorrection,
    Question,
    Resolution,
    ResolutionPoint,
    Tag,
)


@register(Page)
class PageTranslation(TranslationOptions):
    fields = ("title", "body")


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("question", "answer")


@register(Guide)
class GuideTranslation(TranslationOptions):
    fields = ("title", "intro", "note")


@register(GuideStep)
class GuideStepTranslation(TranslationOptions):
    fields = ("title", "text")


@register(Resolution)
class ResolutionTranslation(TranslationOptions):
    fields = ("organization", "kind", "place", "title", "summary", "relation")


@register(ResolutionPoint)
class ResolutionPointTranslation(TranslationOptions):
    fields = ("text",)


@register(Tag)
class TagTranslation(TranslationOptions):
    fields = ("name",)


@register(Post)
class PostTranslation(TranslationOptions):
    fields = ("title", "summary", "body", "author")


@register(PostCorrection)
class PostCorrectionTranslation(TranslationOptions):
    fields = ("text",)


@register(Photo)
class PhotoTranslation(TranslationOptions):
    fields = ("alt", "caption")


@register(Happening)
class HappeningTranslation(TranslationOptions):
    fields = ("title", "place", "note", "body")
