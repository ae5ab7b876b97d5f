"""The editor's form: every text of a petition in three languages, clauses in their order.

Adding, moving and removing a clause are posts that keep all that was typed and store nothing:
the editor works without scripts.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from campaign.dashboard import petition_wording as wording
from petitions import formats
from petitions.domain import comparing, editing
from petitions.domain.editing import LANGUAGES, MOST_CLAUSES, Texts, Wording
from petitions.forms import PlainForm
from petitions.models import Clause, Petition

_KINDS = tuple(Clause.Kind.values)
_ACT = re.compile(r"(add|up|remove)-(whereas|request)(?:-(\d{1,2}))?")


class TextField(forms.CharField):
    """One text in one language. Too long is said, not cut off while somebody pastes."""

    def __init__(self, name: str, language: str, *, limit: int = 0, called: str = "") -> None:
        """Its limit and what it is called are a petition's, unless they are given."""
        self.name, self.language = name, language
        self.limit = limit or editing.LIMITS.get(name, editing.CLAUSE_LIMIT)
        self.called = called or wording.text_name(name)
        lines, size = (2, "grows") if self.limit <= 160 else (4, "grows tall")
        super().__init__(
            required=False,
            label=wording.language(language),
            widget=forms.Textarea(
                attrs={"rows": lines, "lang": formats.HTML_LANGUAGES[language], "class": size}
            ),
        )

    def to_python(self, value: Any) -> str:
        return editing.tidy(str(value or ""))

    def validate(self, value: Any) -> None:
        if len(value) > self.limit:
            raise ValidationError(
                gettext(
                    "Shorten “%(text)s” (%(language)s) to %(limit)s characters: it has %(length)s"
                )
                % {
                    "text": self.called,
                    "language": wording.language(self.language),
                    "limit": formats.number(self.limit),
                    "length": formats.number(len(value)),
                }
            )


@dataclass(frozen=True)
class Cell:
    """One text of a row; `saved` is what somebody else stored there meanwhile, if it differs."""

    field: forms.BoundField
    html_lang: str
    is_missing: bool
    saved: str


@dataclass(frozen=True)
class Row:
    """One text in three languages as the page shows it."""

    name: str
    kind: str
    position: int
    cells: list[Cell]
    warnings: list[str]

    @property
    def label(self) -> str:
        return wording.text_name(self.name)

    @property
    def hint(self) -> str:
        return wording.hint(self.name)

    @property
    def is_optional(self) -> bool:
        return wording.is_optional(self.name)


class TextsForm(PlainForm):
    based_on = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, rows: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = dict(rows)
        #: What somebody else has stored meanwhile, by name of the row.
        self.saved: dict[str, Wording] = {}
        for name in self._names():
            for language in LANGUAGES:
                self.fields[f"{name}_{language}"] = TextField(name, language)

    @classmethod
    def stored(cls, petition: Petition) -> "TextsForm":
        """The petition's texts; while they may be written, an empty clause of each kind as well."""
        texts = editing.texts_of(petition)
        spare = 1 if editing.may_be_written(petition) else 0
        initial = {
            f"{name}_{language}": text
            for name, wording in texts.rows()
            for language, text in wording.items()
        }
        rows = {"whereas": len(texts.whereas) + spare, "request": len(texts.requests) + spare}
        return cls(
            initial={**initial, "based_on": texts.digest()},
            rows={kind: min(number, MOST_CLAUSES) for kind, number in rows.items()},
        )

    @classmethod
    def posted(cls, data: Mapping[str, str]) -> "TextsForm":
        return cls(data, rows=_rows(data))

    @classmethod
    def rearranged(cls, data: Mapping[str, str], act: str) -> "TextsForm":
        """What was typed, with one clause more, moved up or removed; not checked, not stored."""
        found = _ACT.fullmatch(act)
        typed, rows = dict(data.items()), _rows(data)
        if found:
            verb, kind, place = found[1], found[2], int(found[3] or 0)
            clauses = [_typed(typed, kind, each) for each in range(1, rows[kind] + 1)]
            clauses = _rearrange(clauses, verb, place)
            rows[kind] = len(clauses)
            for position, clause in enumerate(clauses, start=1):
                typed |= {f"{kind}_{position}_{each}": clause[each] for each in LANGUAGES}
        return cls(initial=typed, rows=rows)

    @classmethod
    def overtaken(cls, data: Mapping[str, str], petition: Petition) -> "TextsForm":
        """What was typed, the texts stored meanwhile beside it; the next save is based on them."""
        stored = editing.texts_of(petition)
        rows = _rows(data)
        form = cls(
            dict(data.items()) | {"based_on": stored.digest()},
            rows={
                "whereas": max(rows["whereas"], len(stored.whereas)),
                "request": max(rows["request"], len(stored.requests)),
            },
        )
        form.saved = dict(stored.rows())
        return form

    def texts(self) -> Texts:
        """The valid form as the domain takes it; clauses empty in every language fall away."""
        found = {
            name: {each: self.cleaned_data[f"{name}_{each}"] for each in LANGUAGES}
            for name in self._names()
        }
        clauses = {
            kind: [
                found[f"{kind}_{position}"]
                for position in range(1, self.rows[kind] + 1)
                if any(found[f"{kind}_{position}"].values())
            ]
            for kind in _KINDS
        }
        return Texts(
            fields={name: found[name] for name in editing.LIMITS},
            whereas=clauses["whereas"],
            requests=clauses["request"],
        )

    # --- what the page shows -----------------------------------------------------------------

    def sections(self) -> list[dict[str, Any]]:
        """The rows in four groups; those of clauses can be added to while there is room."""
        return [
            {
                "id": section,
                "heading": wording.section(section),
                "rows": [self._row(name) for name in self._section_names(section)],
                "kind": section if section in _KINDS else "",
                "has_room": self.rows.get(section, 0) < MOST_CLAUSES,
            }
            for section in wording.SECTIONS
        ]

    def row_counts(self) -> list[tuple[str, int]]:
        return [(f"{kind}_rows", number) for kind, number in self.rows.items()]

    def _names(self) -> Iterator[str]:
        for section in wording.SECTIONS:
            yield from self._section_names(section)

    def _section_names(self, section: str) -> list[str]:
        clauses = [f"{section}_{each}" for each in range(1, self.rows.get(section, 0) + 1)]
        return [*wording.SECTIONS[section], *clauses]

    def _row(self, name: str) -> Row:
        fields = {language: self[f"{name}_{language}"] for language in LANGUAGES}
        shown = {each: editing.tidy(str(field.value() or "")) for each, field in fields.items()}
        saved = self.saved.get(name, {})
        kind, _line, position = name.rpartition("_")
        is_clause = kind in _KINDS
        # An empty clause is only the place for the next one; but one request there must be.
        may_be_empty = wording.is_optional(name) or (is_clause and name != "request_1")
        return Row(
            name=name,
            kind=kind if is_clause else "",
            position=int(position) if is_clause else 0,
            cells=[
                Cell(
                    field=field,
                    html_lang=formats.HTML_LANGUAGES[language],
                    is_missing=not shown[language] and (any(shown.values()) or not may_be_empty),
                    saved=saved.get(language, "") if saved.get(language) != shown[language] else "",
                )
                for language, field in fields.items()
            ],
            warnings=_warnings(shown, is_clause=is_clause),
        )


def _rows(data: Mapping[str, str]) -> dict[str, int]:
    """How many clauses of each kind were on the page that was sent."""
    asked = {kind: str(data.get(f"{kind}_rows", "")) for kind in _KINDS}
    return {
        kind: min(int(text), MOST_CLAUSES) if text.isdecimal() and len(text) < 4 else 1
        for kind, text in asked.items()
    }


def _typed(data: Mapping[str, str], kind: str, position: int) -> Wording:
    return {each: data.get(f"{kind}_{position}_{each}", "") for each in LANGUAGES}


def _rearrange(clauses: list[Wording], verb: str, place: int) -> list[Wording]:
    """`place` counts from 1; a place that does not exist changes nothing."""
    if verb == "add" and len(clauses) < MOST_CLAUSES:
        return [*clauses, dict.fromkeys(LANGUAGES, "")]
    index = place - 1
    if verb == "remove" and 0 <= index < len(clauses):
        return clauses[:index] + clauses[index + 1 :]
    if verb == "up" and 0 < index < len(clauses):
        return [*clauses[: index - 1], clauses[index], clauses[index - 1], *clauses[index + 1 :]]
    return clauses


def _warnings(shown: Wording, *, is_clause: bool) -> list[str]:
    """What to look at again; none of it keeps anybody from saving."""
    found = [
        gettext("%(language)s: not found here: %(numbers)s")
        % {"language": wording.language(language), "numbers": ", ".join(numbers)}
        for language, numbers in comparing.missing_numbers(shown).items()
    ]
    if is_clause and any(map(comparing.has_web_address, shown.values())):
        found.append(
            gettext(
                "The House of Commons takes no web or e-mail address in the text of a petition."
            )
        )
    return found
