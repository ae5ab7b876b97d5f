"""What differs between the languages of one text: figures, dates, names, terms, clauses.

Pure: nothing here reads the database. What can only be guessed at is a warning; a figure that one
language has and another has not keeps a text from being approved.
"""

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.dates import get_month_names
from django.utils.translation import gettext

from petitions import formats
from petitions.domain import comparing, folding
from petitions.domain.text_names import language_name

#: The terms of `docs/translation.md`.
GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.csv"

#: One text by language code; "" while it is not written.
Wording = Mapping[str, str]


@dataclass(frozen=True)
class Finding:
    """Something that one language has otherwise than the source, in words.

    name  the text, or its kind (`request`) where their number is meant
    """

    name: str
    language: str
    is_blocking: bool
    text: str


def findings(texts: Mapping[str, Wording], source: str) -> list[Finding]:
    """Every difference from the source language, what blocks first."""
    found = [*_numbers_of_clauses(texts, source)]
    for name, wording in texts.items():
        for language in formats.LOCALES:
            if language != source and wording[language] and wording[source]:
                found += _of_pair(name, wording, source, language)
    return sorted(found, key=lambda each: not each.is_blocking)


def _of_pair(name: str, wording: Wording, source: str, language: str) -> Iterator[Finding]:
    sides = (wording[source], source), (wording[language], language)
    for is_blocking, texts in (
        (True, _figures_differ(*sides)),
        (False, _months_are_gone(*sides)),
        (False, _names_are_gone(*sides)),
        (False, _terms_are_gone(*sides)),
        (False, _paragraphs_differ(*sides)),
    ):
        for text in texts:
            yield Finding(name, language, is_blocking, text)


#: A text and its language.
_Side = tuple[str, str]


# --- clauses and paragraphs ------------------------------------------------------------------


def _numbers_of_clauses(texts: Mapping[str, Wording], source: str) -> Iterator[Finding]:
    """Numbered texts of a kind (`whereas_1`, `whereas_2`): as many in each language."""
    kinds = {name.rpartition("_")[0] for name in texts if name.rpartition("_")[2].isdecimal()}
    for kind in sorted(kinds):
        rows = [text for name, text in texts.items() if _is_of(kind, name)]
        written = {code: sum(bool(row[code]) for row in rows) for code in formats.LOCALES}
        for code, number in written.items():
            if code != source and 0 < number != written[source]:
                text = gettext("%(number)s here, %(others)s in %(language)s") % {
                    "number": formats.number(number),
                    "others": formats.number(written[source]),
                    "language": language_name(source),
                }
                yield Finding(kind, code, is_blocking=True, text=text)


def _is_of(kind: str, name: str) -> bool:
    return name.rpartition("_")[0] == kind and name.rpartition("_")[2].isdecimal()


#: Where a paragraph or a point of a list begins, after the first.
_BEGINNING = re.compile(r"\n\s*\n|\n\s*(?:[-*]|\d+\.) ")


def _paragraphs_differ(one: _Side, other: _Side) -> Iterator[str]:
    """Of a page: as many paragraphs and points of lists."""
    others, number = (len(_BEGINNING.findall(text)) + 1 for text, _language in (one, other))
    if number != others:
        yield gettext("Paragraphs and points: %(number)s here, %(others)s in the source") % {
            "number": formats.number(number),
            "others": formats.number(others),
        }


# --- figures and dates -----------------------------------------------------------------------

#: One to twenty as they are spelled out.
_SPELLED = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty",
    "fr": "une? deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
    "seize dix-sept dix-huit dix-neuf vingt",
    "km": "មួយ ពីរ បី បួន ប្រាំ ប្រាំមួយ ប្រាំពីរ ប្រាំបី ប្រាំបួន ដប់ ដប់មួយ ដប់ពីរ ដប់បី ដប់បួន ដប់ប្រាំ "
    "ដប់ប្រាំមួយ ដប់ប្រាំពីរ ដប់ប្រាំបី ដប់ប្រាំបួន ម្ភៃ",
}
#: A hundred and a thousand after one to nine.
_MULTIPLES = {
    100: {"en": " hundred", "fr": " cents?", "km": "រយ"},
    1000: {"en": " thousand", "fr": " mille", "km": "ពាន់"},
}
#: Names of months that are other words too, and count only beside a figure.
_ONLY_BESIDE_FIGURES = {"en": {3, 5}, "fr": {3}, "km": set(range(1, 13))}


@lru_cache
def _spelled(number: int, language: str) -> re.Pattern[str] | None:
    """The number as a word; None where nobody would write it as one."""
    words = _SPELLED[language].split()
    pattern = words[number - 1] if 0 < number <= len(words) else ""
    for unit, endings in _MULTIPLES.items():
        if number % unit == 0 and 0 < number // unit < 10:
            pattern = words[number // unit - 1] + endings[language]
    if not pattern:
        return None
    # Khmer words stand without spaces between them.
    return re.compile(pattern if language == "km" else rf"\b{pattern}\b", re.IGNORECASE)


@lru_cache
def _month(number: int, language: str) -> re.Pattern[str]:
    name = re.escape(get_month_names("wide", locale=formats.LOCALES[language])[number])
    beside = rf"(?<=\d )\b{name}\b|\b{name}\b(?=,? ?\d)"
    if language == "km":
        beside = rf"ខែ ?{name}(?!ការ)|{name}(?= ?\d)"  # តុលាការ is a court, not October
    elif number not in _ONLY_BESIDE_FIGURES[language]:
        beside = rf"\b{name}\b"
    # "may" and "march" are words; months have a capital in English, and none in French.
    return re.compile(beside, 0 if language == "en" else re.IGNORECASE)


def months(text: str, language: str) -> set[int]:
    """The months that a text names, 1 to 12."""
    plain = " ".join(text.replace("\u200b", "").replace("1er ", "1 ").split())
    return {number for number in range(1, 13) if _month(number, language).search(plain)}


def _says(side: _Side, figure: str) -> bool:
    """Whether a text has a figure otherwise: as a word, or as the name of a month."""
    text, language = side
    if len(figure) > 4:
        return False
    word = _spelled(int(figure), language)
    return bool(word and word.search(text)) or int(figure) in months(text, language)


def _lacks(one: _Side, other: _Side) -> list[str]:
    """The figures of one text that stand in the other neither as figures nor as words."""
    gone = comparing.numbers(one[0]) - comparing.numbers(other[0])
    left = [figure for figure in gone if not _says(other, figure)]
    return sorted(left, key=lambda figure: (len(figure), figure))


def _figures_differ(one: _Side, other: _Side) -> Iterator[str]:
    gone, come = _lacks(one, other), _lacks(other, one)
    if gone:
        yield gettext("Figures that are not here: %(figures)s") % {"figures": _listed(gone)}
    if come:
        yield gettext("Figures that are only here: %(figures)s") % {"figures": _listed(come)}
    theirs, own = months(*one), months(*other)
    come_months = {month for month in own - theirs if str(month) not in comparing.numbers(one[0])}
    if theirs - own and come_months:
        yield gettext("Another month: %(months)s") % {"months": _month_names(come_months)}


def _months_are_gone(one: _Side, other: _Side) -> Iterator[str]:
    """A date may be told without its month, or in a way that no program knows."""
    own = months(*other)
    gone = {month for month in months(*one) - own if str(month) not in comparing.numbers(other[0])}
    if gone and not own - months(*one):
        yield gettext("Months that are not found here: %(months)s") % {"months": _month_names(gone)}


def _month_names(numbers: Collection[int]) -> str:
    names = get_month_names("wide", locale=formats.LOCALES[formats.current()])
    return _listed([names[number] for number in sorted(numbers)])


def _listed(words: Collection[str]) -> str:
    return ", ".join(words)


# --- names and terms -------------------------------------------------------------------------

_CAPITALS = re.compile(r"[A-ZÀ-Þ][\w’'-]*(?:\s+[A-ZÀ-Þ][\w’'-]*)+")
#: Words of institutions, which are translated, and of beginnings of sentences.
_COMMON = (
    "a affairs africa agreement agreements all america american an and asia assembly can canada "
    "canadian canadians commission committee commons convention council court criminal democratic "
    "department each east english europe european every federal foreign for free french general "
    "government he her his house human i if in international it khmer mp mps minister ministry my "
    "nation national nations no north not of on one only opposition organization our paris "
    "parliament parliamentary parties party peace people petition president press prime province "
    "republic rescue rights royal russia secretary security senate she sign south state states "
    "supreme that the their they this tribunal union united use war we west whereas who world yes "
    "you your accords affaires assemblée cambodge cambodia chambre conseil cour haute haut la le "
    "les nous parlement parti premier première société"
)
_NO_NAMES = frozenset(_COMMON.split())


def names(text: str) -> list[str]:
    """Names of people and places that no language translates: two words or more with capitals."""
    found = []
    for run in _CAPITALS.findall(text):
        words = [re.sub(r"[’']s?$", "", word) for word in run.split()]
        kept = [word for word in words if word.casefold() not in _NO_NAMES]
        if len(kept) > 1:
            found.append(" ".join(kept))
    return list(dict.fromkeys(found))


def _names_are_gone(one: _Side, other: _Side) -> Iterator[str]:
    """Khmer writes names in its own letters, which no program can compare."""
    if "km" in {one[1], other[1]}:
        return
    theirs = folding.fold(other[0])
    gone = [name for name in names(one[0]) if folding.fold(name) not in theirs]
    if gone:
        yield gettext("Names that are not found here: %(names)s") % {"names": _listed(gone)}


#: Terms of the glossary that mean the same wherever they stand. "Step" or "address" do not.
_CHECKED = frozenset(
    {
        "petition",
        "Parliament of Canada",
        "House of Commons",
        "Government of Canada",
        "Minister of Foreign Affairs",
        "Member of Parliament (MP)",
        "Standing Orders",
        "Inter-Parliamentary Union",
        "European Parliament",
        "Paris Peace Agreements (1991)",
        "free and fair election",
        "human rights",
    }
)


@dataclass(frozen=True)
class Term:
    """A row of the glossary: by language the alternatives, any of which will do."""

    choices: dict[str, list[str]]

    def is_in(self, plain: str, language: str) -> bool:
        return any(_plain(choice, language) in plain for choice in self.choices[language])


@lru_cache
def terms() -> list[Term]:
    with GLOSSARY.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["en"] in _CHECKED]
    return [Term({code: _choices(row[code]) for code in formats.LOCALES}) for row in rows]


def _choices(cell: str) -> list[str]:
    """The alternatives of a cell without what stands in brackets."""
    return [each.strip() for each in re.split(r"[,;/]", re.sub(r"\(.*?\)", "", cell))]


def _plain(text: str, language: str) -> str:
    """Folded; spaces tell nothing in Khmer."""
    folded = folding.fold(text)
    return folded.replace(" ", "") if language == "km" else folded


def _terms_are_gone(one: _Side, other: _Side) -> Iterator[str]:
    theirs, own = _plain(*one), _plain(*other)
    gone = [
        term.choices[other[1]][0]
        for term in terms()
        if term.is_in(theirs, one[1]) and not term.is_in(own, other[1])
    ]
    if gone:
        yield gettext("The glossary says here: %(terms)s") % {"terms": _listed(gone)}
