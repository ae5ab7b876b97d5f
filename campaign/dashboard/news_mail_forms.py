"""Forms of news by mail: the texts in three languages, and the press that sends them."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.dashboard.petition_forms import PlainField
from campaign.newsroom.models import Post
from petitions import formats
from petitions.domain import news_mails
from petitions.domain.parity import Finding
from petitions.domain.text_names import language_name
from petitions.forms import PlainForm
from petitions.models import NewsMail, Petition

#: Where a post is read, below the language.
_PATH = "news/{slug}/"


def prefill(post: Post) -> dict[str, str]:
    """What the form begins with to announce a post: its title, its summary, the link to it."""
    return {
        "post": post.slug,
        **{
            f"{name}_{code}": getattr(post, f"{source}_{code}") or ""
            for name, source in (("heading", "title"), ("text", "summary"))
            for code in formats.LOCALES
        },
    }


class ParagraphsField(PlainField):
    """Several paragraphs, apart by an empty line."""

    def to_python(self, value: Any) -> str:
        return news_mails.tidy(str(value or ""))


class NewsForm(PlainForm):
    """`heading` and `text` in each language, and the post that says more."""

    post = forms.ChoiceField(
        label=_("Post to link to"),
        required=False,
        error_messages={"invalid_choice": _("Select a post that everybody may read")},
    )

    def __init__(self, *args: Any, petition: Petition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.petition = petition
        self.findings: list[Finding] = []
        posts = [(post.slug, str(post)) for post in Post.objects.public()]
        self.fields["post"].choices = [("", _("No post")), *posts]  # type: ignore[attr-defined]
        for code in formats.LOCALES:
            self.fields[f"heading_{code}"] = _field(PlainField, code, rows=2, size="grows")
            self.fields[f"text_{code}"] = _field(ParagraphsField, code, rows=8, size="grows tall")

    @classmethod
    def stored(cls, news: NewsMail) -> "NewsForm":
        texts = news_mails.texts_of(news)
        initial = {
            f"{name}_{code}": text
            for name, wording in texts.items()
            for code, text in wording.items()
        }
        slug = news.path.strip("/").rpartition("/")[2]
        return cls(petition=news.petition, initial={**initial, "post": slug})

    def clean(self) -> dict[str, Any]:
        """The domain says what is missing, too long, or otherwise in another language."""
        data = super().clean() or {}
        self.findings = news_mails.findings(self.petition, self.texts())
        for each in self.findings:
            if each.is_blocking:
                self.add_error(f"{each.name}_{each.language}", each.text)
        return data

    def texts(self) -> dict[str, dict[str, str]]:
        return {
            name: {code: self.cleaned_data.get(f"{name}_{code}", "") for code in formats.LOCALES}
            for name in news_mails.LIMITS
        }

    def path(self) -> str:
        slug = self.cleaned_data["post"]
        return _PATH.format(slug=slug) if slug else ""

    def rows(self) -> list[dict[str, Any]]:
        """The texts as `_text_row.html` shows them."""
        return [
            {
                "name": name,
                "label": news_mails.label(name),
                "hint": gettext("plain paragraphs, apart by an empty line")
                if name == "text"
                else "",
                "cells": [
                    {"field": self[f"{name}_{code}"], "html_lang": formats.HTML_LANGUAGES[code]}
                    for code in formats.LOCALES
                ],
            }
            for name in news_mails.LIMITS
        ]


def _field(kind: type[PlainField], code: str, *, rows: int, size: str) -> PlainField:
    return kind(
        label=language_name(code),
        required=False,
        widget=forms.Textarea(
            attrs={"rows": rows, "lang": formats.HTML_LANGUAGES[code], "class": size}
        ),
    )


class SendForm(PlainForm):
    """`based_on` is the digest of the texts that were on the page with the button."""

    based_on = forms.CharField(widget=forms.HiddenInput, required=False)
