"""Logs without people: no path, no address, no text of an exception.

Paths of mailed links and handles are secrets, and the text of an exception may repeat what
somebody typed (a mail server's answer, a database's "failing row"). Routes, kinds of errors and
stacks are enough to find a fault.
"""

import logging
import re
import traceback
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

#: Anything that looks like a path: Django's own records put it into their arguments.
_PATH = re.compile(r"/[^\s\"']*")


class RouteOnly(logging.Filter):
    """Takes out of a record what may lead to a person."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            route = match.view_name if match else "no route"
            status = getattr(record, "status_code", "")
            record.msg, record.args = "%s %s %s", (request.method, route, status)
        elif record.name.startswith("django.security"):
            record.msg, record.args = _PATH.sub("(path)", record.getMessage()), ()
        elif record.name == "celery.app.trace":
            # Celery quotes the exception in the message, too.
            task = getattr(record, "data", {}).get("name", "")
            record.msg, record.args = "task %s ended with %s", (task, _kind(record))
            if _is_away(record):
                # Each bell of an outage would tell the same stack, some hundred lines a second.
                record.exc_info = None
        elif record.name == "celery.beat" and record.levelno == logging.ERROR:
            record.msg, record.args = "a bell could not be rung: %s", (_kind(record),)
            record.exc_info = None
        if record.exc_info:
            record.exc_text = "\n".join(_stack(record.exc_info[1]))
        return True


class WebRouteOnly(RouteOnly):
    """The same for gunicorn, whose records quote addresses and whatever came instead of HTTP."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if text.startswith("Invalid request"):
            record.msg, record.args = "a request that is not HTTP was refused", ()
        elif text.startswith("Error handling request"):
            record.msg, record.args = "error handling a request", ()
        return super().filter(record)


class WebLogger(Logger):  # type: ignore[misc] # gunicorn has no types
    """For gunicorn's `--logger-class`."""

    _without_secrets = WebRouteOnly()

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        self.error_log.addFilter(self._without_secrets)


def _kind(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    return type(error).__name__ if error else "an error"


def _is_away(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return isinstance(error, OperationalError | InterfaceError)


def _stack(error: BaseException | None) -> Iterator[str]:
    """Where an exception and those before it came from, without their texts; the last one last."""
    if error is None:
        return
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    yield from _stack(earlier)
    yield from "".join(traceback.format_tb(error.__traceback__)).splitlines()
    yield type(error).__name__
