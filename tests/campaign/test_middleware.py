"""Headers of every page, and the answers to half a form and while the database is away."""

from unittest.mock import PropertyMock, patch

import pytest
from django.db import DataError, InterfaceError, OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.test import Client, RequestFactory

from campaign.middleware import (
    DatabaseAwayMiddleware,
    PageHeadersMiddleware,
    WholeFormMiddleware,
)


def through_headers(**own: str) -> HttpResponse:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers=own)

    return PageHeadersMiddleware(page)(RequestFactory().get("/"))


def test_what_no_page_needs_is_switched_off() -> None:
    response = through_headers()
    assert dict(response.headers) == {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-cache",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def test_a_pages_own_rule_stays() -> None:
    assert through_headers(**{"Cache-Control": "no-store"})["Cache-Control"] == "no-store"


def test_every_answer_goes_through_it(client: Client) -> None:
    for path in ("/healthz", "/nothing", "/static/nothing.css"):
        response = client.get(path)
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_the_database_away_is_503(error: type[Exception], caplog: pytest.LogCaptureFixture) -> None:
    middleware = DatabaseAwayMiddleware(lambda request: HttpResponse())
    request = RequestFactory().get("/c/a-secret-token")
    response = middleware.process_exception(request, error("password=secret host=db"))
    assert response is not None
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (
        503,
        "30",
        "no-store",
    )
    assert "secret" not in caplog.text


@pytest.mark.parametrize("error", [ProgrammingError, DataError, ValueError])
def test_a_fault_of_ours_is_not_called_that(error: type[Exception]) -> None:
    middleware = DatabaseAwayMiddleware(lambda request: HttpResponse())
    assert middleware.process_exception(RequestFactory().get("/"), error()) is None


_FORM = "application/x-www-form-urlencoded"


def answer_to(body: bytes, *, announced: int, kind: str = _FORM) -> int:
    request = RequestFactory().generic("POST", "/", body, content_type=kind)
    request.META["CONTENT_LENGTH"] = str(announced)
    return WholeFormMiddleware(lambda request: HttpResponse())(request).status_code


@pytest.mark.parametrize(("announced", "status"), [(8, 200), (9, 400), (2000, 400)])
def test_half_a_form_is_refused(announced: int, status: int) -> None:
    assert answer_to(b"name=Sok", announced=announced) == status


def test_files_are_left_to_their_own_format() -> None:
    assert answer_to(b"--half", announced=2000, kind="multipart/form-data; boundary=half") == 200


def test_a_connection_that_breaks_within_the_form_is_no_error_of_ours() -> None:
    broken = PropertyMock(side_effect=UnreadablePostError)
    with patch.object(HttpRequest, "body", broken):
        assert answer_to(b"name=Sok", announced=8) == 400
