"""Earlier versions of a petition's texts, and what changed from one to the next."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from petitions import clock
from petitions.models import Petition, TextVersion

#: All texts as `Texts.content()` gives them.
Content = dict[str, Any]

#: Saves of one person in so short a time are one version: the last of them.
_ONE_SITTING = timedelta(minutes=10)
_PIECES = re.compile(r"\s+|\S+")


@dataclass(frozen=True)
class Piece:
    """A part of a text: kept (""), new ("ins") or gone ("del")."""

    mark: str
    text: str


@dataclass(frozen=True)
class Change:
    """One text in one language that a version changed."""

    name: str
    language: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Step:
    """A version beside the one before it."""

    version: TextVersion
    changes: list[Change]


def record(
    petition: Petition, content: Content, *, by: AbstractBaseUser, always: bool = False
) -> None:
    """Keeps texts as a version, unless they are those of the last one.

    While somebody goes on writing no version is added, but `always`; a later save keeps all.
    """
    last = petition.versions.first()
    if last is not None and last.texts == content:
        return
    now = clock.db_instant()
    is_going_on = (
        last is not None and last.saved_by_id == by.pk and now - last.saved_at < _ONE_SITTING
    )
    if is_going_on and not always:
        return
    TextVersion.objects.create(
        petition=petition,
        saved_at=now,
        saved_by=by,  # type: ignore[misc]  # the user model is the project's
        texts=content,
    )


def steps(petition: Petition, now: Content) -> Iterator[Step]:
    """Every version with what it changed, the newest first; texts of `now` not yet kept on top."""
    versions = list(petition.versions.select_related("saved_by"))
    if not versions or versions[0].texts != now:
        versions.insert(0, TextVersion(petition=petition, texts=now))
    for newer, older in pairwise([*versions, None]):
        if newer is not None:
            yield Step(newer, list(_changes(_by_name(older), _by_name(newer))))


def _by_name(version: TextVersion | None) -> dict[str, dict[str, str]]:
    """The texts of a version as `Texts.rows()` names them."""
    if version is None:
        return {}
    content: Content = version.texts
    clauses = {"whereas": content["whereas"], "request": content["requests"]}
    fields: dict[str, dict[str, str]] = content["fields"]
    return fields | {
        f"{kind}_{place}": wording
        for kind, wordings in clauses.items()
        for place, wording in enumerate(wordings, start=1)
    }


def _changes(
    before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]
) -> Iterator[Change]:
    for name in dict.fromkeys([*after, *before]):
        for language in dict.fromkeys([*after.get(name, {}), *before.get(name, {})]):
            old, new = before.get(name, {}).get(language, ""), after.get(name, {}).get(language, "")
            if old != new:
                yield Change(name, language, compare(old, new))


def compare(old: str, new: str) -> list[Piece]:
    """The pieces of two texts, word by word; Khmer, without spaces, sentence by sentence."""
    ours, theirs = _PIECES.findall(old), _PIECES.findall(new)
    found = []
    for what, start, end, start_new, end_new in SequenceMatcher(
        None, ours, theirs, autojunk=False
    ).get_opcodes():
        gone, come = "".join(ours[start:end]), "".join(theirs[start_new:end_new])
        if what == "equal":
            found.append(Piece("", gone))
        else:
            found += [Piece(mark, text) for mark, text in (("del", gone), ("ins", come)) if text]
    return found
