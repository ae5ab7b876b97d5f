"""`make messages`: gathers the texts to translate into `locale/{en,fr,km}`.

Needs GNU gettext. Translations are kept; texts no longer used are dropped; the files carry no
line numbers and no dates, so that they change only when a text does.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "fr", "km")
_DATES = re.compile(r'^"(POT-Creation-Date|PO-Revision-Date|X-Generator):.*\n', re.MULTILINE)


def catalogue(language: str, root: Path = ROOT) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def gather(root: Path) -> None:
    """Brings the three catalogues under `root` up to date with its code and templates."""
    languages = [argument for code in LANGUAGES for argument in ("--locale", code)]
    subprocess.run(
        [
            sys.executable,
            "manage.py",
            "makemessages",
            *languages,
            "--no-obsolete",
            "--add-location=never",
            "--no-wrap",
            "--ignore=tests/*",
            "--ignore=.venv/*",
            "--ignore=var/*",
            "--verbosity=0",
        ],
        cwd=root,
        env={**os.environ, "DEMO": "1", "VAR_DIR": str(root / "var")},
        check=True,
    )
    for language in LANGUAGES:
        path = catalogue(language, root)
        path.write_text(_DATES.sub("", path.read_text("utf-8")), "utf-8")
    _fill_english(catalogue("en", root))


def _fill_english(path: Path) -> None:
    """English is the source: its catalogue repeats the texts, so that none counts as missing."""
    entries = polib.pofile(str(path), wrapwidth=0)
    for entry in entries:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
        else:
            entry.msgstr = entry.msgid
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        entry.previous_msgid = entry.previous_msgid_plural = entry.previous_msgctxt = None
    entries.save()


if __name__ == "__main__":
    gather(ROOT)
