"""Forms of the news: a beginning, details, texts in three languages, a photograph, a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from campaign.dashboard.petition_forms import (
    AddressField,
    InstantForm,
    PlainField,
    TitleLanguageField,
)
from campaign.dashboard.text_form import Cell, TextField
from campaign.newsroom import texts
from campaign.newsroom.domain import pictures, posts
from campaign.newsroom.models import Post, Tag
from campaign.newsroom.prose import to_html
from campaign.newsroom.states import PostState
from petitions import formats
from petitions.domain.editing import Wording
from petitions.forms import PlainForm


class NewPostForm(PlainForm):
    """The least to begin with: a title in one language, and an address."""

    language = TitleLanguageField()
    title = PlainField(
        label=_("Title"),
        max_length=posts.LIMITS["title"],
        error_messages={
            "required": _("Enter a title"),
            "max_length": _("Title must have %(limit_value)d characters or fewer"),
        },
    )
    slug = AddressField(
        label=_("Address"),
        help_text=_(
            "Latin letters and hyphens, like free-elections; left empty it is made from a title "
            "in English or French. It can be changed until the post is published."
        ),
        required=False,
    )


class DetailsForm(PlainForm):
    """What is not written in three languages."""

    slug = AddressField(
        label=_("Address"),
        help_text=_("Latin letters and hyphens; it stays once the post is published"),
        error_messages={
            "required": _("Enter an address in Latin letters, like free-elections"),
        },
    )
    tags: "forms.ModelMultipleChoiceField[Tag]" = forms.ModelMultipleChoiceField(
        Tag.objects.all(),
        label=_("Tags"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        stored = {"slug": post.slug, "tags": post.tags.all()}
        super().__init__(*args, initial=stored, **kwargs)
        self.fields["slug"].disabled = post.state != PostState.DRAFT


class PhotoForm(PlainForm):
    """One file, read no further than it may be long."""

    file = forms.FileField(
        label=_("Photograph"),
        help_text=_(
            "JPEG, PNG or WebP, 20 MB at most. It is turned upright and made small; where and with "
            "what it was taken is not kept."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages=dict.fromkeys(("required", "invalid", "empty"), _("Choose a file")),
    )

    def clean_file(self) -> bytes:
        content: bytes = self.cleaned_data["file"].read(pictures.LARGEST_UPLOAD + 1)
        return content


class PublishForm(InstantForm):
    """Now, or at an instant to come."""

    opening = forms.ChoiceField(
        label=_("It appears"),
        choices=[
            (InstantForm.AT_ONCE, _("Now")),
            (InstantForm.LATER, _("On a day and at a time, Toronto time")),
        ],
        initial=InstantForm.AT_ONCE,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select when it appears")),
    )


# --- texts -----------------------------------------------------------------------------------


class BodyField(TextField):
    """Markdown keeps its lines; `data-preview` names the box in which it is shown as written."""

    def __init__(self, name: str, language: str, **kwargs: Any) -> None:
        super().__init__(name, language, **kwargs)
        box = f"id_{name}_{language}_preview"
        self.widget.attrs |= {"rows": 14, "data-preview": box, "data-language": language}

    def to_python(self, value: Any) -> str:
        return posts.tidy_text("body", str(value or ""))


@dataclass(frozen=True)
class PostCell(Cell):
    """One text of a row; `preview` is a body as readers will see it, None for other texts."""

    preview: SafeString | None = None


@dataclass(frozen=True)
class PostRow:
    """One text in three languages, as `dashboard/petitions/_text_row.html` shows it."""

    name: str
    label: str
    hint: str
    is_optional: bool
    cells: list[PostCell]


class PostTextsForm(PlainForm):
    """Every text of a post and of its photographs, in three languages."""

    based_on = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject = texts.subject_of(post)
        self.is_overtaken = False
        for name in self.subject.texts:
            part, _line, position = name.rpartition("_")
            kind = BodyField if name == "body" else TextField
            for language in formats.LOCALES:
                self.fields[f"{name}_{language}"] = kind(
                    name,
                    language,
                    limit=posts.LIMITS[part if position.isdecimal() else name],
                    called=self.subject.names(name),
                )

    @classmethod
    def stored(cls, post: Post) -> "PostTextsForm":
        subject = texts.subject_of(post)
        initial = {
            f"{name}_{language}": text
            for name, wording in subject.texts.items()
            for language, text in wording.items()
        }
        return cls(initial={**initial, "based_on": subject.digest()}, post=post)

    @classmethod
    def typed(cls, data: Mapping[str, str], post: Post) -> "PostTextsForm":
        """What was typed, to be looked at: not checked, not stored."""
        return cls(initial=dict(data.items()), post=post)

    @classmethod
    def overtaken(cls, data: Mapping[str, str], post: Post) -> "PostTextsForm":
        """What was typed, the texts stored meanwhile beside it; the next save is based on them."""
        digest = texts.subject_of(post).digest()
        form = cls(dict(data.items()) | {"based_on": digest}, post=post)
        form.is_overtaken = True
        return form

    def wordings(self) -> dict[str, Wording]:
        """The valid form as the domain takes it."""
        return {
            name: {each: self.cleaned_data[f"{name}_{each}"] for each in formats.LOCALES}
            for name in self.subject.texts
        }

    def rows(self) -> list[PostRow]:
        return [self._row(name) for name in self.subject.texts]

    def _row(self, name: str) -> PostRow:
        fields = {language: self[f"{name}_{language}"] for language in formats.LOCALES}
        shown = {each: str(field.value() or "").strip() for each, field in fields.items()}
        is_optional = name not in self.subject.required
        is_due = any(shown.values()) or not is_optional
        saved = self.subject.texts[name] if self.is_overtaken else shown
        return PostRow(
            name=name,
            label=self.subject.names(name),
            hint=_hint(name),
            is_optional=is_optional,
            cells=[
                PostCell(
                    field=field,
                    html_lang=formats.HTML_LANGUAGES[language],
                    is_missing=is_due and not shown[language],
                    saved=saved[language] if saved[language] != shown[language] else "",
                    preview=to_html(shown[language], language) if name == "body" else None,
                )
                for language, field in fields.items()
            ],
        )


def _hint(name: str) -> str:
    kind = name.partition("_")[0]
    return str(_HINTS.get(kind, ""))


_HINTS = {
    "summary": _("one or two sentences; the list, the feed and shared links show it"),
    "body": _(
        "an empty line between paragraphs, ## before a heading, - before a point, **bold**, "
        "[words](https://address) for a link"
    ),
    "author": _("left empty, no author is named"),
    "alt": _("in one sentence, for those who do not see it; name nobody who could be in danger"),
}
