"""The card for other people's sites, and the code that puts it there."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from petitions.models import Petition, Tally
from petitions.states import PetitionKind, PetitionState
from petitions.views.embedding import HEIGHTS, source_of
from tests.factories import petitions as make
from tests.pages import Element, main_text, read
from tests.routes import removed_petition

pytestmark = pytest.mark.django_db


def _pasted(code: str) -> Element:
    """The code as another site's page has it."""
    return read(HttpResponse(code))


@pytest.mark.parametrize(
    ("site", "source"),
    [
        ("example.org", "embed-example-org"),
        ("https://www.Example.org:8080/a/page?x=1#y", "embed-example-org"),
        ("", "embed"),
        ("ព្រះវិហារ", "embed"),
        ('"><script>alert(1)</script>', "embed-script-alert-1"),
        ("the-very-long-name-of-a-temple.example.org", "embed-the-very-long-name-of-a-te"),
    ],
)
def test_a_source_is_the_sites_name_and_nothing_that_a_source_cannot_be(
    site: str, source: str
) -> None:
    assert source_of(site) == source
    assert len(source_of(site)) <= 32


@pytest.mark.parametrize("language", ["en", "fr", "km"])
def test_the_card_speaks_its_language_and_leads_here_in_a_new_tab(
    client: Client, petition: Petition, language: str
) -> None:
    Tally.objects.update(total=41, as_of=timezone.now())
    response = client.get(f"/embed/{petition.slug}/?lang={language}&from=temple.example.org")
    page = read(response)
    assert page.one("html").attributes["lang"][:2] == language
    assert getattr(petition, f"title_{language}") in main_text(response)
    assert page.one("progress").attributes == {
        "max": "500",
        "value": "41",
        "aria-hidden": "true",
    }
    address = f"http://testserver/{language}/petitions/{petition.slug}/?s=embed-temple-example-org"
    link = page.one("a").attributes
    assert (link["href"], link["target"], link["rel"]) == (address, "_blank", "noopener")
    assert not page.all("form") + page.all("script")


def test_who_shows_it_is_told_by_its_own_code_only(client: Client, petition: Petition) -> None:
    response = client.get(f"/embed/{petition.slug}/", headers={"referer": "https://evil.example/"})
    assert read(response).one("a").attributes["href"].endswith("?s=embed")


def test_what_the_browser_speaks_does_not_matter(client: Client, petition: Petition) -> None:
    response = client.get(
        f"/embed/{petition.slug}/?lang=xx",
        headers={"accept-language": "fr", "cookie": "language=km"},
    )
    assert read(response).one("html").attributes["lang"] == "en-CA"


def test_a_card_with_few_signatures_has_no_bar(client: Client, petition: Petition) -> None:
    Tally.objects.update(total=2, as_of=timezone.now())
    response = client.get(f"/embed/{petition.slug}/")
    assert "Be among the first to sign" in main_text(response)
    assert read(response).all("progress") == []


def test_the_goal_is_said_and_more_still_sign(client: Client, petition: Petition) -> None:
    Tally.objects.update(total=512, as_of=timezone.now())
    text = main_text(client.get(f"/embed/{petition.slug}/"))
    assert "Goal reached" in text
    assert "Sign this petition" in text


@pytest.mark.parametrize("kind", [PetitionKind.CAMPAIGN, PetitionKind.RECORD])
def test_one_that_takes_no_signatures_is_to_be_read(
    client: Client, petition: Petition, kind: PetitionKind
) -> None:
    Petition.objects.update(kind=kind, state=PetitionState.RESPONSE_TABLED)
    response = client.get(f"/embed/{petition.slug}/")
    assert "Read the petition" in main_text(response)
    assert "Sign this petition" not in main_text(response)
    assert "Government response tabled" in main_text(response)
    assert len(read(response).all("progress")) == (kind == PetitionKind.CAMPAIGN)


@pytest.mark.parametrize(("language", "words"), [("en", "no longer here"), ("km", "ញត្តិ")])
def test_a_missing_petition_leads_to_the_others_in_the_cards_language(
    client: Client, language: str, words: str
) -> None:
    gone, draft = removed_petition(), make.draft_petition()
    for slug, status in ((gone.slug, 410), (draft.slug, 404), ("nothing", 404)):
        response = client.get(f"/embed/{slug}/?lang={language}")
        assert response.status_code == status
        assert words in main_text(response)
        link = read(response).one("a").attributes["href"]
        assert link == f"http://testserver/{language}/petitions/"


def test_the_code_is_for_the_language_and_the_site_asked_for(
    client: Client, petition: Petition
) -> None:
    Petition.objects.update(title_km='ញត្តិ "ថ្មី" <b>')
    response = client.get(
        f"/en/petitions/{petition.slug}/embed/", {"lang": "km", "from": 'a.example" onload="x'}
    )
    frame, link = (
        read(response).one("textarea", id=name).text for name in ("card-code", "link-code")
    )
    card = _pasted(frame).one("iframe").attributes
    assert card == {
        "src": f"http://testserver/embed/{petition.slug}/?lang=km&from=a.example%22+onload%3D%22x",
        "title": 'ញត្តិ "ថ្មី" <b>',
        "width": "100%",
        "height": str(HEIGHTS["km"]),
        "loading": "lazy",
        "style": "max-width:600px;border:0",
    }
    address = _pasted(link).one("a").attributes
    assert address["lang"] == "km"
    assert address["href"].endswith(f"/km/petitions/{petition.slug}/?s=embed-a-example-onload-x")


def test_the_code_shows_what_it_gives(client: Client, petition: Petition) -> None:
    page = read(client.get(f"/fr/petitions/{petition.slug}/embed/"))
    preview = page.one("iframe").attributes
    assert preview["src"] == f"/embed/{petition.slug}/?lang=fr"
    assert preview["height"] == str(HEIGHTS["fr"])
    assert "lang=fr" in page.one("textarea", id="card-code").text
    assert client.get(f"/en/petitions/{removed_petition().slug}/embed/").status_code == 410


def test_the_card_loads_its_style_and_may_do_nothing_else(
    client: Client, petition: Petition
) -> None:
    """Whatever is framed in it, or smuggled in: no script, no picture, no form that sends."""
    response = client.get(f"/embed/{petition.slug}/?lang=km")
    assert sorted(response["Content-Security-Policy"].split("; ")) == [
        "base-uri 'none'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'none'",
        "frame-ancestors *",
        "style-src 'self'",
    ]
