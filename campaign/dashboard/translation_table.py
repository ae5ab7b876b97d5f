"""Texts in three languages beside each other: one component for petitions, pages and questions.

Templates show it with `components/translation_table.html`.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractBaseUser
from django.http import QueryDict
from django.utils.translation import gettext, ngettext

from petitions import formats
from petitions.domain import translating
from petitions.domain.parity import Finding
from petitions.domain.text_names import language_name
from petitions.domain.translating import Key, Subject, TextState
from petitions.states import TextStatus

#: What `?show=` asks for → the statuses that it lists.
_SHOWN: dict[str, frozenset[TextStatus]] = {
    "missing": frozenset({TextStatus.MISSING}),
    "draft": frozenset({TextStatus.DRAFT}),
    "stale": frozenset({TextStatus.STALE}),
    "unapproved": frozenset(TextStatus) - {TextStatus.APPROVED},
}
_TAGS = {TextStatus.APPROVED: "", TextStatus.MISSING: "lacks"}


@dataclass(frozen=True)
class Asked:
    """What the address asks for: which texts, in which language on a phone, with break points."""

    show: str
    language: str
    breaks: bool

    @classmethod
    def by(cls, query: QueryDict) -> "Asked":
        show, language = query.get("show", ""), query.get("lang", "")
        return cls(
            show=show if show in _SHOWN else "",
            language=language if language in formats.LOCALES else "",
            breaks=query.get("breaks") == "1",
        )

    def url(self, **changes: str | bool) -> str:
        """This address with something else asked for."""
        asked = {"show": self.show, "lang": self.language, "breaks": self.breaks, **changes}
        query = {name: "1" if value is True else value for name, value in asked.items() if value}
        return f"?{urlencode(query)}"


@dataclass(frozen=True)
class Cell:
    """One text in one language, and what the reader may do about it."""

    state: TextState
    text: str
    is_source: bool
    is_away: bool  # on a phone, where the source and one other language are shown
    why_not: str
    edit_url: str

    @property
    def language(self) -> str:
        return language_name(self.state.language)

    @property
    def html_lang(self) -> str:
        return formats.HTML_LANGUAGES[self.state.language]

    @property
    def tag(self) -> str:
        return _TAGS.get(self.state.status, "wait")

    @property
    def may_approve(self) -> bool:
        return not self.why_not and self.state.status != TextStatus.APPROVED

    @property
    def pieces(self) -> list[str]:
        """The text between its zero-width spaces, where browsers may break Khmer."""
        return self.text.split("\u200b")

    @property
    def breaks_text(self) -> str:
        number = len(self.pieces) - 1
        return ngettext("%(number)s zero-width space", "%(number)s zero-width spaces", number) % {
            "number": formats.number(number)
        }


def context(
    subject: Subject,
    findings: Sequence[Finding],
    *,
    asked: Asked,
    reader: AbstractBaseUser,
    edit_url: str = "",
) -> dict[str, Any]:
    """All that the component shows. `edit_url` takes a text's anchor; "" when none is changed."""
    states = translating.states(subject)
    on_phone = asked.language if asked.language not in {"", subject.source} else _other(subject)
    differing = translating.differences(subject)
    cells = {
        key: Cell(
            state=state,
            text=subject.texts[state.name][state.language],
            is_source=state.language == subject.source,
            is_away=state.language not in {subject.source, on_phone},
            why_not=translating.reason_against(state, differing, by=reader),
            edit_url=edit_url and f"{edit_url}#id_{state.name}_{state.language}",
        )
        for key, state in states.items()
    }
    return {
        "rows": list(_rows(subject, cells, findings, asked)),
        "number": formats.number(len(subject.due())),
        "asked": asked,
        "asked_text": _asked_text(asked),
        "all_url": asked.url(show="", lang=""),
        "breaks_url": asked.url(breaks=not asked.breaks),
        "bars": bars(subject, states, [key for key, cell in cells.items() if cell.may_approve]),
        "tabs": _tabs(subject, asked, on_phone),
        "findings": _findings(subject, findings),
        "based_on": subject.digest(),
    }


def _rows(
    subject: Subject, cells: dict[Key, Cell], findings: Sequence[Finding], asked: Asked
) -> Iterator[dict[str, Any]]:
    """The texts that are asked for, each in its three languages."""
    for name in subject.due():
        row = {code: cells[name, code] for code in formats.LOCALES}
        if _is_asked_for(row, asked):
            yield {
                "name": name,
                "label": subject.names(name),
                "is_title": name == "title",
                "findings": [_found(each) for each in findings if each.name == name],
                "cells": list(row.values()),
            }


def _other(subject: Subject) -> str:
    """The language that a phone begins with: the reader's own, or the first that is not the
    source."""
    own = formats.current()
    others = [code for code in formats.LOCALES if code != subject.source]
    return own if own in others else others[-1]


def _is_asked_for(row: dict[str, Cell], asked: Asked) -> bool:
    statuses = _SHOWN.get(asked.show)
    if statuses is None:
        return True
    languages = [asked.language] if asked.language else list(row)
    return any(row[code].state.status in statuses for code in languages)


def _asked_text(asked: Asked) -> str:
    """What a filtered list shows, in words; "" for all."""
    if not asked.show:
        return ""
    what = {
        "missing": gettext("Texts that are missing"),
        "draft": gettext("Texts that are drafts"),
        "stale": gettext("Texts whose source has changed"),
        "unapproved": gettext("Texts that are not approved"),
    }[asked.show]
    return f"{what}: {language_name(asked.language)}" if asked.language else what


def _tabs(subject: Subject, asked: Asked, on_phone: str) -> list[dict[str, Any]]:
    return [
        {
            "label": language_name(code),
            "url": asked.url(lang=code),
            "is_current": code == on_phone,
        }
        for code in formats.LOCALES
        if code != subject.source
    ]


def _found(finding: Finding) -> str:
    return f"{language_name(finding.language)}: {finding.text}"


def _findings(subject: Subject, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Each with the place to look at; where a number of texts is meant, the first of its kind."""
    return [
        {
            "anchor": each.name if each.name in subject.texts else f"{each.name}_1",
            "label": subject.names(each.name),
            "text": _found(each),
            "is_blocking": each.is_blocking,
        }
        for each in findings
    ]


# --- how far each language is ----------------------------------------------------------------


def bars(
    subject: Subject, states: dict[Key, TextState], reader_may: Collection[Key] = ()
) -> list[dict[str, Any]]:
    """By language how many texts are approved, and what is left, each with its filtered list."""
    total = len(subject.due())
    found = []
    for code in formats.LOCALES:
        number = Counter(
            state.status for (_name, language), state in states.items() if language == code
        )
        approved = number[TextStatus.APPROVED]
        found.append(
            {
                "code": code,
                "language": language_name(code),
                "approved": approved,
                "total": total,
                "text": progress_text(approved, total),
                "length": round(1000 * approved / total) if total else 0,
                "parts": _parts(number, code),
                "approvable": sum(language == code for _name, language in reader_may),
            }
        )
    return found


def progress_text(approved: int, total: int) -> str:
    return ngettext(
        "%(number)s of %(total)s approved", "%(number)s of %(total)s approved", total
    ) % {"number": formats.number(approved), "total": formats.number(total)}


def _parts(number: Counter[TextStatus], code: str) -> list[dict[str, str]]:
    return [
        {
            "text": _part_text(status, number[status]),
            "url": f"?{urlencode({'show': status.value, 'lang': code})}#texts",
        }
        for status in (TextStatus.MISSING, TextStatus.STALE, TextStatus.DRAFT)
        if number[status]
    ]


def _part_text(status: TextStatus, number: int) -> str:
    text = {
        TextStatus.MISSING: ngettext("%(number)s missing", "%(number)s missing", number),
        TextStatus.STALE: ngettext(
            "%(number)s with a changed source", "%(number)s with a changed source", number
        ),
        TextStatus.DRAFT: ngettext("%(number)s draft", "%(number)s drafts", number),
    }[status]
    return text % {"number": formats.number(number)}
