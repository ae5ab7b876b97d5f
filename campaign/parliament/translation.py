"""Which fields exist in English, French and Khmer."""

from modeltranslation.translator import TranslationOptions, register

from campaign.parliament.models import BriefText, Decision, Fact, Quote


@register(Fact)
class FactTranslation(TranslationOptions):
    """Printed in English or French; the Khmer is for supporters who prepare a meeting."""

    fields = ("text",)


@register(BriefText)
class BriefTextTranslation(TranslationOptions):
    fields = ("ask", "background")


@register(Decision)
class DecisionTranslation(TranslationOptions):
    fields = ("text",)


@register(Quote)
class QuoteTranslation(TranslationOptions):
    """Printed in English or French; the Khmer is what was said, where it was said in Khmer."""

    fields = ("text", "speaker")
