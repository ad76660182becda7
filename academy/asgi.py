"""The server's front door: static files, pages, sockets, start and stop."""

import os
from urllib.parse import urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "academy.settings")

import django

django.setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from servestatic import ServeStaticASGI

from academy.handler import Pages
from academy.inline import without_threads
from academy.lifespan import lifespan
from academy.limits import limit_bodies
from sessions.routing import sockets


def _immutable(path, url):
    """Hashed names never change: phones may keep them for a year."""
    name = url.rsplit("/", 1)[-1].split(".")
    return len(name) > 2 and len(name[-2]) == 12 and all(c in "0123456789abcdef" for c in name[-2])


settings.MIDDLEWARE = without_threads(settings.MIDDLEWARE)

# Static files are answered before Django's handler: it has no fast path for them under ASGI.
http = ServeStaticASGI(
    limit_bodies(Pages(), settings.UPLOAD_LIMIT),
    root=settings.STATIC_ROOT,
    prefix=settings.STATIC_URL,
    max_age=3600,
    allow_all_origins=False,
    immutable_file_test=_immutable,
)


def _readable_origins(application):
    """Take away an Origin that is no address: Channels refuses a socket without one, but fails on such a one."""

    def is_readable(name, value):
        try:
            return name != b"origin" or bool(urlsplit(value.decode("latin-1")))
        except ValueError:
            return False

    async def readable(scope, receive, send):
        headers = [header for header in scope["headers"] if is_readable(*header)]
        await application({**scope, "headers": headers}, receive, send)

    return readable


application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": _readable_origins(AllowedHostsOriginValidator(sockets)),
        "lifespan": lifespan,
    }
)
