"""What a log line keeps of a request or an exception, and what it leaves out."""

import logging
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from campaign.logs import RouteOnly, WebRouteOnly

SECRET = "dara@example.org"


def written(record: logging.LogRecord, keep: logging.Filter) -> str:
    assert keep.filter(record)
    return logging.Formatter("%(message)s").format(record)


def line(name: str, message: str, *args: Any, keep: logging.Filter, **extra: Any) -> str:
    error = sys.exc_info() if sys.exc_info()[0] else None
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, error)
    vars(record).update(extra)
    return written(record, keep)


def fail(error: type[Exception] = LookupError) -> None:
    raise error(SECRET)


def test_of_a_request_the_route_is_kept() -> None:
    request = RequestFactory().post(f"/c/{SECRET}?email={SECRET}")
    request.resolver_match = SimpleNamespace(view_name="links:confirm")  # type: ignore[assignment]
    text = line(
        "django.request",
        "Forbidden: %s",
        request.path,
        keep=RouteOnly(),
        request=request,
        status_code=403,
    )
    assert text == "POST links:confirm 403"


def test_of_an_unknown_address_nothing_is_kept() -> None:
    request = RequestFactory().get(f"/nothing/{SECRET}")
    text = line(
        "django.request",
        "Not Found: %s",
        request.path,
        keep=RouteOnly(),
        request=request,
        status_code=404,
    )
    assert text == "GET no route 404"


def test_of_an_exception_its_kind_and_place_are_kept() -> None:
    try:
        try:
            fail()
        except LookupError as error:
            raise ValueError(f"not {SECRET}") from error
    except ValueError:
        text = line("petitions", "it failed", keep=RouteOnly())
    lines = text.splitlines()
    assert lines[0] == "it failed"
    kinds = [each for each in lines[1:] if not each.startswith(" ")]
    assert kinds == ["LookupError", "ValueError"]
    assert sum("test_of_an_exception" in each for each in lines) == 2
    assert SECRET not in text


def test_an_exception_raised_from_none_hides_the_one_before() -> None:
    try:
        try:
            fail()
        except LookupError:
            raise ValueError(SECRET) from None
    except ValueError:
        text = line("petitions", "it failed", keep=RouteOnly())
    assert [each for each in text.splitlines()[1:] if not each.startswith(" ")] == ["ValueError"]


def test_of_a_failed_task_the_exception_is_not_quoted() -> None:
    try:
        fail()
    except LookupError as error:
        data = {"name": "petitions.tasks.send_mail", "exc": repr(error)}
        text = line("celery.app.trace", "Task %(name)s: %(exc)s", data, keep=RouteOnly(), data=data)
    assert text.splitlines()[0] == "task petitions.tasks.send_mail ended with LookupError"
    assert SECRET not in text


@pytest.mark.parametrize(
    ("logger", "kept"),
    [
        ("celery.app.trace", "task petitions.tasks.tally ended with OperationalError"),
        ("celery.beat", "a bell could not be rung: OperationalError"),
    ],
)
def test_an_outage_is_one_line_a_bell(logger: str, kept: str) -> None:
    try:
        fail(OperationalError)
    except OperationalError:
        data = {"name": "petitions.tasks.tally"}
        text = line(logger, "Message Error", keep=RouteOnly(), data=data)
    assert text == kept


def test_of_a_suspicious_operation_the_path_is_not_kept() -> None:
    text = line("django.security.X", "Refused '/c/%s' here", SECRET, keep=RouteOnly())
    assert text == "Refused '(path)' here"


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        (
            f"Invalid request from ip=192.0.2.7: name={SECRET}",
            "a request that is not HTTP was refused",
        ),
        (f"Error handling request GET /c/{SECRET}", "error handling a request"),
        ("Worker (pid:7) exited with code 3.", "Worker (pid:7) exited with code 3."),
    ],
)
def test_gunicorn_quotes_no_request(message: str, kept: str) -> None:
    assert line("gunicorn.error", message, keep=WebRouteOnly()) == kept
