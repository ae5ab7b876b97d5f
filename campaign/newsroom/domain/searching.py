"""The search through the news: what differs only in spelling meets (ux.md §1).

A keyboard writes Khmer in more than one way that looks the same. What is kept for the search and
what is asked for are folded alike, and one is looked for inside the other.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from campaign.newsroom.models import Post
from campaign.newsroom.models.posts import PostQuerySet
from campaign.newsroom.prose import to_text
from petitions import formats

#: Longer questions are cut: every word costs the database a look through every post.
MOST_WORDS = 8
#: Letters of an excerpt before and after what was found.
_AROUND = 60

_UNSEEN = "\u200b-\u200d\u2060\ufeff"
#: With what no database keeps.
_DROPPED = re.compile(f"[\0{_UNSEEN}]")
_COENG = "\u17d2"
#: What hangs on a Khmer letter: subscripts (the sign and the letter it lowers), vowels, signs.
_HANGING = re.compile(f"(?:{_COENG}[\u1780-\u17b3]|[\u17b4-\u17d1\u17dd])+")
_PART = re.compile(f"{_COENG}.|.", re.DOTALL)
#: ឲ is a form of ឱ, a subscript ដ looks like ត; typographic signs, ligatures, Khmer digits.
_SAME = str.maketrans(
    {
        "ឲ": "ឱ",
        "’": "'",
        "‘": "'",
        "œ": "oe",
        "æ": "ae",
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **{chr(0x17E0 + digit): str(digit) for digit in range(10)},
    }
)
_GAPS = re.compile(r"\s+")
#: What is never cut apart: a sign with all that hangs on it, and the third spelling of ឱ្យ.
_CLUSTER = re.compile(
    f"(?:អោយ|.)(?:{_COENG}+.|[\u0300-\u036f\u17b4-\u17d3\u17dd{_UNSEEN}])*", re.DOTALL
)


def fold(text: str) -> str:
    """Text without case, accents, unseen signs and ways of typing Khmer, for comparing."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    # Khmer's own signs stay: only accents have so high a class.
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", plain) if unicodedata.combining(sign) < 200
    )
    same = _DROPPED.sub("", bare).translate(_SAME)
    same = same.replace(f"{_COENG}ដ", f"{_COENG}ត").replace("អោយ", f"ឱ{_COENG}យ")
    return _GAPS.sub(" ", _HANGING.sub(_in_order, same)).strip()


def _in_order(hanging: re.Match[str]) -> str:
    """Subscripts first, so that the beginning of a word is found; each kind in one order."""
    parts = _PART.findall(hanging[0])
    return "".join(sorted(parts, key=lambda part: (not part.startswith(_COENG), part)))


def index(post: Post) -> None:
    """To be called after every change of a post's texts or tags: keeps what is searched."""
    texts = [text for language in formats.LOCALES for text in texts_of(post, language)]
    for tag in post.tags.all():
        texts += [getattr(tag, f"name_{language}") or "" for language in formats.LOCALES]
    # Lines keep words of two texts apart.
    post.search = "\n".join(fold(text) for text in texts if text)
    post.save(update_fields=["search"])


def texts_of(post: Post, language: str) -> tuple[str, str, str]:
    """Title, summary and body as they are searched: without markup, empty where not written."""
    title, summary, body = (
        getattr(post, f"{name}_{language}") or "" for name in ("title", "summary", "body")
    )
    return title, summary, to_text(body, language)


def words(asked: str) -> list[str]:
    return fold(asked).split()[:MOST_WORDS]


def find(posts: PostQuerySet, asked: list[str]) -> PostQuerySet:
    """The posts in which every word stands, in whatever language."""
    for word in asked:
        posts = posts.filter(search__contains=word)
    return posts


# --- where it was found ----------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    text: str
    is_found: bool = False


def excerpt(text: str, asked: list[str]) -> list[Piece]:
    """The surroundings of the first word that stands in the text; nothing when none does."""
    clusters = _CLUSTER.findall(text)
    place = next(_places(clusters, asked), None)
    if place is None:
        return []
    start, end = place
    first = _word_start(clusters, start)
    last = _word_end(clusters, end)
    return [
        Piece(("…" if first else "") + "".join(clusters[first:start])),
        Piece("".join(clusters[start:end]), is_found=True),
        Piece("".join(clusters[end:last]) + ("…" if last < len(clusters) else "")),
    ]


def _places(clusters: list[str], asked: list[str]) -> Iterator[tuple[int, int]]:
    """Of each word its first and last cluster: a cluster is folded like the text around it."""
    folded = [fold(cluster) or " " * cluster.isspace() for cluster in clusters]
    whole = "".join(folded)
    owner = [place for place, part in enumerate(folded) for _sign in part]
    for word in asked:
        at = whole.find(word)
        if word and at >= 0:
            yield owner[at], owner[at + len(word) - 1] + 1


def _word_start(clusters: list[str], start: int) -> int:
    """Some letters before, at the beginning of a word where one is near: Khmer has few spaces."""
    first = max(0, start - _AROUND)
    if first == 0:
        return 0
    gaps = (place + 1 for place in range(first, start) if clusters[place].isspace())
    return next(gaps, first)


def _word_end(clusters: list[str], end: int) -> int:
    last = min(len(clusters), end + _AROUND)
    if last == len(clusters):
        return last
    gaps = (place for place in range(last, end, -1) if clusters[place].isspace())
    return next(gaps, last)
