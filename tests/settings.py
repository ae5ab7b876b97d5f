"""The campaign's settings with the outside world switched off.

TEST_DATABASE_URL chooses the engine (a SQLite file by default). Hashes are cheap and keys are
fixed, so that tests are fast and repeat.
"""

import os
import tempfile

_KEYS = {
    "DEMO": "0",
    "DEBUG": "0",
    "SECRET_KEY": "for tests only, of no use anywhere else, 0123456789abcdef",
    "PETITIONS_MAIL_KEYS": "8Yg6cXH2bLrZ1oF0m9oXoYbq1k6cY2t3q4u5v6w7x8Y=",
    "PETITIONS_LINK_KEY": "link key of the tests",
    "PETITIONS_INDEX_PEPPER": "pepper of the tests",
    "PUBLIC_BASE_URL": "http://testserver",
    "VAR_DIR": tempfile.mkdtemp(prefix="petition-tests-"),
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", ""),
}
for _name in (
    "REDIS_URL",
    "EMAIL_URL",
    "BIND",
    "PORT",
    "WEB_CONCURRENCY",
    "PROXY_COUNT",
    "REPRESENT_URL",
):
    os.environ.pop(_name, None)
os.environ.update(_KEYS)

from campaign.settings import *  # noqa: E402, F403

# A file, not SQLite's memory: there all threads would share one connection and its transaction.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "tests.sqlite3")}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405 - WhiteNoise warns when it is missing
KEPT_SECONDS = 0  # a test that has just changed something wants to see it
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
