"""Three complete catalogues that say the same, in the glossary's words."""

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from tests.project.catalogues import LANGUAGES, ROOT, catalogue, gather
from tests.skips import need

TRANSLATED = ("fr", "km")
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}")
_TAG = re.compile(r"</?[a-z]+[^>]*>")
_KHMER = re.compile(r"[\u1780-\u17d3]")

#: The same word in English and French.
SAME_IN_FRENCH = {
    "%(number)s signature",
    "%(shown)s signature",
    "Alberta",
    "Correction",
    "Corrections",
    "Date",
    "Direct",
    "dissolution",
    "Format",
    "Introduction",
    "Khmer",
    "Manitoba",
    "Note",
    "Nunavut",
    "Ontario",
    "Pages",
    "Point %(number)s",
    "Points",
    "Province",
    "Question",
    "Questions",
    "Saskatchewan",
    "Signatures",
    "Site",
    "Source",
    "Source %(number)s",
    "Sources",
    "Yukon",
}

#: Row of docs/glossary.csv: the English term, and what its French and Khmer must contain.
TERMS = {
    1: (r"petitions?", "pétition", "ញត្តិ"),
    4: (r"campaign", "campagne", "យុទ្ធនាការ"),
    9: (r"signatures?", "signature", "ហត្ថលេខា"),
    10: (r"sign(?:s|ed|ing)?(?!(?:[- ]| you )(?:in|out)\b)(?<!-sign)", "sign", "ហត្ថលេខា"),
    13: (r"confirm(?:s|ed|ing)?", "confirm", "បញ្ជាក់"),
    16: (r"withdraw[ns]?", "retir", "ដក"),
    17: (r"eras(?:e|es|ed|ing)", "effac", "លុប"),
    18: (r"goal", "objectif", "គោលដៅ"),
    30: (r"certified", "certifi", "បញ្ជាក់ត្រឹមត្រូវ"),
    33: (r"government response", "réponse du gouvernement", "ការឆ្លើយតប"),
    37: (r"house of commons", "chambre des communes", "រដ្ឋសភា"),
    39: (r"members? of parliament|MPs?", "député", "តំណាងរាស្ត្រ"),
    40: (r"ridings?", "circonscription", "មណ្ឌលបោះឆ្នោត"),
    45: (r"government of canada", "gouvernement du canada", "រដ្ឋាភិបាលកាណាដា"),
    59: (r"full name", "nom complet", "ឈ្មោះពេញ"),
    61: (r"e-?mails?", "courriel", "អ៊ីម៉ែល"),
    64: (r"provinces?", "province", "ខេត្ត"),
    65: (r"postal code", "code postal", "លេខកូដ"),
    66: (r"country", "pays", "ប្រទេស"),
    68: (r"languages?", "langue", "ភាសា"),
    69: (r"links?", "lien", "តំណ"),
    71: (r"share(?! of\b)", "partag", "ចែករំលែក"),
    74: (r"steps?", "étape", "ជំហាន"),
    77: (r"spam", "indésirable", "Spam"),
    79: (r"expired", "expir", "ផុតកំណត់"),
    80: (r"thank you", "merci", "អរគុណ"),
    87: (r"terms of use", "conditions d'utilisation", "លក្ខខណ្ឌប្រើប្រាស់"),
    106: (r"briefing note", "note d'information", "ឯកសារសង្ខេប"),
}
#: Where another word reads better, and the term is not lost.
#: Not a step on a way.
_IN_STEP = "The three languages are in step: the texts keep the petition from nothing."
READS_BETTER = {
    ("fr", 10): {
        "Signing is paused",
        "Signing is paused for now. Nothing you typed was saved.",
    },
    ("fr", 69): {
        (
            "It closed on %(date)s, and the day in which links could still be confirmed is over. "
            "This signature is not counted."
        )
    },
    # "Suite" is what the next step after a meeting is called (ux.md §3.3).
    ("fr", 74): {
        "Enter the next step",
        "Enter who does the next step",
        "Next step",
        "Next step must have 300 characters or fewer",
        "Next step, by whom, by when",
        _IN_STEP,
    },
    # Addressed to an office: the French title would have to choose a gender.
    ("fr", 39): {"**For:** %(name)s, MP"},
    ("km", 1): {"Sign the petition"},
    ("km", 74): {_IN_STEP},
    ("km", 10): {"Confirm, or already signed"},
    ("km", 69): {
        (
            "It closed on %(date)s, and the day in which links could still be confirmed is over. "
            "This signature is not counted."
        )
    },
}

each_language = pytest.mark.parametrize("language", LANGUAGES)
each_translation = pytest.mark.parametrize("language", TRANSLATED)


def entries(language: str) -> polib.POFile:
    return polib.pofile(str(catalogue(language)), wrapwidth=0)


def forms(entry: polib.POEntry) -> list[str]:
    """All that stands as the translation of an entry: one text, or one a plural form."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def source(entry: polib.POEntry) -> str:
    return str(entry.msgid_plural or entry.msgid)


@each_language
def test_a_catalogue_is_complete(language: str) -> None:
    found = entries(language)
    assert len(found) > 300
    assert [entry.msgid for entry in found if entry.fuzzy] == []
    assert [entry.msgid for entry in found if not all(forms(entry))] == []
    assert found.obsolete_entries() == []


@each_language
def test_the_catalogues_hold_the_same_texts(language: str) -> None:
    def keys(code: str) -> list[tuple[str, str]]:
        return sorted((entry.msgctxt or "", entry.msgid) for entry in entries(code))

    assert keys(language) == keys("en")


@pytest.mark.parametrize(("language", "number"), [("en", 2), ("fr", 2), ("km", 1)])
def test_an_entry_has_the_plural_forms_of_its_language(language: str, number: int) -> None:
    found = entries(language)
    assert found.metadata["Plural-Forms"].startswith(f"nplurals={number};")
    plurals = [entry for entry in found if entry.msgid_plural]
    assert [entry.msgid for entry in plurals if len(entry.msgstr_plural) != number] == []


@each_translation
@pytest.mark.parametrize("pattern", [_PLACEHOLDER, _TAG], ids=["placeholders", "tags"])
def test_a_translation_keeps(language: str, pattern: re.Pattern[str]) -> None:
    lost = [
        entry.msgid
        for entry in entries(language)
        for text in forms(entry)
        if text and sorted(pattern.findall(text)) != sorted(pattern.findall(source(entry)))
    ]
    assert lost == []


def test_khmer_is_in_khmer_letters() -> None:
    latin = [
        entry.msgid
        for entry in entries("km")
        for text in forms(entry)
        if text and not _KHMER.search(text)
    ]
    assert latin == []


def test_french_is_not_english() -> None:
    same = {entry.msgid for entry in entries("fr") if entry.msgid in forms(entry)}
    assert same == SAME_IN_FRENCH


def test_french_is_typed_as_in_canada() -> None:
    """A no-break space before a colon and inside « », none before ; ! and ?."""
    wrong = re.compile(r"[^\u00a0\d]:(?!//)|« |«[^\u00a0]|[^\u00a0]»|[\s\u00a0\u202f][;!?]")
    found = [
        text for entry in entries("fr") for text in forms(entry) if wrong.search(_TAG.sub("", text))
    ]
    assert found == []


def test_khmer_uses_the_house_spelling() -> None:
    """One spelling of words that have several; ។ ends sentences."""
    other = re.compile("អោយ|ឲ្យ|អ៊ីមែល|អីុម៉ែល|ប្តូរ|ម្តង|កាណាដ៏|តំណាងរាស្រ្ត|[\u17a3\u17a4\u17d8]")
    found = [text for entry in entries("km") for text in forms(entry) if other.search(text)]
    assert found == []


def test_the_linter_knows_the_glossary() -> None:
    """The words that the linter asks for are the glossary's own."""
    glossary = (ROOT / "docs" / "glossary.csv").read_text("utf-8").splitlines()
    rows = {int(row["no"]): row for row in csv.DictReader(glossary)}
    strange = [
        (number, word)
        for number, (_english, french, khmer) in TERMS.items()
        for language, word in (("fr", french), ("km", khmer))
        if word.casefold() not in rows[number][language].casefold()
    ]
    assert strange == []


@each_translation
@pytest.mark.parametrize("number", TERMS)
def test_a_term_is_translated_as_the_glossary_has_it(language: str, number: int) -> None:
    english, *words = TERMS[number]
    term = re.compile(rf"\b(?:{english})\b", re.IGNORECASE)
    word = words[TRANSLATED.index(language)].casefold()
    allowed = READS_BETTER.get((language, number), set())
    with_term = [
        entry
        for entry in entries(language)
        if term.search(_TAG.sub("", _PLACEHOLDER.sub("", source(entry))))
    ]
    assert with_term
    without_word = {
        entry.msgid for entry in with_term for text in forms(entry) if word not in text.casefold()
    }
    assert without_word == allowed


def copied_tree(folder: Path) -> Path:
    root = folder / "tree"
    hidden = shutil.ignore_patterns(".*", "var", "node_modules", "shots", "*.mo")
    shutil.copytree(ROOT, root, ignore=hidden)
    return root


def texts(root: Path) -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        yield language, catalogue(language, root).read_text("utf-8")


def test_gathering_changes_nothing(tmp_path: Path) -> None:
    """Every text of code and templates stands in the catalogues, and no other."""
    need("xgettext")
    root = copied_tree(tmp_path)
    before = dict(texts(root))
    gather(root)
    after = dict(texts(root))
    for language in LANGUAGES:
        assert after[language] == before[language]
