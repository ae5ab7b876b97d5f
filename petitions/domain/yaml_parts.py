"""Pieces of a YAML file that know where they stand, so that every fault names line and field."""

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

import yaml

from petitions.domain.editing import LANGUAGES, tidy
from petitions.domain.ridings import RefusedDataError

#: Names are no longer than this, and nor is a text of which nothing else is said.
NAME_LIMIT = 120


@dataclass
class Part:
    """A piece of the file, or one that is not there (then it reads as empty, and is no fault).

    Faults are added to `problems`, a list that all pieces of a file share.
    """

    path: str
    node: yaml.Node | None
    problems: list[str]

    def refuse(self, problem: str) -> None:
        line = self.node.start_mark.line + 1 if self.node else 1
        self.problems.append(f"line {line}, {self.path or 'file'}: {problem}")

    @property
    def is_there(self) -> bool:
        return self.node is not None

    def parts(self, *, required: Collection[str], allowed: Collection[str]) -> "Parts":
        """The entries of a map; what is missing, unknown or there twice is a fault."""
        found = Parts(self)
        if self.node is None:
            return found
        if not isinstance(self.node, yaml.MappingNode):
            self.refuse("is not a map of names and values")
            return found
        for key, value in self.node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            part = Part(f"{self.path}.{name}".lstrip("."), value, self.problems)
            if name in found:
                part.refuse("stands here twice")
            elif name not in allowed:
                part.refuse("no record has this field")
            found[name] = part
        for name in sorted(set(required) - found.keys()):
            self.refuse(f"{name} is missing")
        return found

    def items(self) -> list["Part"]:
        """The entries of a list, at least one."""
        if self.node is None:
            return []
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            self.refuse("is not a list")
            return []
        return [
            Part(f"{self.path}.{position}", node, self.problems)
            for position, node in enumerate(self.node.value, start=1)
        ]

    def text(self, limit: int = NAME_LIMIT) -> str:
        """One paragraph; "" after a fault."""
        if self.node is None:
            return ""
        if not isinstance(self.node, yaml.ScalarNode):
            self.refuse("is not a text")
            return ""
        is_null = self.node.tag.endswith(":null")
        text = "" if is_null else tidy(self.node.value)
        if not text:
            self.refuse("is empty")
        elif len(text) > limit:
            self.refuse(f"has {len(text)} characters, and may have {limit}")
        return text

    def one_of(self, choices: Collection[str]) -> str:
        text = self.text()
        if text and text not in choices:
            self.refuse(f"is “{text}”, and must be one of: {', '.join(choices)}")
        return text

    def matching(self, pattern: re.Pattern[str], *, like: str, limit: int = NAME_LIMIT) -> str:
        text = self.text(limit)
        if text and not pattern.fullmatch(text):
            self.refuse(f"is “{text}”, and must look like {like}")
        return text

    def whole(self, default: int) -> int:
        """A whole number above 0; the default when it is not there, or after a fault."""
        text = self.text()
        if text.isascii() and text.isdecimal() and len(text) < 9 and int(text):
            return int(text)
        if text:
            self.refuse(f"is “{text}”, and must be a whole number above 0")
        return default

    def day(self) -> date | None:
        text = self.text()
        with suppress(ValueError):
            return date.fromisoformat(text)
        if text:
            self.refuse(f"is “{text}”, and must be a date like 2018-12-07")
        return None

    def instant(self) -> datetime | None:
        text = self.text()
        with suppress(ValueError):
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is not None:
                return moment
        if text:
            self.refuse(f"is “{text}”, and must be an instant like 2018-06-26T17:25:00-04:00")
        return None

    def in_three(self, limit: int) -> dict[str, str]:
        """One text in English, French and Khmer; a fault for each that is missing."""
        parts = self.parts(required=LANGUAGES, allowed=LANGUAGES)
        return {language: parts[language].text(limit) for language in LANGUAGES}


class Parts(dict[str, Part]):
    """The entries of a map; one that is not there is given as such, and not kept."""

    def __init__(self, whole: Part) -> None:
        super().__init__()
        self.whole = whole

    def __missing__(self, name: str) -> Part:
        return Part(f"{self.whole.path}.{name}".lstrip("."), None, self.whole.problems)


def read_yaml(text: str) -> Part:
    """The whole of a file; raises `RefusedDataError` for what is no YAML, or nothing."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise RefusedDataError([f"{line}this is no YAML: {problem}"]) from error
    if node is None:
        raise RefusedDataError(["line 1, file: is empty"])
    return Part("", node, [])
