"""What search engines are told of a page, in the words of schema.org and in its own language."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from petitions import fallbacks, formats, licence, presentation
from petitions.models import Petition

Thing = dict[str, Any]


def organization() -> Thing:
    return {
        "@type": "Organization",
        "@id": presentation.absolute("/#organization"),
        "name": str(settings.PETITIONS_SITE_NAME),
        "url": presentation.absolute(reverse("home")),
    }


def website() -> Thing:
    return {
        "@type": "WebSite",
        "@id": presentation.absolute("/#website"),
        "name": str(settings.PETITIONS_SITE_NAME),
        "url": presentation.absolute(reverse("home")),
        "inLanguage": formats.HTML_LANGUAGES[formats.current()],
        "publisher": {"@id": presentation.absolute("/#organization")},
    }


def petition_work(petition: Petition) -> Thing:
    """schema.org knows no petitions: a text that somebody published."""
    thing = {
        "@type": "CreativeWork",
        "name": petition.title,
        "abstract": petition.summary,
        "inLanguage": formats.HTML_LANGUAGES[fallbacks.spoken(petition, "title")],
        "url": presentation.absolute(reverse("petitions:detail", args=[petition.slug])),
        "publisher": organization(),
    }
    if own := licence.of(petition):
        thing["license"] = own.url
    if petition.opens_at:
        thing["datePublished"] = petition.opens_at.isoformat()
    return thing


def dataset(name: str, description: str, *, page: str, file: str) -> Thing:
    """What programs get of all petitions, by the path of its page and of its file."""
    return {
        "@type": "Dataset",
        "name": name,
        "description": description,
        "inLanguage": formats.HTML_LANGUAGES[formats.current()],
        "url": presentation.absolute(page),
        "license": licence.OPEN_DATA.url,
        "isAccessibleForFree": True,
        "creator": organization(),
        "distribution": {
            "@type": "DataDownload",
            "contentUrl": presentation.absolute(file),
            "encodingFormat": "application/json",
        },
    }


def breadcrumbs(steps: Iterable[tuple[str, str]]) -> Thing:
    """From the home page down to this one: names with their paths."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": presentation.absolute(path),
            }
            for position, (name, path) in enumerate(steps, start=1)
        ],
    }


def questions(pairs: Iterable[tuple[str, str]]) -> Thing:
    """Questions with their answers as plain text."""
    return {
        "@type": "FAQPage",
        "inLanguage": formats.HTML_LANGUAGES[formats.current()],
        "mainEntity": [
            {
                "@type": "Question",
                "name": question,
                "acceptedAnswer": {"@type": "Answer", "text": answer},
            }
            for question, answer in pairs
        ],
    }


def how_to(name: str, steps: Iterable[Thing]) -> Thing:
    """`steps` have a name, a text and perhaps an image."""
    return {
        "@type": "HowTo",
        "name": name,
        "inLanguage": formats.HTML_LANGUAGES[formats.current()],
        "step": [
            {"@type": "HowToStep", "position": position, **step}
            for position, step in enumerate(steps, start=1)
        ],
    }
