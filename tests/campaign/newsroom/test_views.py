"""Prose pages: the right text, and its language said where it is not the page's."""

import re
from typing import Any

import pytest
from django.test import Client

from campaign.newsroom.models import (
    Guide,
    GuideStep,
    Page,
    Question,
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
