"""Logs without addresses: paths of mailed links and handles are secrets."""

import logging
import re

#: Anything that looks like a path: Django's own records put it into their arguments.
_PATH = re.compile(r"/[^\s\"']*")


class RouteOnly(logging.Filter):
    """Replaces the path in a record about a request by the name of its route."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            route = match.view_name if match else "no route"
            status = getattr(record, "status_code", "")
            record.msg, record.args = "%s %s %s", (request.method, route, status)
            # Django quotes the form in some tracebacks' arguments; the stack itself is enough.
            record.exc_text = None
        elif record.name.startswith("django.security"):
            record.msg, record.args = _PATH.sub("(path)", record.getMessage()), ()
        return True
