"""Prose pages: the right text, and its language said where it is not the page's."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from campaign.newsroom import texts
from campaign.newsroom.models import (
    Guide,
    GuideStep,
    Page,
    Question,
    Resolution,
    ResolutionPoint,
)

pytestmark = pytest.mark.django_db
NOTICE = "components/fallback_notice.html"


def three(field: str, **changes: str) -> dict[str, str]:
    """A translated field in English, French and Khmer, with changes by language."""
    texts = {"en": f"{field} in English", "fr": f"{field} en français", "km": f"{field} ខ្មែរ"}
    return {f"{field}_{language}": text for language, text in {**texts, **changes}.items()}


def shown(client: Client, address: str) -> tuple[str, bool]:
    """The page's HTML, and whether it carries the notice of a missing text."""
    response: Any = client.get(address)
    assert response.status_code == 200
    return response.content.decode(), NOTICE in {used.name for used in response.templates}


def test_a_page_shows_its_language_without_a_notice(client: Client) -> None:
    Page.objects.create(slug="about", **three("title"), **three("body"))
    text, noticed = shown(client, "/km/about/")
    assert ("<h1>title ខ្មែរ</h1>" in text, "<p>body ខ្មែរ</p>" in text, noticed) == (
        True,
        True,
        False,
    )


def test_a_borrowed_text_names_its_language_under_a_notice(client: Client) -> None:
    Page.objects.create(slug="about", **three("title"), **three("body", km=""))
    text, noticed = shown(client, "/km/about/")
    assert re.findall(r'<div lang="en-CA"><p>(.*?)</p>', text) == ["body in English"]
    assert ("<h1>title ខ្មែរ</h1>" in text, noticed) == (True, True)


def test_names_in_a_borrowed_text_are_in_its_language(client: Client) -> None:
    body = three("body", km="", en="Ask {organizer_name}.")
    Page.objects.create(slug="about", **three("title"), **body)
    text, _noticed = shown(client, "/km/about/")
    assert re.findall(r'<div lang="en-CA"><p>(.*?)</p>', text) == ["Ask the campaign team."]


def test_an_unknown_page_is_not_found(client: Client) -> None:
    assert client.get("/en/nowhere/").status_code == 404


def test_each_answer_can_be_linked_to(client: Client) -> None:
    for position, slug in enumerate(("who-can-sign", "withdraw")):
        Question.objects.create(
            slug=slug, position=position, **three("question"), **three("answer")
        )
    text, noticed = shown(client, "/fr/faq/")
    assert re.findall(r'<details>.*?<div id="([\w-]+)">', text, re.DOTALL) == [
        "who-can-sign",
        "withdraw",
    ]
    assert noticed is False


def test_a_borrowed_answer_names_its_language_under_a_notice(client: Client) -> None:
    Question.objects.create(slug="paper", **three("question"), **three("answer", fr="", en=""))
    text, noticed = shown(client, "/fr/faq/")
    assert re.findall(r'<div id="paper" lang="(\w+)"><p>(.*?)</p>', text) == [("km", "answer ខ្មែរ")]
    assert noticed is True


def make_guide(**step: str) -> None:
    guide = Guide.objects.create(
        slug="this-site", **three("title"), **three("intro"), **three("note", en="**Mind** this.")
    )
    for position in (1, 2):
        GuideStep.objects.create(
            guide=guide,
            position=position,
            **three("title", en=f"Step {position}"),
            **three("text", **step),
        )


def test_the_guide_shows_its_steps_in_order(client: Client) -> None:
    make_guide(en="Press **Sign**.")
    text, noticed = shown(client, "/en/how-to-sign/")
    assert re.findall(r"<h3>(Step \d)</h3>\s*<div><p>(.*?)</p>", text) == [
        ("Step 1", "Press <strong>Sign</strong>."),
        ("Step 2", "Press <strong>Sign</strong>."),
    ]
    assert ("<p><strong>Mind</strong> this.</p>" in text, noticed) == (True, False)


@pytest.mark.parametrize(("asked", "language"), [("km-KH,en;q=0.5", "km"), ("fr-CA", "fr")])
@pytest.mark.parametrize("address", ["/how-to-sign", "/how-to-sign/"])
def test_the_guide_said_aloud_is_found_in_the_language_of_the_phone(
    client: Client, address: str, asked: str, language: str
) -> None:
    response = client.get(address, headers={"accept-language": asked})
    assert (response.status_code, response["Location"]) == (302, f"/{language}/how-to-sign/")


def test_a_borrowed_step_names_its_language_under_a_notice(client: Client) -> None:
    make_guide(km="", en="Press Sign.")
    text, noticed = shown(client, "/km/how-to-sign/")
    assert re.findall(r'<div lang="([\w-]+)"><p>Press Sign\.</p>', text) == ["en-CA", "en-CA"]
    assert noticed is True


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_contact_gives_an_address_and_what_one_can_do_alone(client: Client, language: str) -> None:
    text, _noticed = shown(client, f"/{language}/contact/")
    main = text[text.index("<main") : text.index("</main>")]
    assert re.findall(r'href="([^"]*)"', main) == [
        "mailto:contact@testserver",
        f"/{language}/my-signature/",
        f"/{language}/faq/",
    ]


def _resolution(**changes: Any) -> Resolution:
    fields: dict[str, Any] = {
        "slug": "decision",
        "reference": "CL/1",
        "adopted_on": date(2018, 10, 18),
    }
    for name in ("organization", "kind", "title", "summary", "relation"):
        fields |= three(name)
    row = Resolution.objects.create(**{**fields, **changes})
    for number in (1, 3):
        ResolutionPoint.objects.create(
            resolution=row,
            number=number,
            **{
                f"text_{code}": f"text {number} {word}"
                for code, word in (("en", "in English"), ("fr", "en français"), ("km", "ខ្មែរ"))
            },
        )
    return row


def test_a_decision_keeps_the_numbers_of_its_official_text(client: Client) -> None:
    _resolution(official_url="https://example.org/decision")
    text, noticed = shown(client, "/km/resolutions/decision/")
    assert re.findall(r'<li value="(\d)" id="point-\d">(.*?)</li>', text) == [
        ("1", "text 1 ខ្មែរ"),
        ("3", "text 3 ខ្មែរ"),
    ]
    assert ('href="https://example.org/decision"' in text, noticed) == (True, False)


def test_a_decision_without_a_known_address_names_its_reference(client: Client) -> None:
    _resolution()
    text, _noticed = shown(client, "/en/resolutions/decision/")
    assert "published by that body under the reference above" in text
    assert "Our summary, not the official text." in text


def test_decisions_are_listed_the_newest_first(client: Client) -> None:
    _resolution()
    _resolution(slug="older", adopted_on=date(2017, 1, 1), **three("title", en="An older one"))
    text, _noticed = shown(client, "/en/resolutions/")
    assert re.findall(r'href="/en/resolutions/([\w-]+)/"', text) == ["decision", "older"]
    assert client.get("/en/resolutions/nothing/").status_code == 404


def test_every_text_of_a_decision_goes_through_the_translation_gate() -> None:
    names = list(texts.subject_of(_resolution()).texts)
    assert names[-2:] == ["point_1", "point_3"]
    assert {"title", "organization", "kind", "summary", "relation", "place"} <= set(names)
    assert [texts.text_name(name) for name in ("point_3", "point")] == ["Point 3", "Points"]
