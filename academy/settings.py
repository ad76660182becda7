"""Settings: one file. Each value from the environment is parsed, or refused in a sentence.

One process, one file: nothing else to install.
Several processes: DATABASE_URL=postgresql://… and REDIS_URL=redis://…
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from academy.environment import boolean, channel_layer, database, env

BASE_DIR = Path(__file__).resolve().parent.parent

# The folder that holds what must survive: the SQLite file, the secret key, the settings of this place.
DATA_DIR = Path(env.str("ACADEMY_DATA", default=str(BASE_DIR / "data"))).resolve()
env.read_env(DATA_DIR / "academy.env")

DEBUG = boolean("DEBUG", default=False)

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. script/serve makes one and keeps it in the data folder; "
        "otherwise set SECRET_KEY to 50 or more random characters."
    )

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

# Set when a proxy in front ends TLS and sends X-Forwarded-Proto; never otherwise, a phone could forge it.
BEHIND_TLS = boolean("BEHIND_TLS", default=False)
CSRF_TRUSTED_ORIGINS = env.list("TRUSTED_ORIGINS", default=[])
for _origin in CSRF_TRUSTED_ORIGINS:
    if not _origin.startswith(("http://", "https://")):
        raise ImproperlyConfigured(
            f"TRUSTED_ORIGINS has '{_origin}': write the whole origin, for example https://academy.example.org."
        )

INSTALLED_APPS = [
    "academy",
    "frameworks",
    "sessions",
    "channels",
    "django_htmx",
    "i18nfield",
    "axes",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

# What gives headers comes first, so that a refusal of what comes after it has them too.
# The server runs Django's own without their threads: academy/inline.py.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "academy.middleware.no_store",
    "academy.middleware.refuse_unreadable",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
    "academy.handler.plain_views",
]

ROOT_URLCONF = "academy.urls"
ASGI_APPLICATION = "academy.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database(env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'academy.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CHANNEL_LAYERS = {"default": channel_layer(env.str("REDIS_URL", default=""))}

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "join"

# Five wrong passwords for one account from one address: wait a minute. By account and address together,
# so that nobody in the room can lock the facilitator out from another device behind another address.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1 / 60
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "academy.errors.too_many_logins"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = True
AXES_VERBOSE = False

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "academy.joined.Storage"},
}

# A body is a few notes or a roster of cities; a list of cities may be 1 MiB (reliability: limits).
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
BODY_LIMIT = 64 * 1024
UPLOAD_LIMIT = 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
        "form-action": [SELF],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if BEHIND_TLS else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "__Host-desk" if BEHIND_TLS else "desk"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if BEHIND_TLS else "csrf"
CSRF_FAILURE_VIEW = "academy.errors.csrf_failure"
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
# The desk shows the wall in a frame (W019); subdomains and preloading (W005, W021) are for the owner of the domain.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W019", "security.W021"]

# What people write stays out of the logs: our own lines carry ids and counts, and Django's
# request log carries paths only (note text travels in bodies).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"refusals": {"()": "academy.errors.RefusalsInOneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO").upper()},
    "loggers": {
        "axes": {"level": "ERROR"},
        "django.channels.server": {"level": "WARNING"},
        # A line or a traceback for every try: the hub and academy.outage say it once, and when it is over.
        "channels_redis": {"level": "CRITICAL"},
        "psycopg.pool": {"level": "ERROR"},
    },
}

# Seconds. A phone counts as present until this long after it was last heard of.
PRESENCE_LEASE = 15
# Seconds between two looks of a process at the streams and doors it serves: what heals a lost live frame, and what
# closes the socket of a phone that was released within two seconds even when the news of it was lost.
HEARTBEAT = 1.5
# Whether a text for many sockets is framed once for all of them (academy/ready_frames.py).
READY_FRAMES = boolean("READY_FRAMES", default=True)
