"""Words that a page for Members of every party does better without: names of sides, and verdicts.

Nothing is refused for them: a name or a title may have to contain one.
"""

import re
import unicodedata
from functools import lru_cache

#: By language; accents, capitals and kinds of hyphen do not matter. `*` stands for any ending.
WORDS = {
    "en": (
        # sides
        *("liberal", "liberals", "conservative", "conservatives", "tory", "tories", "ndp"),
        *("new democrat", "new democrats", "bloc", "greens", "left wing*", "right wing*"),
        *("far left", "far right", "leftist*", "socialist*", "communist*", "fascis*", "partisan*"),
        # verdicts
        *("regime*", "dictator*", "tyran*", "despot*", "puppet*", "sham", "shams", "farce*"),
        *("rigged", "stolen", "corrupt", "thug*", "evil", "shameful*", "disgrac*", "outrageous*"),
        *("brutal*", "heinous", "barbaric", "horrific*", "so called", "obvious*", "of course"),
        *("traitor*", "crony", "cronies", "propaganda", "lackey*"),
    ),
    "fr": (
        *("libéral", "libérale", "libéraux", "libérales", "conservat*", "npd", "néo démocrate*"),
        *("bloc", "bloquiste*", "verts", "de gauche", "de droite", "extrême gauche"),
        *("extrême droite", "gauchiste*", "socialist*", "communist*", "fascis*", "partisan*"),
        *("régime*", "dictat*", "tyran*", "despot*", "marionnette*", "mascarade*", "farce*"),
        *("simulacre*", "truqué*", "volé", "volée", "volées", "volés", "corrompu*", "voyou*"),
        *("honteu*", "scandaleu*", "brutal*", "brutaux", "barbare*", "horrible*", "odieu*"),
        *("prétendu*", "soi disant", "évidemment", "bien sûr", "traître*", "propagande*"),
    ),
}
_HYPHENS = r"[\s\-\u2010-\u2015]+"


def found(text: str, language: str) -> list[str]:
    """The loaded words of a text as they stand in it, each once, in their order."""
    if language not in WORDS:
        return []
    text = unicodedata.normalize("NFC", text)
    places = _pattern(language).finditer(_folded(text))
    return list(dict.fromkeys(text[place.start() : place.end()] for place in places))


def _folded(text: str) -> str:
    """Without accents and capitals, and as long as the text: one sign for one sign."""
    return "".join(unicodedata.normalize("NFD", sign)[0].lower()[0] for sign in text)


@lru_cache
def _pattern(language: str) -> re.Pattern[str]:
    words = "|".join(
        _HYPHENS.join(re.escape(part).replace(r"\*", r"\w*") for part in _folded(word).split())
        for word in WORDS[language]
    )
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")
