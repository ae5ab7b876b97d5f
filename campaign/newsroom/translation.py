"""Which fields exist in three languages."""

from modeltranslation.translator import TranslationOptions, register

from campaign.newsroom.models import Guide, GuideStep, Page, Question


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
