"""Which fields exist in English, French and Khmer (fall-back order: see the settings)."""

from modeltranslation.translator import TranslationOptions, register

from petitions.models import Clause, Member, NewsMail, Petition, PublicNote, Riding


@register(Petition)
class PetitionTranslation(TranslationOptions):
    fields = (
        "title",
        "short_title",
        "summary",
        "addressee",
        "grievances_heading",
        "requests_heading",
        "ask",
        "why_now",
        "share_text",
        "notice",
        "response_summary",
        "response_caution",
        "keywords",
    )


@register(Clause)
class ClauseTranslation(TranslationOptions):
    fields = ("text",)


@register(PublicNote)
class PublicNoteTranslation(TranslationOptions):
    fields = ("text",)


@register(NewsMail)
class NewsMailTranslation(TranslationOptions):
    fields = ("heading", "text")


@register(Riding)
class RidingTranslation(TranslationOptions):
    """Riding names are official in English and French only; Khmer pages show the English one."""

    fields = ("name",)


@register(Member)
class MemberTranslation(TranslationOptions):
    """Parties have official names in English and French only, as ridings have."""

    fields = ("party",)
