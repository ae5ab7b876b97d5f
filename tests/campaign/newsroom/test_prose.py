"""Markdown of pages: which HTML comes out, and what never does."""

import pytest
from django.utils import translation
from pytest_django import Settings

from campaign.newsroom.prose import to_html


def html(text: str, language: str | None = None) -> str:
    return str(to_html(text, language)).strip()


def test_a_paragraph_all_in_bold_is_a_heading() -> None:
    assert html("**Who can see it**\n\nNobody.") == "<h2>Who can see it</h2>\n<p>Nobody.</p>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**Note** the date.", "<p><strong>Note</strong> the date.</p>"),
        ("Press **Send again**", "<p>Press <strong>Send again</strong></p>"),
        (
            "**One** and **two**",
            "<p><strong>One</strong> and <strong>two</strong></p>",
        ),
    ],
)
def test_bold_within_a_paragraph_stays_bold(text: str, expected: str) -> None:
    assert html(text) == expected


def test_lists_and_headings_are_kept() -> None:
    assert html("## Steps\n\n- one\n- two") == (
        "<h2>Steps</h2>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>"
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="/" onclick="alert(1)">x</a>',
    ],
)
def test_html_in_the_text_is_shown_and_not_obeyed(text: str) -> None:
    assert [tag for tag in ("<script", "<img", "<a ") if tag in html(text)] == []
    assert html(text).startswith(("<p>&lt;", "&lt;"))


def test_a_link_cannot_be_a_script() -> None:
    assert "href" not in html("[press](javascript:alert(1))")


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert html("![map](https://example.org/map.png)") == "<p></p>"


def test_names_of_this_site_are_filled_in(settings: Settings) -> None:
    settings.ORGANIZER_NAME = "Friends of the Vote"
    settings.CONTACT_EMAIL = "write_to_us@example.org"
    settings.RETENTION_MONTHS = 12
    assert html(
        "We are {organizer_name}. Write to {contact_email}."
        " Kept {pending_days} days or {retention_months} months. Names: {list_days} days."
    ) == (
        "<p>We are Friends of the Vote. Write to"
        ' <a href="mailto:write_to_us@example.org">write_to_us@example.org</a>.'
        " Kept 14 days or 12 months. Names: 30 days.</p>"
    )


def test_a_name_that_begins_a_paragraph_begins_with_a_capital(settings: Settings) -> None:
    settings.ORGANIZER_NAME = ""
    assert html("{organizer_name} decides. Ask {organizer_name}.\n\n{organizer_name} answers.") == (
        "<p>The campaign team decides. Ask the campaign team.</p>\n"
        "<p>The campaign team answers.</p>"
    )


def test_an_unknown_name_stays_as_it_is() -> None:
    assert html("See {something_else}.") == "<p>See {something_else}.</p>"


def test_names_follow_the_language_of_the_text(settings: Settings) -> None:
    settings.RETENTION_MONTHS = 1234
    with translation.override("km"):
        assert html("{retention_months} mois", "fr") == "<p>1&nbsp;234 mois</p>"
        assert html("{retention_months}") == "<p>1,234</p>"


def test_khmer_words_in_another_language_say_so() -> None:
    assert to_html("Press ខ្មែរ or English.", "en") == (
        '<p>Press <span lang="km">ខ្មែរ</span> or English.</p>\n'
    )
    assert "lang" not in to_html("ចុចលើ ខ្មែរ", "km")
