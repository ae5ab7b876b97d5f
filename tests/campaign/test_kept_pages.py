"""A public page is made once for everybody who asks in the same instant, and for nobody else."""

import gzip
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from campaign import kept_pages
from petitions.models import Petition, Tally
from petitions.views import kept
from tests.routes import ROUTES, make_scene

pytestmark = pytest.mark.django_db

LONG = 60.0


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def long_kept(settings: Settings) -> None:
    settings.KEPT_SECONDS = LONG


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    clock = Clock()
    for module in (kept_pages, kept):
        monkeypatch.setattr(module, "time", clock)
    return clock


def _page(petition: Petition, language: str = "en") -> str:
    return f"/{language}/petitions/{petition.slug}/"


def test_the_second_visitor_costs_no_query(
    client: Client, petition: Petition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get(_page(petition))
    with django_assert_num_queries(0):
        second = client.get(_page(petition))
    assert second.content == first.content
    headers = {**first.headers}
    assert {**second.headers} == headers
    assert "Content-Security-Policy" in headers
    assert headers["Cache-Control"] == "no-cache"


def test_after_an_instant_the_page_is_made_anew(
    client: Client, petition: Petition, time: Clock
) -> None:
    Tally.objects.filter(petition=petition).update(total=6, as_of=timezone.now())
    address = f"/petitions/{petition.slug}/count.json"
    assert client.get(address).json()["confirmed"] == 6
    Tally.objects.filter(petition=petition).update(total=7)
    time.now += LONG - 0.1
    assert client.get(address).json()["confirmed"] == 6
    time.now += 0.2
    assert client.get(address).json()["confirmed"] == 7


def test_each_language_source_and_host_has_its_own(
    client: Client, petition: Petition, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "other.example.org"]
    path = _page(petition)
    client.get(path)
    assert 'lang="fr-CA"' in client.get(_page(petition, "fr")).content.decode()[:200]
    assert "s=fb" in client.get(f"{path}?s=fb").content.decode()
    assert "s=fb" not in client.get(path).content.decode()
    settings.ALLOWED_HOSTS = ["testserver"]
    assert client.get(path, headers={"host": "other.example.org"}).status_code == 400


def test_who_has_the_page_is_told_that_it_is_the_same(client: Client, petition: Petition) -> None:
    tag = client.get(_page(petition))["ETag"]
    for _turn in range(2):
        answer = client.get(_page(petition), headers={"if-none-match": tag})
        assert (answer.status_code, answer.content) == (304, b"")
    # Also where that very question is the first one.
    fresh = Client().get(_page(petition), headers={"if-none-match": tag})
    assert (fresh.status_code, fresh["ETag"]) == (304, tag)


def test_the_page_is_compressed_for_those_who_can_read_it(
    client: Client, petition: Petition
) -> None:
    plain = client.get(_page(petition))
    small = client.get(_page(petition), headers={"accept-encoding": "br, gzip"})
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert int(small["Content-Length"]) == len(small.content) < len(plain.content) / 2
    assert "Content-Encoding" not in plain
    assert "Accept-Encoding" in plain["Vary"]


def test_what_is_short_is_sent_as_it_is(client: Client, petition: Petition) -> None:
    address = f"/petitions/{petition.slug}/count.json"
    for _turn in range(2):
        answer = client.get(address, headers={"accept-encoding": "gzip"})
        assert "Content-Encoding" not in answer
        assert answer.json()["status"] == "open"


def test_a_count_asked_for_by_its_tag_is_kept_for_the_next(
    client: Client, petition: Petition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Pages ask for the count with the tag that they had: that must not go to the database."""
    address = f"/petitions/{petition.slug}/count.json"
    had = {"if-none-match": Client().get(address)["ETag"]}
    assert client.get(address, headers=had).status_code == 304
    with django_assert_num_queries(0):
        assert client.get(address, headers=had).status_code == 304
        assert client.get(address).json()["status"] == "open"


def test_a_post_is_never_answered_from_memory(client: Client, petition: Petition) -> None:
    client.get(_page(petition))
    assert client.post(_page(petition)).status_code == 405


def test_who_came_without_tls_is_sent_there(
    settings: Settings, client: Client, petition: Petition
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    secure = {"x-forwarded-proto": "https"}
    assert client.get(_page(petition), headers=secure).status_code == 200
    assert client.get(_page(petition), headers={"x-forwarded-proto": "http"}).status_code == 301
    assert client.get(_page(petition)).status_code == 301


def test_a_head_is_answered_like_a_get(client: Client, petition: Petition) -> None:
    asked = client.head(_page(petition))
    assert asked["Content-Length"] == client.get(_page(petition))["Content-Length"]


@pytest.fixture
def kept_addresses(tmp_path: object, settings: Settings) -> list[str]:
    """What is kept after everything that has an address was asked for twice."""
    settings.VAR_DIR = tmp_path
    settings.MAILBOX_SHOWN = True
    scene = make_scene()
    client = Client()
    for route in ROUTES.values():
        for _turn in range(2):
            client.get(route.address(scene))
    middleware = client.handler._middleware_chain
    while not hasattr(middleware, "_pages"):
        middleware = getattr(middleware, "__wrapped__", None)
    return [
        path.replace(scene.petition.slug, "{slug}") for _host, _scheme, path in middleware._pages
    ]


def test_only_public_pages_are_kept(kept_addresses: list[str]) -> None:
    assert sorted(kept_addresses) == sorted(
        [
            "/en/",
            "/km/",
            "/fr/",
            "/km/manifest.webmanifest",
            "/en/petitions/",
            "/en/petitions/{slug}/",
            "/km/petitions/{slug}/?s=fb",
            "/en/petitions/companion/official/",
            "/en/feed.atom",
            "/fr/news/?tag=a-subject",
            "/fr/events/",
            "/en/events/an-event/",
            "/km/events/an-event.ics",
            "/en/petitions/{slug}/embed/",
            "/en/petitions/{slug}/share/",
            "/km/petitions/{slug}/share/",
            "/embed/{slug}/?lang=km&from=temple.example.org",
            "/petitions/{slug}/count.json",
            "/petitions/{slug}.json",
            "/petitions.json",
            "/robots.txt",
            "/sitemap.xml",
            *(
                f"/en/{page}/"
                for page in (
                    "news",
                    "news/a-post",
                    "how-to-sign",
                    "faq",
                    "resolutions",
                    "resolutions/a-decision",
                    "open-data",
                    "about",
                    "privacy",
                    "terms",
                    "accessibility",
                )
            ),
        ]
    )


@pytest.mark.parametrize("query", ["s=fb&s=me", "s=<b>", "x=1", "s=" + "a" * 33, "lang=en"])
def test_an_address_that_nobody_links_to_is_not_kept(
    client: Client, petition: Petition, query: str
) -> None:
    assert "ETag" not in client.get(f"{_page(petition)}?{query}")


@pytest.mark.parametrize(
    ("name", "value"),
    [("Cache-Control", "no-store"), ("Vary", "Cookie"), ("Set-Cookie", "a=b")],
)
def test_what_may_be_somebodys_own_is_not_kept(name: str, value: str) -> None:
    made = []

    def page(request: HttpRequest) -> HttpResponse:
        made.append(request)
        response = HttpResponse("words")
        if name == "Set-Cookie":
            response.set_cookie("a", "b")
        else:
            response[name] = value
        return response

    middleware = kept_pages.KeptPagesMiddleware(page)
    for _turn in range(2):
        middleware(RequestFactory().get("/en/"))
    assert len(made) == 2


def test_memory_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_pages, "_MOST", 3)
    middleware = kept_pages.KeptPagesMiddleware(lambda request: HttpResponse("words"))
    for number in range(5):
        middleware(RequestFactory().get(f"/en/page-{number}/"))
    assert [path for _host, _scheme, path in middleware._pages] == [
        f"/en/page-{number}/" for number in (2, 3, 4)
    ]
