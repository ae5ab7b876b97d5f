"""Settings, all from the environment (see .env.example); a wrong one stops the start."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from campaign.environment import BASE_DIR, database, env, flag, folder, integer, key_reader

DEMO = flag("DEMO", default=False)
DEBUG = flag("DEBUG", default=False)
VAR_DIR: Path = folder("VAR_DIR", BASE_DIR / "var")

# --- keys -----------------------------------------------------------------------------------
_key = key_reader(demo=DEMO, var_dir=VAR_DIR)
SECRET_KEY = _key("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
#: Fernet keys, newest first: addresses wait under them while mail is still to be sent.
PETITIONS_MAIL_KEYS: list[str] = _key("PETITIONS_MAIL_KEYS").split(",")
#: Mailed links and codes are derived from it; those of the fallbacks are still taken.
PETITIONS_LINK_KEY: str = _key("PETITIONS_LINK_KEY")
PETITIONS_LINK_KEY_FALLBACKS: list[str] = env.list("PETITIONS_LINK_KEY_FALLBACKS", default=[])
#: Makes the duplicate index; never in the database. Petitions stay under a fallback until
#: `rotate_pepper` gives them the new one.
PETITIONS_INDEX_PEPPER: str = _key("PETITIONS_INDEX_PEPPER")
PETITIONS_INDEX_PEPPER_FALLBACKS: list[str] = env.list(
    "PETITIONS_INDEX_PEPPER_FALLBACKS", default=[]
)

# --- web ------------------------------------------------------------------------------------
BIND: str = env.str("BIND", "127.0.0.1")
PORT = integer("PORT", 8000, least=1)
WEB_CONCURRENCY = integer("WEB_CONCURRENCY", 2, least=1)
PUBLIC_BASE_URL: str = env.str("PUBLIC_BASE_URL", f"http://localhost:{PORT}").rstrip("/")
try:
    _base = urlsplit(PUBLIC_BASE_URL)
except ValueError:
    _base = urlsplit("")
if _base.scheme not in {"http", "https"} or not _base.hostname or _base.path:
    raise ImproperlyConfigured(
        "PUBLIC_BASE_URL must be an address such as https://petition.example.org, without a path."
    )
_https = _base.scheme == "https"
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[]) or [
    _base.hostname,
    *(["127.0.0.1", "[::1]", "localhost"] if DEMO else []),
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
#: How many of our own proxies stand in front; 0 means the peer address is the visitor's.
PROXY_COUNT = integer("PROXY_COUNT", 0, least=0)

INSTALLED_APPS = [
    "modeltranslation",
    "campaign.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "petitions",
    "campaign.apps.CampaignConfig",
    "campaign.accounts",
    "campaign.newsroom",
    "campaign.parliament",
]

# Sessions and messages are read lazily: a public page never touches them, so it sets no cookie.
MIDDLEWARE = [
    "campaign.kept_pages.KeptPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    # Before all that may answer by itself: no answer is to be framed.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "campaign.middleware.PageHeadersMiddleware",
    "campaign.middleware.DatabaseAwayMiddleware",
    "campaign.middleware.WholeFormMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "campaign.accounts.middleware.AccountPagesMiddleware",
    "campaign.accounts.session_limits.SessionLimitsMiddleware",
    "campaign.accounts.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "campaign.urls"
WSGI_APPLICATION = "campaign.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "campaign.context_processors.site",
            ],
        },
    },
]

#: How long a public page is given again as it was; adds to what a total may be behind.
KEPT_SECONDS = 0.5

# --- database, cache, queue -----------------------------------------------------------------
DATABASES = {"default": database(VAR_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL: str = env.str("REDIS_URL", "")
if REDIS_URL and REDIS_URL.partition(":")[0] not in {"redis", "rediss", "unix"}:
    raise ImproperlyConfigured("REDIS_URL must begin with redis://, rediss:// or unix://.")

CELERY_BROKER_URL = REDIS_URL or "filesystem://"
if not REDIS_URL:
    _queue = {name: str(VAR_DIR / "queue" / name) for name in ("messages", "control", "done")}
    for _path in _queue.values():
        Path(_path).mkdir(mode=0o700, parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT = "campaign.broker:FileTransport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # One folder for both directions: what is put in is what is taken out.
        "data_folder_in": _queue["messages"],
        "data_folder_out": _queue["messages"],
        "control_folder": _queue["control"],
        "processed_folder": _queue["done"],
        "store_processed": False,
        "polling_interval": 0.5,
    }
else:
    CELERY_BROKER_TRANSPORT = "campaign.broker:RedisTransport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        # A bell is gone once it is heard. kombu would acknowledge it after the work, and where
        # Redis went away in between, that fails and ends the whole worker (kombu 5.7, R04).
        "ack_emulation": False,
        "socket_timeout": 5,
        "socket_connect_timeout": 3,
    }
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")

# --- mail -----------------------------------------------------------------------------------
EMAIL_URL: str = env.str("EMAIL_URL", "")
if EMAIL_URL:
    try:
        _email = env.email_url("EMAIL_URL")
    except Exception as error:
        raise ImproperlyConfigured(
            "EMAIL_URL must be an address such as smtp+tls://user:password@host:587."
        ) from error
    vars().update(_email)
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "campaign.mailbox.EmailBackend"
#: The kept mails are shown only where nobody else can look: a demonstration on loopback.
MAILBOX_SHOWN = DEMO and not EMAIL_URL and BIND in {"127.0.0.1", "::1", "localhost"}
#: Neutral on purpose: a mailbox seen by others must not tell what was signed.
DEFAULT_FROM_EMAIL: str = env.str(
    "MAIL_FROM", f"Petition · ញត្តិ · Pétition <petition@{_base.hostname}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
#: Which key of the sender's domain signs our mail; only `manage.py doctor` asks.
DKIM_SELECTOR: str = env.str("DKIM_SELECTOR", "")
#: What the mail provider allows; 0 for no cap. What is above waits in the outbox.
PETITIONS_PROOF_PER_MINUTE = integer("PROOF_PER_MINUTE", 300, least=0)
PETITIONS_MAILS_PER_HOUR = integer("MAILS_PER_HOUR", 0, least=0)
PETITIONS_MAILS_PER_DAY = integer("MAILS_PER_DAY", 0, least=0)

# --- this campaign --------------------------------------------------------------------------
CONTACT_EMAIL: str = env.str("CONTACT_EMAIL", f"contact@{_base.hostname}")
#: A form mails there only where somebody has named the address: a guessed one may be nobody's.
CONTACT_FORM = DEMO or bool(env.ENVIRON.get("CONTACT_EMAIL"))
PETITIONS_SITE_NAME = _("Petition for Cambodia")
#: Who answers for this site; empty: "the campaign team".
ORGANIZER_NAME: str = env.str("ORGANIZER_NAME", "")
#: The service that the desk asks for the riding of a postal code; empty: nobody is asked.
REPRESENT_URL: str = env.str("REPRESENT_URL", "").rstrip("/")
if REPRESENT_URL and not re.fullmatch(r"https://[a-z0-9.-]+(:\d+)?", REPRESENT_URL):
    raise ImproperlyConfigured(
        "REPRESENT_URL must be an address such as https://represent.opennorth.ca, without a path."
    )
#: Months after closing until the sealed signatures are erased; shown on the privacy page.
RETENTION_MONTHS = integer("RETENTION_MONTHS", 12, least=1)
PETITIONS_RETENTION_MONTHS = RETENTION_MONTHS
#: Networks (temple hall, community event) where many signers share one address.
PETITIONS_EVENT_NETWORKS: list[str] = env.list(
    "PETITIONS_EVENT_NETWORKS", default=["127.0.0.0/8", "::1/128"] if DEMO else []
)
#: What limits are kept in; without Redis each web process keeps its share.
PETITIONS_LIMITS_STORAGE = REDIS_URL or "memory://"
PETITIONS_WEB_PROCESSES = WEB_CONCURRENCY
PETITIONS_PROXY_COUNT = PROXY_COUNT
PETITIONS_PUBLIC_BASE_URL = PUBLIC_BASE_URL
PETITIONS_CONTACT_EMAIL = CONTACT_EMAIL

# --- backups --------------------------------------------------------------------------------
#: Databases and keys apart, so that no disk that is lost or stolen holds both.
BACKUP_DIR = Path(env.str("BACKUP_DIR", "") or VAR_DIR / "backups")
BACKUP_KEYS_DIR = Path(env.str("BACKUP_KEYS_DIR", "") or VAR_DIR / "backups-of-keys")
#: Whom backups are sealed to: public halves of recovery keys, each of which opens all of them.
BACKUP_PUBLIC_KEYS: list[str] = env.list("BACKUP_PUBLIC_KEYS", default=[])
#: After so many days what was erased is gone from the backups as well.
BACKUP_KEEP_DAYS = integer("BACKUP_KEEP_DAYS", 60, least=1)

# --- languages ------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("km", "ខ្មែរ"), ("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "libraries"]
FORMAT_MODULE_PATH = ["campaign.formats"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = _https
LANGUAGE_COOKIE_HTTPONLY = True
USE_TZ = True
TIME_ZONE = "America/Toronto"
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_LANGUAGES = ("en", "fr", "km")
MODELTRANSLATION_FALLBACK_LANGUAGES = {
    "default": ("en", "fr", "km"),
    "fr": ("en", "km"),
    "km": ("en", "fr"),
}

# --- static files ---------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "campaign.bundles.BundlingStorage"
    },
}

# --- people who work here -------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
ACCOUNT_ADAPTER = "campaign.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "campaign.accounts.forms.LoginForm",
    "reset_password": "campaign.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "campaign.accounts.forms.ResetPasswordKeyForm",
    "change_password": "campaign.accounts.forms.ChangePasswordForm",
    "reauthenticate": "campaign.accounts.forms.ReauthenticateForm",
}
#: Nobody is written to because somebody typed their address; who has an account hears of changes.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
MFA_ADAPTER = "campaign.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
#: A passkey opens the desk by itself: it must know who holds it (security.md T29).
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_FORMS = {
    "authenticate": "campaign.accounts.forms.AuthenticateForm",
    "reauthenticate": "campaign.accounts.forms.ReauthenticateCodeForm",
    "activate_totp": "campaign.accounts.forms.ActivateTOTPForm",
    "deactivate_totp": "campaign.accounts.forms.DeactivateTOTPForm",
    "add_webauthn": "campaign.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "campaign.accounts.forms.RenamePasskeyForm",
}
LOGIN_REDIRECT_URL = "desk:overview"
ACCOUNT_LOGOUT_REDIRECT_URL = "choose-language"

# --- security -------------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_NAME = "__Host-session" if _https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _https else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "campaign.errors.csrf_failed"
SECURE_SSL_REDIRECT = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# What the desk's editor needs: up to 30 clauses and 10 texts in three languages (125 fields), and a
# Khmer letter takes three bytes. Every other form is far smaller.
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# --- logs -----------------------------------------------------------------------------------
# Nothing here writes a path, a query or a form: `/c/`, `/m/` and handles are secrets.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"routes": {"()": "campaign.logs.RouteOnly"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["routes"],
        },
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "celery": {"level": "WARNING"},
        # It names the passkeys that are shown.
        "fido2": {"level": "WARNING"},
    },
}
