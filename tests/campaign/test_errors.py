"""Error pages: right status, three languages, small, nothing from elsewhere."""

import re
from base64 import b64encode
from hashlib import sha256
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from campaign import errors
from campaign.errors import error_page

STATUSES = (400, 403, 404, 410, 429, 500, 503)
#: The budget of a static error page.
MOST_BYTES = 8192
_SECTION = re.compile(r'<section id="(\w+)" lang="([\w-]+)">\s*<h1>(.+?)</h1>\s*<p>.+?</p>')


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


@pytest.mark.parametrize("status", STATUSES)
def test_error_page_has_its_status_and_is_not_kept(status: int) -> None:
    response = error_page(status)
    assert (response.status_code, response["Cache-Control"]) == (status, "no-store")


@pytest.mark.parametrize("status", STATUSES)
def test_error_page_says_it_in_three_languages(status: int) -> None:
    found = _SECTION.findall(text_of(error_page(status)))
    assert [(anchor, language) for anchor, language, _heading in found] == [
        ("km", "km"),
        ("en", "en-CA"),
        ("fr", "fr-CA"),
    ]
    assert len({heading for *_rest, heading in found}) == 3


@pytest.mark.parametrize("status", STATUSES)
def test_error_page_leads_back_in_each_language(status: int) -> None:
    links = re.findall(r'<a [^>]*href="([^"]*)"', text_of(error_page(status)))
    assert links == [
        *("#km", "#en", "#fr"),
        *("/km/", "/km/my-signature/"),
        *("/en/", "/en/my-signature/"),
        *("/fr/", "/fr/my-signature/"),
    ]


@pytest.mark.parametrize("status", STATUSES)
def test_error_page_fits_its_budget(status: int) -> None:
    assert len(error_page(status).content) <= MOST_BYTES


@pytest.mark.parametrize("status", STATUSES)
def test_error_page_needs_nothing_from_elsewhere(status: int) -> None:
    text = text_of(error_page(status))
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"|url\(([^)]*)\)', text)
    assert {one or two for one, two in addresses if (one or two)[:1] not in "#/"} == {"data:,"}
    assert ("//" in text, "style=" in text, "<script" in text) == (False, False, False)


@pytest.mark.parametrize("status", STATUSES)
def test_the_policy_allows_exactly_the_style_on_the_page(status: int) -> None:
    response = error_page(status)
    [style] = re.findall(r"<style>(.*?)</style>", text_of(response), re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert response._csp_update == {"style-src": [f"'sha256-{digest}'"]}


def test_page_not_found_is_sent_with_its_hash(client: Client, db: None) -> None:
    response = client.get("/no/such/page")
    assert response.status_code == 404
    [style] = re.findall(r"<style>(.*?)</style>", text_of(response), re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = response["Content-Security-Policy"]
    [rule] = [part for part in policy.split("; ") if part.startswith("style-src")]
    assert rule == f"style-src 'self' 'sha256-{digest}'"


def test_server_error_says_that_the_signature_was_not_saved() -> None:
    text = text_of(errors.server_error(RequestFactory().get("/")))
    for sentence in (
        "ហត្ថលេខារបស់លោកអ្នកមិនទាន់បានរក្សាទុកទេ។",
        "Your signature was not saved.",
        "Votre signature n'a pas été enregistrée.",
    ):
        assert text.count(sentence) == 1


def test_too_many_requests_tells_when_to_come_back() -> None:
    assert error_page(429, retry_after=600)["Retry-After"] == "600"


def test_database_away_is_503_with_a_time_to_return(client: Client) -> None:
    with patch("campaign.views.connection.cursor", side_effect=OperationalError):
        response = client.get("/readyz")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert _SECTION.search(text_of(response))


@pytest.mark.parametrize(
    ("handler", "status"),
    [(errors.bad_request, 400), (errors.forbidden, 403), (errors.not_found, 404)],
)
def test_each_handler_shows_its_page(handler: object, status: int) -> None:
    assert callable(handler)
    response = handler(RequestFactory().get("/"), Exception())
    assert (response.status_code, response.content) == (status, error_page(status).content)


def test_a_failed_form_check_is_403() -> None:
    response = errors.csrf_failed(RequestFactory().post("/"), reason="no cookie")
    assert response.content == error_page(403).content
