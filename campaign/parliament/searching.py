"""What somebody looking for a Member types: a name, a riding, or a postal code."""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal

from petitions.domain import ridings
from petitions.models.signature import RidingMethod

#: Left out: "L'Érable" is found as "lerable" too, and so is what a keyboard adds unseen.
_DROPPED = re.compile("['’‘ʼ`\u200b-\u200d\u2060\ufeff]")
#: Dashes of every length and dots part words as spaces do.
_GAPS = re.compile(r"[\s\-\u2010-\u2015\u2212.,/]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})


def fold(text: str) -> str:
    """Text without case, accents, apostrophes and kinds of dashes, for comparing."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _GAPS.sub(" ", _DROPPED.sub("", bare).translate(_LIGATURES)).strip()


@dataclass(frozen=True)
class Search:
    """A search as read: words to find, or a postal prefix with the ridings it may lie in."""

    words: list[str] = field(default_factory=list)
    fsa: str = ""
    place: str = ""
    shares: dict[int, Decimal] = field(default_factory=dict)
    certainty: RidingMethod | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.fsa)

    def finds(self, *names: str) -> bool:
        """Whether every word stands in one of the names, in any order."""
        text = " ".join(map(fold, names))
        return all(word in text for word in self.words)


def read(text: str) -> Search:
    """What was typed, as a postal code where it is one."""
    fsa = ridings.prefix_in(text)
    if fsa:
        lies = ridings.locate(fsa)
        return Search(
            fsa=fsa,
            place=ridings.place_of(fsa),
            shares=lies.shares,
            certainty=lies.certainty,
        )
    return Search(words=fold(text).split())
