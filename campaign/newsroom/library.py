"""The decisions of others as a library: what they are found by, and what is said of each."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.newsroom import texts
from campaign.newsroom.models import Document, Resolution
from petitions import fallbacks, formats, presentation, structured
from petitions.domain.text_names import language_name
from petitions.forms import PlainForm


class FilterForm(PlainForm):
    """By whom, when and in which language; everything may be left open.

    Offered is what some decision has. A value that none has narrows nothing: whoever follows an
    old link sees the list, and in the form what it is narrowed by.
    """

    body = forms.ChoiceField(label=_("Decided by"), required=False)
    year = forms.ChoiceField(label=_("Year"), required=False)
    language = forms.ChoiceField(label=_("Language of the official text"), required=False)

    def __init__(self, asked: Mapping[str, str], rows: Iterable[Resolution]) -> None:
        self._rows = list(rows)
        choices = {
            "body": _bodies(self._rows),
            "year": _years(self._rows),
            "language": _languages(self._rows),
        }
        known = {name: asked[name] for name in choices if asked.get(name) in dict(choices[name])}
        super().__init__(known)
        for name, options in choices.items():
            self.fields[name].choices = [("", _("All")), *options]  # type: ignore[attr-defined]

    @property
    def has_any(self) -> bool:
        """Whether there is anything to narrow."""
        return bool(self._rows)

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.values())

    def found(self) -> list[Resolution]:
        """The decisions that fit to all that is asked."""
        return [
            row
            for row in self._rows
            if self._fits("body", [_body(row)])
            and self._fits("year", [f"{row.adopted_on:%Y}"])
            and self._fits("language", row.languages)
        ]

    def _fits(self, name: str, values: list[str]) -> bool:
        asked = self.data.get(name, "")
        return not asked or asked in values


def _body(row: Resolution) -> str:
    """Who decided, as an address says it in every language."""
    return str(getattr(row, f"organization_{texts.SOURCE}") or row.organization)


def _bodies(rows: list[Resolution]) -> list[tuple[str, str]]:
    names = {_body(row): row.organization for row in rows if _body(row)}
    return sorted(names.items(), key=lambda item: formats.sort_key(item[1]))


def _years(rows: list[Resolution]) -> list[tuple[str, str]]:
    years = {f"{row.adopted_on:%Y}" for row in rows}
    return [(year, year) for year in sorted(years, reverse=True)]


def _languages(rows: list[Resolution]) -> list[tuple[str, str]]:
    used = {code for row in rows for code in row.languages}
    return [(code, language_name(code)) for code, _name in settings.LANGUAGES if code in used]


# --- what is said of each --------------------------------------------------------------------


def entry(row: Resolution) -> dict[str, Any]:
    """A decision in the list; its documents may be prefetched."""
    return {
        "resolution": row,
        "written_in": [language_name(code) for code in row.languages],
        "documents": [named(document) for document in row.documents.all()],
    }


def named(document: Document) -> dict[str, Any]:
    """A copy with what a download of it is, and costs."""
    words = {
        "language": language_name(document.language),
        "size": formats.file_size(document.size),
    }
    return {
        "document": document,
        "label": gettext("PDF, %(language)s, %(size)s") % words,
        "host": urlsplit(document.source_url).hostname,
    }


def not_in_this_language(row: Resolution) -> str:
    """Where the official text exists in other languages only: in which; "" elsewhere."""
    if formats.current() in row.languages:
        return ""
    words = {"languages": ", ".join(language_name(code) for code in row.languages)}
    return gettext("The official text exists only in these languages: %(languages)s.") % words


def things(row: Resolution) -> list[structured.Thing]:
    """Our summary for search engines, apart from the text that it is a summary of."""
    page = reverse("resolution", args=[row.slug])
    steps = [
        (str(settings.PETITIONS_SITE_NAME), reverse("home")),
        (gettext("What others decided"), reverse("resolutions")),
        (row.title, page),
    ]
    summary = {
        "@type": "CreativeWork",
        "name": row.title,
        "abstract": row.summary,
        "inLanguage": formats.HTML_LANGUAGES[fallbacks.spoken(row, "title")],
        "url": presentation.absolute(page),
        "publisher": structured.organization(),
        "isBasedOn": _official(row),
    }
    return [summary, structured.breadcrumbs(steps)]


def _official(row: Resolution) -> structured.Thing:
    thing: structured.Thing = {
        "@type": "CreativeWork",
        "identifier": row.reference,
        "datePublished": row.adopted_on.isoformat(),
        "inLanguage": [formats.HTML_LANGUAGES[code] for code in row.languages],
        "publisher": {"@type": "Organization", "name": row.organization},
    }
    if row.official_url:
        thing["sameAs"] = row.official_url
    copies = [_copy(document) for document in row.documents.all()]
    return thing | ({"encoding": copies} if copies else {})


def _copy(document: Document) -> structured.Thing:
    return {
        "@type": "MediaObject",
        "contentUrl": presentation.absolute(document.get_absolute_url()),
        "contentSize": str(document.size),
        "encodingFormat": "application/pdf",
        "inLanguage": formats.HTML_LANGUAGES[document.language],
        "sha256": document.sha256,
    }
