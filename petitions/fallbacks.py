"""Which language a translated field really speaks, where its own text is missing.

Nothing is shown in another language without saying so: the text carries its `lang`, and a
notice stands above it.
"""

from django.db.models import Model
from modeltranslation.utils import resolution_order

from petitions import formats


def spoken(obj: Model, field: str) -> str:
    """The code of the language whose text `obj.field` shows now; the page's own when empty."""
    asked = formats.current()
    for language in resolution_order(asked):
        if getattr(obj, f"{field}_{language}"):
            return str(language)
    return asked


def lang(obj: Model, field: str) -> str:
    """The HTML language of a field's text, or "" when it is the page's own."""
    language = spoken(obj, field)
    return "" if language == formats.current() else formats.HTML_LANGUAGES[language]
