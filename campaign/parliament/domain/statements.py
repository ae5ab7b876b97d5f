"""The factual statement with which a Member may present a petition.

The House's practice: no debate and no opinion, a very short description of source, subject,
prayer and number (House of Commons Procedure and Practice, 3rd edition, chapter 22).
"""

from django.utils import translation
from django.utils.translation import gettext, ngettext

from petitions import formats

#: Read aloud in less than half a minute.
MOST_STATEMENT_WORDS = 60


def words(text: str) -> int:
    """As a word processor counts: what stands between spaces, signs alone left out."""
    return sum(any(sign.isalnum() for sign in word) for word in text.split())


def fits(statement: str) -> bool:
    return words(statement) <= MOST_STATEMENT_WORDS


def shortest(subject: str, ask: str, *, language: str, total: int = 0) -> str:
    """The statement without a word on the riding."""
    return _joined(subject, ask, language=language, total=total, riding=None)


def statement(subject: str, ask: str, *, language: str, total: int, riding: int | None) -> str:
    """Names the signers of the riding where their number may be shown and there is room."""
    full = _joined(subject, ask, language=language, total=total, riding=riding)
    return full if fits(full) else shortest(subject, ask, language=language, total=total)


def _joined(subject: str, ask: str, *, language: str, total: int, riding: int | None) -> str:
    with translation.override(language):
        number = ngettext(
            "It has %(number)s signature of a citizen or resident of Canada.",
            "It has %(number)s signatures of citizens or residents of Canada.",
            total,
        )
        sentences = [
            gettext("I present a petition on this subject: %(subject)s.") % {"subject": subject},
            number % {"number": formats.number(total)},
            gettext("The petitioners ask: %(ask)s") % {"ask": ask},
        ]
        if riding is not None:
            near = gettext("About %(number)s of the signers live in my riding.")
            sentences.insert(2, near % {"number": formats.number(riding)})
    return " ".join(sentences)
