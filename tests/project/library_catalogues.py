"""`python -m tests.project.library_catalogues`: gathers the libraries' texts that need our Khmer.

Django has a third of its texts in Khmer, some of them wrong; allauth has none. What is missing or
wrong there stands in `locale/libraries/km`. Translations are kept; texts that a library no longer
has, or that nobody can see here, are dropped; new ones wait empty until a test sees them.
"""

import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.extract import extract_from_dir

from tests.project.catalogues import ROOT

#: A text as gettext tells it apart: its context (or none) and its English.
Key = tuple[str | None, str]
Texts = dict[Key, polib.POEntry]

#: Stay although they stand in a file that is left out: the languages of this site.
KEPT = {"English", "French", "Khmer"}
_HEADER = {
    "Project-Id-Version": "petition-campaign",
    "Report-Msgid-Bugs-To": "",
    "Language": "km",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


@dataclass(frozen=True)
class Library:
    """A package whose texts are seen here, and which of its files nobody meets, and why."""

    name: str
    package: str
    #: Where its catalogues are; without one, its texts are read from its code.
    locale: str | None = None
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        spec = importlib.util.find_spec(self.package)
        if spec is None or spec.origin is None:
            raise LookupError(f"{self.package} is not installed")
        return Path(spec.origin).parent


LIBRARIES = (
    Library(
        "Django",
        "django",
        "conf/locale",
        {
            "conf/global_settings.py": "names of languages that this site does not speak",
            "contrib/sitemaps/": "not installed",
            "contrib/syndication/": "not installed",
            "views/csrf.py": "campaign.errors answers instead",
            "views/generic/": "reasons of a 404, shown only under DEBUG",
            "views/static.py": "serves files only under DEBUG",
            "views/templates/": "Django's welcome, shown only while there are no addresses",
        },
    ),
    Library(
        "Django",
        "django",
        "contrib/auth/locale",
        {"contrib/auth/templates/registration/password_reset": "allauth resets passwords"},
    ),
    Library(
        "Django",
        "django",
        "contrib/admin/locale",
        {"contrib/admin/templates/registration/password_reset": "allauth resets passwords"},
    ),
    Library("Django", "django", "contrib/contenttypes/locale"),
    Library("Django", "django", "contrib/sessions/locale"),
    Library(
        "allauth",
        "allauth",
        "locale",
        {
            "headless/": "not installed",
            "idp/": "not installed",
            "socialaccount/": "not installed",
            "usersessions/": "not installed",
            "templates/idp/": "not installed",
            "templates/openid/": "not installed",
            "templates/socialaccount/": "not installed",
            "templates/usersessions/": "not installed",
            "templates/account/confirm_phone_verification_code.html": "no phone numbers",
            "templates/account/messages/phone_": "no phone numbers",
            "templates/account/phone_change.html": "no phone numbers",
        },
    ),
    Library("modeltranslation", "modeltranslation", left_out={"tests/": "its own tests"}),
)


def key(entry: polib.POEntry) -> Key:
    return entry.msgctxt or None, entry.msgid


def catalogue(language: str, root: Path = ROOT) -> Path:
    return root / "locale" / "libraries" / language / "LC_MESSAGES" / "django.po"


def translated(path: Path) -> Texts:
    """What a catalogue says, without what is empty or fuzzy; nothing if there is no such file."""
    if not path.is_file():
        return {}
    return {key(entry): entry for entry in polib.pofile(str(path)) if entry.translated()}


def shipped(language: str) -> Texts:
    """What the libraries say in `language` by themselves."""
    found: Texts = {}
    for library in LIBRARIES:
        if library.locale:
            path = library.folder / library.locale / language / "LC_MESSAGES" / "django.po"
            found = translated(path) | found
    return found


def seen() -> Texts:
    """Every text of a library that somebody may see here, each with the heading of its part."""
    found: Texts = {}
    for library in LIBRARIES:
        texts = _from_catalogue(library) if library.locale else _from_code(library)
        for entry in texts:
            paths = _seen_paths(library, entry)
            if paths:
                entry.comment = f"{library.name}: {_part(paths[0], library)}"
                found.setdefault(key(entry), entry)
    return found


def _from_catalogue(library: Library) -> list[polib.POEntry]:
    path = library.folder / str(library.locale) / "en" / "LC_MESSAGES" / "django.po"
    return [entry for entry in polib.pofile(str(path)) if not entry.obsolete]


def _from_code(library: Library) -> Iterator[polib.POEntry]:
    method = [("**.py", "python")]
    for path, line, text, _comments, context in extract_from_dir(library.folder, method):
        where = [(Path(path).as_posix(), str(line))]
        yield polib.POEntry(msgid=text, msgctxt=context, occurrences=where)


def _seen_paths(library: Library, entry: polib.POEntry) -> list[str]:
    paths = [path for path, _line in entry.occurrences]
    if entry.msgid in KEPT:
        return paths
    return [path for path in paths if not path.startswith(tuple(library.left_out))]


def _part(path: str, library: Library) -> str:
    """`contrib/auth/forms.py` → `auth`, `templates/mfa/index.html` → `mfa`."""
    first = re.sub(r"^(contrib|templates)/", "", path).partition("/")[0]
    return library.name if first.endswith(".py") else first


def needed(texts: Texts) -> Texts:
    """The texts that are English for Khmer readers unless our catalogue has them."""
    theirs = shipped("km")
    return {name: entry for name, entry in texts.items() if name not in theirs}


def gather(root: Path = ROOT) -> None:
    """Brings `locale/libraries/km` under `root` up to date with the installed libraries."""
    path = catalogue("km", root)
    ours = translated(path)
    texts = seen()
    names = {*ours, *needed(texts)}
    wanted = {name: entry for name, entry in texts.items() if name in names}
    headings = list(dict.fromkeys(entry.comment for entry in wanted.values()))
    gathered = polib.POFile(wrapwidth=0)
    gathered.metadata = _HEADER
    for heading in headings:
        part = [name for name, entry in wanted.items() if entry.comment == heading]
        for name in part:
            comment = heading if name == part[0] else ""
            gathered.append(_entry(texts[name], ours.get(name), comment))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{gathered}".removeprefix("#\n"), "utf-8")


def _entry(text: polib.POEntry, ours: polib.POEntry | None, heading: str) -> polib.POEntry:
    entry = polib.POEntry(msgctxt=text.msgctxt, msgid=text.msgid, flags=text.flags, comment=heading)
    if text.msgid_plural:
        entry.msgid_plural = text.msgid_plural
        entry.msgstr_plural = ours.msgstr_plural if ours else {0: ""}
    elif ours:
        entry.msgstr = ours.msgstr
    return entry


if __name__ == "__main__":
    gather()
