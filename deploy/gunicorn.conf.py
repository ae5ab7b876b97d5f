# ruff: noqa: INP001 - read by its path, not imported
"""Gunicorn's settings, for `make run` and for a server alike: `gunicorn --config` reads this file.

Run it from the project's folder. Addresses, numbers and keys come from the site's own settings,
so that `.env` holds for them too.
"""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign.settings")

wsgi_app = "campaign.wsgi"

# Under `petition-web.socket` the socket is already open, and this address is not used.
_host = f"[{settings.BIND}]" if ":" in settings.BIND else settings.BIND
bind = f"{_host}:{settings.PORT}"

worker_class = "gthread"
workers = settings.WEB_CONCURRENCY
threads = 8
# No preloading: a reload (SIGHUP) must read new code, and a worker that forked with an open
# database connection would share it.

# A request in hand may end: within this long after SIGTERM or SIGHUP.
graceful_timeout = 30
# A worker whose main loop is silent for this long is replaced. Threads do not count: a long
# export is not cut off.
timeout = 60
# Longer than nginx keeps a connection, so that it is never gunicorn who closes first.
keepalive = 75

# The only proxies whose X-Forwarded-Proto is believed.
forwarded_allow_ips = "127.0.0.1,::1"

# The site is at the root and nowhere else: gunicorn would take its place and the path from a
# header `Script_Name` or `Path_Info` of whoever connects from these addresses.
forwarder_headers = ""

# Gunicorn's own logger writes request lines, and those of mailed links are secrets.
logger_class = "campaign.logs.WebLogger"
loglevel = "warning"
accesslog = None

# Nobody asks for it, and it is one more way in.
control_socket_disable = True
