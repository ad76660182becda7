"""Django's middleware without a thread of its own.

Under ASGI Django runs each hook of each of its middlewares on another thread and waits for it: some eighteen times a
request, which took longer than what the request asked for (docs/performance.md). None of these touches the database,
but for a session that has to be saved; so they run where the request is.
"""

from csp.middleware import CSPMiddleware
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware
from django.middleware.security import SecurityMiddleware

from academy import database


class _Inline:
    """What django.utils.deprecation.MiddlewareMixin does, without the threads."""

    async def __acall__(self, request):
        refusal = self.process_request(request) if hasattr(self, "process_request") else None
        response = refusal or await self.get_response(request)
        return await self.leave(request, response)

    async def leave(self, request, response):
        """Do what comes after the view."""
        return self.process_response(request, response) if hasattr(self, "process_response") else response


class Security(_Inline, SecurityMiddleware):
    """Headers, and the redirect to https behind TLS."""


class XFrameOptions(_Inline, XFrameOptionsMiddleware):
    """Who may show a page in a frame."""


class ContentSecurityPolicy(_Inline, CSPMiddleware):
    """Where a page may load from."""


class Session(_Inline, SessionMiddleware):
    """The signed-in session; phones have none."""

    async def leave(self, request, response):
        """Save a session that was changed: on the writer thread, as every write."""
        if request.session.modified:
            return await database.write(self.process_response, request, response)
        return self.process_response(request, response)


class Locale(_Inline, LocaleMiddleware):
    """The reader's language."""


class Common(_Inline, CommonMiddleware):
    """Slashes and lengths."""


class Csrf(_Inline, CsrfViewMiddleware):
    """Commands come from our own pages."""

    async def process_view(self, request, callback, callback_args, callback_kwargs):
        """Refuse a command without its token; a coroutine, so that Django calls it where it is."""
        return super().process_view(request, callback, callback_args, callback_kwargs)


class Authentication(_Inline, AuthenticationMiddleware):
    """The account, looked up when it is asked for."""


class Messages(_Inline, MessageMiddleware):
    """The library's messages to its editors."""


def without_threads(middleware):
    """Return a list of middleware (dotted paths) with Django's own replaced by those of this file.

    The settings name Django's: its checks look for these names.
    """
    own = {}
    for kind in _Inline.__subclasses__():
        _inline, django = kind.__bases__
        own[f"{django.__module__}.{django.__name__}"] = f"{__name__}.{kind.__name__}"
    return [own.get(path, path) for path in middleware]
