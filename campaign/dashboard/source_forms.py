"""The form of a post's sources: its rows, and empty ones after them, without scripts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import URLValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.dashboard.petition_forms import PlainField
from campaign.newsroom.domain import sources
from campaign.newsroom.domain.sources import Source
from campaign.newsroom.models import Post
from campaign.parliament.forms import DayField
from petitions import clock, formats
from petitions.forms import PlainForm

#: Empty rows after those that are written.
_EMPTY = 2
#: What is typed of a source; a row that has none of it is no source.
_TYPED = ("title", "publisher", "url", "published_on")


class WebAddressField(PlainField):
    """An address that a browser opens: no other scheme, which could run something."""

    widget = forms.URLInput(attrs={"autocapitalize": "none", "spellcheck": "false"})

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value:
            message = gettext("Enter an address that begins with https://")
            URLValidator(schemes=["https", "http"], message=message)(value)

    def to_python(self, value: Any) -> str:
        """The scheme in small letters, as it is stored and looked for."""
        scheme, mark, rest = super().to_python(value).partition("://")
        return f"{scheme.lower()}{mark}{rest}"


@dataclass(frozen=True)
class SourceRow:
    """One source as the page shows it; only what is stored can be removed."""

    position: int
    is_stored: bool
    title: forms.BoundField
    publisher: forms.BoundField
    language: forms.BoundField
    url: forms.BoundField
    published_on: forms.BoundField
    remove: forms.BoundField


class SourcesForm(PlainForm):
    """All sources of a post, each field with its row's number."""

    based_on = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, number: int, stored: int, **kwargs: Any) -> None:
        """`number` rows, of which so many are `stored`."""
        super().__init__(*args, **kwargs)
        self.numbers = range(1, min(number, sources.MOST) + 1)
        self.stored_rows = stored
        self.is_overtaken = False
        for position in self.numbers:
            for name, field in _fields().items():
                self.fields[f"{name}_{position}"] = field

    @classmethod
    def stored(cls, post: Post) -> "SourcesForm":
        rows = sources.of(post)
        initial: dict[str, Any] = {"based_on": sources.digest(post)}
        for position, row in enumerate(rows, start=1):
            for name in (*_TYPED, "language"):
                initial[f"{name}_{position}"] = getattr(row, name)
        return cls(initial=initial, number=len(rows) + _EMPTY, stored=len(rows))

    @classmethod
    def posted(cls, data: Mapping[str, str], post: Post) -> "SourcesForm":
        """As many rows as were sent, whatever is stored by now."""
        positions = (name.removeprefix("url_") for name in data if name.startswith("url_"))
        number = max((int(each) for each in positions if each.isdecimal()), default=0)
        return cls(data, number=number, stored=post.sources.count())

    @classmethod
    def overtaken(cls, data: Mapping[str, str], post: Post) -> "SourcesForm":
        """What was typed, to be saved over what somebody else stored meanwhile."""
        form = cls.posted(dict(data.items()) | {"based_on": sources.digest(post)}, post)
        form.is_overtaken = True
        return form

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        addresses: set[str] = set()
        for position in self._written():
            for name, message in _NEEDED.items():
                field = f"{name}_{position}"
                if not data.get(field) and field not in self.errors:
                    self.add_error(field, message % {"number": formats.number(position)})
            url = data.get(f"url_{position}", "")
            if url and url in addresses:
                self.add_error(f"url_{position}", gettext("This address stands here already"))
            addresses.add(url)
            self._check_day(position)
        return data

    def _check_day(self, position: int) -> None:
        day = self.cleaned_data.get(f"published_on_{position}")
        if day and day > clock.today():
            self.add_error(f"published_on_{position}", gettext("Date must not be in the future"))

    def _written(self) -> Iterator[int]:
        """The rows that are to stay: with something in them, and not marked to be removed."""
        for position in self.numbers:
            has_something = any(
                self.cleaned_data.get(f"{name}_{position}") or f"{name}_{position}" in self.errors
                for name in _TYPED
            )
            if has_something and not self.cleaned_data.get(f"remove_{position}"):
                yield position

    def sources(self) -> list[Source]:
        """The valid form as the domain takes it."""
        return [
            Source(
                **{name: self.cleaned_data[f"{name}_{position}"] for name in (*_TYPED, "language")}
            )
            for position in self._written()
        ]

    def rows(self) -> list[SourceRow]:
        return [
            SourceRow(
                position=position,
                is_stored=position <= self.stored_rows,
                **{name: self[f"{name}_{position}"] for name in _fields()},
            )
            for position in self.numbers
        ]


#: What a source cannot do without.
_NEEDED = {
    "title": _("Enter the title of source %(number)s"),
    "language": _("Select the language of source %(number)s"),
    "url": _("Enter the address of source %(number)s"),
}


def _fields() -> dict[str, forms.Field]:
    """Those of one row. None is required: a row may be empty as a whole."""
    return {
        "title": PlainField(label=_("Title, as it stands there"), **_limits("title")),
        "publisher": PlainField(label=_("Publisher"), **_limits("publisher")),
        "language": forms.ChoiceField(
            label=_("Language that it is in"),
            choices=[("", _("Choose")), *settings.LANGUAGES],
            required=False,
        ),
        "url": WebAddressField(label=_("Address (https://…)"), **_limits("url")),
        "published_on": DayField(label=_("Published on (YYYY-MM-DD)"), required=False),
        "remove": forms.BooleanField(label=_("Remove this source"), required=False),
    }


def _limits(name: str) -> dict[str, Any]:
    return {
        "required": False,
        "max_length": sources.LIMITS[name],
        "error_messages": {"max_length": _("Shorten it to %(limit_value)d characters")},
    }
