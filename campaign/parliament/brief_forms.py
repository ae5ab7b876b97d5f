"""The form of a briefing's texts: each in the language of the paper, the other two beneath."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.parliament import loaded_words, wording
from campaign.parliament.domain import brief_texts
from campaign.parliament.domain.brief_texts import DECISIONS, FACTS, Line, Part, Texts
from petitions import formats
from petitions.domain.editing import LANGUAGES, Wording, tidy
from petitions.domain.text_names import language_name
from petitions.forms import PlainForm


class _TextField(forms.CharField):
    """One paragraph. Too long is said after pasting, not cut off meanwhile."""

    def to_python(self, value: Any) -> str:
        return tidy(str(value or ""))


@dataclass(frozen=True)
class Block:
    """One text as the page shows it: `main` is printed, `others` are the other two languages."""

    main: forms.BoundField
    others: list[forms.BoundField]
    source: forms.BoundField | None
    warnings: list[str]

    @property
    def summary(self) -> str:
        """What opens the other languages, told apart from those of the next text."""
        return ", ".join(str(field.label) for field in self.others)

    @property
    def is_open(self) -> bool:
        """Whether the other languages are shown at once: an error there must be seen."""
        return any(field.errors for field in self.others)


class TextsForm(PlainForm):
    based_on = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, language: str = "en", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = language
        for part, position in _places():
            for code in LANGUAGES:
                field = _text_field(part, position, code)
                field.help_text = _hint(part) if code == language else ""
                self.fields[_name(part, position, code)] = field
        for position in range(1, FACTS + 1):
            self.fields[f"fact_{position}_source"] = _TextField(
                label=_("Source"),
                required=False,
                max_length=200,
                error_messages={"max_length": _("Source must have 200 characters or fewer")},
            )
        for position in range(1, DECISIONS + 1):
            self.fields[f"decision_{position}_source"] = forms.URLField(
                label=_("Address where it can be read"),
                required=False,
                assume_scheme="https",
                max_length=200,
                widget=forms.URLInput(attrs={"spellcheck": "false"}),
                error_messages={
                    "invalid": _("Enter an address like https://www.ipu.org/"),
                    "max_length": _("Address must have 200 characters or fewer"),
                },
            )

    @classmethod
    def stored(cls, texts: Texts, *, language: str) -> "TextsForm":
        initial: dict[str, str] = {"based_on": texts.digest()}
        for part, position, written in texts.rows():
            initial |= {_name(part, position, code): text for code, text in written.items()}
        for part, lines in ((Part.FACT, texts.facts), (Part.DECISION, texts.decisions)):
            for position, line in enumerate(lines, start=1):
                initial[f"{part.value}_{position}_source"] = line.source
        return cls(initial=initial, language=language)

    @classmethod
    def overtaken(cls, data: QueryDict, stored: Texts, *, language: str) -> "TextsForm":
        """What was typed, to be saved over what somebody else has stored meanwhile."""
        typed = data.copy()
        typed["based_on"] = stored.digest()
        return cls(typed, language=language)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            for excess in brief_texts.excesses(self.texts()):
                name = _name(excess.gap.part, excess.gap.position, excess.language)
                self.add_error(name, wording.excess(excess))
        return data

    def texts(self) -> Texts:
        """What was typed; of a field that is refused, nothing."""
        return Texts(
            ask=self._wording(Part.ASK),
            background=self._wording(Part.BACKGROUND),
            facts=self._lines(Part.FACT, FACTS),
            decisions=self._lines(Part.DECISION, DECISIONS),
        )

    def _wording(self, part: Part, position: int = 0) -> Wording:
        return {code: self._typed(_name(part, position, code)) for code in LANGUAGES}

    def _lines(self, part: Part, number: int) -> list[Line]:
        return [
            Line(self._wording(part, position), self._typed(f"{part.value}_{position}_source"))
            for position in range(1, number + 1)
        ]

    def _typed(self, name: str) -> str:
        return str(self.cleaned_data.get(name, ""))

    def is_changed(self) -> bool:
        """Whether something was typed that is not stored."""
        return self.is_bound and self.texts().digest() != self.cleaned_data.get("based_on")

    def first_page(self) -> list[Block]:
        return [self._block(*place) for place in _places() if place[0] in (Part.ASK, Part.FACT)]

    def second_page(self) -> list[Block]:
        later = (Part.BACKGROUND, Part.DECISION)
        return [self._block(*place) for place in _places() if place[0] in later]

    def has_errors_beneath(self) -> bool:
        """Whether a text of the second page is refused: it must be seen then."""
        later = (Part.BACKGROUND.value, Part.DECISION.value)
        return any(name.startswith(later) for name in self.errors)

    def _block(self, part: Part, position: int) -> Block:
        name = f"{part.value}_{position}_source"
        return Block(
            main=self[_name(part, position, self.language)],
            others=[
                self[_name(part, position, code)] for code in LANGUAGES if code != self.language
            ],
            source=self[name] if name in self.fields else None,
            warnings=list(self._warnings(part, position)),
        )

    def _warnings(self, part: Part, position: int) -> Iterator[str]:
        for code in LANGUAGES:
            text = str(self[_name(part, position, code)].value() or "")
            for word in loaded_words.found(text, code):
                yield gettext(
                    "“%(word)s” (%(language)s) takes a side or judges: say it in facts if you can"
                ) % {"word": word, "language": language_name(code)}


def _places() -> Iterator[tuple[Part, int]]:
    yield Part.ASK, 0
    for position in range(1, FACTS + 1):
        yield Part.FACT, position
    yield Part.BACKGROUND, 0
    for position in range(1, DECISIONS + 1):
        yield Part.DECISION, position


def _name(part: Part, position: int, language: str) -> str:
    place = f"{part.value}_{position}" if position else part.value
    return f"{place}_{language}"


def _text_field(part: Part, position: int, language: str) -> _TextField:
    lines = {Part.BACKGROUND: 7, Part.DECISION: 2}.get(part, 3)
    return _TextField(
        required=False,
        label=f"{wording.part_name(part, position)} ({language_name(language)})",
        widget=forms.Textarea(
            attrs={"rows": lines, "lang": formats.HTML_LANGUAGES[language], "class": "grows"}
        ),
    )


def _hint(part: Part) -> str:
    hints = {
        Part.ASK: gettext(
            "One sentence that can be checked later. Left empty, it is the petition’s own."
        ),
        Part.FACT: gettext("A sentence that can be proved. **So** is printed in bold."),
        Part.BACKGROUND: gettext("At most %(number)s words. **So** is printed in bold.")
        % {"number": formats.number(brief_texts.MOST_BACKGROUND_WORDS)},
        Part.DECISION: gettext("One line: who decided what, and when."),
    }
    return hints[part]
